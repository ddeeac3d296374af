-- EB04. Grain: municipality x year x cell. Adults with aid in at least ten of the year's months, over adults
-- with aid. The months are counted in any role; who is an adult is year of the value minus year of birth.
select
    kommun_kod,
    cast(ar as {{ dbt.type_string() }}) as period,
    {{ kon_alder_kolumner() }},
    '-' as uppdelning,
    'T' as uppdelning_kod,
    sum(case when antal_manader >= 10 then 1 else 0 end) as taljare,
    count(*) as namnare,
    {{ nyckelsumma(postnyckel('person_id'), 'antal_manader >= 10') }} as taljare_nyckel,
    {{ nyckelsumma(postnyckel('person_id')) }} as namnare_nyckel,
    cast(null as bigint) as antal_bakom,
    cast(null as decimal(18, 2)) as storsta_bakom,
    false as ar_undertryckt_kvalitet
from {{ ref('fct_bistandsar') }}
where alder >= 18
group by kommun_kod, ar, cube(kon_kod, aldersgrupp_kod)
