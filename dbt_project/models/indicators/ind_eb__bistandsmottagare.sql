-- EB01. Grain: municipality x year x cell. Persons with aid in at least one month of the year, over the
-- population. The population carries the rows, so that a group without recipients is 0 of its population. By
-- inrikes_utrikes there is no denominator: the population is not known by country of birth.
with mottagare as (
    select
        kommun_kod,
        ar,
        kon_kod,
        aldersgrupp_kod,
        inrikes_utrikes_kod,
        count(*) as antal,
        {{ nyckelsumma(postnyckel('person_id')) }} as nyckel
    from {{ ref('fct_bistandsar') }}
    group by kommun_kod, ar, kon_kod, aldersgrupp_kod, inrikes_utrikes_kod
),

mottagare_cell as (
    select
        kommun_kod,
        ar,
        {{ kon_alder_kolumner() }},
        sum(antal) as antal,
        sum(nyckel) as nyckel
    from mottagare
    group by kommun_kod, ar, cube(kon_kod, aldersgrupp_kod)
),

befolkning_cell as (
    select
        kommun_kod,
        ar,
        {{ kon_alder_kolumner() }},
        sum(antal) as antal
    from {{ ref('fct_befolkning') }}
    group by kommun_kod, ar, cube(kon_kod, aldersgrupp_kod)
),

bakgrund as (
    select
        kommun_kod,
        ar,
        inrikes_utrikes_kod,
        sum(antal) as antal,
        sum(nyckel) as nyckel
    from mottagare
    group by kommun_kod, ar, inrikes_utrikes_kod
)

select
    b.kommun_kod,
    cast(b.ar as {{ dbt.type_string() }}) as period,
    b.kon_kod,
    b.aldersgrupp_kod,
    '-' as uppdelning,
    'T' as uppdelning_kod,
    coalesce(m.antal, 0) as taljare,
    b.antal as namnare,
    coalesce(m.nyckel, 0) as taljare_nyckel,
    cast(null as bigint) as namnare_nyckel,
    cast(null as bigint) as antal_bakom,
    cast(null as decimal(18, 2)) as storsta_bakom,
    false as ar_undertryckt_kvalitet
from befolkning_cell as b
left join mottagare_cell as m
    on
        b.kommun_kod = m.kommun_kod
        and b.ar = m.ar
        and b.kon_kod = m.kon_kod
        and b.aldersgrupp_kod = m.aldersgrupp_kod
union all
select
    kommun_kod,
    cast(ar as {{ dbt.type_string() }}) as period,
    'T' as kon_kod,
    'T' as aldersgrupp_kod,
    'inrikes_utrikes' as uppdelning,
    inrikes_utrikes_kod as uppdelning_kod,
    antal as taljare,
    cast(null as bigint) as namnare,
    nyckel as taljare_nyckel,
    cast(null as bigint) as namnare_nyckel,
    cast(null as bigint) as antal_bakom,
    cast(null as decimal(18, 2)) as storsta_bakom,
    false as ar_undertryckt_kvalitet
from bakgrund
