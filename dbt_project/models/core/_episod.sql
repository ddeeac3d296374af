-- Grain: one episode: a person's unbroken stay in one form and home, built of one year's delivery. Its end is open if
-- any row's is; its reason is that of the row that ended last, its kind of care that of the row that began it.
{% set episod = ['kommun_kod', 'ar', 'person_id', 'episod_nr'] %}
with rad as (
    select
        *,
        coalesce(placering_slut_datum, cast('9000-01-01' as date)) as slut_eller_oppen,
        row_number() over (
            partition by {{ episod | join(', ') }}
            order by placering_start_datum, {{ insatstyp_ordning('insatstyp_kod') }}, insats_id, stadsdel_kod desc
        ) as fran_borjan
    from {{ ref('fct_placering') }}
    where ar_heldygn
),

ordnad as (
    select
        *,
        row_number() over (
            partition by {{ episod | join(', ') }}
            order by
                slut_eller_oppen desc, placering_start_datum desc, insats_id desc, placering_nr desc, stadsdel_kod desc
        ) as fran_slutet
    from rad
)

select
    {{ episod | join(',
    ') }},
    max(id_typ_kod) as id_typ_kod,
    max(kon_kod) as kon_kod,
    max(fodelsear) as fodelsear,
    max(placeringsform_kod) as placeringsform_kod,
    min(placering_start_datum) as episod_start_datum,
    max(case when fran_slutet = 1 then placering_slut_datum end) as episod_slut_datum,
    max(case when fran_slutet = 1 then placering_avslut_orsak_kod end) as placering_avslut_orsak_kod,
    max(case when fran_borjan = 1 then insatstyp_kod end) as insatstyp_kod
from ordnad
group by {{ episod | join(', ') }}
