-- Grain: indicator x level x size of municipality: what the protection leaves to use, over all reported values of
-- persons and households. A value is usable when it is shown and the true one lies inside the shown interval, or,
-- without an interval, within a tenth of it. Only aggregates of the noise, of many values and rounded, so that no
-- single shift can be read out of them.
{% set nyckel = ['indikator_id', 'version', 'geo_typ', 'geo_kod', 'period'] + cellnyckel() %}
with folkmangd as (
    select distinct
        kommun_kod,
        period,
        folkmangd
    from {{ ref('_kommunperiod') }}
),

varde as (
    select
        v.indikator_id,
        v.version,
        v.geo_typ,
        i.matt,
        case
            when v.geo_typ <> 'kommun' then 'alla'
            when f.folkmangd < 5000 then 'under 5 000'
            when f.folkmangd < 15000 then '5 000–14 999'
            when f.folkmangd < 50000 then '15 000–49 999'
            when f.folkmangd < 200000 then '50 000–199 999'
            else '200 000 eller fler'
        end as storleksklass,
        cast(case when i.taljare_slag <> 'kronor' then abs(s.taljare - v.taljare) end as double) as fel_antal,
        abs(s.varde - v.varde) as fel_varde,
        case when s.varde is not null then 1 else 0 end as visat,
        case
            when s.varde is null then 0
            when v.varde between s.ki_nedre - 1e-12 and s.ki_ovre + 1e-12 then 1
            when s.ki_nedre is null and abs(s.varde - v.varde) <= 0.1 * v.varde then 1
            else 0
        end as anvandbart
    from {{ ref('fct_indikatorvarde') }} as v
    inner join {{ ref('dim_indikator') }} as i on v.indikator_id = i.indikator_id and v.version = i.version
    inner join {{ ref('_skyddscell') }} as s on {{ lika('v', 's', nyckel) }}
    left join folkmangd as f on v.geo_kod = f.kommun_kod and v.period = f.period
    where
        i.ar_personuppgift
        and v.status not in ('ej_rapporterad', 'namnare_saknas', 'undertryckt_kvalitet')
),

summa as (
    select
        indikator_id,
        version,
        geo_typ,
        storleksklass,
        max(case when matt = 'andel' then 100 else 10 end) as per_enhet,
        count(*) as antal_varden,
        avg(visat) as andel_visade,
        avg(anvandbart) as andel_anvandbara,
        avg(fel_antal) as medelfel_antal,
        max(fel_antal) as storsta_fel_antal,
        avg(fel_varde) as medelfel_varde,
        max(fel_varde) as storsta_fel_varde,
        count(*) >= {{ skydd('minsta_antal_for_nytta') }} as ar_nog
    from varde
    group by indikator_id, version, geo_typ, storleksklass
)

select
    s.indikator_id,
    i.namn as indikator_namn,
    s.geo_typ,
    s.storleksklass,
    cast(s.antal_varden as bigint) as antal_varden,
    round(s.andel_visade, 3) as andel_visade,
    case when s.ar_nog then round(s.andel_anvandbara, 3) end as andel_anvandbara,
    case when s.ar_nog then round(s.medelfel_antal, 1) end as medelfel_antal,
    case when s.ar_nog then ceil(s.storsta_fel_antal) end as storsta_fel_antal,
    case when s.ar_nog then round(s.medelfel_varde, 4) end as medelfel_varde,
    case when s.ar_nog then ceil(s.per_enhet * s.storsta_fel_varde) / s.per_enhet end as storsta_fel_varde
from summa as s
inner join {{ ref('dim_indikator') }} as i on s.indikator_id = i.indikator_id and s.version = i.version
