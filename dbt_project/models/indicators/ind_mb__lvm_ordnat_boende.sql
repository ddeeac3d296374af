-- MB12. Grain: municipality x year x kön. Discharges from care under LVM of persons of 21 years or more who did not
-- die: those to a home of some kind. An unknown one is not.
with utskrivning as (
    select *
    from {{ ref('fct_lvm_utskrivning') }}
    where ar - fodelsear >= 21 and boende_efter_kod <> 'avliden'
)

{{ andelsrader('utskrivning', "boende_efter_kod not in ('bostadslos', 'okand')", 'kon') }}
