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

{#- Rows of yearly deliveries by the year of a value that has a window of several years (varde_ar): what was delivered for
    it and the years before. A key that stands in several has the row of the latest. -#}
{% macro i_fonster(rader, nyckel, antal_ar) -%}
    select *
    from (
        select
            r.*,
            r.ar + n.ar_efter as varde_ar,
            row_number() over (
                partition by r.kommun_kod, r.stadsdel_kod, r.{{ nyckel | join(', r.') }}, r.ar + n.ar_efter
                order by r.ar desc
            ) as ordning
        from {{ rader }} as r
        cross join (values ({{ range(antal_ar) | join('), (') }})) as n (ar_efter)
    ) as alla
    where ordning = 1
{%- endmacro %}
