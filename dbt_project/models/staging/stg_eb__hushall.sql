-- Grain: one loaded household row per delivery and month, superseded deliveries included.
-- One to one with landing: names and types only. An empty stadsdel is '' here as in the ledger.
select
    cast(leverans_id as {{ dbt.type_string() }}) as leverans_id,
    cast(rad_nr as integer) as rad_nr,
    cast(kommun_kod as {{ dbt.type_string() }}) as kommun_kod,
    coalesce(cast(stadsdel_kod as {{ dbt.type_string() }}), '') as stadsdel_kod,
    cast(period as {{ dbt.type_string() }}) as period,
    cast(hushall_id as {{ dbt.type_string() }}) as hushall_id,
    cast(hushallstyp_kod as {{ dbt.type_string() }}) as hushallstyp_kod,
    cast(antal_barn as integer) as antal_barn,
    cast(utrikes_fodd_kod as {{ dbt.type_string() }}) as utrikes_fodd_kod,
    cast(belopp_kr as decimal(12, 2)) as belopp_kr
from {{ parquet('landing', 'eb_hushall') }}
