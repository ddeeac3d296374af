-- BU08. Grain: municipality x year, and by reason. Utredningar in which an instrument carried the assessment, over
-- those that ended during the year.
{{ andelsrader(ref('_utredning_avslutad'), "instrument_kod <> 'INGEN'") }}
union all
{{ andelsrader(ref('_utredning_avslutad'), "instrument_kod <> 'INGEN'", uppdelning='anledning',
    kod='anledning_huvud_kod') }}
