{#- Kön and ålder crossed with each other, totals included: the grouping sets and the two cell columns. -#}
{% macro kon_alder_mangder(nycklar) -%}
    grouping sets (
        ({{ nycklar }}, kon_kod, aldersgrupp_kod),
        ({{ nycklar }}, kon_kod),
        ({{ nycklar }}, aldersgrupp_kod),
        ({{ nycklar }})
    )
{%- endmacro %}

{% macro kon_alder_kolumner() -%}
    case when grouping(kon_kod) = 1 then 'T' else kon_kod end as kon_kod,
    case when grouping(aldersgrupp_kod) = 1 then 'T' else aldersgrupp_kod end as aldersgrupp_kod
{%- endmacro %}
