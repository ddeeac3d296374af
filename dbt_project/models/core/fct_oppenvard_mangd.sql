-- Grain: one municipality (and stadsdel), type of open care, kön, age group and year: children as the municipality
-- counted them. Types overlap, and OV0 is those with at least one: never add types. The key of the protection is that
-- of the row, which has no pseudonym: of the row and of the secret that goes with the pseudonyms' key. Without the
-- secret anybody could count the key out; then there is none, and the build stops.
with nyckel as (
    select skyddsnyckel
    from {{ ref('stg_huvudbok__nyckel') }}
    order by nyckel_nr desc
    limit 1
)

select
    m.kommun_kod,
    m.stadsdel_kod,
    {{ ar_av('m.period') }} as ar,
    m.leverans_id,
    m.oppenvard_kod,
    m.kon_kod,
    m.aldersgrupp_kod,
    m.antal,
    case
        when n.skyddsnyckel is not null
            then cast({{ postnyckel_av_namn([
                'n.skyddsnyckel', "'|'", 'm.kommun_kod', "'|'", 'm.period', "'|'", 'm.oppenvard_kod', "'|'", 'm.kon_kod',
                "'|'", 'm.aldersgrupp_kod', "'|'", 'm.antal'
            ]) }} as integer)
    end as postnyckel
from {{ ref('stg_bu__oppenvard_mangd') }} as m
inner join {{ ref('stg_huvudbok__i_kraft') }} as k
    on k.dataset = 'bu_oppenvard_mangd' and {{ lika('m', 'k', ['leverans_id', 'period']) }}
left join nyckel as n on true
