-- Grain: one expected municipality and dataset, and the month that never came (GEN-07) or the year that was not
-- delivered again in time (GEN-23). antal is how many parts of the municipality that have come, jamfort_med how many
-- there are (R18); a municipality that has sent nothing has 0 of 0. A year is asked of when its deadline has passed.
with slutlig as (
    select
        kommun_kod,
        kalla,
        ar,
        stadsdel_kod,
        min(case
            when leveranstyp = 'slutlig' and mottagningsstatus = 'godkand' then mottagen_lokal_tid
        end) as forsta_tid
    from {{ ref('dim_leverans') }}
    group by kommun_kod, kalla, ar, stadsdel_kod
),

frist as (
    select distinct
        kommun_kod,
        kalla,
        dataset,
        {{ ar_av('period') }} as ar,
        slutlig_frist_tid
    from {{ ref('stg_huvudbok__forvantad') }}
    where slutlig_frist_tid is not null
),

arsvis as (
    select
        f.kommun_kod,
        f.dataset,
        f.ar,
        count(s.stadsdel_kod) as antal_delar,
        count(case when s.forsta_tid < f.slutlig_frist_tid then 1 end) as antal_slutliga
    from frist as f
    left join slutlig as s on {{ lika('f', 's', ['kommun_kod', 'kalla', 'ar']) }}
    group by f.kommun_kod, f.dataset, f.ar
)

select
    kommun_kod,
    dataset,
    period,
    'GEN-07' as regel_id,
    cast(antal_delar_i_kraft as bigint) as antal,
    cast(antal_delar as bigint) as jamfort_med
from {{ ref('fct_leverans') }}
where leverans_status = 'ej_rapporterad'
union all
select
    kommun_kod,
    dataset,
    cast(ar as {{ dbt.type_string() }}) as period,
    'GEN-23' as regel_id,
    cast(antal_slutliga as bigint) as antal,
    cast(antal_delar as bigint) as jamfort_med
from arsvis
where antal_delar = 0 or antal_slutliga < antal_delar
