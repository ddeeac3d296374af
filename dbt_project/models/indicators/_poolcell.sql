-- Grain: indicator x municipality x three years together x cell: the sums of the three years' own numbers, when the
-- municipality counts in each of them. Someone who is there in several years counts in each. Nothing is estimated.
{% set nyckel = ['indikator_id', 'version', 'kommun_kod'] + cellnyckel() %}
{% set tal = ['taljare', 'namnare', 'taljare_nyckel', 'namnare_nyckel', 'antal_bakom'] %}
with pool as (
    select
        indikator_id,
        version,
        period,
        ar
    from {{ ref('_indikatorperiod') }}
    where period_typ = 'pool3'
),

ar as (
    select
        p.period as pool_period,
        p.ar - {{ ar_av('c.period') }} as ar_fore,
        c.*
    from pool as p
    inner join {{ ref('_kommuncell') }} as c
        on
            {{ lika('p', 'c', ['indikator_id', 'version']) }}
            and length(c.period) = 4
            and {{ ar_av('c.period') }} between p.ar - 2 and p.ar
),

summa as (
    select
        {{ nyckel | join(',\n        ') }},
        pool_period,
        {%- for kolumn in tal %}
        sum({{ kolumn }}) as {{ kolumn }},
        {%- endfor %}
        max(storsta_bakom) as storsta_bakom,
        sum(case when ar_raknad then 1 else 0 end) = 3 as ar_raknad,
        max(case when ar_undertryckt_kvalitet then 1 else 0 end) = 1 as ar_undertryckt_kvalitet,
        max(case when ar_osaker then 1 else 0 end) = 1 as ar_osaker
    from ar
    group by {{ nyckel | join(', ') }}, pool_period
)

select
    a.indikator_id,
    a.version,
    a.kommun_kod,
    a.lan_kod,
    a.kommungrupp_kod,
    a.rss_kod,
    a.pool_period as period,
    a.kon_kod,
    a.aldersgrupp_kod,
    a.uppdelning,
    a.uppdelning_kod,
    a.har_namnare,
    a.folkmangd,
    s.ar_raknad,
    {%- for kolumn in tal + ['storsta_bakom'] %}
    case when s.ar_raknad then s.{{ kolumn }} end as {{ kolumn }},
    {%- endfor %}
    s.ar_raknad and s.ar_undertryckt_kvalitet as ar_undertryckt_kvalitet,
    s.ar_raknad and s.ar_osaker as ar_osaker,
    a.saknar_avtal
from ar as a
inner join summa as s on {{ lika('a', 's', nyckel + ['pool_period']) }}
where a.ar_fore = 0
