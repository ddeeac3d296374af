{#- ASI (docs/reference/missbruk.md, sections 3 and 7). -#}

{#- The measures that an area of ASI has, as they stand in the names of the columns they are delivered in. -#}
{% macro asi_matt() -%}
    {{ return(['klient_oro', 'klient_hjalp', 'intervjuare', 'cs']) }}
{%- endmacro %}

{#- How far from an insats a Grund may be made and be its own. -#}
{% macro grund_dagar() -%}
    60
{%- endmacro %}
