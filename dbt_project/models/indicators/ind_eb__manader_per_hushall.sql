-- EB08. Grain: municipality x year, and by type of household. Months with aid over households with aid in the
-- year. A household is of the type it had in its last month with aid (R27).
select
    kommun_kod,
    cast(ar as {{ dbt.type_string() }}) as period,
    'T' as kon_kod,
    'T' as aldersgrupp_kod,
    case when grouping(hushallstyp_kod) = 1 then '-' else 'hushallstyp' end as uppdelning,
    case when grouping(hushallstyp_kod) = 1 then 'T' else hushallstyp_kod end as uppdelning_kod,
    sum(antal_bidragsmanader) as taljare,
    count(*) as namnare,
    cast(sum(antal_bidragsmanader * postnyckel) as bigint) as taljare_nyckel,
    {{ nyckelsumma('postnyckel') }} as namnare_nyckel,
    cast(null as bigint) as antal_bakom,
    cast(null as decimal(18, 2)) as storsta_bakom,
    false as ar_undertryckt_kvalitet
from {{ ref('dim_hushall') }}
group by kommun_kod, ar, rollup(hushallstyp_kod)
