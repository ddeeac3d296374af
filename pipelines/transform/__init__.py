"""dbt inside Dagster: one invocation per run builds everything from staging to published."""
