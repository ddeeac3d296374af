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

{#- BU16, BU17, MB13: the latest day of a person's first half-year on which one of `handelse` (kommun_kod, ar, person_id,
    start_datum, slut_datum) ended and none went on. -#}
{% macro kontaktens_slut(handelse) -%}
    select
        s.kommun_kod,
        s.ar,
        s.person_id,
        max(s.slut_datum) as kontakt_slut_datum
    from {{ handelse }} as s
    where
        s.slut_datum between {{ arets_forsta('s.ar') }} and cast(concat(s.ar, '-06-30') as date)
        and not exists (
            select 1
            from {{ handelse }} as p
            where
                {{ lika('s', 'p', ['kommun_kod', 'ar', 'person_id']) }}
                and s.slut_datum >= p.start_datum
                and (p.slut_datum is null or s.slut_datum < p.slut_datum)
        )
    group by s.kommun_kod, s.ar, s.person_id
{%- endmacro %}

{#- Those of `avslut` (of kontaktens_slut) who have one of `utredning` (rows of i_fonster) that started within twelve
    months after that day, in that year's delivery or the next. -#}
{% macro ny_utredning_inom_ett_ar(avslut, utredning) -%}
    select distinct
        a.kommun_kod,
        a.ar,
        a.person_id
    from {{ avslut }} as a
    inner join {{ utredning }} as u
        on
            a.kommun_kod = u.kommun_kod
            and a.person_id = u.person_id
            and a.ar + 1 = u.varde_ar
            and a.kontakt_slut_datum < u.utredning_start_datum
            and {{ manader_efter('a.kontakt_slut_datum', 12) }} >= u.utredning_start_datum
{%- endmacro %}
