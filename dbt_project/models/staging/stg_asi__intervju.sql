-- Grain: one loaded interview per delivery, superseded deliveries included. One to one with landing: names and types
-- only. person_id differs between municipalities.
select
    cast(leverans_id as {{ dbt.type_string() }}) as leverans_id,
    cast(rad_nr as integer) as rad_nr,
    cast(kommun_kod as {{ dbt.type_string() }}) as kommun_kod,
    coalesce(cast(stadsdel_kod as {{ dbt.type_string() }}), '') as stadsdel_kod,
    cast(period as {{ dbt.type_string() }}) as period,
    cast(intervju_id as {{ dbt.type_string() }}) as intervju_id,
    cast(klient_id as {{ dbt.type_string() }}) as klient_id,
    cast(person_id as bigint) as person_id,
    cast(id_typ as {{ dbt.type_string() }}) as id_typ_kod,
    cast(fodelsear as integer) as fodelsear,
    cast(kon_kod as {{ dbt.type_string() }}) as kon_kod,
    cast(asi_typ_kod as {{ dbt.type_string() }}) as asi_typ_kod,
    cast(asi_version_kod as {{ dbt.type_string() }}) as asi_version_kod,
    cast(intervju_datum as date) as intervju_datum,
    cast(grund_intervju_id as {{ dbt.type_string() }}) as grund_intervju_id,
    cast(bortfall_kod as {{ dbt.type_string() }}) as bortfall_kod,
    {%- for matt in asi_matt() %}
    {%- for nr in range(1, 8) %}
    cast(asi{{ nr }}_{{ matt }} as integer) as asi{{ nr }}_{{ matt }},
    {%- endfor %}
    {%- endfor %}
    cast(cs_formelversion as {{ dbt.type_string() }}) as cs_formelversion,
    cast(dagar_alkohol_30 as integer) as dagar_alkohol_30,
    cast(dagar_berusning_30 as integer) as dagar_berusning_30,
    cast(dagar_narkotika_30 as integer) as dagar_narkotika_30,
    cast(dagar_arbete_30 as integer) as dagar_arbete_30,
    cast(dagar_psykisk_30 as integer) as dagar_psykisk_30
from {{ parquet('landing', 'asi_intervju') }}
