-- Grain: municipality and month, the last 36 months expected: the worst status of its datasets that come by month. What a municipality
-- has no agreement for is not expected. Yearly sources are left out.
with manad as (
    select
        period,
        row_number() over (order by period desc) as nr
    from (select distinct period from core.fct_leverans where length(period) = 7) as p
),

kommun as (
    select
        kommun_kod,
        kommun_namn,
        lan_kod,
        lan_namn,
        row_number() over (partition by kommun_kod order by giltig_fran desc) as nr
    from core.dim_kommun
)

select
    k.lan_namn,
    k.kommun_namn,
    l.period,
    max(s.ordning) as ordning
from core.fct_leverans as l
inner join manad as m on l.period = m.period and m.nr <= 36
inner join kommun as k on l.kommun_kod = k.kommun_kod and k.nr = 1
inner join koder.leverans_status as s on l.leverans_status = s.leverans_status and s.ordning > 0
group by k.lan_kod, k.lan_namn, k.kommun_kod, k.kommun_namn, l.period
order by k.lan_kod, k.kommun_namn, k.kommun_kod, l.period
