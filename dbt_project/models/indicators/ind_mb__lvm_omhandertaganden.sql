-- MB10. Grain: municipality x year x cell. Immediate takings into care under LVM of persons of 21 years or more, over
-- the population of 21 years or more.
with omhandertagande as (
    select
        *,
        {{ aldersgrupp_vuxen('ar - fodelsear') }} as aldersgrupp_kod
    from {{ ref('fct_lvm_omhandertagande') }}
    where ar - fodelsear >= 21
),

folkmangd as (
    {{ befolkningscell(aldersgrupp_vuxen('alder')) }}
)

{{ per_folkmangd('omhandertagande') }}
