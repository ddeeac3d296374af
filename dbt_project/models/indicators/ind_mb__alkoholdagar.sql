-- MB07. Grain: municipality x year x kön. Of the cohort, those who have said the days with alcohol of the last thirty
-- both at Grund and at the follow-up: the sum of the changes, and their number. The value is the mean; its spread is of
-- _alkoholdagar.
with dagar as (
    select
        *,
        dagar_alkohol_uppfoljning - dagar_alkohol_grund as dagar_forandring
    from {{ ref('_asi_kohort') }}
    where ar_foljbar and dagar_alkohol_grund is not null and dagar_alkohol_uppfoljning is not null
)

{{ summarader('dagar', 'dagar_forandring', 'MB07') }}
union all
{{ kohortens_uppfoljning() }}
