-- EB10. Grain: municipality x month or year. Adult-months as sökande or medsökande without a known
-- försörjningshinder (FH99 or empty), over all such adult-months.
select
    kommun_kod,
    case when grouping(period) = 1 then cast(ar as {{ dbt.type_string() }}) else period end as period,
    'T' as kon_kod,
    'T' as aldersgrupp_kod,
    '-' as uppdelning,
    'T' as uppdelning_kod,
    sum(case when forsorjningshindergrupp_kod = 'okand' then 1 else 0 end) as taljare,
    count(*) as namnare,
    {{ nyckelsumma(postnyckel('person_id'), "forsorjningshindergrupp_kod = 'okand'") }} as taljare_nyckel,
    {{ nyckelsumma(postnyckel('person_id')) }} as namnare_nyckel,
    cast(null as bigint) as antal_bakom,
    cast(null as decimal(18, 2)) as storsta_bakom,
    false as ar_undertryckt_kvalitet
from {{ ref('fct_bidragsmanad_person') }}
where roll_kod in ('sokande', 'medsokande') and ar - fodelsear >= 18
group by kommun_kod, ar, rollup(period)
