-- Grain: one household and month with aid (belopp_kr > 0) in a delivery in force. Zero is allowed in
-- corrections and says that the month was none; such rows are left out here and so everywhere. sokande_person_id is
-- the household's sökande of the month as delivered, the lowest of several; none where no row says who. Persons and
-- households of a month are always in force out of one delivery (docs/reference/leverans.md).
{{ config(materialized='incremental',
    pre_hook="{{ glom(this, ar_andrad(this.identifier, ['kommun_kod', 'period'])) }}") }}
-- depends_on: {{ ref('_andrad_manad') }}
with i_kraft as (
    -- a number for each month of a delivery: of two keys to group and join by, a text and a number are enough
    select
        k.leverans_id,
        k.period,
        cast(row_number() over (order by k.leverans_id, k.period) as integer) as manad_nr
    from {{ ref('stg_huvudbok__i_kraft') }} as k
    where k.dataset = 'eb_hushall' and {{ ar_andrad('k', ['kommun_kod', 'period']) }}
),

sokande as (
    select
        k.manad_nr,
        p.hushall_id,
        min(p.person_id) as person_id
    from {{ ref('stg_eb__person') }} as p
    inner join i_kraft as k on p.leverans_id = k.leverans_id and p.period = k.period
    where p.roll_kod = 'sokande'
    group by k.manad_nr, p.hushall_id
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
inner join i_kraft as k on h.leverans_id = k.leverans_id and h.period = k.period
left join sokande as s on k.manad_nr = s.manad_nr and h.hushall_id = s.hushall_id
where h.belopp_kr > 0
