-- Grain: one received delivery, stopped ones too. One to one with the ledger.
select
    cast(leverans_id as {{ dbt.type_string() }}) as leverans_id,
    cast(kommun_kod as {{ dbt.type_string() }}) as kommun_kod,
    coalesce(cast(stadsdel_kod as {{ dbt.type_string() }}), '') as stadsdel_kod,
    cast(kalla as {{ dbt.type_string() }}) as kalla,
    cast(period as {{ dbt.type_string() }}) as period,
    cast(version as integer) as leverans_version,
    cast(leveranstyp as {{ dbt.type_string() }}) as leveranstyp,
    cast(profil as {{ dbt.type_string() }}) as profil,
    cast(system as {{ dbt.type_string() }}) as verksamhetssystem,
    cast(system_version as {{ dbt.type_string() }}) as verksamhetssystem_version,
    cast(paket_namn as {{ dbt.type_string() }}) as paket_namn,
    cast(mottagen_tid as timestamp) as mottagen_tid,
    cast(mottagen_lokal as timestamp) as mottagen_lokal_tid,
    cast(sha256 as {{ dbt.type_string() }}) as sha256,
    cast(status as {{ dbt.type_string() }}) as mottagningsstatus,
    cast(stoppande_regel as {{ dbt.type_string() }}) as stoppande_regel_id
from {{ parquet('huvudbok', 'leverans') }}
