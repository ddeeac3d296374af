-- Grain: one month, whole country: households and persons with protected identity kept at the gate, over
-- deliveries in force. Summed here at once, so that no count per municipality stands in the warehouse. Within
-- a package the ledger repeats the count on each dataset's row; the highest is the package's.
with paket as (
    select
        m.leverans_id,
        m.period,
        max(m.antal_skyddade_hushall) as antal_skyddade_hushall,
        max(m.antal_skyddade_personer) as antal_skyddade_personer
    from {{ ref('stg_huvudbok__leverans_manad') }} as m
    inner join {{ ref('stg_huvudbok__i_kraft') }} as k
        on m.leverans_id = k.leverans_id and m.dataset = k.dataset and m.period = k.period
    group by m.leverans_id, m.period
)

select
    d.period,
    cast(coalesce(sum(p.antal_skyddade_hushall), 0) as bigint) as antal_skyddade_hushall,
    cast(coalesce(sum(p.antal_skyddade_personer), 0) as bigint) as antal_skyddade_personer
from {{ ref('dim_period') }} as d
left join paket as p on d.period = p.period
where d.period_typ = 'manad'
group by d.period
