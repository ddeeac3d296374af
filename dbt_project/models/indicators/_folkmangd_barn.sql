-- Grain: municipality x year x kön x ålder, totals included: the population of 0-20 years on 31 December.
with barn as (
    select
        kommun_kod,
        ar,
        kon_kod,
        {{ aldersgrupp_barn('alder') }} as aldersgrupp_kod,
        antal
    from {{ ref('fct_befolkning') }}
    where alder between 0 and 20
)

select
    kommun_kod,
    ar,
    {{ kon_alder_kolumner() }},
    sum(antal) as antal
from barn
group by kommun_kod, ar, cube(kon_kod, aldersgrupp_kod)
