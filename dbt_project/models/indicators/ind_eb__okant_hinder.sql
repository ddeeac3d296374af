-- EB10. Grain: municipality x month or year. Adult-months as sökande or medsökande without a known
-- försörjningshinder (FH99 or empty), over all such adult-months.
select
    kommun_kod,
    case when grouping(period) = 1 then cast(ar as {{ dbt.type_string() }}) else period end as period,
    'T' as kon_kod,
    'T' as aldersgrupp_kod,
    '-' as uppdelning,
    'T' as uppdelning_kod,
    sum(hindermanader_okanda) as taljare,
    sum(hindermanader) as namnare,
    sum(nyckel_okanda) as taljare_nyckel,
    sum(nyckel_hindermanader) as namnare_nyckel,
    cast(null as bigint) as antal_bakom,
    cast(null as decimal(18, 2)) as storsta_bakom,
    false as ar_undertryckt_kvalitet
from {{ ref('_hindermanad') }}
where aldersgrupp_kod <> '0-17'
group by kommun_kod, ar, rollup(period)
