{#- The columns together are the grain: no combination twice. -#}
{% test unik_kombination(model, kolumner) %}
select {{ kolumner | join(', ') }}
from {{ model }}
group by {{ kolumner | join(', ') }}
having count(*) > 1
{% endtest %}
