-- Grain: one local insats that ended during its year, of a child of 0-20 years, with the latest uppföljning of it from
-- that year's delivery and the one before, on or after its start; empty when there is none. An insats is followed by
-- its insats_id, whoever the child is: it is the insats that is counted (SU03, SU04).
with kopplad as (
    select
        i.*,
        u.uppfoljning_datum,
        u.maluppfyllelse_kod,
        row_number() over (
            partition by i.kommun_kod, i.stadsdel_kod, i.ar, i.insats_id
            order by u.uppfoljning_datum desc, u.uppfoljning_nr desc
        ) as ordning
    from {{ ref('_insatsperiod_lokal') }} as i
    left join {{ ref('_uppfoljning_tva_ar') }} as u
        on
            i.kommun_kod = u.kommun_kod
            and i.stadsdel_kod = u.stadsdel_kod
            and i.insats_id = u.insats_id
            and i.ar = u.varde_ar
            and i.insats_start_datum <= u.uppfoljning_datum
    where i.insats_slut_datum is not null and i.ar - i.fodelsear between 0 and 20
)

select
    kommun_kod,
    stadsdel_kod,
    ar,
    insats_id,
    person_id,
    malgrupp_kod,
    metod_kod,
    uppfoljning_datum,
    maluppfyllelse_kod
from kopplad
where ordning = 1
