-- Grain: one loaded insats per delivery, superseded deliveries included. One to one with landing: names and types
-- only, but that what ended after the year goes on still.
select
    cast(leverans_id as {{ dbt.type_string() }}) as leverans_id,
    cast(rad_nr as integer) as rad_nr,
    cast(kommun_kod as {{ dbt.type_string() }}) as kommun_kod,
    coalesce(cast(stadsdel_kod as {{ dbt.type_string() }}), '') as stadsdel_kod,
    cast(period as {{ dbt.type_string() }}) as period,
    cast(insats_id as {{ dbt.type_string() }}) as insats_id,
    cast(klient_id as {{ dbt.type_string() }}) as klient_id,
    cast(insats_kod as {{ dbt.type_string() }}) as insats_kod,
    cast(malgrupp_kod as {{ dbt.type_string() }}) as malgrupp_kod,
    cast(metod_kod as {{ dbt.type_string() }}) as metod_kod,
    cast(insats_start_datum as date) as insats_start_datum,
    cast({{ kant_vid_arets_slut('insats_slut_datum', 'insats_slut_datum') }} as date) as insats_slut_datum,
    cast({{ kant_vid_arets_slut('insats_avslut_kod', 'insats_slut_datum') }} as {{ dbt.type_string() }})
        as insats_avslut_kod
from {{ parquet('landing', 'missbruk_insats') }}
