-- BU13. Grain: municipality x year x age group. Episodes that begin in the year in a network home, over episodes that
-- begin in the year.
with episod as (
    select
        *,
        {{ aldersgrupp_barn('ar - fodelsear') }} as aldersgrupp_kod
    from {{ ref('_episod') }}
    where episod_start_datum >= {{ arets_forsta('ar') }} and ar - fodelsear between 0 and 20
)

{{ andelsrader('episod', "placeringsform_kod = 'NATV'", 'alder') }}
