-- EB07. Grain: municipality x year or month. Granted amount over the population of 31 December of the year.
-- The population carries the rows. For the protection of kronor: antal_bakom counts the households behind the
-- amount, storsta_bakom is what the largest of them has. The key is that of the persons month by month (what a
-- month shows must not change when the year goes on) and of the whole kronor, so that a changed amount gives
-- another.
with manad as (
    select
        kommun_kod,
        period,
        ar,
        sum(belopp_kr) as belopp_kr,
        count(*) as antal_hushall,
        max(belopp_kr) as storsta_belopp_kr
    from {{ ref('fct_bidragsmanad') }}
    group by kommun_kod, period, ar
),

personer as (
    select
        kommun_kod,
        period,
        {{ nyckelsumma(postnyckel('person_id')) }} as nyckel
    from {{ ref('fct_bidragsmanad_person') }}
    group by kommun_kod, period
),

manad_nyckel as (
    select
        m.*,
        cast(floor(m.belopp_kr) as bigint) + coalesce(p.nyckel, 0) as nyckel
    from manad as m
    left join personer as p on m.kommun_kod = p.kommun_kod and m.period = p.period
),

hushall as (
    select
        kommun_kod,
        ar,
        count(*) as antal_hushall,
        max(arsbelopp_kr) as storsta_belopp_kr
    from {{ ref('dim_hushall') }}
    group by kommun_kod, ar
),

belopp as (
    select
        kommun_kod,
        period,
        belopp_kr,
        antal_hushall,
        storsta_belopp_kr,
        nyckel
    from manad_nyckel
    union all
    select
        m.kommun_kod,
        cast(m.ar as {{ dbt.type_string() }}) as period,
        sum(m.belopp_kr) as belopp_kr,
        max(h.antal_hushall) as antal_hushall,
        max(h.storsta_belopp_kr) as storsta_belopp_kr,
        sum(m.nyckel) as nyckel
    from manad_nyckel as m
    inner join hushall as h on m.kommun_kod = h.kommun_kod and m.ar = h.ar
    group by m.kommun_kod, m.ar
),

befolkning as (
    select
        kommun_kod,
        ar,
        sum(antal) as antal
    from {{ ref('fct_befolkning') }}
    group by kommun_kod, ar
)

select
    f.kommun_kod,
    p.period,
    'T' as kon_kod,
    'T' as aldersgrupp_kod,
    '-' as uppdelning,
    'T' as uppdelning_kod,
    coalesce(b.belopp_kr, 0) as taljare,
    f.antal as namnare,
    coalesce(b.nyckel, 0) as taljare_nyckel,
    cast(null as bigint) as namnare_nyckel,
    coalesce(b.antal_hushall, 0) as antal_bakom,
    coalesce(b.storsta_belopp_kr, 0) as storsta_bakom,
    false as ar_undertryckt_kvalitet
from befolkning as f
inner join {{ ref('dim_period') }} as p on f.ar = p.ar
left join belopp as b on f.kommun_kod = b.kommun_kod and p.period = b.period
