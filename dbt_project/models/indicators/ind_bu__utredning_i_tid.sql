-- BU05. Grain: municipality x year x cell, and by whether the utredning was prolonged. Utredningar that ended at most
-- four months after their start, over those that ended during the year.
{{ andelsrader(ref('_utredning_avslutad'), 'ar_inom_4_manader', 'kon_alder') }}
union all
{{ andelsrader(ref('_utredning_avslutad'), 'ar_inom_4_manader', uppdelning='forlangd', kod='forlangd_utredning') }}
