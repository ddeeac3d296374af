-- Fråga: Hur har biståndet per invånare ändrats mot samma månad året före, i riket och länen?
SELECT coalesce(l.lan_namn, 'Riket') AS geografi, n.period, n.varde AS kr_per_invanare,
    f.varde AS kr_aret_fore, n.varde / f.varde - 1 AS forandring, n.imputerad_andel
FROM indicators.fct_indikatorvarde AS n
JOIN indicators.fct_indikatorvarde AS f
    ON n.indikator_id = f.indikator_id AND n.version = f.version AND n.geo_typ = f.geo_typ AND n.geo_kod = f.geo_kod
    AND n.period[:4]::INT - 1 = f.period[:4]::INT AND n.period[5:] = f.period[5:]
LEFT JOIN core.dim_lan AS l ON n.geo_kod = l.lan_kod AND l.giltig_till IS NULL
WHERE n.indikator_id = 'EB07' AND n.geo_typ IN ('riket', 'lan') AND length(n.period) = 7 AND f.varde > 0
ORDER BY geografi, n.period;
