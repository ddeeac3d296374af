-- Outcome by method tells nothing new: each of its numbers is that of a row of the indicator values, and there is one
-- row for every kommun, method, area and year that MB16 has.
{{ config(meta={
    'dagster': {'ref': {'name': 'pub_metodutfall'}},
    'betydelse': 'Varje tal i utfallet efter metod står redan bland de publicerade indikatorvärdena.',
    'gor_sa_har': 'Ge inte ut något. Rätta pub_metodutfall: något tal är inte det som visas i MB15 eller MB16.',
}) }}
with ut as (
    {%- for niva in ['egen', 'rss', 'lan', 'riket'] %}
    {%- for kolumn, klass in [
        ('varde', 'forbattrat'), ('ki_nedre', 'forbattrat'), ('ki_ovre', 'forbattrat'), ('grans_nedre', 'forbattrat'),
        ('grans_ovre', 'forbattrat'), ('ej_uppfoljt', 'ej_uppfoljt')
    ] %}
    {%- set namn = {'varde': 'andel_forbattrat', 'ej_uppfoljt': 'andel_ej_uppfoljt'}.get(kolumn, kolumn) %}
    select
        'MB16' as indikator_id,
        '{{ 'kommun' if niva == 'egen' else niva }}' as geo_typ,
        kommun_kod,
        period,
        concat(metod_kod, '_', omrade_kod, '_{{ klass }}') as uppdelning_kod,
        '{{ 'varde' if kolumn == 'ej_uppfoljt' else kolumn }}' as kolumn,
        {{ namn }}_{{ niva }} as tal
    from {{ ref('pub_metodutfall') }}
    union all
    {%- endfor %}
    {%- endfor %}
    {%- for kolumn, namn, niva in [
        ('namnare', 'antal_paborjade', 'kommun'), ('taljare', 'antal_uppfoljda', 'kommun'),
        ('varde', 'uppfoljningsandel', 'kommun'), ('varde', 'uppfoljningsandel_riket', 'riket')
    ] %}
    select
        'MB15' as indikator_id,
        '{{ niva }}' as geo_typ,
        kommun_kod,
        period,
        concat(metod_kod, '_uppfoljd') as uppdelning_kod,
        '{{ kolumn }}' as kolumn,
        cast({{ namn }} as double) as tal
    from {{ ref('pub_metodutfall') }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

plats as (
    select
        u.*,
        case u.geo_typ when 'kommun' then u.kommun_kod when 'rss' then k.rss_kod when 'lan' then k.lan_kod else '00' end
            as geo_kod
    from ut as u
    inner join {{ ref('dim_period') }} as p on u.period = p.period
    inner join {{ ref('dim_kommun') }} as k
        on
            u.kommun_kod = k.kommun_kod
            and p.sista_datum >= k.giltig_fran
            and (k.giltig_till is null or p.sista_datum < k.giltig_till)
),

jamford as (
    select
        p.tal,
        case p.kolumn
            when 'varde' then v.varde
            when 'ki_nedre' then v.ki_nedre
            when 'ki_ovre' then v.ki_ovre
            when 'grans_nedre' then v.grans_nedre
            when 'grans_ovre' then v.grans_ovre
            when 'taljare' then cast(v.taljare as double)
            when 'namnare' then cast(v.namnare as double)
        end as visat
    from plats as p
    left join {{ ref('pub_indikatorvarde') }} as v
        on {{ lika('p', 'v', ['indikator_id', 'geo_typ', 'geo_kod', 'period', 'uppdelning_kod']) }}
),

finns as (
    select count(*) as antal
    from {{ ref('pub_metodutfall') }}
),

behov as (
    select count(*) as antal
    from {{ ref('pub_indikatorvarde') }}
    where indikator_id = 'MB16' and geo_typ = 'kommun' and uppdelning_kod like '%_forbattrat'
)

select
    'tal' as fel,
    count(*) as antal
from jamford
where coalesce(tal, -1) <> coalesce(visat, -1)
having count(*) > 0
union all
select
    'rader' as fel,
    max(finns.antal) as antal
from finns
inner join behov on finns.antal <> behov.antal
having count(*) > 0
