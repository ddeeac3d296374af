-- BU04. Grain: municipality x year x cell. Utredningar started during the year, of children of 0-20 years, over the
-- population of 0-20 years.
with utredning as (
    select
        kommun_kod,
        ar,
        person_id,
        kon_kod,
        {{ aldersgrupp_barn('ar - fodelsear') }} as aldersgrupp_kod
    from {{ ref('_utredning_barn') }}
    where {{ ar_for('utredning_start_datum') }} = ar and ar - fodelsear between 0 and 20
),

folkmangd as (
    {{ befolkningscell(aldersgrupp_barn('alder')) }}
)

{{ per_folkmangd('utredning') }}
