-- Grain: one day, from two years before the first expected year to the end of the year after the last. None, if nothing
-- is expected yet.
-- Days are counted out of four crossed digits: no date series function, so the model runs on any engine.
with siffra as (
    select cast(t.n as integer) as n
    from (values (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)) as t (n)
),

nummer as (
    select a.n + 10 * b.n + 100 * c.n + 1000 * d.n as nr
    from siffra as a
    cross join siffra as b
    cross join siffra as c
    cross join siffra as d
),

grans as (
    select
        cast(concat({{ ar_senare('min(substring(period, 1, 4))', -2) }}, '-01-01') as date) as forsta,
        cast(concat({{ ar_senare('max(substring(period, 1, 4))', 1) }}, '-12-31') as date) as sista
    from {{ ref('stg_huvudbok__forvantad') }}
    having count(*) > 0
),

dag as (
    select
        cast({{ dbt.dateadd('day', 'n.nr', 'g.forsta') }} as date) as datum,
        g.sista
    from nummer as n
    cross join grans as g
),

datum as (
    select
        datum,
        cast(extract(year from datum) as integer) as ar,
        cast(extract(quarter from datum) as integer) as kvartal,
        cast(extract(month from datum) as integer) as manad,
        cast(extract(day from datum) as integer) as dag_i_manad
    from dag
    where datum <= sista
)

select
    datum,
    {{ period_for('datum') }} as period,
    ar,
    kvartal,
    manad,
    dag_i_manad = 1 as ar_manadens_forsta,
    case when datum < cast('2025-07-01' as date) then 'sol2001' else 'sol2025' end as lagperiod
from datum
