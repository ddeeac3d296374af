{#- Periods are 'YYYY' or 'YYYY-MM'; both forms keep their tail when the year is moved. -#}
{% macro ar_av(period) -%}
    cast(substring({{ period }}, 1, 4) as integer)
{%- endmacro %}

{% macro manad_av(period) -%}
    cast(substring({{ period }}, 6, 2) as integer)
{%- endmacro %}

{% macro ar_senare(period, antal) -%}
    concat(cast({{ ar_av(period) }} + {{ antal }} as {{ dbt.type_string() }}), substring({{ period }}, 5, 3))
{%- endmacro %}

{#- The month of a date. -#}
{% macro period_for(datum) -%}
    substring(cast({{ datum }} as {{ dbt.type_string() }}), 1, 7)
{%- endmacro %}

{#- The calendar year of a date. -#}
{% macro ar_for(datum) -%}
    cast(extract(year from {{ datum }}) as integer)
{%- endmacro %}

{#- The first year for which sources that deliver by year are counted; earlier deliveries are received, and land
    (docs/reference/barn_och_unga.md, section 9). -#}
{% macro forsta_raknade_ar() -%}
    2017
{%- endmacro %}

{#- The same day so many months later, or the last of that month where it has no such day. -#}
{% macro manader_efter(datum, antal) -%}
    cast({{ dbt.dateadd('month', antal, datum) }} as date)
{%- endmacro %}

{#- The later of the month an avslut was reported for and that of its date. -#}
{% macro avslutets_manad(rapport_period) -%}
    greatest({{ rapport_period }}, {{ period_for('avslut_datum') }})
{%- endmacro %}
