{#- The four age groups of ekonomiskt bistånd (docs/reference/ekonomiskt_bistand.md), from age at the end of the year. -#}
{% macro aldersgrupp(alder) -%}
    case
        when {{ alder }} < 18 then '0-17'
        when {{ alder }} < 25 then '18-24'
        when {{ alder }} < 65 then '25-64'
        else '65+'
    end
{%- endmacro %}
