-- BU12. Grain: municipality x year x kön x age group. Days of care in a family home of some kind, over days of care;
-- a day counts once. The key of the days is the person's, once.
with person as (
    select
        kommun_kod,
        ar,
        person_id,
        kon_kod,
        {{ aldersgrupp_barn('ar - fodelsear') }} as aldersgrupp_kod,
        sum(case when placeringsform_kod in ('FAM', 'NATV', 'KONS') then vardygn else 0 end) as dygn_i_familj,
        sum(vardygn) as dygn
    from {{ ref('fct_placering') }}
    where vardygn > 0 and ar - fodelsear between 0 and 20
    group by kommun_kod, ar, person_id, kon_kod, fodelsear
)

select
    kommun_kod,
    cast(ar as {{ dbt.type_string() }}) as period,
    {{ kon_alder_kolumner() }},
    '-' as uppdelning,
    'T' as uppdelning_kod,
    sum(dygn_i_familj) as taljare,
    sum(dygn) as namnare,
    {{ nyckelsumma(postnyckel('person_id'), 'dygn_i_familj > 0') }} as taljare_nyckel,
    {{ nyckelsumma(postnyckel('person_id')) }} as namnare_nyckel,
    {{ utan_belopp() }}
from person
group by kommun_kod, ar, cube(kon_kod, aldersgrupp_kod)
