-- BU14. Grain: municipality x year x age group, and by the kind of care they began with. Of those placed for the
-- first time the year before, who can be followed: those moved within twelve months. Followed are they, of all who
-- were placed for the first time, those with a reservnummer too.
with ny as (
    select
        *,
        {{ aldersgrupp_barn('ar - fodelsear') }} as aldersgrupp_kod
    from {{ ref('_nyplacerad') }}
    where ar - fodelsear between 0 and 20
),

foljd as (
    select *
    from ny
    where kan_foljas
)

{{ andelsrader('foljd', 'ar_omplacerad', 'alder') }}
union all
{{ andelsrader('foljd', 'ar_omplacerad', uppdelning='insatstyp', kod='insatstyp_kod') }}
union all
{{ andelsrader('ny', 'kan_foljas', uppdelning='uppfoljning', kod="'uppfoljda'") }}
