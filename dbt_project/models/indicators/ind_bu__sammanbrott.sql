-- BU15. Grain: municipality x year x age group, and by form of placement. Episodes that ended in the year by
-- breakdown, over episodes that ended in the year. Followed are those whose reason is known.
with episod as (
    select
        kommun_kod,
        ar,
        person_id,
        {{ aldersgrupp_barn('ar - fodelsear') }} as aldersgrupp_kod,
        placeringsform_kod,
        placering_avslut_orsak_kod
    from {{ ref('_episod') }}
    where episod_slut_datum is not null and ar - fodelsear between 0 and 20
)

select
    kommun_kod,
    cast(ar as {{ dbt.type_string() }}) as period,
    {{ alder_kolumner() }},
    '-' as uppdelning,
    'T' as uppdelning_kod,
    {{ antal_dar("placering_avslut_orsak_kod = 'PA5'") }} as taljare,
    count(*) as namnare,
    {{ nyckelsumma(postnyckel('person_id'), "placering_avslut_orsak_kod = 'PA5'") }} as taljare_nyckel,
    {{ nyckelsumma(postnyckel('person_id')) }} as namnare_nyckel,
    {{ utan_belopp() }}
from episod
group by kommun_kod, ar, rollup(aldersgrupp_kod)
union all
select
    kommun_kod,
    {{ utan_kon_alder() }},
    'placeringsform' as uppdelning,
    placeringsform_kod as uppdelning_kod,
    {{ antal_dar("placering_avslut_orsak_kod = 'PA5'") }} as taljare,
    count(*) as namnare,
    {{ nyckelsumma(postnyckel('person_id'), "placering_avslut_orsak_kod = 'PA5'") }} as taljare_nyckel,
    {{ nyckelsumma(postnyckel('person_id')) }} as namnare_nyckel,
    {{ utan_belopp() }}
from episod
group by kommun_kod, ar, placeringsform_kod
union all
select
    kommun_kod,
    {{ utan_kon_alder() }},
    'uppfoljning' as uppdelning,
    'uppfoljda' as uppdelning_kod,
    {{ antal_dar("placering_avslut_orsak_kod <> 'PA9'") }} as taljare,
    count(*) as namnare,
    {{ nyckelsumma(postnyckel('person_id'), "placering_avslut_orsak_kod <> 'PA9'") }} as taljare_nyckel,
    {{ nyckelsumma(postnyckel('person_id')) }} as namnare_nyckel,
    {{ utan_belopp() }}
from episod
group by kommun_kod, ar
