-- MB04. Grain: municipality x year x area x kön. Of the cohort, those rated by the interviewer both at Grund and at the
-- follow-up: the sum of the changes, and their number. The value is the mean; its spread is of _asi_skattning.
with skattning as (
    select *
    from ({{ kohortens_omraden() }}) as o
    where intervjuare_forandring is not null
)

{{ summarader('skattning', 'intervjuare_forandring', 'MB04', uppdelning='asi_omrade', kod='omrade_kod') }}
union all
{{ kohortens_uppfoljning() }}
