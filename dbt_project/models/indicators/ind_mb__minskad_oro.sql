-- MB05. Grain: municipality x year x area and class x kön. Of the cohort, those who were worried at Grund: of the ones
-- rated at the follow-up too those with less worry, and of them all those not so rated.
with orolig as (
    select *
    from ({{ kohortens_omraden() }}) as o
    where oro_grund >= 1
),

uppfoljd as (
    select *
    from orolig
    where oro_uppfoljning is not null
)

{{ andelsrader('uppfoljd', 'oro_uppfoljning < oro_grund', 'kon', uppdelning='asi_oro',
    kod="concat(omrade_kod, '_minskad')") }}
union all
{{ andelsrader('orolig', 'oro_uppfoljning is null', 'kon', uppdelning='asi_oro',
    kod="concat(omrade_kod, '_ej_uppfoljt')") }}
union all
{{ kohortens_uppfoljning() }}
