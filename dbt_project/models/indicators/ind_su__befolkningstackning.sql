-- SU02. Grain: municipality x dataset x month or year. The municipality's population where its delivery is
-- approved, else 0; summed over municipalities it is the share of the population covered. A year counts with
-- twelve approved months. Sources that deliver by year are not in it.
with befolkning as (
    select
        kommun_kod,
        ar,
        sum(antal) as antal
    from {{ ref('fct_befolkning') }}
    group by kommun_kod, ar
),

godkand as (
    select
        kommun_kod,
        ar,
        dataset,
        period,
        ar_godkand
    from {{ ref('fct_leverans') }}
    where length(period) > 4
    union all
    select
        kommun_kod,
        ar,
        dataset,
        cast(ar as {{ dbt.type_string() }}) as period,
        sum(case when ar_godkand then 1 else 0 end) = 12 as ar_godkand
    from {{ ref('fct_leverans') }}
    where length(period) > 4
    group by kommun_kod, ar, dataset
)

select
    g.kommun_kod,
    g.period,
    'T' as kon_kod,
    'T' as aldersgrupp_kod,
    'dataset' as uppdelning,
    g.dataset as uppdelning_kod,
    case when g.ar_godkand then b.antal else 0 end as taljare,
    b.antal as namnare,
    cast(null as bigint) as taljare_nyckel,
    cast(null as bigint) as namnare_nyckel,
    cast(null as bigint) as antal_bakom,
    cast(null as decimal(18, 2)) as storsta_bakom,
    false as ar_undertryckt_kvalitet
from godkand as g
inner join befolkning as b on g.kommun_kod = b.kommun_kod and g.ar = b.ar
