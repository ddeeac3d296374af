-- BU02. Grain: municipality x year x cell, and by kind of aktualisering. Aktualiseringar decided during the year that
-- lead to an utredning, a new one or one that goes on already (pafors), over those decided.
with aktualisering as (
    select
        kommun_kod,
        ar,
        person_id,
        kon_kod,
        {{ aldersgrupp_barn('ar - fodelsear') }} as aldersgrupp_kod,
        aktualisering_typ_kod,
        utfall_kod
    from {{ ref('fct_aktualisering') }}
    where utfall_kod is not null and {{ ar_for('beslut_datum') }} = ar and ar - fodelsear between 0 and 20
)

{{ andelsrader('aktualisering', "utfall_kod in ('inleds', 'pafors')", 'kon_alder') }}
union all
{{ andelsrader('aktualisering', "utfall_kod in ('inleds', 'pafors')", uppdelning='aktualisering_typ',
    kod='aktualisering_typ_kod') }}
