-- Grain: one warning of a rule that looks at history, on a delivery in force. One to one with the ledger.
select
    cast(kommun_kod as {{ dbt.type_string() }}) as kommun_kod,
    coalesce(cast(stadsdel_kod as {{ dbt.type_string() }}), '') as stadsdel_kod,
    cast(kalla as {{ dbt.type_string() }}) as kalla,
    cast(dataset as {{ dbt.type_string() }}) as dataset,
    cast(period as {{ dbt.type_string() }}) as period,
    cast(regel_id as {{ dbt.type_string() }}) as regel_id,
    cast(leverans_id as {{ dbt.type_string() }}) as leverans_id,
    cast(antal as bigint) as antal,
    cast(jamfort_med as bigint) as jamfort_med
from {{ parquet('huvudbok', 'varning') }}
