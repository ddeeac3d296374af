{#- How many rows of a group a condition holds for (the portable form of a filtered count). -#}
{% macro antal_dar(villkor) -%}
    cast(sum(case when {{ villkor }} then 1 else 0 end) as integer)
{%- endmacro %}
