-- Grain: one municipality and month whose households are both published (inrikes and utrikes) and approved here: the
-- two numbers beside each other. Above the limit rule GEN-19 warns (R45): 5 %, or 10 % under 10 000 inhabitants.
with publicerad as (
    select
        kommun_kod,
        concat(
            cast(ar as {{ dbt.type_string() }}), '-', lpad(cast(manad as {{ dbt.type_string() }}), 2, '0')
        ) as period,
        cast(sum(antal) as bigint) as antal
    from {{ ref('publicerade_hushall') }}
    group by kommun_kod, ar, manad
    having count(antal) = 2
),

hushall as (
    select
        kommun_kod,
        period,
        count(*) as antal
    from {{ ref('fct_bidragsmanad') }}
    group by kommun_kod, period
),

befolkning as (
    select
        kommun_kod,
        case when sum(antal) < 10000 then 10 else 5 end as grans_procent
    from {{ ref('befolkning') }}
    group by kommun_kod
),

jamford as (
    select
        l.kommun_kod,
        l.period,
        l.ar,
        cast(coalesce(h.antal, 0) as bigint) as antal_hushall,
        p.antal as antal_publicerade,
        cast(coalesce(b.grans_procent, 5) as integer) as grans_procent
    from publicerad as p
    inner join {{ ref('fct_leverans') }} as l
        on p.kommun_kod = l.kommun_kod and p.period = l.period and l.dataset = 'eb_hushall'
    left join hushall as h on {{ lika('p', 'h', ['kommun_kod', 'period']) }}
    left join befolkning as b on p.kommun_kod = b.kommun_kod
    where l.ar_godkand
)

select
    kommun_kod,
    period,
    ar,
    antal_hushall,
    antal_publicerade,
    case
        when antal_publicerade > 0
            then 100 * cast(antal_hushall - antal_publicerade as double) / cast(antal_publicerade as double)
    end as avvikelse_procent,
    grans_procent,
    100 * abs(antal_hushall - antal_publicerade) > grans_procent * antal_publicerade as ar_over_grans
from jamford
