-- Grain: one utredning that ended during its year, of a child of 0-20 years: what BU05-BU09 are counted of.
select
    kommun_kod,
    ar,
    person_id,
    kon_kod,
    ar - fodelsear as alder,
    {{ aldersgrupp_barn('ar - fodelsear') }} as aldersgrupp_kod,
    forlangd_utredning,
    anledning_huvud_kod,
    antal_barnsamtal,
    instrument_kod,
    beslut_kod,
    dagar,
    ar_inom_4_manader
from {{ ref('_utredning_barn') }}
where {{ ar_for('utredning_slut_datum') }} = ar and ar - fodelsear between 0 and 20
