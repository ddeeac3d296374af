-- Grain: one uppföljning (kommun x stadsdel x insats_id x uppfoljning_nr) and year, in a delivery in force. The classes
-- of måluppfyllelse are tried in their order, with an empty count as 0 but in ej. The areas are in fct_bbic_omrade.
select
    u.kommun_kod,
    u.stadsdel_kod,
    {{ ar_av('u.period') }} as ar,
    u.insats_id,
    u.uppfoljning_nr,
    b.person_id,
    b.id_typ_kod,
    b.kon_kod,
    b.fodelsear,
    u.uppfoljning_datum,
    u.uppfoljning_typ_kod,
    u.bbic_version_kod,
    u.mal_antal,
    u.mal_uppfyllda,
    u.mal_delvis,
    case
        when u.mal_antal > 0 and u.mal_uppfyllda = u.mal_antal then 'helt'
        when coalesce(u.mal_uppfyllda, 0) + coalesce(u.mal_delvis, 0) > 0 then 'delvis'
        when u.mal_antal > 0 and u.mal_uppfyllda = 0 and u.mal_delvis = 0 then 'ej'
        else 'ej_bedomd'
    end as maluppfyllelse_kod,
    u.skolgang_kod,
    u.umgange_kod,
    u.halsoundersokning_gjord,
    u.tandvard_gjord,
    u.barnsamtal_gjort,
    u.placeringsbesok_gjort,
    u.nasta_uppfoljning_datum,
    u.leverans_id
from {{ ref('stg_bbic__uppfoljning') }} as u
inner join {{ ref('stg_huvudbok__i_kraft') }} as k
    on u.leverans_id = k.leverans_id and u.period = k.period and k.dataset = 'bbic_uppfoljning'
inner join {{ ref('_barn_lokal') }} as b on u.leverans_id = b.leverans_id and u.barn_id = b.barn_id
