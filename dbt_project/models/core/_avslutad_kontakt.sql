-- Grain: one person and year of a value (ar): a child whose contact ended from 1 January to 30 June of the year before,
-- by that year's delivery alone: the latest day on which an utredning or a local insats ended and none went on. Not
-- who is ensamkommande. Again in contact is who has an utredning that started within twelve months after that day, in
-- that year's delivery or the next; a key that stands in both has the row of the later (BU16, BU17).
with handelse as (
    select
        kommun_kod,
        ar,
        person_id,
        utredning_start_datum as start_datum,
        utredning_slut_datum as slut_datum
    from {{ ref('_utredning_barn') }}
    union all
    select
        kommun_kod,
        ar,
        person_id,
        insats_start_datum as start_datum,
        insats_slut_datum as slut_datum
    from {{ ref('_insatsperiod_lokal') }}
),

avslut as (
    {{ kontaktens_slut('handelse') }}
),

person as (
    select
        kommun_kod,
        ar,
        person_id,
        max(kon_kod) as kon_kod,
        max(fodelsear) as fodelsear,
        max(id_typ_kod) = 'reserv' as ar_reservnummer
    from {{ ref('_barn_lokal') }}
    group by kommun_kod, ar, person_id
    having max(case when ar_ensamkommande then 1 else 0 end) = 0
),

utredning as (
    {{ i_fonster(ref('_utredning_barn'), ['utredning_id'], 2) }}
),

ateraktualiserad as (
    {{ ny_utredning_inom_ett_ar('avslut', 'utredning') }}
)

select
    a.kommun_kod,
    a.ar + 1 as ar,
    a.person_id,
    p.kon_kod,
    p.fodelsear,
    p.ar_reservnummer,
    a.kontakt_slut_datum,
    r.person_id is not null as ar_ateraktualiserad
from avslut as a
inner join person as p on {{ lika('a', 'p', ['kommun_kod', 'ar', 'person_id']) }}
left join ateraktualiserad as r on {{ lika('a', 'r', ['kommun_kod', 'ar', 'person_id']) }}
