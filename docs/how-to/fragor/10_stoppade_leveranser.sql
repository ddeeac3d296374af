-- Fråga: Vad stoppar leveranser, och hur många perioder blev godkända ändå?
SELECT s.stoppande_regel_id, count(*) AS antal_stoppade, count(DISTINCT s.kommun_kod) AS antal_kommuner,
    sum(CASE WHEN EXISTS (
        SELECT 1 FROM core.dim_leverans AS g
        WHERE g.kommun_kod = s.kommun_kod AND g.stadsdel_kod = s.stadsdel_kod AND g.kalla = s.kalla
            AND g.period IN (s.period, s.period[:4]) AND g.ar_i_kraft
    ) THEN 1 ELSE 0 END) AS antal_med_godkand
FROM core.dim_leverans AS s
WHERE s.mottagningsstatus = 'stoppad'
GROUP BY s.stoppande_regel_id
ORDER BY antal_stoppade DESC, s.stoppande_regel_id;
