{#- One bound of the Wilson 95 % interval for a share. tecken is '-' for the lower bound, '+' for the upper.
    Kept inside 0-1, where rounding error would otherwise put it a hair outside. -#}
{% macro wilson(andel, antal, tecken) -%}
    {%- set z = '1.959963984540054e0' -%}
    {%- set z2 = '(' ~ z ~ ' * ' ~ z ~ ')' -%}
    {%- set n = 'cast(' ~ antal ~ ' as double)' -%}
    greatest(0.0e0, least(1.0e0, (
        {{ andel }} + {{ z2 }} / (2 * {{ n }})
        {{ tecken }} {{ z }} * sqrt(
            greatest(0.0e0, {{ andel }} * (1 - {{ andel }})) / {{ n }} + {{ z2 }} / (4 * {{ n }} * {{ n }})
        )
    ) / (1 + {{ z2 }} / {{ n }})))
{%- endmacro %}

{#- Whether a share has an interval: its denominator counts persons, cases or months. Days of one child's care follow each
    other, so that counting them as trials of their own would give an interval many times too narrow. -#}
{% macro har_intervall(matt, namnare_slag) -%}
    ({{ matt }} = 'andel' and {{ namnare_slag }} <> 'vardygn')
{%- endmacro %}
