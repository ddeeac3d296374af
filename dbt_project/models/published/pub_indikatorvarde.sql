-- Grain: indicator x version x geography x period x cell, as it may be shown: names, coverage, origin, and the
-- numbers of _skyddscell, never the true ones. tecken says why there is no number, by SCB's signs: .. missing,
-- . not applicable, – nothing or so few that it is shown as nothing; X protected, as Socialstyrelsen writes it.
{% set plats = ['indikator_id', 'version', 'geo_typ', 'geo_kod', 'period'] %}
{% set nyckel = ['indikator_id', 'version', 'geo_typ', 'geo_kod', 'period'] + cellnyckel() %}
with geografi as (
    select
        'kommun' as geo_typ,
        kommun_kod as geo_kod,
        kommun_namn as geo_namn,
        giltig_fran,
        giltig_till
    from {{ ref('dim_kommun') }}
    union all
    select
        'lan' as geo_typ,
        lan_kod as geo_kod,
        lan_namn as geo_namn,
        giltig_fran,
        giltig_till
    from {{ ref('dim_lan') }}
    union all
    select
        'kommungrupp' as geo_typ,
        kommungrupp_2023_kod as geo_kod,
        max(kommungrupp_2023_namn) as geo_namn,
        cast('1900-01-01' as date) as giltig_fran,
        cast(null as date) as giltig_till
    from {{ ref('dim_kommun') }}
    group by kommungrupp_2023_kod
    union all
    select
        'riket' as geo_typ,
        '00' as geo_kod,
        'Riket' as geo_namn,
        cast('1900-01-01' as date) as giltig_fran,
        cast(null as date) as giltig_till
),

skyddad as (
    select
        v.status,
        v.antal_kommuner_med,
        v.antal_kommuner_forvantade,
        v.tackning_befolkning,
        i.namn as indikator_namn,
        i.omrade,
        i.matt,
        i.enhet,
        i.kallor,
        c.*,
        case
            when v.status in ('ej_rapporterad', 'avtal_saknas') then v.status
            when c.skydd_orsak is not null then 'skyddad'
            when v.status in ('undertryckt_kvalitet', 'namnare_saknas') then v.status
            when c.varde is null then 'namnare_noll'
            when c.varde = 0 then 'noll'
            else 'visas'
        end as varde_status
    from {{ ref('fct_indikatorvarde') }} as v
    inner join {{ ref('dim_indikator') }} as i on v.indikator_id = i.indikator_id and v.version = i.version
    inner join {{ ref('_skyddscell') }} as c on {{ lika('v', 'c', nyckel) }}
),

uppfoljning as (
    select
        {{ plats | join(', ') }},
        varde as uppfoljningsandel
    from {{ ref('_skyddscell') }}
    where uppdelning = 'uppfoljning' and uppdelning_kod = 'uppfoljda'
),

brott as (
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
    case s.varde_status
        when 'skyddad' then 'X'
        when 'ej_rapporterad' then '..'
        when 'avtal_saknas' then '..'
        when 'undertryckt_kvalitet' then '..'
        when 'namnare_saknas' then '.'
        when 'namnare_noll' then '.'
        when 'noll' then '–'
    end as tecken,
    s.skydd_orsak is not null as ar_skyddad,
    s.skydd_orsak,
    s.kallor,
    u.uppfoljningsandel,
    r.far_rangordnas,
    coalesce(b.period, alla.period) is not null as ar_serie_brott
from skyddad as s
inner join {{ ref('dim_period') }} as p on s.period = p.period
inner join {{ ref('dim_indikatorcell') }} as c
    on {{ lika('s', 'c', ['indikator_id', 'version'] + cellnyckel()) }}
left join brott as b on s.period = b.period and s.omrade = b.omrade
left join brott as alla on s.period = alla.period and alla.omrade = 'alla'
left join uppfoljning as u on {{ lika('s', 'u', plats) }}
left join {{ ref('_rangordning') }} as r
    on s.geo_typ = 'kommun' and s.geo_kod = r.kommun_kod and {{ lika('s', 'r', ['indikator_id', 'version', 'period']) }}
inner join geografi as g
    on
        s.geo_typ = g.geo_typ
        and s.geo_kod = g.geo_kod
        and p.sista_datum >= g.giltig_fran
        and (g.giltig_till is null or p.sista_datum < g.giltig_till)
