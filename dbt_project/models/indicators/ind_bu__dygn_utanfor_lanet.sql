-- BU21. Grain: municipality x year, and by form of placement. Days of care in homes outside the municipality's own län,
-- over days where it is known where the home lies. The key of the days is the person's, once.
with person as (
    select
        kommun_kod,
        ar,
        person_id,
        placeringsform_kod,
        sum(case when ar_utanfor_lan then vardygn else 0 end) as dygn_utanfor,
        sum(vardygn) as dygn
    from {{ ref('fct_placering') }}
    where vardygn > 0 and ar_utanfor_lan is not null and ar - fodelsear between 0 and 20
    group by kommun_kod, ar, person_id, rollup(placeringsform_kod)
)

select
    kommun_kod,
    {{ utan_kon_alder() }},
    case when placeringsform_kod is null then '-' else 'placeringsform' end as uppdelning,
    coalesce(placeringsform_kod, 'T') as uppdelning_kod,
    sum(dygn_utanfor) as taljare,
    sum(dygn) as namnare,
    {{ nyckelsumma(postnyckel('person_id'), 'dygn_utanfor > 0') }} as taljare_nyckel,
    {{ nyckelsumma(postnyckel('person_id')) }} as namnare_nyckel,
    {{ utan_belopp() }}
from person
group by kommun_kod, ar, placeringsform_kod
