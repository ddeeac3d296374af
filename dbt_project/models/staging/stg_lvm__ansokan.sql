-- Grain: one loaded application for care per delivery, superseded deliveries included. One to one with landing: names
-- and types only. person_id differs between municipalities.
select
    cast(leverans_id as {{ dbt.type_string() }}) as leverans_id,
    cast(rad_nr as integer) as rad_nr,
    cast(kommun_kod as {{ dbt.type_string() }}) as kommun_kod,
    coalesce(cast(stadsdel_kod as {{ dbt.type_string() }}), '') as stadsdel_kod,
    cast(period as {{ dbt.type_string() }}) as period,
    cast(ansokan_id as {{ dbt.type_string() }}) as ansokan_id,
    cast(klient_id as {{ dbt.type_string() }}) as klient_id,
    cast(person_id as bigint) as person_id,
    cast(id_typ as {{ dbt.type_string() }}) as id_typ_kod,
    cast(fodelsear as integer) as fodelsear,
    cast(kon_kod as {{ dbt.type_string() }}) as kon_kod,
    cast(ansokan_datum as date) as ansokan_datum,
    cast(indikation_fys_psyk as {{ dbt.type_string() }}) as indikation_fys_psyk,
    cast(indikation_liv as {{ dbt.type_string() }}) as indikation_liv,
    cast(indikation_skada as {{ dbt.type_string() }}) as indikation_skada,
    cast(medel_alkohol as {{ dbt.type_string() }}) as medel_alkohol,
    cast(medel_narkotika as {{ dbt.type_string() }}) as medel_narkotika,
    cast(medel_losningsmedel as {{ dbt.type_string() }}) as medel_losningsmedel
from {{ parquet('landing', 'lvm_ansokan') }}
