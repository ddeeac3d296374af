-- Grain: one dataset of a received delivery. One to one with the ledger; counts are rows.
select
    cast(leverans_id as {{ dbt.type_string() }}) as leverans_id,
    cast(dataset as {{ dbt.type_string() }}) as dataset,
    cast(schema_version as {{ dbt.type_string() }}) as schema_version,
    cast(mottagna as bigint) as antal_mottagna,
    cast(lasta as bigint) as antal_lasta,
    cast(i_karantan as bigint) as antal_i_karantan,
    cast(skyddade as bigint) as antal_skyddade,
    cast(avvisade as bigint) as antal_avvisade,
    cast(ar_nolleverans as boolean) as ar_nolleverans
from {{ parquet('huvudbok', 'leverans_dataset') }}
