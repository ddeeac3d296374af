-- Grain: one person, kind of care, unbroken period and year of the register: measures of one kind are one period
-- while at most a day lies between them. The lagrum, stadsdel and delivery are those of the first.
{% set person = ['kommun_kod', 'ar', 'person_id', 'insatstyp_kod'] %}
with under_aret as (
    select *
    from {{ ref('_bu_insats') }}
    where {{ pagar_under('insats_slut_datum', 'ar') }}
),

hopslagen as (
    {{ halls_ihop(
        'under_aret', person, 'insats_start_datum', 'insats_slut_datum', ['insats_id', 'stadsdel_kod']
    ) }}
),

ordnad as (
    select
        *,
        row_number() over (
            partition by {{ person | join(', ') }}, forsta_start_datum
            order by insats_start_datum asc, insats_id asc, stadsdel_kod desc
        ) as ordning
    from hopslagen
)

select
    {{ person | join(',
    ') }},
    max(case when ordning = 1 then stadsdel_kod end) as stadsdel_kod,
    max(case when ordning = 1 then leverans_id end) as leverans_id,
    max(id_typ_kod) as id_typ_kod,
    max(kon_kod) as kon_kod,
    max(fodelsear) as fodelsear,
    max(case when ordning = 1 then lagrum_kod end) as lagrum_kod,
    forsta_start_datum as insats_start_datum,
    case when count(insats_slut_datum) = count(*) then max(insats_slut_datum) end as insats_slut_datum,
    cast(count(*) as integer) as antal_insatser
from ordnad
group by {{ person | join(', ') }}, forsta_start_datum
