-- BU03. Grain: municipality x year. Anmälningar decided at most 14 days after reception (day 0), over those decided
-- during the year. What took longer is in the denominator: it is a result, never a fault.
with anmalan as (
    select
        kommun_kod,
        ar,
        person_id,
        ar_inom_14_dagar
    from {{ ref('fct_aktualisering') }}
    where
        aktualisering_typ_kod = 'anmalan'
        and utfall_kod is not null
        and {{ ar_for('beslut_datum') }} = ar
        and ar - fodelsear between 0 and 20
)

{{ andelsrader('anmalan', 'ar_inom_14_dagar') }}
