-- Grain: one loaded immediate taking into care per delivery, superseded deliveries included. One to one with landing:
-- names and types only. person_id differs between municipalities.
select
    cast(leverans_id as {{ dbt.type_string() }}) as leverans_id,
    cast(rad_nr as integer) as rad_nr,
    cast(kommun_kod as {{ dbt.type_string() }}) as kommun_kod,
    coalesce(cast(stadsdel_kod as {{ dbt.type_string() }}), '') as stadsdel_kod,
    cast(period as {{ dbt.type_string() }}) as period,
    cast(omhandertagande_id as {{ dbt.type_string() }}) as omhandertagande_id,
    cast(klient_id as {{ dbt.type_string() }}) as klient_id,
    cast(person_id as bigint) as person_id,
    cast(id_typ as {{ dbt.type_string() }}) as id_typ_kod,
    cast(fodelsear as integer) as fodelsear,
    cast(kon_kod as {{ dbt.type_string() }}) as kon_kod,
    cast(omhandertagande_datum as date) as omhandertagande_datum
from {{ parquet('landing', 'lvm_omhandertagande') }}
