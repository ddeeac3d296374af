-- MB06. Grain: municipality x year x class x kön. Of the cohort, those with days of narcotics of the last thirty at
-- Grund: of the ones who have said it at the follow-up too those with none, and of them all those who have not.
with anvandare as (
    select *
    from {{ ref('_asi_kohort') }}
    where ar_foljbar and dagar_narkotika_grund > 0
),

uppfoljd as (
    select *
    from anvandare
    where dagar_narkotika_uppfoljning is not null
)

{{ andelsrader('uppfoljd', 'dagar_narkotika_uppfoljning = 0', 'kon', uppdelning='drogfrihet', kod="'drogfri'") }}
union all
{{ andelsrader('anvandare', 'dagar_narkotika_uppfoljning is null', 'kon', uppdelning='drogfrihet',
    kod="'ej_uppfoljt'") }}
union all
{{ kohortens_uppfoljning() }}
