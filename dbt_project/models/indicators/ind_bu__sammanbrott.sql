-- BU15. Grain: municipality x year x age group, and by form of placement. Episodes that ended in the year by
-- breakdown, over episodes that ended in the year. Followed are those whose reason is known.
{% set sammanbrott = "placering_avslut_orsak_kod = 'PA5'" %}
with episod as (
    select
        *,
        {{ aldersgrupp_barn('ar - fodelsear') }} as aldersgrupp_kod
    from {{ ref('_episod') }}
    where episod_slut_datum is not null and ar - fodelsear between 0 and 20
)

{{ andelsrader('episod', sammanbrott, 'alder') }}
union all
{{ andelsrader('episod', sammanbrott, uppdelning='placeringsform', kod='placeringsform_kod') }}
union all
{{ andelsrader('episod', "placering_avslut_orsak_kod <> 'PA9'", uppdelning='uppfoljning', kod="'uppfoljda'") }}
