-- Grain: one utredning of missbruk (kommun x stadsdel x utredning_id) and year, in a delivery in force. A key that
-- stands in several years has a row in each: which of them holds is the reader's window.
select
    u.kommun_kod,
    u.stadsdel_kod,
    p.ar,
    u.utredning_id,
    p.person_id,
    p.id_typ_kod,
    p.kon_kod,
    p.fodelsear,
    u.malgrupp_kod,
    u.aktualisering_typ_kod,
    u.aktualisering_datum,
    u.utredning_start_datum,
    u.utredning_slut_datum,
    u.barn_under_18,
    u.barn_uppmarksammat,
    u.beslut_kod,
    cast({{ dbt.datediff('u.utredning_start_datum', 'u.utredning_slut_datum', 'day') }} as integer) as dagar,
    u.leverans_id
from {{ ref('stg_missbruk__utredning') }} as u
inner join {{ ref('stg_huvudbok__i_kraft') }} as k
    on u.leverans_id = k.leverans_id and u.period = k.period and k.dataset = 'missbruk_utredning'
inner join {{ ref('_missbruk_person') }} as p on {{ lika('u', 'p', ['leverans_id', 'klient_id']) }}
