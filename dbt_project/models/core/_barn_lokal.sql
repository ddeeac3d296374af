-- Grain: one child row (barn_id) of a bbic delivery in force. A person with several rows in the year has the
-- highest kön and year of birth of them (R20), and came alone if any row says so: as in the register.
select
    b.leverans_id,
    b.kommun_kod,
    b.stadsdel_kod,
    {{ ar_av('b.period') }} as ar,
    b.barn_id,
    b.person_id,
    b.id_typ_kod,
    max(b.kon_kod) over (partition by b.person_id, b.period) as kon_kod,
    max(b.fodelsear) over (partition by b.person_id, b.period) as fodelsear,
    max(b.ensamkommande_kod) over (partition by b.person_id, b.period) = '1' as ar_ensamkommande
from {{ ref('stg_bbic__barn') }} as b
inner join {{ ref('stg_huvudbok__i_kraft') }} as k
    on b.leverans_id = k.leverans_id and b.period = k.period and k.dataset = 'bbic_barn'
