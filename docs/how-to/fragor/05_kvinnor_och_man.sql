-- Fråga: Skiljer sig kvinnor och män i långvarigt bistånd, och är skillnaden säker?
SELECT period, aldersgrupp_kod,
    max(CASE WHEN kon_kod = '2' THEN varde END) AS kvinnor,
    max(CASE WHEN kon_kod = '1' THEN varde END) AS man,
    kvinnor - man AS skillnad,
    max(ki_nedre) > min(ki_ovre) AS ar_saker
FROM indicators.fct_indikatorvarde
WHERE indikator_id = 'EB04' AND geo_typ = 'riket' AND uppdelning = '-' AND kon_kod IN ('1', '2')
GROUP BY period, aldersgrupp_kod
ORDER BY period, aldersgrupp_kod;
