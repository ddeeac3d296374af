-- Grain: indicator x geography x period x cell: what no sum of municipalities gives of what was measured in those that
-- count: the median (in order of size the middle one, of an even number the mean of the two in the middle), and the
-- spread around the mean, the sample's standard deviation (of one alone there is none).
{% set cell = ['indikator_id', 'version', 'period'] + cellnyckel() %}
{% set plats = ['geo_typ', 'geo_kod'] + cell %}
with post as (
    select
        f.*,
        k.lan_kod,
        k.kommungrupp_kod,
        k.rss_kod
    from {{ ref('ind_fordelning') }} as f
    inner join {{ ref('_kommunperiod') }} as k
        on k.ar_raknad and {{ lika('f', 'k', ['indikator_id', 'version', 'kommun_kod', 'period']) }}
),

plats as (
    {%- for geo_typ, geo_kod in [
        ('kommun', 'kommun_kod'), ('kommungrupp', 'kommungrupp_kod'), ('rss', 'rss_kod'), ('lan', 'lan_kod'),
        ('riket', "'00'")
    ] %}
    select
        '{{ geo_typ }}' as geo_typ,
        {{ geo_kod }} as geo_kod,
        {{ cell | join(', ') }},
        matvarde,
        antal
    from post
    {{ 'where ' ~ geo_kod ~ ' is not null union all' if not loop.last }}
    {%- endfor %}
),

varde as (
    select
        {{ plats | join(', ') }},
        matvarde,
        sum(antal) as antal
    from plats
    group by {{ plats | join(', ') }}, matvarde
),

lopande as (
    select
        *,
        sum(antal) over (
            partition by {{ plats | join(', ') }} order by matvarde rows between unbounded preceding and current row
        ) as antal_hittills,
        sum(antal) over (partition by {{ plats | join(', ') }}) as antal_alla
    from varde
)

select
    {{ plats | join(',\n    ') }},
    (
        min(case when 2 * antal_hittills >= antal_alla then matvarde end)
        + min(case when 2 * antal_hittills > antal_alla then matvarde end)
    ) / 2.0e0 as median,
    case
        when max(antal_alla) > 1
            then sqrt(greatest(
                0.0e0, max(antal_alla) * sum(antal * matvarde * matvarde) - power(sum(antal * matvarde), 2)
            ) / (max(antal_alla) * (max(antal_alla) - 1.0e0)))
    end as spridning
from lopande
group by {{ plats | join(', ') }}
