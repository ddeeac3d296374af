-- Grain: indicator x municipality x shown period: does the municipality count there? It does when every month
-- of the indicator's window is approved for every dataset the indicator needs (R13, R15); an indicator that
-- needs none always counts. Which municipalities exist is asked of the period's last day. A period that counts is
-- uncertain while a warning stands on what it needs: a month of the window, or a year of it (R48).
with behov as (
    select
        i.indikator_id,
        i.version,
        i.fonster_ar,
        i.antal_datamangder,
        p.period,
        p.period_typ,
        p.ar,
        p.sista_datum
    from {{ ref('dim_indikator') }} as i
    inner join {{ ref('dim_period') }} as p
        on (p.period_typ = 'ar' and i.har_arsperiod) or (p.period_typ = 'manad' and i.har_manadsperiod)
),

godkand as (
    select
        kommun_kod,
        dataset,
        period,
        ar
    from {{ ref('fct_leverans') }}
    where ar_godkand
),

godkand_tal as (
    select
        b.indikator_id,
        b.version,
        b.period,
        g.kommun_kod,
        count(*) as antal
    from behov as b
    inner join {{ ref('bridge_indikator_dataset') }} as d on {{ lika('b', 'd', ['indikator_id', 'version']) }}
    inner join godkand as g
        on
            d.dataset = g.dataset
            and (
                (b.period_typ = 'manad' and b.period = g.period)
                or (b.period_typ = 'ar' and b.ar >= g.ar and b.ar - b.fonster_ar < g.ar)
            )
    group by b.indikator_id, b.version, b.period, g.kommun_kod
),

varning as (
    select distinct
        kommun_kod,
        dataset,
        period,
        ar
    from {{ ref('fct_varning') }}
    where ger_osaker
),

osaker as (
    select distinct
        b.indikator_id,
        b.version,
        b.period,
        v.kommun_kod
    from behov as b
    inner join {{ ref('bridge_indikator_dataset') }} as d on {{ lika('b', 'd', ['indikator_id', 'version']) }}
    inner join varning as v
        on
            d.dataset = v.dataset
            and (
                (b.period_typ = 'manad' and v.period in (b.period, substring(b.period, 1, 4)))
                or (b.period_typ = 'ar' and b.ar >= v.ar and b.ar - b.fonster_ar < v.ar)
            )
),

bedomd as (
    select
        b.*,
        k.kommun_kod,
        k.lan_kod,
        coalesce(g.antal, 0)
        = b.antal_datamangder * case when b.period_typ = 'ar' then 12 * b.fonster_ar else 1 end as ar_raknad
    from behov as b
    inner join {{ ref('dim_kommun') }} as k
        on b.sista_datum >= k.giltig_fran and (k.giltig_till is null or b.sista_datum < k.giltig_till)
    left join godkand_tal as g
        on {{ lika('b', 'g', ['indikator_id', 'version', 'period']) }} and k.kommun_kod = g.kommun_kod
),

befolkning as (
    select
        kommun_kod,
        ar,
        sum(antal) as folkmangd
    from {{ ref('fct_befolkning') }}
    group by kommun_kod, ar
)

select
    b.indikator_id,
    b.version,
    b.kommun_kod,
    b.lan_kod,
    b.period,
    cast(coalesce(f.folkmangd, 0) as bigint) as folkmangd,
    b.ar_raknad,
    b.ar_raknad and o.kommun_kod is not null as ar_osaker
from bedomd as b
left join osaker as o on {{ lika('b', 'o', ['indikator_id', 'version', 'period', 'kommun_kod']) }}
left join befolkning as f on {{ lika('b', 'f', ['kommun_kod', 'ar']) }}
