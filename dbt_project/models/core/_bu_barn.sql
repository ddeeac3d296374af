-- Grain: one child and delivery of the register in force. A person with several rows (BU-18) has the highest kön and
-- year of birth of them (R20), and came alone if any row says so.
with barn as (
    select
        b.kommun_kod,
        b.stadsdel_kod,
        {{ ar_av('b.period') }} as ar,
        b.leverans_id,
        b.barn_id,
        b.person_id,
        b.id_typ_kod,
        b.kon_kod,
        b.fodelsear,
        b.ensamkommande_kod
    from {{ ref('stg_bu__barn') }} as b
    inner join {{ ref('stg_huvudbok__i_kraft') }} as k
        on k.dataset = 'bu_barn' and {{ lika('b', 'k', ['leverans_id', 'period']) }}
)

select
    kommun_kod,
    stadsdel_kod,
    ar,
    leverans_id,
    barn_id,
    person_id,
    max(id_typ_kod) over (partition by person_id, ar) as id_typ_kod,
    max(kon_kod) over (partition by person_id, ar) as kon_kod,
    max(fodelsear) over (partition by person_id, ar) as fodelsear,
    max(ensamkommande_kod) over (partition by person_id, ar) = '1' as ar_ensamkommande
from barn
