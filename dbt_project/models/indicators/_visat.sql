-- Grain: indicator x version x geography x period x cell: what is shown, with why where there is no number, and what it
-- takes to read it: the share that was followed up, whether that share is so low that the rest may differ, and the
-- bounds it leaves. The numbers are those of _skyddscell, never the true ones. tecken says why there is no number, by
-- SCB's signs: .. missing, . not applicable, – nothing or so few that it is shown as nothing; X protected, as
-- Socialstyrelsen writes it. A mean of zero is a number.
{% set plats = ['indikator_id', 'version', 'geo_typ', 'geo_kod', 'period'] %}
{% set nyckel = plats + cellnyckel() %}
with uppfoljning as (
    select
        {{ plats | join(', ') }},
        varde as uppfoljningsandel
    from {{ ref('_skyddscell') }}
    where uppdelning = 'uppfoljning' and uppdelning_kod = 'uppfoljda'
),

cell as (
    select
        v.status,
        v.antal_kommuner_med,
        v.antal_kommuner_forvantade,
        v.tackning_befolkning,
        c.*,
        u.uppfoljningsandel,
        u.uppfoljningsandel < 0.5e0 as har_selektionsvarning,
        g.grans_nedre,
        g.grans_ovre
    from {{ ref('fct_indikatorvarde') }} as v
    inner join {{ ref('_skyddscell') }} as c on {{ lika('v', 'c', nyckel) }}
    left join uppfoljning as u on {{ lika('v', 'u', plats) }}
    left join {{ ref('_urvalsgrans') }} as g on {{ lika('v', 'g', nyckel) }}
),

-- every indicator is there; joined outermost, since DuckDB falls on a join built of one with it (duckdb/duckdb#24807)
skyddad as (
    select
        c.*,
        i.namn as indikator_namn,
        i.omrade,
        {{ cellens_matt('i.matt', 'c.uppdelning') }} as matt,
        case when i.matt = 'medel' and c.uppdelning = 'uppfoljning' then 'procent' else i.enhet end as enhet,
        i.kallor,
        case
            when c.status in ('ej_rapporterad', 'avtal_saknas') then c.status
            when c.skydd_orsak is not null then 'skyddad'
            when c.status in ('undertryckt_kvalitet', 'namnare_saknas') then c.status
            when c.varde is null then 'namnare_noll'
            when c.varde = 0 and {{ cellens_matt('i.matt', 'c.uppdelning') }} <> 'medel' then 'noll'
            else 'visas'
        end as varde_status
    from cell as c
    left join {{ ref('dim_indikator') }} as i on {{ lika('c', 'i', ['indikator_id', 'version']) }}
)

select
    *,
    case varde_status
        when 'skyddad' then 'X'
        when 'ej_rapporterad' then '..'
        when 'avtal_saknas' then '..'
        when 'undertryckt_kvalitet' then '..'
        when 'namnare_saknas' then '.'
        when 'namnare_noll' then '.'
        when 'noll' then '–'
    end as tecken
from skyddad
