-- Grain: one interview (kommun x stadsdel x intervju_id) and year, in a delivery in force: Grund, Uppföljning and what
-- was planned and never came to be. The areas are in fct_asi_omrade.
{{ personrader(ref('stg_asi__intervju'), 'asi_intervju', [
    'intervju_id', 'asi_typ_kod', 'asi_version_kod', 'intervju_datum', 'grund_intervju_id', 'bortfall_kod',
    'cs_formelversion', 'dagar_alkohol_30', 'dagar_berusning_30', 'dagar_narkotika_30', 'dagar_arbete_30',
    'dagar_psykisk_30'
]) }}
