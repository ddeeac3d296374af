-- Grain: one loaded round-the-clock measure per delivery, superseded deliveries included. One to one with landing:
-- names and types only, and the state of 31 December: a date of decision or end after the year is not yet known.
select
    cast(leverans_id as {{ dbt.type_string() }}) as leverans_id,
    cast(rad_nr as integer) as rad_nr,
    cast(kommun_kod as {{ dbt.type_string() }}) as kommun_kod,
    coalesce(cast(stadsdel_kod as {{ dbt.type_string() }}), '') as stadsdel_kod,
    cast(period as {{ dbt.type_string() }}) as period,
    cast(insats_id as {{ dbt.type_string() }}) as insats_id,
    cast(barn_id as {{ dbt.type_string() }}) as barn_id,
    cast(insatstyp_kod as {{ dbt.type_string() }}) as insatstyp_kod,
    cast(lvu_grund_kod as {{ dbt.type_string() }}) as lvu_grund_kod,
    cast({{ kant_vid_arets_slut('beslut_datum', 'beslut_datum') }} as date) as beslut_datum,
    cast(insats_start_datum as date) as insats_start_datum,
    cast({{ kant_vid_arets_slut('insats_slut_datum', 'insats_slut_datum') }} as date) as insats_slut_datum
from {{ parquet('landing', 'bu_insats') }}
