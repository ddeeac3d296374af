-- Grain: municipality x year x kön x change: how many of the cohort have so changed a number of days with alcohol. What
-- the mean of MB07 is of.
with dagar as (
    select
        *,
        dagar_alkohol_uppfoljning - dagar_alkohol_grund as dagar_forandring
    from {{ ref('_asi_kohort') }}
    where ar_foljbar and dagar_alkohol_grund is not null and dagar_alkohol_uppfoljning is not null
)

{{ fordelningsrader('dagar', 'dagar_forandring') }}
