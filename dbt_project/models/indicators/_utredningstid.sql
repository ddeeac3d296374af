-- Grain: municipality x year x length in days: how many utredningar that ended during the year took so long. What the
-- median of BU06 is of.
select
    kommun_kod,
    cast(ar as {{ dbt.type_string() }}) as period,
    'T' as kon_kod,
    'T' as aldersgrupp_kod,
    '-' as uppdelning,
    'T' as uppdelning_kod,
    dagar as matvarde,
    count(*) as antal
from {{ ref('_utredning_avslutad') }}
group by kommun_kod, ar, dagar
