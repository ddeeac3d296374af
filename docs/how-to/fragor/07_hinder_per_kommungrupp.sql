-- Fråga: Skiljer sig försörjningshindren mellan kommungrupper? (Personer hör till en kommun och får summeras.)
SELECT k.kommungrupp_2023_namn AS kommungrupp, h.text AS hinder, sum(v.taljare) AS personer,
    sum(v.taljare) / sum(v.namnare) AS andel, count(*) AS antal_kommuner
FROM indicators.fct_indikatorvarde AS v
JOIN core.dim_kommun AS k ON v.geo_kod = k.kommun_kod AND k.giltig_till IS NULL
JOIN koder.forsorjningshindergrupp AS h ON v.uppdelning_kod = h.forsorjningshindergrupp_kod
WHERE v.indikator_id = 'EB09' AND v.period = '2018' AND v.geo_typ = 'kommun' AND v.kon_kod = 'T'
    AND v.status <> 'ej_rapporterad' AND v.namnare > 0
GROUP BY kommungrupp, hinder
ORDER BY kommungrupp, personer DESC;
