-- Grain: municipality x year x area x kön x change: how many of the cohort have so changed a rating by the interviewer.
-- What the mean of MB04 is of.
with skattning as (
    select *
    from ({{ kohortens_omraden() }}) as o
    where intervjuare_forandring is not null
)

{{ fordelningsrader('skattning', 'intervjuare_forandring', uppdelning='asi_omrade', kod='omrade_kod') }}
