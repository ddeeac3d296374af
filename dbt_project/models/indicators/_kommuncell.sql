-- Grain: indicator x municipality x shown period x cell, dense: what every geography is summed from. A
-- municipality that counts has its own numbers, 0 where the indicator gave no row. One that does not has
-- none, but an estimate: its own cell of the year before, else of two years before, if it counted then
-- (months: the same month). The sums of record keys and what protects kronor go the same ways as the numbers.
{% set nyckel = ['indikator_id', 'version', 'kommun_kod', 'period'] + cellnyckel() %}
{% set tal = {
    'taljare': 'decimal(18, 2)', 'namnare': 'decimal(18, 2)', 'taljare_nyckel': 'bigint', 'namnare_nyckel': 'bigint',
    'antal_bakom': 'bigint', 'storsta_bakom': 'decimal(18, 2)'
} %}
with ram as (
    select
        k.indikator_id,
        k.version,
        k.kommun_kod,
        k.lan_kod,
        k.kommungrupp_kod,
        k.rss_kod,
        k.period,
        k.folkmangd,
        k.ar_raknad,
        k.ar_osaker,
        k.saknar_avtal,
        c.kon_kod,
        c.aldersgrupp_kod,
        c.uppdelning,
        c.uppdelning_kod,
        c.har_namnare
    from {{ ref('_kommunperiod') }} as k
    inner join {{ ref('dim_indikatorcell') }} as c on {{ lika('k', 'c', ['indikator_id', 'version']) }}
),

kvalitet as (
    select
        indikator_id,
        version,
        kommun_kod,
        period
    from {{ ref('ind_alla') }}
    where ar_undertryckt_kvalitet
    group by indikator_id, version, kommun_kod, period
),

cell as (
    select
        r.*,
        case when r.ar_raknad then coalesce(i.taljare, 0) end as taljare,
        case when r.ar_raknad and r.har_namnare then coalesce(i.namnare, 0) end as namnare,
        {%- for kolumn in tal if kolumn not in ('taljare', 'namnare') %}
        case when r.ar_raknad then i.{{ kolumn }} end as {{ kolumn }},
        {%- endfor %}
        r.ar_raknad and q.kommun_kod is not null as ar_undertryckt_kvalitet
    from ram as r
    left join {{ ref('ind_alla') }} as i
        on {{ lika('r', 'i', nyckel) }}
    left join kvalitet as q on {{ lika('r', 'q', ['indikator_id', 'version', 'kommun_kod', 'period']) }}
),

skattning as (
    select
        c.indikator_id,
        c.version,
        c.kommun_kod,
        {{ ar_senare('c.period', 'n.ar_sedan') }} as period,
        n.ar_sedan,
        c.kon_kod,
        c.aldersgrupp_kod,
        c.uppdelning,
        c.uppdelning_kod,
        c.{{ tal | join(', c.') }}
    from cell as c
    inner join {{ ref('dim_indikator') }} as d on c.indikator_id = d.indikator_id and c.version = d.version
    cross join (values (1), (2)) as n (ar_sedan)
    where c.ar_raknad and d.skattas
)

select
    c.indikator_id,
    c.version,
    c.kommun_kod,
    c.lan_kod,
    c.kommungrupp_kod,
    c.rss_kod,
    c.period,
    c.kon_kod,
    c.aldersgrupp_kod,
    c.uppdelning,
    c.uppdelning_kod,
    c.har_namnare,
    c.folkmangd,
    c.ar_raknad,
    {%- for kolumn, typ in tal.items() %}
    cast(c.{{ kolumn }} as {{ typ }}) as {{ kolumn }},
    {%- endfor %}
    {%- for kolumn, typ in tal.items() %}
    cast(case
        when c.ar_raknad then null
        when s1.ar_sedan is not null then s1.{{ kolumn }}
        else s2.{{ kolumn }}
    end as {{ typ }}) as skattad_{{ kolumn }},
    {%- endfor %}
    c.ar_undertryckt_kvalitet,
    c.ar_osaker,
    c.saknar_avtal,
    not c.ar_raknad and coalesce(s1.ar_sedan, s2.ar_sedan) is not null as ar_skattad
from cell as c
left join skattning as s1
    on s1.ar_sedan = 1 and {{ lika('c', 's1', nyckel) }}
left join skattning as s2
    on s2.ar_sedan = 2 and {{ lika('c', 's2', nyckel) }}
