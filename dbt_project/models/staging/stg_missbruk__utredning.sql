-- Grain: one loaded utredning per delivery, superseded deliveries included. One to one with landing: names and types
-- only, but that what ended after the year goes on still.
select
    cast(leverans_id as {{ dbt.type_string() }}) as leverans_id,
    cast(rad_nr as integer) as rad_nr,
    cast(kommun_kod as {{ dbt.type_string() }}) as kommun_kod,
    coalesce(cast(stadsdel_kod as {{ dbt.type_string() }}), '') as stadsdel_kod,
    cast(period as {{ dbt.type_string() }}) as period,
    cast(utredning_id as {{ dbt.type_string() }}) as utredning_id,
    cast(klient_id as {{ dbt.type_string() }}) as klient_id,
    cast(malgrupp_kod as {{ dbt.type_string() }}) as malgrupp_kod,
    cast(aktualisering_typ_kod as {{ dbt.type_string() }}) as aktualisering_typ_kod,
    cast(aktualisering_datum as date) as aktualisering_datum,
    cast(utredning_start_datum as date) as utredning_start_datum,
    cast({{ kant_vid_arets_slut('utredning_slut_datum', 'utredning_slut_datum') }} as date) as utredning_slut_datum,
    cast(barn_under_18 as {{ dbt.type_string() }}) as barn_under_18,
    cast({{ kant_vid_arets_slut('barn_uppmarksammat', 'utredning_slut_datum') }} as {{ dbt.type_string() }})
        as barn_uppmarksammat,
    cast({{ kant_vid_arets_slut('beslut_kod', 'utredning_slut_datum') }} as {{ dbt.type_string() }}) as beslut_kod
from {{ parquet('landing', 'missbruk_utredning') }}
