-- Grain: one placement and delivery of the register in force, with its person and what its measure says, those that
-- ended before the year too (BU-16): a window of two years needs to know that they did.
select
    p.kommun_kod,
    p.stadsdel_kod,
    i.ar,
    p.leverans_id,
    p.insats_id,
    p.placering_nr,
    i.person_id,
    i.id_typ_kod,
    i.kon_kod,
    i.fodelsear,
    i.insatstyp_kod,
    i.lagrum_kod,
    p.placeringsform_kod,
    f.ar_heldygn,
    p.hem_id,
    p.utforare_id,
    p.vistelsekommun_kod,
    substring(p.vistelsekommun_kod, 1, 2) <> substring(p.kommun_kod, 1, 2) as ar_utanfor_lan,
    p.placering_start_datum,
    p.placering_slut_datum,
    p.placering_avslut_orsak_kod
from {{ ref('stg_bu__placering') }} as p
inner join {{ ref('stg_huvudbok__i_kraft') }} as k
    on k.dataset = 'bu_placering' and {{ lika('p', 'k', ['leverans_id', 'period']) }}
inner join {{ ref('_bu_insats') }} as i on {{ lika('p', 'i', ['leverans_id', 'insats_id']) }}
inner join {{ ref('dim_placeringsform') }} as f on p.placeringsform_kod = f.placeringsform_kod
