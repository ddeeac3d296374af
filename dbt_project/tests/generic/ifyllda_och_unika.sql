{#- A table of codes or reference figures as one check instead of one for each column: `ifyllda` are filled in on every
    row, and each of `unika`, a column or a list of columns, is the same on no two rows. A row found says which of them
    it is and how many rows it is about. -#}
{% test ifyllda_och_unika(model, ifyllda, unika) %}
{%- for kolumn in ifyllda %}
{%- if not loop.first %} union all {% endif %}
select '{{ kolumn }}' as kolumn, 'tom' as fel, count(*) as antal_rader
from {{ model }}
where {{ kolumn }} is null
having count(*) > 0
{%- endfor %}
{%- for unik in unika %}
{%- set kolumner = [unik] if unik is string else unik %}
union all
select '{{ kolumner | join(", ") }}', 'dubblett', sum(antal) from (
    select {{ kolumner | join(', ') }}, count(*) as antal
    from {{ model }}
    where {{ kolumner | join(' is not null and ') }} is not null
    group by {{ kolumner | join(', ') }}
    having count(*) > 1
) as d having count(*) > 0
{%- endfor %}
{% endtest %}
