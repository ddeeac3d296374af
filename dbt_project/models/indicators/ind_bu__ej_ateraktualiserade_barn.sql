-- BU16. Grain: municipality x year x kön. Persons of 0-12 years whose contact ended in the first half of the year
-- before and who have no new utredning within twelve months, over all whose contact ended.
{{ ej_ateraktualiserade(ref('_avslutad_kontakt'), 'ar - fodelsear between 0 and 12') }}
