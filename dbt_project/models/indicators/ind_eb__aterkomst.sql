-- EB12. Grain: municipality x year x cell, and by reason. Spells closed the year before, with aid again in the
-- same municipality two to twelve months after the last month, over spells closed the year before. The year is
-- the one in which the last return can fall; ålder is asked of it, and is the sökande's, an adult (EB-13).
with period as (
    select
        kommun_kod,
        ar + 1 as ar,
        person_id,
        kon_kod,
        {{ aldersgrupp('ar + 1 - fodelsear') }} as aldersgrupp_kod,
        avslutsorsak_kod,
        case when har_aterkommit then 1 else 0 end as aterkomst
    from {{ ref('fct_avslutad_period') }}
    where ar + 1 - fodelsear >= 18
)

select
    kommun_kod,
    cast(ar as {{ dbt.type_string() }}) as period,
    {{ kon_alder_kolumner() }},
    '-' as uppdelning,
    'T' as uppdelning_kod,
    sum(aterkomst) as taljare,
    count(*) as namnare,
    {{ nyckelsumma(postnyckel('person_id'), 'aterkomst = 1') }} as taljare_nyckel,
    {{ nyckelsumma(postnyckel('person_id')) }} as namnare_nyckel,
    cast(null as bigint) as antal_bakom,
    cast(null as decimal(18, 2)) as storsta_bakom,
    false as ar_undertryckt_kvalitet
from period
group by kommun_kod, ar, cube(kon_kod, aldersgrupp_kod)
union all
select
    kommun_kod,
    cast(ar as {{ dbt.type_string() }}) as period,
    'T' as kon_kod,
    'T' as aldersgrupp_kod,
    'avslutsorsak' as uppdelning,
    avslutsorsak_kod as uppdelning_kod,
    sum(aterkomst) as taljare,
    count(*) as namnare,
    {{ nyckelsumma(postnyckel('person_id'), 'aterkomst = 1') }} as taljare_nyckel,
    {{ nyckelsumma(postnyckel('person_id')) }} as namnare_nyckel,
    cast(null as bigint) as antal_bakom,
    cast(null as decimal(18, 2)) as storsta_bakom,
    false as ar_undertryckt_kvalitet
from period
group by kommun_kod, ar, avslutsorsak_kod
