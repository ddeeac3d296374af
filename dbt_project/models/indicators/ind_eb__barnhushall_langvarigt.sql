-- EB13. Grain: municipality x year, and by type of household. Households with aid in at least ten of the year's
-- months, over households with aid: those with a child in some month of aid. The months need not be those with
-- the child; the type is that of the last month with aid (R27).
select
    kommun_kod,
    cast(ar as {{ dbt.type_string() }}) as period,
    'T' as kon_kod,
    'T' as aldersgrupp_kod,
    case when grouping(hushallstyp_kod) = 1 then '-' else 'hushallstyp' end as uppdelning,
    case when grouping(hushallstyp_kod) = 1 then 'T' else hushallstyp_kod end as uppdelning_kod,
    sum(case when antal_bidragsmanader >= 10 then 1 else 0 end) as taljare,
    count(*) as namnare,
    {{ nyckelsumma('postnyckel', 'antal_bidragsmanader >= 10') }} as taljare_nyckel,
    {{ nyckelsumma('postnyckel') }} as namnare_nyckel,
    cast(null as bigint) as antal_bakom,
    cast(null as decimal(18, 2)) as storsta_bakom,
    false as ar_undertryckt_kvalitet
from {{ ref('dim_hushall') }}
where hogsta_antal_barn >= 1
group by kommun_kod, ar, rollup(hushallstyp_kod)
