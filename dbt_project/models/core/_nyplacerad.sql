-- Grain: one person newly placed, of the year before: nobody with a round-the-clock row from before that year, and
-- with an episode that began in it (f, the first). ar is the year of the value, the one after. Moved is who has
-- another episode that begins within twelve months after f, built of both years' deliveries (a row in both: the
-- later's, whole) and without any row of an episode that began f. A reservnummer is not the same person next year,
-- and says nothing of moving.
{% set person = ['kommun_kod', 'person_id'] %}
{% set rad = ['kommun_kod', 'stadsdel_kod', 'insats_id', 'placering_nr'] %}
with fore as (
    select
        p.*,
        p.ar + 1 as visat_ar,
        min(p.placering_start_datum) over (partition by p.kommun_kod, p.ar, p.person_id) as forsta_datum,
        min(p.placering_start_datum) over (
            partition by p.kommun_kod, p.ar, p.person_id, p.episod_nr
        ) as episod_start_datum
    from {{ ref('fct_placering') }} as p
    where p.ar_heldygn
),

ny as (
    select
        *,
        row_number() over (
            partition by kommun_kod, visat_ar, person_id
            order by {{ insatstyp_ordning('insatstyp_kod') }}, insats_id, stadsdel_kod desc
        ) as ordning
    from fore
    where placering_start_datum = forsta_datum and forsta_datum >= {{ arets_forsta('ar') }}
),

forsta_rad as (
    select
        visat_ar,
        {{ rad | join(', ') }}
    from fore
    where episod_start_datum = forsta_datum and forsta_datum >= {{ arets_forsta('ar') }}
),

bada as (
    select
        n.visat_ar,
        n.forsta_datum,
        p.*
    from ny as n
    inner join {{ ref('_bu_placering') }} as p
        on {{ lika('n', 'p', person) }} and p.ar in (n.visat_ar - 1, n.visat_ar)
    where n.ordning = 1 and n.id_typ_kod <> 'reserv'
),

gallande as (
    select b.*
    from bada as b
    left join {{ ref('_bu_placering') }} as senare
        on {{ lika('b', 'senare', rad) }} and b.visat_ar = senare.ar
    where b.ar_heldygn and (b.ar = b.visat_ar or senare.insats_id is null)
),

episod as (
    {{ halls_ihop(
        'gallande', person + ['visat_ar', 'placeringsform_kod', 'hem_id'],
        'placering_start_datum', 'placering_slut_datum', ['insats_id', 'placering_nr', 'stadsdel_kod']
    ) }}
),

flytt as (
    select
        e.kommun_kod,
        e.person_id,
        e.visat_ar
    from episod as e
    left join forsta_rad as f on {{ lika('e', 'f', rad) }} and e.visat_ar = f.visat_ar
    group by e.kommun_kod, e.person_id, e.visat_ar, e.placeringsform_kod, e.hem_id, e.omgang
    having
        count(f.insats_id) = 0
        and min(e.placering_start_datum) > min(e.forsta_datum)
        and min(e.placering_start_datum) <= {{ manader_efter('min(e.forsta_datum)', 12) }}
)

select
    n.kommun_kod,
    n.visat_ar as ar,
    n.person_id,
    n.id_typ_kod,
    n.fodelsear,
    n.insatstyp_kod,
    n.forsta_datum,
    n.id_typ_kod <> 'reserv' as kan_foljas,
    n.id_typ_kod <> 'reserv' and exists (
        select 1 from flytt as f
        where {{ lika('n', 'f', person + ['visat_ar']) }}
    ) as ar_omplacerad
from ny as n
where n.ordning = 1
