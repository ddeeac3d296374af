{#- ASI (docs/reference/missbruk.md, sections 3 and 7). -#}

{#- The measures that an area of ASI has, as they stand in the names of the columns they are delivered in. -#}
{% macro asi_matt() -%}
    {{ return(['klient_oro', 'klient_hjalp', 'intervjuare', 'cs']) }}
{%- endmacro %}

{#- A measure of the area that omrade names, from the columns of all seven. -#}
{% macro asi_varde(matt, omrade) -%}
    case {{ omrade }}
        {%- for nr in range(1, 8) %} when 'ASI{{ nr }}' then asi{{ nr }}_{{ matt }}{% endfor %}
    end
{%- endmacro %}

{#- How far from an insats a Grund may be made and be its own. -#}
{% macro grund_dagar() -%}
    60
{%- endmacro %}
