-- Fråga: Hur har andelen biståndsmottagare i riket utvecklats, och hur stor del av talet är skattad?
SELECT v.period, v.taljare, v.namnare, v.varde, v.ki_nedre, v.ki_ovre,
    v.antal_kommuner_med, v.antal_kommuner_forvantade, v.tackning_befolkning, v.imputerad_andel
FROM indicators.fct_indikatorvarde AS v
WHERE v.indikator_id = 'EB01' AND v.geo_typ = 'riket' AND v.kon_kod = 'T' AND v.aldersgrupp_kod = 'T'
    AND v.uppdelning = '-'
ORDER BY v.period;
