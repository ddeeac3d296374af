{#- A cell of an indicator: how it is cut, apart from where and when. -#}
{% macro cellnyckel() -%}
    {{ return(['kon_kod', 'aldersgrupp_kod', 'uppdelning', 'uppdelning_kod']) }}
{%- endmacro %}

{#- Equality of two relations on a list of columns. -#}
{% macro lika(vanster, hoger, kolumner) -%}
    {%- for kolumn in kolumner -%}
        {{ ' and ' if not loop.first }}{{ vanster }}.{{ kolumn }} = {{ hoger }}.{{ kolumn }}
    {%- endfor -%}
{%- endmacro %}
