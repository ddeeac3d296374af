-- BU14. Grain: municipality x year x age group, and by the kind of care they began with. Of those placed for the
-- first time the year before, who can be followed: those moved within twelve months. Followed are they, of all who
-- were placed for the first time, those with a reservnummer too.
with ny as (
    select
        *,
        {{ aldersgrupp_barn('ar - fodelsear') }} as aldersgrupp_kod
    from {{ ref('_nyplacerad') }}
    where ar - fodelsear between 0 and 20
)

select
    kommun_kod,
    cast(ar as {{ dbt.type_string() }}) as period,
    {{ alder_kolumner() }},
    '-' as uppdelning,
    'T' as uppdelning_kod,
    {{ antal_dar('ar_omplacerad') }} as taljare,
    count(*) as namnare,
    {{ nyckelsumma(postnyckel('person_id'), 'ar_omplacerad') }} as taljare_nyckel,
    {{ nyckelsumma(postnyckel('person_id')) }} as namnare_nyckel,
    {{ utan_belopp() }}
from ny
where kan_foljas
group by kommun_kod, ar, rollup(aldersgrupp_kod)
union all
select
    kommun_kod,
    {{ utan_kon_alder() }},
    'insatstyp' as uppdelning,
    insatstyp_kod as uppdelning_kod,
    {{ antal_dar('ar_omplacerad') }} as taljare,
    count(*) as namnare,
    {{ nyckelsumma(postnyckel('person_id'), 'ar_omplacerad') }} as taljare_nyckel,
    {{ nyckelsumma(postnyckel('person_id')) }} as namnare_nyckel,
    {{ utan_belopp() }}
from ny
where kan_foljas
group by kommun_kod, ar, insatstyp_kod
union all
select
    kommun_kod,
    {{ utan_kon_alder() }},
    'uppfoljning' as uppdelning,
    'uppfoljda' as uppdelning_kod,
    {{ antal_dar('kan_foljas') }} as taljare,
    count(*) as namnare,
    {{ nyckelsumma(postnyckel('person_id'), 'kan_foljas') }} as taljare_nyckel,
    {{ nyckelsumma(postnyckel('person_id')) }} as namnare_nyckel,
    {{ utan_belopp() }}
from ny
group by kommun_kod, ar
