-- Grain: one municipality (and stadsdel), type of open care, kön, age group and year: children as the municipality
-- counted them. Types overlap, and OV0 is those with at least one: never add types. The key of the protection is that
-- of the row, which has no pseudonym.
select
    m.kommun_kod,
    m.stadsdel_kod,
    {{ ar_av('m.period') }} as ar,
    m.leverans_id,
    m.oppenvard_kod,
    m.kon_kod,
    m.aldersgrupp_kod,
    m.antal,
    cast({{ postnyckel_av_namn([
        'm.kommun_kod', "'|'", 'm.period', "'|'", 'm.oppenvard_kod', "'|'", 'm.kon_kod', "'|'", 'm.aldersgrupp_kod', "'|'",
        'm.antal'
    ]) }} as integer) as postnyckel
from {{ ref('stg_bu__oppenvard_mangd') }} as m
inner join {{ ref('stg_huvudbok__i_kraft') }} as k
    on k.dataset = 'bu_oppenvard_mangd' and {{ lika('m', 'k', ['leverans_id', 'period']) }}
