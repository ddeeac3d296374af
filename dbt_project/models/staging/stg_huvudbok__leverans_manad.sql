-- Grain: one dataset and month a delivery covers, also when it holds no rows. One to one with the ledger.
select
    cast(leverans_id as {{ dbt.type_string() }}) as leverans_id,
    cast(dataset as {{ dbt.type_string() }}) as dataset,
    cast(period as {{ dbt.type_string() }}) as period,
    cast(lasta as bigint) as antal_lasta,
    cast(skyddade_hushall as bigint) as antal_skyddade_hushall,
    cast(skyddade_personer as bigint) as antal_skyddade_personer,
    cast(ar_nolleverans as boolean) as ar_nolleverans
from {{ parquet('huvudbok', 'leverans_manad') }}
