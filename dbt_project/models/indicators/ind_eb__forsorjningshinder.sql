-- EB09. Grain: municipality x year x group x kön. Adults by the commonest group of försörjningshinder over the year's months
-- as sökande or medsökande; ties in the order arbetsloshet, ohalsa, sociala_skal, ovrigt; okand only when nothing else (R21).
-- Every group has the same denominator. Rule EB-12: above 15 % unknown of at least 30 adult-months the value is withheld.
{% set grupper = ['arbetsloshet', 'ohalsa', 'sociala_skal', 'ovrigt', 'okand'] %}
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

rakning as (
    select
        kommun_kod,
        ar,
        case when grouping(kon_kod) = 1 then 'T' else kon_kod end as kon_kod,
        count(*) as antal,
        {%- for grupp in grupper %}
        sum(case when grupp = '{{ grupp }}' then 1 else 0 end) as antal_{{ grupp }}{{ ',' if not loop.last }}
        {%- endfor %}
    from vald
    group by grouping sets ((kommun_kod, ar, kon_kod), (kommun_kod, ar))
),

kvalitet as (
    select
        kommun_kod,
        ar,
        sum(antal_hindermanader) >= 30
        and sum(antal_manader_okand) > 0.15 * sum(antal_hindermanader) as ar_undertryckt_kvalitet
    from vuxen
    group by kommun_kod, ar
)

{% for grupp in grupper %}
select
    r.kommun_kod,
    cast(r.ar as {{ dbt.type_string() }}) as period,
    r.kon_kod,
    'T' as aldersgrupp_kod,
    'forsorjningshinder' as uppdelning,
    '{{ grupp }}' as uppdelning_kod,
    r.antal_{{ grupp }} as taljare,
    r.antal as namnare,
    cast(null as bigint) as antal_bakom,
    k.ar_undertryckt_kvalitet
from rakning as r
inner join kvalitet as k on r.kommun_kod = k.kommun_kod and r.ar = k.ar
{{ 'union all' if not loop.last }}
{% endfor %}
