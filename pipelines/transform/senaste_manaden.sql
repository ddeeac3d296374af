-- Grain: status; the last month expected, each municipality counted once by its worst dataset, as in the heat map.
with sista as (
    select max(period) as period from core.fct_leverans where length(period) = 7
),

samst as (
    select
        l.kommun_kod,
        max(s.ordning) as ordning
    from core.fct_leverans as l
    inner join koder.leverans_status as s on l.leverans_status = s.leverans_status
    where l.period = (select period from sista) and s.ordning > 0
    group by l.kommun_kod
)

select
    (select period from sista) as period,
    s.text as status,
    count(k.kommun_kod) as kommuner
from koder.leverans_status as s
left join samst as k on s.ordning = k.ordning
where s.ordning > 0
group by s.ordning, s.text
order by s.ordning
