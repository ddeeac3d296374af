-- Grain: one uppföljning and year of a value with a window of two years (varde_ar): what was delivered for that year
-- and the year before. A key that stands in both has the row of the later (barn_och_unga.md, section 2).
with fonster as (
    {{ i_fonster(ref('_uppfoljning_bbic'), ['insats_id', 'uppfoljning_nr'], 2) }}
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
