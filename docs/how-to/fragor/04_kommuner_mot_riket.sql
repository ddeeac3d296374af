-- Fråga: Vilka kommuner har säkert högre eller lägre andel långvarigt bistånd än riket?
SELECT k.kommun_namn, v.taljare, v.namnare, v.varde, v.ki_nedre, v.ki_ovre, r.varde AS rikets_varde,
    CASE WHEN v.ki_nedre > r.varde THEN 'högre' WHEN v.ki_ovre < r.varde THEN 'lägre'
        ELSE 'ingen säker skillnad' END AS mot_riket
FROM indicators.fct_indikatorvarde AS v
JOIN indicators.fct_indikatorvarde AS r
    USING (indikator_id, version, period, kon_kod, aldersgrupp_kod, uppdelning, uppdelning_kod)
JOIN core.dim_kommun AS k ON v.geo_kod = k.kommun_kod AND k.giltig_till IS NULL
WHERE v.indikator_id = 'EB04' AND v.period = '2018' AND v.geo_typ = 'kommun' AND r.geo_typ = 'riket'
    AND v.kon_kod = 'T' AND v.aldersgrupp_kod = 'T' AND v.varde IS NOT NULL
ORDER BY v.varde DESC;
