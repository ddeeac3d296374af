-- Grain: one loaded row per delivery, reporting month, household and closing date, superseded deliveries
-- included. One to one with landing: names and types only. period is the reporting month, not the month of
-- avslut_datum.
select
    cast(leverans_id as {{ dbt.type_string() }}) as leverans_id,
    cast(rad_nr as integer) as rad_nr,
    cast(kommun_kod as {{ dbt.type_string() }}) as kommun_kod,
    coalesce(cast(stadsdel_kod as {{ dbt.type_string() }}), '') as stadsdel_kod,
    cast(period as {{ dbt.type_string() }}) as period,
    cast(hushall_id as {{ dbt.type_string() }}) as hushall_id,
    cast(avslutsorsak_kod as {{ dbt.type_string() }}) as avslutsorsak_kod,
    cast(avslut_datum as date) as avslut_datum
from {{ parquet('landing', 'eb_avslut') }}
