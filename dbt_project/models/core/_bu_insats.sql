-- Grain: one measure and delivery of the register in force, with its person and lagrum, those that ended before the
-- year too (BU-16). Care under the socialtjänstlag keeps the law of its decision, also when it goes on past 1 July
-- 2025.
select
    i.kommun_kod,
    i.stadsdel_kod,
    b.ar,
    i.leverans_id,
    i.insats_id,
    b.person_id,
    b.id_typ_kod,
    b.kon_kod,
    b.fodelsear,
    i.insatstyp_kod,
    case
        when i.insatstyp_kod <> 'SOL' then concat('LVU_', substring(i.lvu_grund_kod, 4, 3))
        when coalesce(i.beslut_datum, {{ arets_sista('i.period') }}) < cast('2025-07-01' as date) then 'SOL2001'
        else 'SOL2025'
    end as lagrum_kod,
    i.beslut_datum,
    i.insats_start_datum,
    i.insats_slut_datum
from {{ ref('stg_bu__insats') }} as i
inner join {{ ref('stg_huvudbok__i_kraft') }} as k
    on k.dataset = 'bu_insats' and {{ lika('i', 'k', ['leverans_id', 'period']) }}
inner join {{ ref('_bu_barn') }} as b on {{ lika('i', 'b', ['leverans_id', 'barn_id']) }}
