-- Grain: one person and year of a value (ar): who is 18 years old or more and whose contact ended from 1 January to
-- 30 June of the year before, by that year's delivery alone: the latest day on which an utredning or an insats of
-- misuse ended and none went on. Not who died. Again in contact is who has an utredning of misuse that started within
-- twelve months after that day, in that year's delivery or the next; a key in both has the row of the later (MB13).
with handelse as (
    select
        kommun_kod,
        ar,
        person_id,
        utredning_start_datum as start_datum,
        utredning_slut_datum as slut_datum,
        malgrupp_kod,
        beslut_kod as avslut_kod
    from {{ ref('_utredning_missbruk') }}
    union all
    select
        kommun_kod,
        ar,
        person_id,
        insats_start_datum as start_datum,
        insats_slut_datum as slut_datum,
        malgrupp_kod,
        insats_avslut_kod as avslut_kod
    from {{ ref('_insatsperiod_missbruk') }}
),

eget as (
    select *
    from handelse
    where {{ galler_eget_missbruk('malgrupp_kod') }}
),

avslut as (
    {{ kontaktens_slut('eget') }}
),

person as (
    select
        kommun_kod,
        ar,
        person_id,
        max(id_typ_kod) as id_typ_kod,
        max(kon_kod) as kon_kod,
        max(fodelsear) as fodelsear
    from {{ ref('_missbruk_person') }}
    group by kommun_kod, ar, person_id
),

utredning as (
    select *
    from ({{ i_fonster(ref('_utredning_missbruk'), ['utredning_id'], 2) }}) as u
    where {{ galler_eget_missbruk('malgrupp_kod') }}
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
    not {{ kan_foljas('p.id_typ_kod') }} as ar_reservnummer,
    a.kontakt_slut_datum,
    r.person_id is not null as ar_ateraktualiserad
from avslut as a
inner join person as p on {{ lika('a', 'p', ['kommun_kod', 'ar', 'person_id']) }}
left join ateraktualiserad as r on {{ lika('a', 'r', ['kommun_kod', 'ar', 'person_id']) }}
where
    a.ar + 1 - p.fodelsear >= 18
    and not exists (
        select 1
        from handelse as d
        where {{ lika('a', 'd', ['kommun_kod', 'ar', 'person_id']) }} and d.avslut_kod = 'avliden'
    )
