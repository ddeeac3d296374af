-- Grain: one person and month with aid, children too; a person is one pseudonym in one municipality.
-- Someone in several households that month is one row, flagged: the row as sökande decides, then medsökande,
-- then barn, then the lowest hushall_id (R12). Only the few who are in several some month of the year are ranked:
-- ranking every row would sort them all. They are found by the year drawn as digits: as many months as rows, or more
-- rows than months. The rows are named in two CTEs on purpose: reading them again is cheaper than keeping them.
-- The gate takes no person without a household in the same delivery (EB-14), so only households without kronor
-- are left to leave out.
{{ config(materialized='incremental',
    pre_hook="{{ glom(this, ar_andrad(this.identifier, ['kommun_kod', 'period'])) }}") }}
-- depends_on: {{ ref('_andrad_manad') }}
{% set hushallsrad = ['leverans_id', 'period', 'hushall_id'] %}
with i_kraft as (
    select
        k.leverans_id,
        k.period
    from {{ ref('stg_huvudbok__i_kraft') }} as k
    where k.dataset = 'eb_person' and {{ ar_andrad('k', ['kommun_kod', 'period']) }}
),

utan_belopp as (
    select
        leverans_id,
        period,
        hushall_id
    from {{ ref('stg_eb__hushall') }}
    where belopp_kr <= 0
),

i_flera as (
    select distinct person_id
    from (
        select
            p.person_id,
            count(*) as antal_rader,
            sum(cast(power(10, 12 - {{ manad_av('p.period') }}) as bigint)) as manadssiffror
        from {{ ref('stg_eb__person') }} as p
        inner join i_kraft as k on p.leverans_id = k.leverans_id and p.period = k.period
        group by p.person_id, {{ ar_av('p.period') }}
    ) as personar
    where antal_rader > length(replace(cast(manadssiffror as {{ dbt.type_string() }}), '0', ''))
),

rangordnad as (
    select
        p.*,
        max(p.kon_kod) over (partition by p.person_id, p.period) as personens_kon_kod,
        max(p.fodelsear) over (partition by p.person_id, p.period) as personens_fodelsear,
        count(*) over (partition by p.person_id, p.period) as antal_rader,
        row_number() over (
            partition by p.person_id, p.period
            order by
                case p.roll_kod when 'sokande' then 1 when 'medsokande' then 2 else 3 end,
                p.hushall_id, p.stadsdel_kod
        ) as ordning
    from {{ ref('stg_eb__person') }} as p
    inner join i_kraft as k on p.leverans_id = k.leverans_id and p.period = k.period
    where
        not exists (
            select 1 from utan_belopp as u
            where {{ lika('p', 'u', hushallsrad) }}
        )
        and p.person_id in (select f.person_id from i_flera as f)
),

personmanad as (
    select
        p.*,
        p.kon_kod as personens_kon_kod,
        p.fodelsear as personens_fodelsear,
        1 as antal_rader,
        1 as ordning
    from {{ ref('stg_eb__person') }} as p
    inner join i_kraft as k on p.leverans_id = k.leverans_id and p.period = k.period
    where
        not exists (
            select 1 from utan_belopp as u
            where {{ lika('p', 'u', hushallsrad) }}
        )
        and p.person_id not in (select f.person_id from i_flera as f)
    union all
    select *
    from rangordnad
    where ordning = 1
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
    p.antal_rader > 1 as ar_i_flera_hushall,
    p.leverans_id
from personmanad as p
left join {{ ref('dim_forsorjningshinder') }} as h on p.forsorjningshinder_kod = h.forsorjningshinder_kod
