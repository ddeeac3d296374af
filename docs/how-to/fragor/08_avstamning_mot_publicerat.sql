-- Fråga: Stämmer antalet hushåll 2017 med det som Socialstyrelsen har publicerat?
WITH publicerat AS (SELECT kommun_kod, ar, manad, sum(antal) AS antal FROM referens.publicerade_hushall
    WHERE publiceringsstatus = 'ok' GROUP BY ALL HAVING count(*) = 2),
eget AS (SELECT kommun_kod, ar, manad, count(*) AS antal FROM core.fct_bidragsmanad GROUP BY ALL)
SELECT k.kommun_namn, p.manad, e.antal AS i_lagret, p.antal AS publicerat, e.antal / p.antal AS kvot
FROM publicerat AS p
JOIN eget AS e USING (kommun_kod, ar, manad)
JOIN core.dim_kommun AS k ON p.kommun_kod = k.kommun_kod AND k.giltig_till IS NULL
WHERE p.ar = 2017
ORDER BY k.kommun_namn, p.manad;
