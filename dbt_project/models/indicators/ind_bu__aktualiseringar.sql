-- BU01. Grain: municipality x year x cell, and by kind of aktualisering. Aktualiseringar received during the year, of
-- children of 0-20 years, over the population of 0-20 years. One aktualisering is one child.
with aktualisering as (
    select
        kommun_kod,
        ar,
        person_id,
        kon_kod,
        {{ aldersgrupp_barn('ar - fodelsear') }} as aldersgrupp_kod,
        aktualisering_typ_kod
    from {{ ref('fct_aktualisering') }}
    where {{ ar_for('mottagen_datum') }} = ar and ar - fodelsear between 0 and 20
),

folkmangd as (
    {{ befolkningscell(aldersgrupp_barn('alder')) }}
)

{{ per_folkmangd('aktualisering') }}
union all
{{ per_folkmangd('aktualisering', 'aktualisering_typ', ['anmalan', 'ansokan', 'annat']) }}
