-- Grain: indicator x geography (kommun, kommungrupp, rss, lan, riket) x shown period x cell: sums, coverage, the
-- estimate's part, and the median or the spread that no sum gives. Three years together are of the kommun only, and
-- some indicators show a kommun nothing else. A kommun is never imputed, and it alone can be uncertain (R48); one that
-- is in no group or RSS is in none of their sums. Län and riket add the estimates to what was reported, unless
-- nobody reported: then nothing. A sum of record keys is that of all the records behind the number: an estimate has
-- the key of the cell it comes from, so that the same cell has the same key wherever it is shown.
{% set cell = ['period'] + cellnyckel() %}
{% set summor = ['taljare', 'namnare', 'taljare_nyckel', 'namnare_nyckel', 'antal_bakom'] %}
{% set kommunens = [
    'indikator_id', 'version', 'kommun_kod', 'lan_kod', 'kommungrupp_kod', 'rss_kod', 'har_namnare', 'folkmangd',
    'ar_raknad', 'ar_undertryckt_kvalitet', 'ar_osaker', 'saknar_avtal', 'storsta_bakom'
] + cell + summor %}
{% set skattade = summor + ['storsta_bakom'] %}
{% set fast = ['indikator_id', 'version', 'har_namnare'] + cell %}
with kommuncell as (
    select
        {{ kommunens | join(', ') }},
        skattad_{{ skattade | join(', skattad_') }}
    from {{ ref('_kommuncell') }}
    union all
    select
        {{ kommunens | join(', ') }},
        null as skattad_{{ skattade | join(', null as skattad_') }}
    from {{ ref('_poolcell') }}
),

plats as (
    select
        'lan' as indelning,
        lan_kod as omrade_kod,
        *
    from kommuncell
    {%- for indelning, niva in [('kommungrupp', 'har_kommungruppsniva'), ('rss', 'har_rssniva')] %}
    union all
    select
        '{{ indelning }}' as indelning,
        k.{{ indelning }}_kod as omrade_kod,
        k.*
    from kommuncell as k
    inner join {{ ref('dim_indikator') }} as d
        on {{ lika('k', 'd', ['indikator_id', 'version']) }} and d.{{ niva }}
    where k.{{ indelning }}_kod is not null and length(k.period) <= 7
    {%- endfor %}
),

summa as (
    select
        c.indelning,
        c.indikator_id,
        c.version,
        case
            when grouping(c.kommun_kod) = 0 then 'kommun'
            when grouping(c.omrade_kod) = 0 then c.indelning
            else 'riket'
        end as geo_typ,
        case
            when grouping(c.kommun_kod) = 0 then c.kommun_kod
            when grouping(c.omrade_kod) = 0 then c.omrade_kod
            else '00'
        end as geo_kod,
        {%- for kolumn in cell %}
        c.{{ kolumn }},
        {%- endfor %}
        c.har_namnare,
        {%- for kolumn in summor %}
        sum(c.{{ kolumn }}) as {{ kolumn }},
        sum(c.skattad_{{ kolumn }}) as skattad_{{ kolumn }},
        {%- endfor %}
        max(c.storsta_bakom) as storsta_bakom,
        max(c.skattad_storsta_bakom) as skattad_storsta_bakom,
        sum(case when c.ar_raknad then 1 else 0 end) as antal_med,
        count(*) as antal_forvantade,
        sum(case when c.ar_raknad then c.folkmangd else 0 end) as folkmangd_med,
        sum(c.folkmangd) as folkmangd,
        max(case when c.ar_undertryckt_kvalitet then 1 else 0 end) as undertryckt,
        max(case when c.ar_osaker then 1 else 0 end) as osaker,
        max(case when c.saknar_avtal then 1 else 0 end) as saknar_avtal
    from plats as c
    group by c.indelning, c.{{ fast | join(', c.') }}, rollup(c.omrade_kod, c.kommun_kod)
)

select
    s.indikator_id,
    s.version,
    s.geo_typ,
    s.geo_kod,
    {%- for kolumn in cell %}
    s.{{ kolumn }},
    {%- endfor %}
    s.har_namnare,
    s.antal_med > 0 as ar_rapporterad,
    s.geo_typ = 'kommun' and s.undertryckt = 1 as ar_undertryckt_kvalitet,
    s.geo_typ = 'kommun' and s.osaker = 1 as ar_osaker,
    s.geo_typ = 'kommun' and s.saknar_avtal = 1 as saknar_avtal,
    cast(case
        when s.antal_med = 0 then null
        when s.geo_typ = 'kommun' then s.taljare
        else s.taljare + coalesce(s.skattad_taljare, 0)
    end as decimal(18, 2)) as taljare,
    cast(case
        when s.antal_med = 0 or not s.har_namnare then null
        when s.geo_typ = 'kommun' then s.namnare
        else s.namnare + coalesce(s.skattad_namnare, 0)
    end as decimal(18, 2)) as namnare,
    cast(case when s.geo_typ = 'kommun' then 0 else coalesce(s.skattad_namnare, 0) end as decimal(18, 2))
        as skattad_namnare,
    {%- for kolumn in ['taljare_nyckel', 'namnare_nyckel', 'antal_bakom'] %}
    cast(case
        when s.geo_typ = 'kommun' then s.{{ kolumn }}
        else coalesce(s.{{ kolumn }} + coalesce(s.skattad_{{ kolumn }}, 0), s.skattad_{{ kolumn }})
    end as bigint) as {{ kolumn }},
    {%- endfor %}
    cast(case when s.geo_typ = 'kommun' then null else s.skattad_namnare_nyckel end as bigint)
        as skattad_namnare_nyckel,
    cast(case
        when s.geo_typ = 'kommun' or s.skattad_storsta_bakom is null then s.storsta_bakom
        else greatest(coalesce(s.storsta_bakom, 0), s.skattad_storsta_bakom)
    end as decimal(18, 2)) as storsta_bakom,
    cast(s.antal_med as integer) as antal_kommuner_med,
    cast(s.antal_forvantade as integer) as antal_kommuner_forvantade,
    case
        when s.folkmangd > 0 then cast(s.folkmangd_med as double) / cast(s.folkmangd as double)
        else cast(0 as double)
    end as tackning_befolkning,
    m.median,
    m.spridning
from summa as s
inner join {{ ref('dim_indikator') }} as i on s.indikator_id = i.indikator_id and s.version = i.version
left join {{ ref('_median') }} as m on {{ lika('s', 'm', ['indikator_id', 'version', 'geo_typ', 'geo_kod'] + cell) }}
where
    s.geo_typ in ('kommungrupp', 'rss')
    or (
        s.indelning = 'lan'
        and s.geo_typ = 'kommun'
        and i.har_kommunniva
        and (length(s.period) > 7 or not i.kommun_bara_pool)
    )
    or (s.indelning = 'lan' and s.geo_typ = 'lan' and i.har_lansniva and length(s.period) <= 7)
    or (s.indelning = 'lan' and s.geo_typ = 'riket' and i.har_riksniva and length(s.period) <= 7)
