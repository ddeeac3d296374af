-- BU13. Grain: municipality x year x age group. Episodes that begin in the year in a network home, over episodes that
-- begin in the year.
with episod as (
    select
        kommun_kod,
        ar,
        person_id,
        {{ aldersgrupp_barn('ar - fodelsear') }} as aldersgrupp_kod,
        placeringsform_kod
    from {{ ref('_episod') }}
    where episod_start_datum >= {{ arets_forsta('ar') }} and ar - fodelsear between 0 and 20
)

select
    kommun_kod,
    cast(ar as {{ dbt.type_string() }}) as period,
    {{ alder_kolumner() }},
    '-' as uppdelning,
    'T' as uppdelning_kod,
    {{ antal_dar("placeringsform_kod = 'NATV'") }} as taljare,
    count(*) as namnare,
    {{ nyckelsumma(postnyckel('person_id'), "placeringsform_kod = 'NATV'") }} as taljare_nyckel,
    {{ nyckelsumma(postnyckel('person_id')) }} as namnare_nyckel,
    {{ utan_belopp() }}
from episod
group by kommun_kod, ar, rollup(aldersgrupp_kod)
