-- BU11. Grain: municipality x year x kind of care x kön x age group. Children and young persons with a round-the-clock
-- placement of the kind that went on some day of the year; one under two kinds is in both, so there is no total.
with person as (
    select distinct
        kommun_kod,
        ar,
        person_id,
        kon_kod,
        {{ aldersgrupp_barn('ar - fodelsear') }} as aldersgrupp_kod,
        insatstyp_kod
    from {{ ref('fct_placering') }}
    where ar_heldygn and ar - fodelsear between 0 and 20
)

select
    kommun_kod,
    cast(ar as {{ dbt.type_string() }}) as period,
    {{ kon_alder_kolumner() }},
    'insatstyp' as uppdelning,
    insatstyp_kod as uppdelning_kod,
    count(*) as taljare,
    cast(null as bigint) as namnare,
    {{ nyckelsumma(postnyckel('person_id')) }} as taljare_nyckel,
    cast(null as bigint) as namnare_nyckel,
    {{ utan_belopp() }}
from person
group by kommun_kod, ar, insatstyp_kod, cube(kon_kod, aldersgrupp_kod)
