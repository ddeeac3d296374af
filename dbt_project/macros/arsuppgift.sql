{#- A year and its days (docs/reference/barn_och_unga.md, sections 2 and 6). -#}

{#- The first and the last day of a year. -#}
{% macro arets_forsta(ar) -%}
    cast(concat({{ ar }}, '-01-01') as date)
{%- endmacro %}

{% macro arets_sista(ar) -%}
    cast(concat({{ ar }}, '-12-31') as date)
{%- endmacro %}

{#- Whether something that goes on from start to slut (the end included, NULL is ongoing) has not ended before the year. -#}
{% macro pagar_under(slut, ar) -%}
    ({{ slut }} is null or {{ slut }} >= {{ arets_forsta(ar) }})
{%- endmacro %}

{#- So many days later, as a date. -#}
{% macro dagar_senare(datum, antal) -%}
    cast({{ dbt.dateadd('day', antal, datum) }} as date)
{%- endmacro %}
