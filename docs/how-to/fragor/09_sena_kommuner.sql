-- Fråga: Vilka kommuner levererar för sent, hur ofta och hur sent?
SELECT k.kommun_namn, count(*) AS antal_manader,
    sum(CASE WHEN NOT l.ar_i_tid THEN 1 ELSE 0 END) AS antal_sena,
    median(CASE WHEN NOT l.ar_i_tid THEN date_diff('day', l.frist_tid, l.forsta_godkand_tid) + 1 END) AS dagar_sent
FROM core.fct_leverans AS l
JOIN core.dim_kommun AS k ON l.kommun_kod = k.kommun_kod AND k.giltig_till IS NULL
WHERE l.dataset = 'eb_hushall' AND l.ar_godkand
GROUP BY k.kommun_namn
HAVING antal_sena > 0
ORDER BY antal_sena DESC, k.kommun_namn;
