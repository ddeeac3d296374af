-- BU16. Grain: municipality x year x kön. Persons of 0-12 years whose contact ended in the first half of the year
-- before and who have no new utredning within twelve months, over all whose contact ended. Who has a reservnummer
-- cannot be followed: they are only in the denominator of the follow-up.
with avslutad as (
    select *
    from {{ ref('_avslutad_kontakt') }}
    where ar - fodelsear between 0 and 12
),

foljd as (
    select *
    from avslutad
    where not ar_reservnummer
)

{{ andelsrader('foljd', 'not ar_ateraktualiserad', 'kon') }}
union all
{{ andelsrader('avslutad', 'not ar_reservnummer', uppdelning='uppfoljning', kod="'uppfoljda'") }}
