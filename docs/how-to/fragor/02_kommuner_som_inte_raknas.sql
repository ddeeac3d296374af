-- Fråga: Vilka kommuner räknas inte ett år, och vilka månader saknar de?
SELECT k.kommun_namn, l.dataset, count(*) AS antal_manader, string_agg(l.period, ', ' ORDER BY l.period) AS manader
FROM core.fct_leverans AS l
JOIN core.dim_kommun AS k ON l.kommun_kod = k.kommun_kod AND k.giltig_till IS NULL
WHERE l.ar = 2018 AND NOT l.ar_godkand
GROUP BY k.kommun_namn, l.dataset
ORDER BY antal_manader, k.kommun_namn, l.dataset;
