-- Grain: indicator x municipality x shown year or month: does the municipality count there? It does when every month
-- (of sources that deliver by year: every year) of the indicator's window is approved for every dataset the indicator
-- needs (R13, R15); nothing is approved without the agreement it takes. An indicator that needs none always counts.
-- Which municipalities exist is asked of the period's last day. A period that counts is uncertain while a warning
-- stands on what it needs: a month of the window, or a year of it (R48).
with behov as (
    select *
    from {{ ref('_indikatorperiod') }}
    where period_typ <> 'pool3'
),

godkand as (
    select
        kommun_kod,
        dataset,
        period,
        ar
    from {{ ref('fct_leverans') }}
    where ar_godkand and (length(period) > 4 or ar >= {{ forsta_raknade_ar() }})
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
        ar,
        bara_indikator_id
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
            and coalesce(v.bara_indikator_id, b.indikator_id) = b.indikator_id
            and (
                (b.period_typ = 'manad' and v.period in (b.period, substring(b.period, 1, 4)))
                or (b.period_typ = 'ar' and b.ar >= v.ar and b.ar - b.fonster_ar < v.ar)
            )
),

avtal_saknas as (
    select distinct
        b.indikator_id,
        b.version,
        b.period,
        l.kommun_kod
    from behov as b
    inner join {{ ref('bridge_indikator_dataset') }} as d on {{ lika('b', 'd', ['indikator_id', 'version']) }}
    inner join {{ ref('fct_leverans') }} as l on d.dataset = l.dataset and b.ar = l.ar
    where l.leverans_status = 'avtal_saknas'
),

bedomd as (
    select
        b.*,
        k.kommun_kod,
        k.lan_kod,
        k.kommungrupp_2023_kod as kommungrupp_kod,
        k.rss_kod,
        coalesce(g.antal, 0) = b.antal_krav as ar_raknad
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
    b.kommungrupp_kod,
    b.rss_kod,
    b.period,
    cast(coalesce(f.folkmangd, 0) as bigint) as folkmangd,
    b.ar_raknad,
    b.ar_raknad and o.kommun_kod is not null as ar_osaker,
    a.kommun_kod is not null as saknar_avtal
from bedomd as b
left join avtal_saknas as a on {{ lika('b', 'a', ['indikator_id', 'version', 'period', 'kommun_kod']) }}
left join osaker as o on {{ lika('b', 'o', ['indikator_id', 'version', 'period', 'kommun_kod']) }}
left join befolkning as f on {{ lika('b', 'f', ['kommun_kod', 'ar']) }}
