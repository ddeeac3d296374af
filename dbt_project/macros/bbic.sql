{#- What is dated after the last day of a yearly delivery's year is not known to it: a date, or what was decided then,
    is read as empty (docs/reference/barn_och_unga.md, section 2). -#}
{% macro kant_vid_arets_slut(varde, datum) -%}
    case when {{ datum }} is null or {{ datum }} <= cast(concat(period, '-12-31') as date) then {{ varde }} end
{%- endmacro %}

{#- The areas of BBIC as they stand in the names of columns: the twelve, then the nineteen of the old edition. -#}
{% macro bbic_omraden() -%}
    {%- set omraden = [] -%}
    {%- for del in ['bu', 'ff', 'fm'] -%}
        {%- for nr in range(1, 5) -%}{%- do omraden.append(del ~ nr) -%}{%- endfor -%}
    {%- endfor -%}
    {%- for nr in range(1, 20) -%}{%- do omraden.append('g%02d' % nr) -%}{%- endfor -%}
    {{ return(omraden) }}
{%- endmacro %}
