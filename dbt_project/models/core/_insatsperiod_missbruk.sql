-- Grain: one insats of missbruk (kommun x stadsdel x insats_id) and year, in a delivery in force: nothing is joined
-- together. What ended before the year is read but does not count in it (MIS-03). A key that stands in several years
-- has a row in each: which of them holds is the reader's window.
select
    i.kommun_kod,
    i.stadsdel_kod,
    p.ar,
    i.insats_id,
    p.person_id,
    p.id_typ_kod,
    p.kon_kod,
    p.fodelsear,
    i.insats_kod as insatstyp_kod,
    i.malgrupp_kod,
    coalesce(i.metod_kod, 'okand') as metod_kod,
    i.insats_start_datum,
    i.insats_slut_datum,
    i.insats_avslut_kod,
    i.leverans_id
from {{ ref('stg_missbruk__insats') }} as i
inner join {{ ref('stg_huvudbok__i_kraft') }} as k
    on i.leverans_id = k.leverans_id and i.period = k.period and k.dataset = 'missbruk_insats'
inner join {{ ref('_missbruk_person') }} as p on {{ lika('i', 'p', ['leverans_id', 'klient_id']) }}
where {{ pagar_under('i.insats_slut_datum', 'p.ar') }}
