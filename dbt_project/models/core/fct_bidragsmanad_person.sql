-- Grain: one person and month with aid, children too; a person is one pseudonym in one municipality.
-- Someone in several households that month is one row, flagged: the row as sökande decides, then medsökande, then barn,
-- then the lowest hushall_id (R12). Only rows of such persons are ranked: ranking every row costs a sort of them all.
{% set i_kraft -%}
    {{ ref('stg_eb__person') }} as p
    inner join {{ ref('stg_huvudbok__i_kraft') }} as k
        on p.leverans_id = k.leverans_id and p.period = k.period and k.dataset = 'eb_person'
{%- endset %}
{% set med_bistand -%}
    inner join {{ ref('fct_bidragsmanad') }} as b
        on
            p.kommun_kod = b.kommun_kod
            and p.stadsdel_kod = b.stadsdel_kod
            and p.period = b.period
            and p.hushall_id = b.hushall_id
{%- endset %}
with flera_rader as (
    select
        p.person_id,
        p.period
    from {{ i_kraft }}
    group by p.person_id, p.period
    having count(*) > 1
),

rangordnad as (
    select
        p.person_id,
        p.period,
        p.stadsdel_kod,
        p.hushall_id,
        max(p.kon_kod) over (partition by p.person_id, p.period) as kon_kod,
        max(p.fodelsear) over (partition by p.person_id, p.period) as fodelsear,
        count(*) over (partition by p.person_id, p.period) as antal_rader,
        row_number() over (
            partition by p.person_id, p.period
            order by
                case p.roll_kod when 'sokande' then 1 when 'medsokande' then 2 else 3 end, p.hushall_id, p.stadsdel_kod
        ) as ordning
    from {{ i_kraft }}
    {{ med_bistand }}
    inner join flera_rader as f on p.person_id = f.person_id and p.period = f.period
),

personmanad as (
    select
        p.*,
        coalesce(r.kon_kod, p.kon_kod) as personens_kon_kod,
        coalesce(r.fodelsear, p.fodelsear) as personens_fodelsear,
        coalesce(r.antal_rader, 1) > 1 as ar_i_flera_hushall
    from {{ i_kraft }}
    {{ med_bistand }}
    left join rangordnad as r
        on
            p.person_id = r.person_id
            and p.period = r.period
            and p.stadsdel_kod = r.stadsdel_kod
            and p.hushall_id = r.hushall_id
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
