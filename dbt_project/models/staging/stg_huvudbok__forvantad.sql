-- Grain: one expected kommun, dataset and month: the left side of every measure of coverage.
-- One to one with the ledger. frist_tid is the first instant after the deadline; slutlig_frist_tid is that of the
-- yearly re-delivery, NULL until it has passed.
select
    cast(kommun_kod as {{ dbt.type_string() }}) as kommun_kod,
    cast(kalla as {{ dbt.type_string() }}) as kalla,
    cast(dataset as {{ dbt.type_string() }}) as dataset,
    cast(period as {{ dbt.type_string() }}) as period,
    cast(frist_lokal as timestamp) as frist_tid,
    cast(slutlig_frist_lokal as timestamp) as slutlig_frist_tid
from {{ parquet('huvudbok', 'forvantad') }}
