-- EB07. Grain: municipality x year or month. Granted amount over the population of 31 December of the year.
-- The population carries the rows; antal_bakom counts the households behind the amount, for the protection of
-- kronor.
with manad as (
    select
        kommun_kod,
        period,
        ar,
        sum(belopp_kr) as belopp_kr,
        count(*) as antal_hushall
    from {{ ref('fct_bidragsmanad') }}
    group by kommun_kod, period, ar
),

hushall as (
    select
        kommun_kod,
        ar,
        count(*) as antal_hushall
    from {{ ref('dim_hushall') }}
    group by kommun_kod, ar
),

belopp as (
    select
        kommun_kod,
        period,
        belopp_kr,
        antal_hushall
    from manad
    union all
    select
        m.kommun_kod,
        cast(m.ar as {{ dbt.type_string() }}) as period,
        sum(m.belopp_kr) as belopp_kr,
        max(h.antal_hushall) as antal_hushall
    from manad as m
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
    coalesce(b.antal_hushall, 0) as antal_bakom,
    false as ar_undertryckt_kvalitet
from befolkning as f
inner join {{ ref('dim_period') }} as p on f.ar = p.ar
left join belopp as b on f.kommun_kod = b.kommun_kod and p.period = b.period
