-- Grain: one loaded aktualisering per delivery, superseded deliveries included. One to one with landing: names and
-- types only, but that what was decided after the year is not known yet. person_id differs between municipalities.
select
    cast(leverans_id as {{ dbt.type_string() }}) as leverans_id,
    cast(rad_nr as integer) as rad_nr,
    cast(kommun_kod as {{ dbt.type_string() }}) as kommun_kod,
    coalesce(cast(stadsdel_kod as {{ dbt.type_string() }}), '') as stadsdel_kod,
    cast(period as {{ dbt.type_string() }}) as period,
    cast(aktualisering_id as {{ dbt.type_string() }}) as aktualisering_id,
    cast(barn_id as {{ dbt.type_string() }}) as barn_id,
    cast(person_id as bigint) as person_id,
    cast(id_typ as {{ dbt.type_string() }}) as id_typ_kod,
    cast(fodelsear as integer) as fodelsear,
    cast(kon_kod as {{ dbt.type_string() }}) as kon_kod,
    cast(aktualisering_typ_kod as {{ dbt.type_string() }}) as aktualisering_typ_kod,
    cast(anmalartyp_kod as {{ dbt.type_string() }}) as anmalartyp_kod,
    cast(orsak_kod as {{ dbt.type_string() }}) as orsak_kod,
    cast(mottagen_datum as date) as mottagen_datum,
    cast({{ kant_vid_arets_slut('beslut_datum', 'beslut_datum') }} as date) as beslut_datum,
    cast({{ kant_vid_arets_slut('utfall_kod', 'beslut_datum') }} as {{ dbt.type_string() }}) as utfall_kod
from {{ parquet('landing', 'aktualisering') }}
