-- EB09. Grain: municipality x year x group x kön. Adults by the commonest group of försörjningshinder over
-- the year's months as sökande or medsökande; ties in the order arbetsloshet, ohalsa, sociala_skal, ovrigt;
-- okand only when nothing else (R21). Every group has the same denominator. Where rule EB-12 falls the value is
-- withheld.
with vuxen as (
    select
        *,
        greatest(
            antal_manader_arbetsloshet, antal_manader_ohalsa, antal_manader_sociala_skal, antal_manader_ovrigt
        ) as flest_manader
    from {{ ref('fct_bistandsar') }}
    where alder >= 18 and antal_hindermanader > 0
),

vald as (
    select
        kommun_kod,
        ar,
        person_id,
        kon_kod,
        case
            when flest_manader = 0 then 'okand'
            when antal_manader_arbetsloshet = flest_manader then 'arbetsloshet'
            when antal_manader_ohalsa = flest_manader then 'ohalsa'
            when antal_manader_sociala_skal = flest_manader then 'sociala_skal'
            else 'ovrigt'
        end as grupp
    from vuxen
),

grupp_tal as (
    select
        kommun_kod,
        ar,
        grupp,
        case when grouping(kon_kod) = 1 then 'T' else kon_kod end as kon_kod,
        count(*) as antal,
        {{ nyckelsumma(postnyckel('person_id')) }} as nyckel
    from vald
    group by kommun_kod, ar, grupp, rollup(kon_kod)
),

alla as (
    select
        kommun_kod,
        ar,
        kon_kod,
        sum(antal) as antal,
        sum(nyckel) as nyckel
    from grupp_tal
    group by kommun_kod, ar, kon_kod
),

grupper as (
    select distinct forsorjningshindergrupp_kod as grupp
    from {{ ref('dim_forsorjningshinder') }}
)

select
    a.kommun_kod,
    cast(a.ar as {{ dbt.type_string() }}) as period,
    a.kon_kod,
    'T' as aldersgrupp_kod,
    'forsorjningshinder' as uppdelning,
    g.grupp as uppdelning_kod,
    coalesce(t.antal, 0) as taljare,
    a.antal as namnare,
    coalesce(t.nyckel, 0) as taljare_nyckel,
    a.nyckel as namnare_nyckel,
    cast(null as bigint) as antal_bakom,
    cast(null as decimal(18, 2)) as storsta_bakom,
    k.ar_over_grans as ar_undertryckt_kvalitet
from alla as a
cross join grupper as g
inner join {{ ref('_okant_hinder') }} as k on a.kommun_kod = k.kommun_kod and a.ar = k.ar
left join grupp_tal as t
    on
        a.kommun_kod = t.kommun_kod
        and a.ar = t.ar
        and a.kon_kod = t.kon_kod
        and g.grupp = t.grupp
