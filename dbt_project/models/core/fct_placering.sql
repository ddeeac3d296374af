-- Grain: one placement and year: the rows in force that have not ended before the year. Round-the-clock rows of a
-- person in the same form and home make an episode while at most a day lies between them; the episodes are numbered
-- in the year by their start. vardygn are the days that are the row's own.
{% set person = ['kommun_kod', 'ar', 'person_id'] %}
with heldygn as (
    select *
    from {{ ref('_bu_placering') }}
    where ar_heldygn and {{ pagar_under('placering_slut_datum', 'ar') }}
),

episod as (
    {{ halls_ihop(
        'heldygn', person + ['placeringsform_kod', 'hem_id'],
        'placering_start_datum', 'placering_slut_datum', ['insats_id', 'placering_nr', 'stadsdel_kod']
    ) }}
),

numrerad as (
    select
        leverans_id,
        insats_id,
        placering_nr,
        dense_rank() over (
            partition by {{ person | join(', ') }} order by forsta_start_datum, placeringsform_kod, hem_id
        ) as episod_nr
    from episod
)

select
    p.kommun_kod,
    p.stadsdel_kod,
    p.ar,
    p.leverans_id,
    p.insats_id,
    p.placering_nr,
    p.person_id,
    p.id_typ_kod,
    p.kon_kod,
    p.fodelsear,
    p.insatstyp_kod,
    p.lagrum_kod,
    p.placeringsform_kod,
    p.ar_heldygn,
    p.hem_id,
    p.utforare_id,
    p.vistelsekommun_kod,
    p.ar_utanfor_lan,
    p.placering_start_datum,
    p.placering_slut_datum,
    p.placering_avslut_orsak_kod,
    cast(e.episod_nr as integer) as episod_nr,
    coalesce(v.vardygn, 0) as vardygn
from {{ ref('_bu_placering') }} as p
left join numrerad as e on {{ lika('p', 'e', ['leverans_id', 'insats_id', 'placering_nr']) }}
left join {{ ref('_placering_vardygn') }} as v on {{ lika('p', 'v', ['leverans_id', 'insats_id', 'placering_nr']) }}
where {{ pagar_under('p.placering_slut_datum', 'p.ar') }}
