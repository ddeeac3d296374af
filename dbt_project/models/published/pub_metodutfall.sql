-- Grain: kommun x method x area of ASI x year: how those who began with the method say it is at the follow-up, beside
-- the kommun's RSS, län and the country, and whether the two may be compared. Made of what MB15 and MB16 show and of
-- nothing else, so that it tells nothing new: of the same version, since they are defined together. Without an RSS its
-- columns are empty.
{% set plats = ['version', 'geo_typ', 'geo_kod', 'period', 'kon_kod', 'aldersgrupp_kod', 'uppdelning'] %}
{% set tal = ['andel_forbattrat', 'ki_nedre', 'ki_ovre', 'grans_nedre', 'grans_ovre', 'andel_ej_uppfoljt'] %}
with namngiven as (
    select
        m.metod_kod,
        m.text as metod_namn,
        m.evidensniva,
        m.fou_markt,
        o.omrade_kod,
        o.text as omrade_namn
    from {{ ref('dim_metod') }} as m
    cross join {{ ref('dim_asi_omrade') }} as o
    where m.metod_typ = 'insats'
),

forandring as (
    select *
    from {{ ref('_visat') }}
    where indikator_id = 'MB16' and uppdelning = 'metod_forandring'
),

utfall as (
    select
        n.*,
        f.version,
        f.geo_typ,
        f.geo_kod,
        f.period,
        f.tecken,
        f.varde as andel_forbattrat,
        f.ki_nedre,
        f.ki_ovre,
        f.grans_nedre,
        f.grans_ovre,
        e.varde as andel_ej_uppfoljt
    from namngiven as n
    inner join forandring as f on f.uppdelning_kod = concat(n.metod_kod, '_', n.omrade_kod, '_forbattrat')
    inner join forandring as e
        on
            {{ lika('f', 'e', plats) }}
            and e.uppdelning_kod = concat(n.metod_kod, '_', n.omrade_kod, '_ej_uppfoljt')
),

uppfoljning as (
    select
        n.metod_kod,
        v.version,
        v.geo_typ,
        v.geo_kod,
        v.period,
        v.taljare,
        v.namnare,
        v.varde
    from (select distinct metod_kod from namngiven) as n
    inner join {{ ref('_visat') }} as v
        on
            v.indikator_id = 'MB15'
            and v.uppdelning = 'metod_utfall'
            and v.uppdelning_kod = concat(n.metod_kod, '_uppfoljd')
)

select
    k.kommun_kod,
    k.kommun_namn,
    egen.period,
    egen.metod_kod,
    egen.metod_namn,
    egen.evidensniva,
    egen.fou_markt,
    egen.omrade_kod,
    egen.omrade_namn,
    {%- for niva in ['egen', 'rss', 'lan', 'riket'] %}
    {%- for kolumn in tal %}
    {{ niva }}.{{ kolumn }} as {{ kolumn }}_{{ niva }},
    {%- endfor %}
    {%- endfor %}
    u.namnare as antal_paborjade,
    u.taljare as antal_uppfoljda,
    u.varde as uppfoljningsandel,
    r.varde as uppfoljningsandel_riket,
    egen.tecken,
    coalesce(
        egen.andel_forbattrat is not null
        and riket.andel_forbattrat is not null
        and u.varde > 0.7 - 1e-9
        and abs(u.varde - r.varde) < 0.2 + 1e-9,
        false
    ) as far_jamforas
from utfall as egen
inner join {{ ref('dim_period') }} as p on egen.period = p.period
inner join {{ ref('dim_kommun') }} as k
    on
        egen.geo_typ = 'kommun'
        and egen.geo_kod = k.kommun_kod
        and p.sista_datum >= k.giltig_fran
        and (k.giltig_till is null or p.sista_datum < k.giltig_till)
{%- for niva, kod in [('rss', 'k.rss_kod'), ('lan', 'k.lan_kod'), ('riket', "'00'")] %}
left join utfall as {{ niva }}
    on
        {{ niva }}.geo_typ = '{{ niva }}'
        and {{ niva }}.geo_kod = {{ kod }}
        and {{ lika('egen', niva, ['version', 'period', 'metod_kod', 'omrade_kod']) }}
{%- endfor %}
left join uppfoljning as u
    on u.geo_typ = 'kommun' and u.geo_kod = k.kommun_kod and {{ lika('egen', 'u', ['version', 'period', 'metod_kod']) }}
left join uppfoljning as r on r.geo_typ = 'riket' and {{ lika('egen', 'r', ['version', 'period', 'metod_kod']) }}
