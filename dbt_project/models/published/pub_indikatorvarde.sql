-- Grain: indicator x version x geography x period x cell, as it may be shown: what _visat says, with the names of the
-- area and the cell, whether a kommun may be ranked by it, and breaks in its series.
with brott as (
    select distinct
        p.period,
        b.omrade
    from {{ ref('dim_tidsseriebrott') }} as b
    inner join {{ ref('dim_period') }} as p
        on b.ar = p.ar or (p.period_typ = 'pool3' and b.ar = p.ar - 1)
)

select
    s.indikator_id,
    s.version,
    s.indikator_namn,
    s.omrade,
    s.matt,
    s.enhet,
    s.geo_typ,
    s.geo_kod,
    g.geo_namn,
    s.period,
    p.period_typ,
    p.ar,
    s.kon_kod,
    c.kon_namn,
    s.aldersgrupp_kod,
    s.uppdelning,
    s.uppdelning_kod,
    c.uppdelning_namn,
    s.taljare,
    s.namnare,
    s.varde,
    s.ki_nedre,
    s.ki_ovre,
    s.antal_kommuner_med,
    s.antal_kommuner_forvantade,
    s.tackning_befolkning,
    s.imputerad_andel,
    s.status,
    s.varde_status,
    s.tecken,
    s.skydd_orsak is not null as ar_skyddad,
    s.skydd_orsak,
    s.kallor,
    s.uppfoljningsandel,
    r.far_rangordnas,
    coalesce(b.period, alla.period) is not null as ar_serie_brott,
    s.grans_nedre,
    s.grans_ovre,
    s.har_selektionsvarning
from {{ ref('_visat') }} as s
inner join {{ ref('dim_period') }} as p on s.period = p.period
inner join {{ ref('dim_indikatorcell') }} as c
    on {{ lika('s', 'c', ['indikator_id', 'version'] + cellnyckel()) }}
left join brott as b on s.period = b.period and s.omrade = b.omrade
left join brott as alla on s.period = alla.period and alla.omrade = 'alla'
left join {{ ref('_rangordning') }} as r
    on s.geo_typ = 'kommun' and s.geo_kod = r.kommun_kod and {{ lika('s', 'r', ['indikator_id', 'version', 'period']) }}
inner join {{ ref('_geografi') }} as g
    on
        s.geo_typ = g.geo_typ
        and s.geo_kod = g.geo_kod
        and p.sista_datum >= g.giltig_fran
        and (g.giltig_till is null or p.sista_datum < g.giltig_till)
