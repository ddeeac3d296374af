-- Grain: one household and month with aid (belopp_kr > 0) in a delivery in force. Zero is allowed in
-- corrections and says that the month was none; such rows are left out here and so everywhere.
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
    h.leverans_id
from {{ ref('stg_eb__hushall') }} as h
inner join {{ ref('stg_huvudbok__i_kraft') }} as k
    on h.leverans_id = k.leverans_id and h.period = k.period and k.dataset = 'eb_hushall'
where h.belopp_kr > 0
