{#- The columns together are the grain: no combination twice. Of a table that keeps rows from the last run only what was
    built now is asked, by `del`: the columns that say which part of it a row belongs to. -#}
{% test unik_kombination(model, kolumner, del=none) %}
select {{ kolumner | join(', ') }}
from {{ model }} as m
{%- if del %}
where exists (select 1 from {{ ref('_andrad_manad') }} as andrad where {{ lika('m', 'andrad', del) }})
{%- endif %}
group by {{ kolumner | join(', ') }}
having count(*) > 1
{% endtest %}
