-- Grain: one household and month with aid (belopp_kr > 0) in a delivery in force. Zero is allowed in
-- corrections and says that the month was none; such rows are left out here and so everywhere. sokande_person_id is
-- the household's sökande of the month as delivered, the lowest of several; none where no row says who.
{{ config(materialized='incremental', incremental_strategy='append', on_schema_change='fail',
    pre_hook="{{ glom_andrade(this, ['kommun_kod', 'period']) }}") }}
-- depends_on: {{ ref('_andrad_manad') }}
with i_kraft as (
    select
        k.leverans_id,
        k.period,
        k.dataset
    from {{ ref('stg_huvudbok__i_kraft') }} as k
    where k.dataset in ('eb_hushall', 'eb_person') and {{ ar_andrad('k', ['kommun_kod', 'period']) }}
),

sokande as (
    select
        p.kommun_kod,
        p.stadsdel_kod,
        p.hushall_id,
        p.period,
        min(p.person_id) as person_id
    from {{ ref('stg_eb__person') }} as p
    inner join i_kraft as k on p.leverans_id = k.leverans_id and p.period = k.period and k.dataset = 'eb_person'
    where p.roll_kod = 'sokande'
    group by p.kommun_kod, p.stadsdel_kod, p.hushall_id, p.period
)

select
    h.kommun_kod,
    h.stadsdel_kod,
    h.hushall_id,
    h.period,
    {{ ar_av('h.period') }} as ar,
    {{ manad_av('h.period') }} as manad,
    h.hushallstyp_kod,
    h.antal_barn,
    h.utrikes_fodd_kod,
    h.belopp_kr,
    s.person_id as sokande_person_id,
    h.leverans_id
from {{ ref('stg_eb__hushall') }} as h
inner join i_kraft as k on h.leverans_id = k.leverans_id and h.period = k.period and k.dataset = 'eb_hushall'
left join sokande as s on {{ lika('h', 's', ['kommun_kod', 'stadsdel_kod', 'hushall_id', 'period']) }}
where h.belopp_kr > 0
