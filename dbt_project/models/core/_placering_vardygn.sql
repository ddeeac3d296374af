-- Grain: one round-the-clock placement and year: the days of the year that are its own. A day on which a person has
-- several goes to the one that began last, then to the highest insats_id, placering_nr and stadsdel; so every day
-- counts once. The year is cut where any of the person's placements begins or ends; between two cuts nothing changes.
{% set person = ['kommun_kod', 'ar', 'person_id'] %}
with rad as (
    select
        *,
        greatest(placering_start_datum, {{ arets_forsta('ar') }}) as fran,
        {{ dagar_senare('least(coalesce(placering_slut_datum, sista_dag), sista_dag)', 1) }} as till
    from (
        select
            *,
            {{ arets_sista('ar') }} as sista_dag
        from {{ ref('_bu_placering') }}
    ) as p
    where ar_heldygn and {{ pagar_under('placering_slut_datum', 'ar') }}
),

snitt as (
    select {{ person | join(', ') }}, fran as dag
    from rad
    union
    select {{ person | join(', ') }}, till as dag
    from rad
),

bit as (
    select
        *,
        lead(dag) over (partition by {{ person | join(', ') }} order by dag) as nasta_dag
    from snitt
),

ordnad as (
    select
        r.leverans_id,
        r.insats_id,
        r.placering_nr,
        {{ dbt.datediff('b.dag', 'b.nasta_dag', 'day') }} as dagar,
        row_number() over (
            partition by b.{{ person | join(', b.') }}, b.dag
            order by r.placering_start_datum desc, r.insats_id desc, r.placering_nr desc, r.stadsdel_kod desc
        ) as ordning
    from bit as b
    inner join rad as r
        on {{ lika('b', 'r', person) }} and b.dag >= r.fran and b.dag < r.till
)

select
    leverans_id,
    insats_id,
    placering_nr,
    cast(sum(case when ordning = 1 then dagar else 0 end) as integer) as vardygn
from ordnad
group by leverans_id, insats_id, placering_nr
