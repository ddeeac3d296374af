-- EB15. Grain: municipality x month or year x cell. Adult-months as sökande or medsökande in the group
-- arbetsloshet with a municipal arbetsmarknadsinsats, over all such adult-months in the group.
select
    kommun_kod,
    case when grouping(period) = 1 then cast(ar as {{ dbt.type_string() }}) else period end as period,
    {{ kon_alder_kolumner() }},
    '-' as uppdelning,
    'T' as uppdelning_kod,
    sum(hindermanader_med_insats) as taljare,
    sum(hindermanader_arbetslosa) as namnare,
    sum(nyckel_med_insats) as taljare_nyckel,
    sum(nyckel_arbetslosa) as namnare_nyckel,
    cast(null as bigint) as antal_bakom,
    cast(null as decimal(18, 2)) as storsta_bakom,
    false as ar_undertryckt_kvalitet
from {{ ref('_hindermanad') }}
where aldersgrupp_kod <> '0-17' and hindermanader_arbetslosa > 0
group by kommun_kod, ar, rollup(period), cube(kon_kod, aldersgrupp_kod)
