-- BU09. Grain: municipality x year x cell, and by reason. Utredningar with a decision that gives an insats, over those
-- that ended during the year.
{% set ger_insats = "beslut_kod in ('insats_sol_oppen', 'placering_sol', 'lvu')" %}
{{ andelsrader(ref('_utredning_avslutad'), ger_insats, 'kon_alder') }}
union all
{{ andelsrader(ref('_utredning_avslutad'), ger_insats, uppdelning='anledning', kod='anledning_huvud_kod') }}
