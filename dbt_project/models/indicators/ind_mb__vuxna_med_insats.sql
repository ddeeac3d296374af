-- MB01. Grain: municipality x year x cell. Persons of 21 years or more with an insats of misuse that went on some day
-- of the year, over the population of 21 years or more.
with person as (
    select distinct
        kommun_kod,
        ar,
        person_id,
        kon_kod,
        {{ aldersgrupp_vuxen('ar - fodelsear') }} as aldersgrupp_kod
    from {{ ref('_insatsperiod_missbruk') }}
    where {{ galler_eget_missbruk('malgrupp_kod') }} and ar - fodelsear >= 21
),

folkmangd as (
    {{ befolkningscell(aldersgrupp_vuxen('alder')) }}
)

{{ per_folkmangd('person') }}
