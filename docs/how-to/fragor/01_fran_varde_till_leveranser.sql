-- Fråga: Vilka leveranser ligger bakom ett indikatorvärde? Välj vilket som helst i v; skattade kommuner följer med.
WITH v AS (SELECT * FROM indicators.fct_indikatorvarde JOIN core.dim_indikator USING (indikator_id, version)
    WHERE indikator_id = 'EB04' AND version = 1 AND geo_kod = '00' AND period = '2018'
    AND kon_kod = 'T' AND aldersgrupp_kod = 'T' AND uppdelning = '-' AND uppdelning_kod = 'T'), kommun AS (SELECT k.kommun_kod, k.kommun_namn, v.period, v.fonster_ar,
        max(coalesce(e.period, CASE WHEN v.antal_datamangder = 0 THEN v.period END)) AS fran
    FROM v JOIN core.dim_period AS p USING (period)
    JOIN core.dim_kommun AS k ON v.geo_kod IN ('00', k.lan_kod, k.kommun_kod)
        AND p.sista_datum >= k.giltig_fran AND p.sista_datum < coalesce(k.giltig_till, '9999-12-31')
    LEFT JOIN indicators.fct_indikatorvarde AS e ON e.indikator_id = v.indikator_id AND e.version = v.version
        AND e.geo_kod = k.kommun_kod AND e.status NOT IN ('ej_rapporterad', 'avtal_saknas') AND e.period[5:] = v.period[5:]
        AND v.period[:4]::INT - e.period[:4]::INT BETWEEN 0 AND (CASE v.geo_typ WHEN 'kommun' THEN 0 ELSE 2 END) GROUP BY ALL)
SELECT k.kommun_kod, k.kommun_namn, k.fran < k.period AS ar_skattad, d.paket_namn, d.mottagen_lokal_tid, d.leverans_id
FROM kommun AS k JOIN core.dim_leverans AS d ON d.kommun_kod = k.kommun_kod AND d.ar_i_kraft AND k.fran[:4]::INT - d.ar
    BETWEEN 0 AND k.fonster_ar - 1 AND (length(k.fran) = 4 OR d.period IN (k.fran, k.fran[:4])) AND d.kalla IN (SELECT split_part(dataset, '_', 1)
    FROM v JOIN core.bridge_indikator_dataset USING (indikator_id, version) UNION SELECT 'eb' FROM v WHERE antal_datamangder = 0) ORDER BY ALL;
