-- Grain: one expected municipality, dataset and month, or year: what came, in time or not, and what of it is in force.
-- Where a source needs an agreement, one that holds on the year's last day decides: without it nothing was expected
-- and nothing counts.
-- A municipality that delivers by stadsdel is approved, and in time, when every stadsdel is that has delivered any
-- period of the year (R18), stopped ones too; in a source that delivers by year, that has delivered to any source.
with leverans as (
    select * from {{ ref('dim_leverans') }}
),

forvantad as (
    select
        f.kommun_kod,
        f.kalla,
        f.dataset,
        f.period,
        f.frist_tid,
        f.avtal_andamal_kod is null or a.kommun_kod is not null as har_avtal
    from {{ ref('stg_huvudbok__forvantad') }} as f
    left join {{ ref('stg_huvudbok__avtal') }} as a
        on
            f.kommun_kod = a.kommun_kod
            and f.avtal_andamal_kod = a.andamal_kod
            and cast(concat(substring(f.period, 1, 4), '-12-31') as date) >= a.giltig_fran
            and (a.giltig_till is null or cast(concat(substring(f.period, 1, 4), '-12-31') as date) < a.giltig_till)
),

arskalla as (
    select distinct kalla
    from forvantad
    where length(period) = 4
),

del as (
    select distinct
        l.kommun_kod,
        l.kalla,
        l.ar,
        d.stadsdel_kod
    from leverans as l
    left join arskalla as k on l.kalla = k.kalla and l.stadsdel_kod <> ''
    inner join leverans as d
        on
            {{ lika('l', 'd', ['kommun_kod', 'ar']) }}
            and (l.kalla = d.kalla or (k.kalla is not null and d.stadsdel_kod <> ''))
),

forsta_godkand as (
    select
        l.kommun_kod,
        l.stadsdel_kod,
        m.dataset,
        m.period,
        min(l.mottagen_lokal_tid) as mottagen_lokal_tid
    from leverans as l
    inner join {{ ref('stg_huvudbok__leverans_manad') }} as m on l.leverans_id = m.leverans_id
    where l.mottagningsstatus = 'godkand'
    group by l.kommun_kod, l.stadsdel_kod, m.dataset, m.period
),

stoppad as (
    select
        kommun_kod,
        kalla,
        period,
        count(*) as antal
    from leverans
    where mottagningsstatus = 'stoppad'
    group by kommun_kod, kalla, period
),

samlad as (
    select
        f.kommun_kod,
        f.kalla,
        f.dataset,
        f.period,
        f.frist_tid,
        f.har_avtal,
        cast(count(del.stadsdel_kod) as integer) as antal_delar,
        cast(count(k.period) as integer) as antal_delar_i_kraft,
        count(fg.period) as antal_delar_godkanda,
        max(fg.mottagen_lokal_tid) as sista_del_tid,
        cast(sum(k.antal_lasta) as bigint) as antal_rader,
        cast(sum(k.antal_i_karantan) as bigint) as antal_fel,
        cast(sum(k.antal_varningar) as bigint) as antal_varningar,
        count(case when k.ar_nolleverans then 1 end) = count(k.period) as ar_nolleverans,
        count(case when k.ar_slutlig then 1 end) as antal_slutliga
    from forvantad as f
    left join del
        on f.kommun_kod = del.kommun_kod and f.kalla = del.kalla and {{ ar_av('f.period') }} = del.ar
    left join {{ ref('_leverans_i_kraft') }} as k
        on
            f.kommun_kod = k.kommun_kod
            and del.stadsdel_kod = k.stadsdel_kod
            and f.dataset = k.dataset
            and f.period = k.period
    left join forsta_godkand as fg
        on
            f.kommun_kod = fg.kommun_kod
            and del.stadsdel_kod = fg.stadsdel_kod
            and f.dataset = fg.dataset
            and f.period = fg.period
    group by f.kommun_kod, f.kalla, f.dataset, f.period, f.frist_tid, f.har_avtal
),

bedomd as (
    select
        s.*,
        s.har_avtal and s.antal_delar > 0 and s.antal_delar_i_kraft = s.antal_delar as ar_godkand,
        s.har_avtal
        and s.antal_delar > 0
        and s.antal_delar_godkanda = s.antal_delar
        and s.sista_del_tid < s.frist_tid as ar_i_tid,
        m.antal is not null or ar.antal is not null as har_stoppad
    from samlad as s
    left join stoppad as m on s.kommun_kod = m.kommun_kod and s.kalla = m.kalla and s.period = m.period
    left join stoppad as ar
        on s.kommun_kod = ar.kommun_kod and s.kalla = ar.kalla and substring(s.period, 1, 4) = ar.period
)

select
    kommun_kod,
    kalla,
    dataset,
    period,
    {{ ar_av('period') }} as ar,
    case
        when not har_avtal then 'avtal_saknas'
        when ar_godkand and ar_nolleverans then 'nolleverans_bekraftad'
        when ar_godkand and not ar_i_tid then 'forsenad'
        when ar_godkand and antal_varningar > 0 then 'mottagen_med_varning'
        when ar_godkand then 'mottagen_godkand'
        when har_stoppad then 'underkand'
        else 'ej_rapporterad'
    end as leverans_status,
    ar_godkand,
    coalesce(ar_i_tid, false) as ar_i_tid,
    ar_godkand and antal_slutliga = antal_delar as ar_slutlig,
    frist_tid,
    case when antal_delar_godkanda = antal_delar then sista_del_tid end as forsta_godkand_tid,
    antal_delar,
    antal_delar_i_kraft,
    antal_rader,
    antal_fel,
    coalesce(antal_varningar, 0) as antal_varningar,
    ar_godkand and ar_nolleverans as ar_nolleverans
from bedomd
