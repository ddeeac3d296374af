-- Grain: one agreement of a municipality for a purpose, with validity (half-open). One to one with the ledger.
select
    cast(kommun_kod as {{ dbt.type_string() }}) as kommun_kod,
    cast(andamal_kod as {{ dbt.type_string() }}) as andamal_kod,
    cast(giltig_fran as date) as giltig_fran,
    cast(giltig_till as date) as giltig_till
from {{ parquet('huvudbok', 'avtal') }}
