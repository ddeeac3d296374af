-- Grain: one agreement of a kommun for a purpose, from its first day until the day it no longer holds (half-open), at
-- most one at a time. One to one with the ledger. giltig_till is NULL while it holds until further notice.
select
    cast(kommun_kod as {{ dbt.type_string() }}) as kommun_kod,
    cast(andamal_kod as {{ dbt.type_string() }}) as andamal_kod,
    cast(giltig_fran as date) as giltig_fran,
    cast(giltig_till as date) as giltig_till
from {{ parquet('huvudbok', 'avtal') }}
