{#- What a delivery of a year says: the state of its 31 December (docs/reference/barn_och_unga.md, section 2). -#}

{#- The first and the last day of a year. -#}
{% macro arets_forsta(ar) -%}
    cast(concat({{ ar }}, '-01-01') as date)
{%- endmacro %}

{% macro arets_sista(ar) -%}
    cast(concat({{ ar }}, '-12-31') as date)
{%- endmacro %}

{#- A date of the row, NULL when it lies after the year of its delivery (the column period). -#}
{% macro vid_arets_slut(datum) -%}
    case when cast({{ datum }} as date) <= {{ arets_sista('period') }} then cast({{ datum }} as date) end
{%- endmacro %}

{#- Whether something that goes on from start to slut (the end included, NULL is ongoing) has not ended before the year. -#}
{% macro pagar_under(slut, ar) -%}
    ({{ slut }} is null or {{ slut }} >= {{ arets_forsta(ar) }})
{%- endmacro %}

{#- So many days or months later, as a date. -#}
{% macro dagar_senare(datum, antal) -%}
    cast({{ dbt.dateadd('day', antal, datum) }} as date)
{%- endmacro %}

{% macro manader_senare(datum, antal) -%}
    cast({{ dbt.dateadd('month', antal, datum) }} as date)
{%- endmacro %}
