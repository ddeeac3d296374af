-- Grain: one loaded placement per delivery, superseded deliveries included. One to one with landing: names and types
-- only, and the state of 31 December: an end after the year, and its reason, are not yet known.
select
    cast(leverans_id as {{ dbt.type_string() }}) as leverans_id,
    cast(rad_nr as integer) as rad_nr,
    cast(kommun_kod as {{ dbt.type_string() }}) as kommun_kod,
    coalesce(cast(stadsdel_kod as {{ dbt.type_string() }}), '') as stadsdel_kod,
    cast(period as {{ dbt.type_string() }}) as period,
    cast(insats_id as {{ dbt.type_string() }}) as insats_id,
    cast(barn_id as {{ dbt.type_string() }}) as barn_id,
    cast(placering_nr as integer) as placering_nr,
    cast(placeringsform_kod as {{ dbt.type_string() }}) as placeringsform_kod,
    cast(hem_id as {{ dbt.type_string() }}) as hem_id,
    cast(utforare_id as {{ dbt.type_string() }}) as utforare_id,
    cast(vistelsekommun_kod as {{ dbt.type_string() }}) as vistelsekommun_kod,
    cast(placering_start_datum as date) as placering_start_datum,
    cast({{ kant_vid_arets_slut('placering_slut_datum', 'placering_slut_datum') }} as date) as placering_slut_datum,
    cast({{ kant_vid_arets_slut('placering_avslut_orsak_kod', 'placering_slut_datum') }} as {{ dbt.type_string() }})
        as placering_avslut_orsak_kod
from {{ parquet('landing', 'bu_placering') }}
