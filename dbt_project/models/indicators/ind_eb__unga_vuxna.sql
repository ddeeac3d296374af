-- EB03. Grain: municipality x year x kön. Persons of 18-24 with aid in at least one month of the year, over the
-- population of that age. The population carries the rows.
with unga as (
    select
        kommun_kod,
        ar,
        case when grouping(kon_kod) = 1 then 'T' else kon_kod end as kon_kod,
        count(*) as antal,
        {{ nyckelsumma(postnyckel('person_id')) }} as nyckel
    from {{ ref('fct_bistandsar') }}
    where aldersgrupp_kod = '18-24'
    group by kommun_kod, ar, rollup(kon_kod)
),

befolkning as (
    select
        kommun_kod,
        ar,
        case when grouping(kon_kod) = 1 then 'T' else kon_kod end as kon_kod,
        sum(antal) as antal
    from {{ ref('fct_befolkning') }}
    where aldersgrupp_kod = '18-24'
    group by kommun_kod, ar, rollup(kon_kod)
)

select
    f.kommun_kod,
    cast(f.ar as {{ dbt.type_string() }}) as period,
    f.kon_kod,
    'T' as aldersgrupp_kod,
    '-' as uppdelning,
    'T' as uppdelning_kod,
    coalesce(m.antal, 0) as taljare,
    f.antal as namnare,
    coalesce(m.nyckel, 0) as taljare_nyckel,
    cast(null as bigint) as namnare_nyckel,
    cast(null as bigint) as antal_bakom,
    cast(null as decimal(18, 2)) as storsta_bakom,
    false as ar_undertryckt_kvalitet
from befolkning as f
left join unga as m on {{ lika('f', 'm', ['kommun_kod', 'ar', 'kon_kod']) }}
