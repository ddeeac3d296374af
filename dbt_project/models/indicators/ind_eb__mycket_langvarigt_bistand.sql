-- EB06. Grain: municipality x year x cell. Adults with aid in the year and in at least 27 of the 36 months that
-- end with it, never more than two months in a row without aid between the first and the last of them, over
-- adults with aid in the year. Months count in any role and at any age; age is asked of the year only (R26). A
-- year without aid is twelve zeros, and three zeros between two ones are too long a break.
{% set inget = "'000000000000'" %}
{% set mycket_langvarigt = "antal_manader >= 27 and manader not like '%1000%1%'" %}
with fonster as (
    select
        t.kommun_kod,
        t.ar,
        t.person_id,
        t.kon_kod,
        t.aldersgrupp_kod,
        t.antal_manader + coalesce(t1.antal_manader, 0) + coalesce(t2.antal_manader, 0) as antal_manader,
        concat(
            coalesce(t2.bistandsmanader, {{ inget }}), coalesce(t1.bistandsmanader, {{ inget }}), t.bistandsmanader
        ) as manader
    from {{ ref('fct_bistandsar') }} as t
    left join {{ ref('fct_bistandsar') }} as t1
        on {{ lika('t', 't1', ['kommun_kod', 'person_id']) }} and t.ar - 1 = t1.ar
    left join {{ ref('fct_bistandsar') }} as t2
        on {{ lika('t', 't2', ['kommun_kod', 'person_id']) }} and t.ar - 2 = t2.ar
    where t.alder >= 18
)

select
    kommun_kod,
    cast(ar as {{ dbt.type_string() }}) as period,
    {{ kon_alder_kolumner() }},
    '-' as uppdelning,
    'T' as uppdelning_kod,
    {{ antal_dar(mycket_langvarigt) }} as taljare,
    count(*) as namnare,
    {{ nyckelsumma(postnyckel('person_id'), mycket_langvarigt) }} as taljare_nyckel,
    {{ nyckelsumma(postnyckel('person_id')) }} as namnare_nyckel,
    cast(null as bigint) as antal_bakom,
    cast(null as decimal(18, 2)) as storsta_bakom,
    false as ar_undertryckt_kvalitet
from fonster
group by kommun_kod, ar, cube(kon_kod, aldersgrupp_kod)
