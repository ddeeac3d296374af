-- EB11. Grain: municipality x year x cell. Closed spells of which the reason is arbete or studier (AO1, AO2),
-- over closed spells; a spell is of the year of its last month with aid. Kön and ålder are the sökande's, who is
-- an adult: the gate sees to that (EB-13). A year is preliminary until avslut reported by April are in.
with period as (
    select
        kommun_kod,
        ar,
        person_id,
        kon_kod,
        {{ aldersgrupp('ar - fodelsear') }} as aldersgrupp_kod,
        avslutsorsak_kod
    from {{ ref('fct_avslutad_period') }}
    where ar - fodelsear >= 18
)

select
    kommun_kod,
    cast(ar as {{ dbt.type_string() }}) as period,
    {{ kon_alder_kolumner() }},
    '-' as uppdelning,
    'T' as uppdelning_kod,
    sum(case when avslutsorsak_kod in ('AO1', 'AO2') then 1 else 0 end) as taljare,
    count(*) as namnare,
    {{ nyckelsumma(postnyckel('person_id'), "avslutsorsak_kod in ('AO1', 'AO2')") }} as taljare_nyckel,
    {{ nyckelsumma(postnyckel('person_id')) }} as namnare_nyckel,
    cast(null as bigint) as antal_bakom,
    cast(null as decimal(18, 2)) as storsta_bakom,
    false as ar_undertryckt_kvalitet
from period
group by kommun_kod, ar, cube(kon_kod, aldersgrupp_kod)
