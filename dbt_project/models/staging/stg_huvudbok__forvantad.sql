-- Grain: one expected kommun, dataset and month (or year): the left side of every measure of coverage.
-- One to one with the ledger. frist_tid is the first instant after the deadline; slutlig_frist_tid is that of the
-- yearly re-delivery, NULL until it has passed. avtal_andamal_kod is NULL when no agreement is needed; who needs one
-- and has none is expected only when it has (fct_leverans).
select
    cast(kommun_kod as {{ dbt.type_string() }}) as kommun_kod,
    cast(kalla as {{ dbt.type_string() }}) as kalla,
    cast(dataset as {{ dbt.type_string() }}) as dataset,
    cast(period as {{ dbt.type_string() }}) as period,
    cast(frist_lokal as timestamp) as frist_tid,
    cast(slutlig_frist_lokal as timestamp) as slutlig_frist_tid,
    cast(avtal_andamal_kod as {{ dbt.type_string() }}) as avtal_andamal_kod
from {{ parquet('huvudbok', 'forvantad') }}
