-- MB13. Grain: municipality x year x kön. Persons of 18 years or more whose contact ended in the first half of the year
-- before and who have no new utredning of misuse within twelve months, over all whose contact ended.
{{ ej_ateraktualiserade(ref('_avslutad_kontakt_missbruk')) }}
