{#- The four age groups of ekonomiskt bistånd (docs/reference/ekonomiskt_bistand.md), from age at the end of the year. -#}
{% macro aldersgrupp(alder) -%}
    case
        when {{ alder }} < 18 then '0-17'
        when {{ alder }} < 25 then '18-24'
        when {{ alder }} < 65 then '25-64'
        else '65+'
    end
{%- endmacro %}

{#- The four of barn och unga (docs/reference/barn_och_unga.md, section 6), NULL for who is not 0-20 years old. -#}
{% macro aldersgrupp_barn(alder) -%}
    case
        when {{ alder }} between 0 and 6 then '0-6'
        when {{ alder }} between 7 and 12 then '7-12'
        when {{ alder }} between 13 and 17 then '13-17'
        when {{ alder }} between 18 and 20 then '18-20'
    end
{%- endmacro %}

{#- The four of adults in missbruk och beroende (docs/reference/missbruk.md, section 6), NULL for who is under 21. -#}
{% macro aldersgrupp_vuxen(alder) -%}
    case
        when {{ alder }} between 21 and 29 then '21-29'
        when {{ alder }} between 30 and 49 then '30-49'
        when {{ alder }} between 50 and 64 then '50-64'
        when {{ alder }} >= 65 then '65+'
    end
{%- endmacro %}

{#- The population of those who are in an age group, by kön and age crossed, totals included. `grupp` is the age group of
    the column alder. -#}
{% macro befolkningscell(grupp) -%}
    select
        kommun_kod,
        ar,
        {{ kon_alder_kolumner() }},
        sum(antal) as antal
    from (
        select
            kommun_kod,
            ar,
            kon_kod,
            {{ grupp }} as aldersgrupp_kod,
            antal
        from {{ ref('fct_befolkning') }}
    ) as b
    where aldersgrupp_kod is not null
    group by kommun_kod, ar, cube(kon_kod, aldersgrupp_kod)
{%- endmacro %}
