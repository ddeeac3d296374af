-- Grain: municipality x kön x one-year age x expected year, 31 December: the denominators. The seed holds one
-- modelled table, used for every year until SCB's own has been fetched; ar_modellerad says so.
with ar as (
    select distinct {{ ar_av('period') }} as ar
    from {{ ref('stg_huvudbok__forvantad') }}
)

select
    b.kommun_kod,
    b.kon_kod,
    b.alder,
    {{ aldersgrupp('b.alder') }} as aldersgrupp_kod,
    a.ar,
    b.antal,
    b.ar_modellerad
from {{ ref('befolkning') }} as b
cross join ar as a
