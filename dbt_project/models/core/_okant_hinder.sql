-- Grain: one municipality and year: adult-months as sökande or medsökande, and those without a known
-- försörjningshinder (FH99 or empty). Here alone stands the limit of EB-12: above 15 % of at least 30 (R17).
select
    kommun_kod,
    ar,
    cast(sum(antal_hindermanader) as bigint) as antal_vuxenmanader,
    cast(sum(antal_manader_okand) as bigint) as antal_okanda,
    sum(antal_hindermanader) >= 30
    and 100 * sum(antal_manader_okand) > 15 * sum(antal_hindermanader) as ar_over_grans
from {{ ref('fct_bistandsar') }}
where alder >= 18 and antal_hindermanader > 0
group by kommun_kod, ar
