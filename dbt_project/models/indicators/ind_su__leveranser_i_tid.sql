-- SU01. Grain: municipality x month x dataset, and their sum. Expected deliveries whose first approved
-- version came in time. What was never delivered is expected all the same and counts as not in time: a result
-- to show, never an error. Sources that deliver by year are not in it.
select
    kommun_kod,
    period,
    'T' as kon_kod,
    'T' as aldersgrupp_kod,
    case when grouping(dataset) = 1 then '-' else 'dataset' end as uppdelning,
    case when grouping(dataset) = 1 then 'T' else dataset end as uppdelning_kod,
    sum(case when ar_i_tid then 1 else 0 end) as taljare,
    count(*) as namnare,
    cast(null as bigint) as taljare_nyckel,
    cast(null as bigint) as namnare_nyckel,
    cast(null as bigint) as antal_bakom,
    cast(null as decimal(18, 2)) as storsta_bakom,
    false as ar_undertryckt_kvalitet
from {{ ref('fct_leverans') }}
where length(period) > 4
group by kommun_kod, period, rollup(dataset)
