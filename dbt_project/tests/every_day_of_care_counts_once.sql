-- The days of care of a person in a year are the calendar days with at least one round-the-clock placement, counted
-- here without the cuts of _placering_vardygn: in order of their beginning, each placement adds the days after the last
-- so far.
{{ config(meta={
    'dagster': {'ref': {'name': 'fct_placering'}},
    'betydelse': 'En persons vårddygn under ett år är de kalenderdagar som personen varit placerad, varje dag en gång.',
    'gor_sa_har': 'Rätta modellen _placering_vardygn: en dag har räknats två gånger eller fallit bort.',
}) }}
{% set person = ['kommun_kod', 'ar', 'person_id'] %}
with rad as (
    select
        {{ person | join(',\n        ') }},
        greatest(placering_start_datum, {{ arets_forsta('ar') }}) as fran,
        least(coalesce(placering_slut_datum, {{ arets_sista('ar') }}), {{ arets_sista('ar') }}) as sista
    from {{ ref('fct_placering') }}
    where ar_heldygn
),

foljd as (
    select
        *,
        max(sista) over (
            partition by {{ person | join(', ') }}
            order by fran, sista
            rows between unbounded preceding and 1 preceding
        ) as sista_fore
    from rad
    where fran <= sista
),

dagar as (
    select
        {{ person | join(',\n        ') }},
        sum(case
            when sista_fore is null or sista_fore < fran then {{ dbt.datediff('fran', 'sista', 'day') }} + 1
            when sista_fore < sista then {{ dbt.datediff('sista_fore', 'sista', 'day') }}
            else 0
        end) as antal
    from foljd
    group by {{ person | join(', ') }}
),

vardygn as (
    select
        {{ person | join(',\n        ') }},
        sum(vardygn) as antal
    from {{ ref('fct_placering') }}
    group by {{ person | join(', ') }}
)

select
    v.kommun_kod,
    v.ar,
    v.antal,
    d.antal as antal_dagar
from vardygn as v
left join dagar as d on {{ lika('v', 'd', person) }}
where v.antal <> coalesce(d.antal, 0)
