-- EB02. Grain: municipality x year. Children (by year of birth, whatever role) with aid in at least one month of
-- the year, over the population under 18. The population carries the rows.
with barn as (
    select
        kommun_kod,
        ar,
        count(*) as antal,
        {{ nyckelsumma(postnyckel('person_id')) }} as nyckel
    from {{ ref('fct_bistandsar') }}
    where alder < 18
    group by kommun_kod, ar
),

befolkning as (
    select
        kommun_kod,
        ar,
        sum(antal) as antal
    from {{ ref('fct_befolkning') }}
    where alder < 18
    group by kommun_kod, ar
)

select
    f.kommun_kod,
    cast(f.ar as {{ dbt.type_string() }}) as period,
    'T' as kon_kod,
    'T' as aldersgrupp_kod,
    '-' as uppdelning,
    'T' as uppdelning_kod,
    coalesce(b.antal, 0) as taljare,
    f.antal as namnare,
    coalesce(b.nyckel, 0) as taljare_nyckel,
    cast(null as bigint) as namnare_nyckel,
    cast(null as bigint) as antal_bakom,
    cast(null as decimal(18, 2)) as storsta_bakom,
    false as ar_undertryckt_kvalitet
from befolkning as f
left join barn as b on f.kommun_kod = b.kommun_kod and f.ar = b.ar
