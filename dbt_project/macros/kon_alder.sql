{#- Kön and ålder crossed with each other, totals included: the cell columns of a query grouped by
    cube(kon_kod, aldersgrupp_kod). -#}
{% macro kon_alder_kolumner() -%}
    case when grouping(kon_kod) = 1 then 'T' else kon_kod end as kon_kod,
    case when grouping(aldersgrupp_kod) = 1 then 'T' else aldersgrupp_kod end as aldersgrupp_kod
{%- endmacro %}
