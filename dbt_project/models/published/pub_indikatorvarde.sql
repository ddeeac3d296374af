-- Grain: indicator x version x geography x period x cell, as it may be shown: names, coverage, origin, first
-- protection. Counts (persons, households, months of them): 1-4 in taljare, namnare or between them hides the
-- row's numbers. Shares: below 30 in namnare the share alone is hidden. Kronor: fewer than five households behind
-- hide all. A hidden number is NULL and marked, never 0. Secondary protection is not made yet: a hidden number may
-- be found from totals and from other rows.
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
        'riket' as geo_typ,
        '00' as geo_kod,
        'Riket' as geo_namn,
        cast('1900-01-01' as date) as giltig_fran,
        cast(null as date) as giltig_till
),

bedomd as (
    select
        v.*,
        i.namn as indikator_namn,
        i.omrade,
        i.matt,
        i.enhet,
        i.kallor,
        case
            when not i.ar_personuppgift or c.antal_bakom >= 5 then null
            when c.antal_bakom is not null and v.taljare > 0 then 'fa_hushall'
            when c.antal_bakom is not null then null
            when v.taljare between 1 and 4 then 'litet_antal'
            when v.namnare between 1 and 4 then 'litet_antal'
            when v.namnare - v.taljare between 1 and 4 then 'litet_antal'
            when i.matt = 'andel' and v.namnare > 0 and v.namnare < 30 then 'litet_underlag'
        end as skydd_orsak
    from {{ ref('fct_indikatorvarde') }} as v
    inner join {{ ref('dim_indikator') }} as i on v.indikator_id = i.indikator_id and v.version = i.version
    inner join {{ ref('_geocell') }} as c on {{ lika('v', 'c', nyckel) }}
),

skyddad as (
    select
        *,
        skydd_orsak is not null as ar_skyddad,
        coalesce(skydd_orsak, '') in ('litet_antal', 'fa_hushall') as ar_antal_dolt
    from bedomd
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
    case when not s.ar_antal_dolt then s.taljare end as taljare,
    case when not s.ar_antal_dolt then s.namnare end as namnare,
    case when not s.ar_skyddad then s.varde end as varde,
    case when not s.ar_skyddad then s.ki_nedre end as ki_nedre,
    case when not s.ar_skyddad then s.ki_ovre end as ki_ovre,
    s.antal_kommuner_med,
    s.antal_kommuner_forvantade,
    s.tackning_befolkning,
    s.imputerad_andel,
    s.status,
    case
        when s.status = 'ej_rapporterad' then s.status
        when s.ar_skyddad then 'skyddad'
        when s.status not in ('rapporterad', 'osaker') then s.status
        when s.varde is null then 'namnare_noll'
        else 'visas'
    end as varde_status,
    s.ar_skyddad,
    s.skydd_orsak,
    s.kallor
from skyddad as s
inner join {{ ref('dim_period') }} as p on s.period = p.period
inner join {{ ref('dim_indikatorcell') }} as c
    on {{ lika('s', 'c', ['indikator_id', 'version'] + cellnyckel()) }}
inner join geografi as g
    on
        s.geo_typ = g.geo_typ
        and s.geo_kod = g.geo_kod
        and p.sista_datum >= g.giltig_fran
        and (g.giltig_till is null or p.sista_datum < g.giltig_till)
