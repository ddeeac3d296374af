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
