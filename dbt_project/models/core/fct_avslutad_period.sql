-- Grain: one closed spell: a sökande in a municipality whose aid ended with the month period, as an avslut says
-- (R29). An avslut closes the spell of the sökande of its last month with aid if that person has no aid in any role in
-- the month after. Of several the last reported decides. Which month and whose it is stands in _avslut_sokande.
with rangordnad as (
    select
        *,
        row_number() over (
            partition by kommun_kod, person_id, period
            order by rapport_period desc, avslut_datum desc, avslutsorsak_kod desc, hushall_id asc, stadsdel_kod asc
        ) as ordning
    from {{ ref('_avslut_sokande') }}
    where not har_bistand_efter
)

select
    kommun_kod,
    person_id,
    period,
    ar,
    kon_kod,
    fodelsear,
    avslutsorsak_kod,
    avslut_datum,
    rapport_period,
    substring(tva_ar, manad + 2, 11) like '%1%' as har_aterkommit,
    leverans_id
from rangordnad
where ordning = 1
