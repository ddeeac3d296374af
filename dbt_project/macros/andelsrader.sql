{#- The rows of a share: what a condition holds for among the rows of a relation that has kommun_kod, ar and person_id,
    and what else it is cut by. delning is kon_alder (kön crossed with ålder), kon, alder or totalt; kod is a
    column or a literal, with uppdelning naming what it says. The record's key is the person's. -#}
{% macro andelsrader(rader, villkor, delning='totalt', uppdelning='-', kod="'T'") -%}
select
    kommun_kod,
    cast(ar as {{ dbt.type_string() }}) as period,
    {{ "case when grouping(kon_kod) = 1 then 'T' else kon_kod end" if delning in ('kon', 'kon_alder') else "'T'" }} as kon_kod,
    {{ "case when grouping(aldersgrupp_kod) = 1 then 'T' else aldersgrupp_kod end" if delning in ('alder', 'kon_alder') else "'T'" }}
        as aldersgrupp_kod,
    '{{ uppdelning }}' as uppdelning,
    {{ kod }} as uppdelning_kod,
    sum(case when {{ villkor }} then 1 else 0 end) as taljare,
    count(*) as namnare,
    {{ nyckelsumma(postnyckel('person_id'), villkor) }} as taljare_nyckel,
    {{ nyckelsumma(postnyckel('person_id')) }} as namnare_nyckel,
    {{ utan_belopp() }}
from {{ rader }}
group by kommun_kod, ar{{ ', ' ~ kod if kod != "'T'" }}
    {{- {'kon_alder': ', cube(kon_kod, aldersgrupp_kod)', 'kon': ', rollup(kon_kod)', 'alder': ', rollup(aldersgrupp_kod)', 'totalt': ''}[delning] }}
{%- endmacro %}

{#- The rows of a number of events per inhabitant: the population (`folkmangd`, of
    befolkningscell) carries the rows, so that a cell without events is 0 of its population. Cut further, every code has the whole population of the municipality. -#}
{% macro per_folkmangd(rader, uppdelning=none, koder=[]) -%}
select
    f.kommun_kod,
    cast(f.ar as {{ dbt.type_string() }}) as period,
    f.kon_kod,
    f.aldersgrupp_kod,
    {%- if uppdelning %}
    '{{ uppdelning }}' as uppdelning,
    k.kod as uppdelning_kod,
    {%- else %}
    '-' as uppdelning,
    'T' as uppdelning_kod,
    {%- endif %}
    coalesce(r.antal, 0) as taljare,
    f.antal as namnare,
    coalesce(r.nyckel, 0) as taljare_nyckel,
    cast(null as bigint) as namnare_nyckel,
    {{ utan_belopp() }}
from folkmangd as f
{%- if uppdelning %}
cross join (values ('{{ koder | join("'), ('") }}')) as k (kod)
{%- endif %}
left join (
    select
        kommun_kod,
        ar,
        {{ uppdelning ~ '_kod as kod,' if uppdelning else kon_alder_kolumner() ~ ',' }}
        count(*) as antal,
        {{ nyckelsumma(postnyckel('person_id')) }} as nyckel
    from {{ rader }}
    group by kommun_kod, ar, {{ uppdelning ~ '_kod' if uppdelning else 'cube(kon_kod, aldersgrupp_kod)' }}
) as r
    on
        f.kommun_kod = r.kommun_kod
        and f.ar = r.ar
        {%- if uppdelning %}
        and k.kod = r.kod
where f.kon_kod = 'T' and f.aldersgrupp_kod = 'T'
        {%- else %}
        and f.kon_kod = r.kon_kod
        and f.aldersgrupp_kod = r.aldersgrupp_kod
        {%- endif %}
{%- endmacro %}

{#- The rows of a mean, in all and by kön: the sum of a whole number that each row of a relation has (`varde`, never
    NULL) and how many they are. The key of the sum says the number too, by the largest that its indicator's meta gives. -#}
{% macro medelrader(rader, varde, indikator_id, uppdelning='-', kod="'T'") -%}
select
    kommun_kod,
    cast(ar as {{ dbt.type_string() }}) as period,
    case when grouping(kon_kod) = 1 then 'T' else kon_kod end as kon_kod,
    'T' as aldersgrupp_kod,
    '{{ uppdelning }}' as uppdelning,
    {{ kod }} as uppdelning_kod,
    sum({{ varde }}) as taljare,
    count(*) as namnare,
    {{ nyckelsumma(medelsnyckel('person_id', varde, medel_storsta(indikator_id))) }} as taljare_nyckel,
    {{ nyckelsumma(postnyckel('person_id')) }} as namnare_nyckel,
    {{ utan_belopp() }}
from {{ rader }}
group by kommun_kod, ar{{ ', ' ~ kod if kod != "'T'" }}, rollup(kon_kod)
{%- endmacro %}

{#- What a median or a mean is of, in all and by kön: how many rows of a relation have each value. -#}
{% macro fordelningsrader(rader, varde, uppdelning='-', kod="'T'") -%}
select
    kommun_kod,
    cast(ar as {{ dbt.type_string() }}) as period,
    case when grouping(kon_kod) = 1 then 'T' else kon_kod end as kon_kod,
    'T' as aldersgrupp_kod,
    '{{ uppdelning }}' as uppdelning,
    {{ kod }} as uppdelning_kod,
    {{ varde }} as matvarde,
    count(*) as antal
from {{ rader }}
group by kommun_kod, ar{{ ', ' ~ kod if kod != "'T'" }}, {{ varde }}, rollup(kon_kod)
{%- endmacro %}
