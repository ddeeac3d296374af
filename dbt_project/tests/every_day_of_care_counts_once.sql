-- The days of care of a person in a year are the calendar days with at least one round-the-clock placement, counted
-- here day by day: never more than the year has.
{{ config(meta={
    'dagster': {'ref': {'name': 'fct_placering'}},
    'betydelse': 'En persons vårddygn under ett år är de kalenderdagar som personen varit placerad, varje dag en gång.',
    'gor_sa_har': 'Rätta modellen _placering_vardygn: en dag har räknats två gånger eller fallit bort.',
}) }}
with dagar as (
    select
        p.kommun_kod,
        p.ar,
        p.person_id,
        count(distinct t.datum) as antal
    from {{ ref('fct_placering') }} as p
    inner join {{ ref('dim_tid') }} as t
        on
            p.ar = t.ar
            and p.placering_start_datum <= t.datum
            and (p.placering_slut_datum is null or p.placering_slut_datum >= t.datum)
    where p.ar_heldygn
    group by p.kommun_kod, p.ar, p.person_id
),

vardygn as (
    select
        kommun_kod,
        ar,
        person_id,
        sum(vardygn) as antal
    from {{ ref('fct_placering') }}
    group by kommun_kod, ar, person_id
)

select
    v.kommun_kod,
    v.ar,
    v.antal,
    d.antal as antal_dagar
from vardygn as v
left join dagar as d on {{ lika('v', 'd', ['kommun_kod', 'ar', 'person_id']) }}
where v.antal <> coalesce(d.antal, 0)
