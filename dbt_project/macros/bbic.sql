{#- The areas of BBIC as they stand in the names of columns: the twelve, then the nineteen of the old edition. -#}
{% macro bbic_omraden() -%}
    {%- set omraden = [] -%}
    {%- for del in ['bu', 'ff', 'fm'] -%}
        {%- for nr in range(1, 5) -%}{%- do omraden.append(del ~ nr) -%}{%- endfor -%}
    {%- endfor -%}
    {%- for nr in range(1, 20) -%}{%- do omraden.append('g%02d' % nr) -%}{%- endfor -%}
    {{ return(omraden) }}
{%- endmacro %}
