-- Grain: one loaded measurement per delivery, superseded deliveries included. One to one with landing: names and
-- types only. person_id differs between municipalities.
select
    cast(leverans_id as {{ dbt.type_string() }}) as leverans_id,
    cast(rad_nr as integer) as rad_nr,
    cast(kommun_kod as {{ dbt.type_string() }}) as kommun_kod,
    coalesce(cast(stadsdel_kod as {{ dbt.type_string() }}), '') as stadsdel_kod,
    cast(period as {{ dbt.type_string() }}) as period,
    cast(klient_id as {{ dbt.type_string() }}) as klient_id,
    cast(person_id as bigint) as person_id,
    cast(id_typ as {{ dbt.type_string() }}) as id_typ_kod,
    cast(fodelsear as integer) as fodelsear,
    cast(kon_kod as {{ dbt.type_string() }}) as kon_kod,
    cast(insats_id as {{ dbt.type_string() }}) as insats_id,
    cast(uppfoljningsmodell_kod as {{ dbt.type_string() }}) as uppfoljningsmodell_kod,
    cast(malgrupp_kod as {{ dbt.type_string() }}) as malgrupp_kod,
    cast(metod_kod as {{ dbt.type_string() }}) as metod_kod,
    cast(matt_kod as {{ dbt.type_string() }}) as matt_kod,
    cast(tillfalle_kod as {{ dbt.type_string() }}) as tillfalle_kod,
    cast(matt_datum as date) as matt_datum,
    cast(matt_varde as integer) as matt_varde
from {{ parquet('landing', 'isu_uppfoljning') }}
