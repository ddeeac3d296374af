-- Grain: one warning that has been acknowledged, and still is. One to one with the ledger; why stays there.
select
    cast(kommun_kod as {{ dbt.type_string() }}) as kommun_kod,
    coalesce(cast(stadsdel_kod as {{ dbt.type_string() }}), '') as stadsdel_kod,
    cast(kalla as {{ dbt.type_string() }}) as kalla,
    cast(dataset as {{ dbt.type_string() }}) as dataset,
    cast(period as {{ dbt.type_string() }}) as period,
    cast(regel_id as {{ dbt.type_string() }}) as regel_id,
    cast(kvitterad_tid as timestamp) as kvitterad_tid
from {{ parquet('huvudbok', 'kvittering') }}
