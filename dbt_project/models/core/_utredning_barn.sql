-- Grain: one utredning and year, in a delivery in force. Four months end on the same day of the month, or on the
-- month's last day where it has no such day. The assessed areas are in fct_bbic_omrade.
select
    u.kommun_kod,
    u.stadsdel_kod,
    {{ ar_av('u.period') }} as ar,
    u.utredning_id,
    b.person_id,
    b.id_typ_kod,
    b.kon_kod,
    b.fodelsear,
    u.bbic_version_kod,
    u.malgrupp_kod,
    u.aktualisering_typ_kod,
    u.aktualisering_datum,
    u.utredning_start_datum,
    u.utredning_slut_datum,
    u.forlangd_utredning,
    u.anledning_huvud_kod,
    u.kand_sedan_tidigare_kod,
    u.antal_barnsamtal,
    u.info_fran_annan_profession,
    u.instrument_kod,
    u.riskfaktorer_antal,
    u.skyddsfaktorer_antal,
    u.samtycke_vh_kod,
    u.barnets_installning_kod,
    u.beslut_kod,
    coalesce(u.metod_kod, 'okand') as metod_kod,
    u.barn_deltagit,
    cast({{ dbt.datediff('u.utredning_start_datum', 'u.utredning_slut_datum', 'day') }} as integer) as dagar,
    u.utredning_slut_datum <= {{ manader_efter('u.utredning_start_datum', 4) }} as ar_inom_4_manader,
    u.leverans_id
from {{ ref('stg_bbic__sammanfattning') }} as u
inner join {{ ref('stg_huvudbok__i_kraft') }} as k
    on u.leverans_id = k.leverans_id and u.period = k.period and k.dataset = 'bbic_sammanfattning'
inner join {{ ref('_barn_lokal') }} as b on u.leverans_id = b.leverans_id and u.barn_id = b.barn_id
