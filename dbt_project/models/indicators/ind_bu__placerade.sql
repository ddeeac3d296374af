-- BU10. Grain: municipality x year x cell. Children and young persons with at least one day of care in the year, over
-- the population of their age. By insatstyp a person is in each kind of care that went on some day of the year: the
-- kinds overlap, and the total is counted apart.
with placerad as (
    select
        kommun_kod,
        ar,
        person_id,
        kon_kod,
        {{ aldersgrupp_barn('ar - fodelsear') }} as aldersgrupp_kod
    from {{ ref('fct_placering') }}
    where ar_heldygn and ar - fodelsear between 0 and 20
    group by kommun_kod, ar, person_id, kon_kod, fodelsear
    having sum(vardygn) > 0
),

i_insatstyp as (
    select distinct
        kommun_kod,
        ar,
        person_id,
        insatstyp_kod
    from {{ ref('fct_placering') }}
    where ar_heldygn and ar - fodelsear between 0 and 20
),

folkmangd as (
    {{ befolkningscell(aldersgrupp_barn('alder')) }}
)

{{ per_folkmangd('placerad') }}
union all
{{ per_folkmangd('i_insatstyp', 'insatstyp', ['SOL', 'LVU_VARD', 'LVU_6']) }}
