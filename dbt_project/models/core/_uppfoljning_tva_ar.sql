-- Grain: one uppföljning and year of a value with a window of two years (varde_ar): what was delivered for that year
-- and the year before. A key that stands in both has the row of the later (barn_och_unga.md, section 2).
with fonster as (
    select
        u.*,
        u.ar + n.ar_efter as varde_ar,
        row_number() over (
            partition by u.kommun_kod, u.stadsdel_kod, u.insats_id, u.uppfoljning_nr, u.ar + n.ar_efter
            order by u.ar desc
        ) as ordning
    from {{ ref('_uppfoljning_bbic') }} as u
    cross join (values (0), (1)) as n (ar_efter)
)

select
    varde_ar,
    kommun_kod,
    stadsdel_kod,
    ar,
    insats_id,
    uppfoljning_nr,
    person_id,
    uppfoljning_datum,
    uppfoljning_typ_kod,
    maluppfyllelse_kod
from fonster
where ordning = 1
