-- Grain: one local insats (kommun x stadsdel x insats_id) and year, in a delivery in force: nothing is joined together.
-- What ended before the year is read but does not count in it (BU-16). Never joined to the register (bu).
select
    i.kommun_kod,
    i.stadsdel_kod,
    {{ ar_av('i.period') }} as ar,
    i.insats_id,
    b.person_id,
    b.id_typ_kod,
    b.kon_kod,
    b.fodelsear,
    i.insats_kod as insatstyp_kod,
    i.insats_start_datum,
    i.insats_slut_datum,
    i.malgrupp_kod,
    coalesce(i.metod_kod, 'okand') as metod_kod,
    i.genomforandeplan_datum,
    i.leverans_id
from {{ ref('stg_bbic__insats') }} as i
inner join {{ ref('stg_huvudbok__i_kraft') }} as k
    on i.leverans_id = k.leverans_id and i.period = k.period and k.dataset = 'bbic_insats'
inner join {{ ref('_barn_lokal') }} as b on i.leverans_id = b.leverans_id and i.barn_id = b.barn_id
where {{ pagar_under('i.insats_slut_datum', 'i.period') }}
