-- Grain: rule: warnings over history, the whole and what never came; open are those that make values uncertain.
select
    regel_id as regel,
    allvar,
    count(*) as varningar,
    count(distinct kommun_kod) as kommuner,
    sum(case when ger_osaker then 1 else 0 end) as oppna,
    sum(case when ar_kvitterad then 1 else 0 end) as kvitterade
from core.fct_varning
group by regel_id, allvar
order by regel_id
