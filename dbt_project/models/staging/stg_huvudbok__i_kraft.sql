-- Grain: one kommun, stadsdel, dataset and month, with the delivery in force. One to one with the ledger.
-- Every fact reads deliveries through this list; what it does not name is history.
select
    cast(kommun_kod as {{ dbt.type_string() }}) as kommun_kod,
    coalesce(cast(stadsdel_kod as {{ dbt.type_string() }}), '') as stadsdel_kod,
    cast(kalla as {{ dbt.type_string() }}) as kalla,
    cast(dataset as {{ dbt.type_string() }}) as dataset,
    cast(period as {{ dbt.type_string() }}) as period,
    cast(leverans_id as {{ dbt.type_string() }}) as leverans_id
from {{ parquet('huvudbok', 'i_kraft') }}
