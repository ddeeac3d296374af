-- Grain: dataset and month, the last 36 months: the share of the country's population with an approved delivery (SU02).
with varde as (
    select
        uppdelning_kod as dataset,
        period,
        varde,
        row_number() over (partition by uppdelning_kod order by period desc) as nr
    from indicators.fct_indikatorvarde
    where indikator_id = 'SU02' and geo_typ = 'riket' and length(period) = 7
)

select
    dataset,
    period,
    coalesce(varde, 0) as andel
from varde
where nr <= 36
order by dataset, period
