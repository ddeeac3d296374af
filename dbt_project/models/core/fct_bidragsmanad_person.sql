-- Grain: one person and month with aid, children too; a person is one pseudonym in one municipality.
-- Someone in several households that month is one row, flagged: the row as sökande decides, then medsökande,
-- then barn, then the lowest hushall_id (R12). Only rows of such persons are ranked: ranking every row would
-- sort them all. person is named in three CTEs on purpose: scanning it again is cheaper than keeping it.
with i_kraft as (
    select
        leverans_id,
        period
    from {{ ref('stg_huvudbok__i_kraft') }}
    where dataset = 'eb_person'
),

flera_rader as (
    select
        p.person_id,
        p.period
    from {{ ref('stg_eb__person') }} as p
    inner join i_kraft as k on p.leverans_id = k.leverans_id and p.period = k.period
    group by p.person_id, p.period
    having count(*) > 1
),

i_flera as (
    select
        p.person_id,
        p.period,
        p.stadsdel_kod,
        p.hushall_id,
        p.kon_kod,
        p.fodelsear,
        case p.roll_kod when 'sokande' then 1 when 'medsokande' then 2 else 3 end as rollordning
    from {{ ref('stg_eb__person') }} as p
    inner join i_kraft as k on p.leverans_id = k.leverans_id and p.period = k.period
    inner join flera_rader as f on p.person_id = f.person_id and p.period = f.period
    inner join {{ ref('fct_bidragsmanad') }} as b
        on {{ lika('p', 'b', ['kommun_kod', 'stadsdel_kod', 'period', 'hushall_id']) }}
),

rangordnad as (
    select
        person_id,
        period,
        stadsdel_kod,
        hushall_id,
        max(kon_kod) over (partition by person_id, period) as kon_kod,
        max(fodelsear) over (partition by person_id, period) as fodelsear,
        count(*) over (partition by person_id, period) as antal_rader,
        row_number() over (
            partition by person_id, period
            order by rollordning, hushall_id, stadsdel_kod
        ) as ordning
    from i_flera
),

personmanad as (
    select
        p.*,
        coalesce(r.kon_kod, p.kon_kod) as personens_kon_kod,
        coalesce(r.fodelsear, p.fodelsear) as personens_fodelsear,
        coalesce(r.antal_rader, 1) > 1 as ar_i_flera_hushall
    from {{ ref('stg_eb__person') }} as p
    inner join i_kraft as k on p.leverans_id = k.leverans_id and p.period = k.period
    inner join {{ ref('fct_bidragsmanad') }} as b
        on {{ lika('p', 'b', ['kommun_kod', 'stadsdel_kod', 'period', 'hushall_id']) }}
    left join rangordnad as r
        on {{ lika('p', 'r', ['person_id', 'period', 'stadsdel_kod', 'hushall_id']) }}
    where coalesce(r.ordning, 1) = 1
)

select
    p.kommun_kod,
    p.stadsdel_kod,
    p.person_id,
    p.period,
    {{ ar_av('p.period') }} as ar,
    {{ manad_av('p.period') }} as manad,
    p.hushall_id,
    p.roll_kod,
    p.id_typ_kod,
    p.personens_kon_kod as kon_kod,
    p.personens_fodelsear as fodelsear,
    p.fodd_utrikes_kod,
    p.forsorjningshinder_kod,
    case
        when p.roll_kod in ('sokande', 'medsokande') then coalesce(h.forsorjningshindergrupp_kod, 'okand')
    end as forsorjningshindergrupp_kod,
    p.arbetsmarknadsinsats_kod,
    p.ar_i_flera_hushall,
    p.leverans_id
from personmanad as p
left join {{ ref('dim_forsorjningshinder') }} as h on p.forsorjningshinder_kod = h.forsorjningshinder_kod
