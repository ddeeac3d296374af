-- Grain: one received delivery, stopped and superseded ones too: the trace from a value back to bytes and
-- sender. A delivery is in force while it owns at least one dataset and month; approved but owning none, it
-- is superseded.
with i_kraft as (
    select leverans_id
    from {{ ref('stg_huvudbok__i_kraft') }}
    group by leverans_id
)

select
    l.leverans_id,
    l.kommun_kod,
    l.stadsdel_kod,
    l.kalla,
    l.period,
    {{ ar_av('l.period') }} as ar,
    l.leverans_version,
    l.leveranstyp,
    l.profil,
    l.verksamhetssystem,
    l.verksamhetssystem_version,
    l.paket_namn,
    l.mottagen_tid,
    l.mottagen_lokal_tid,
    l.sha256,
    l.mottagningsstatus,
    l.stoppande_regel_id,
    k.leverans_id is not null as ar_i_kraft,
    l.mottagningsstatus = 'godkand' and k.leverans_id is null as ar_ersatt
from {{ ref('stg_huvudbok__leverans') }} as l
left join i_kraft as k on l.leverans_id = k.leverans_id
