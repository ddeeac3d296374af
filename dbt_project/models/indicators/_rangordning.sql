-- Grain: indicator x municipality x period: whether the municipality may be ranked by the value. With a condition it
-- may when, of every municipality of its group that counts and has a share of follow-up, each has at least 0.70 and
-- the highest is at most 0.20 over the lowest (true numbers); one without a share of follow-up never is.
{% set plats = ['indikator_id', 'version', 'period'] %}
with kommun as (
    select distinct
        v.indikator_id,
        v.version,
        v.period,
        v.geo_kod as kommun_kod,
        k.kommungrupp_2023_kod as kommungrupp_kod,
        i.rangordning
    from {{ ref('fct_indikatorvarde') }} as v
    inner join {{ ref('dim_indikator') }} as i on {{ lika('v', 'i', ['indikator_id', 'version']) }}
    inner join {{ ref('dim_kommun') }} as k on v.geo_kod = k.kommun_kod
    where v.geo_typ = 'kommun' and i.rangordning is not null
),

uppfoljning as (
    select
        k.*,
        v.varde as andel
    from kommun as k
    left join {{ ref('fct_indikatorvarde') }} as v
        on
            {{ lika('k', 'v', plats) }}
            and v.geo_typ = 'kommun'
            and k.kommun_kod = v.geo_kod
            and v.uppdelning = 'uppfoljning'
            and v.uppdelning_kod = 'uppfoljda'
),

grupp as (
    select
        *,
        min(andel) over (partition by {{ plats | join(', ') }}, kommungrupp_kod) as lagsta,
        max(andel) over (partition by {{ plats | join(', ') }}, kommungrupp_kod) as hogsta
    from uppfoljning
)

select
    {{ plats | join(',\n    ') }},
    kommun_kod,
    case rangordning
        when 'ja' then true
        when 'nej' then false
        else coalesce(andel is not null and lagsta > 0.7 - 1e-9 and hogsta - lagsta < 0.2 + 1e-9, false)
    end as far_rangordnas
from grupp
