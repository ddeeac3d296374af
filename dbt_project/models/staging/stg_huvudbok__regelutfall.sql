-- Grain: one rule that fell on a dataset of a delivery (dataset null: on the package). One to one with the
-- ledger.
select
    cast(leverans_id as {{ dbt.type_string() }}) as leverans_id,
    cast(dataset as {{ dbt.type_string() }}) as dataset,
    cast(regel_id as {{ dbt.type_string() }}) as regel_id,
    cast(allvar as {{ dbt.type_string() }}) as allvar,
    cast(antal_rader as bigint) as antal_rader
from {{ parquet('huvudbok', 'regelutfall') }}
