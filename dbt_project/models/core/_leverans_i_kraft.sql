-- Grain: one kommun, stadsdel, dataset and month with a delivery in force: its rows, and the warnings that stand on
-- it: rules that fell at the gate, and warnings of history that nobody has acknowledged. GEN-06 is left out: lateness
-- has columns of its own, and a late correction does not make the first delivery late.
with vid_grinden as (
    select
        leverans_id,
        dataset,
        count(*) as antal
    from {{ ref('stg_huvudbok__regelutfall') }}
    where allvar = 'WARNING' and regel_id <> 'GEN-06'
    group by leverans_id, dataset
),

ur_historien as (
    select
        v.leverans_id,
        v.dataset,
        v.period,
        count(*) as antal
    from {{ ref('stg_huvudbok__varning') }} as v
    left join {{ ref('stg_huvudbok__kvittering') }} as q
        on {{ lika('v', 'q', ['kommun_kod', 'stadsdel_kod', 'dataset', 'period', 'regel_id']) }}
    where q.regel_id is null
    group by v.leverans_id, v.dataset, v.period
)

select
    k.kommun_kod,
    k.stadsdel_kod,
    k.dataset,
    k.period,
    k.leverans_id,
    m.antal_lasta,
    d.antal_i_karantan,
    cast(coalesce(g.antal, 0) + coalesce(p.antal, 0) + coalesce(h.antal, 0) as bigint) as antal_varningar,
    coalesce(m.ar_nolleverans, false) as ar_nolleverans,
    coalesce(l.leveranstyp, '') = 'slutlig' as ar_slutlig
from {{ ref('stg_huvudbok__i_kraft') }} as k
left join {{ ref('dim_leverans') }} as l on k.leverans_id = l.leverans_id
left join {{ ref('stg_huvudbok__leverans_manad') }} as m
    on k.leverans_id = m.leverans_id and k.dataset = m.dataset and k.period = m.period
left join {{ ref('stg_huvudbok__leverans_dataset') }} as d
    on k.leverans_id = d.leverans_id and k.dataset = d.dataset
left join vid_grinden as g on k.leverans_id = g.leverans_id and k.dataset = g.dataset
left join vid_grinden as p on k.leverans_id = p.leverans_id and p.dataset is null
left join ur_historien as h
    on k.leverans_id = h.leverans_id and k.dataset = h.dataset and k.period = h.period
