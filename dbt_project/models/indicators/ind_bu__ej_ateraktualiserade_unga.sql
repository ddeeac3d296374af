-- BU17. Grain: municipality x year x kön. Persons of 13-20 years whose contact ended in the first half of the year
-- before and who have no new utredning within twelve months, over all whose contact ended.
{{ ej_ateraktualiserade(ref('_avslutad_kontakt'), 'ar - fodelsear between 13 and 20') }}
