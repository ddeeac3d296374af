-- Grain: municipality x year x length in days: how many utredningar that ended during the year took so long. What the
-- median of BU06 is of.
select
    kommun_kod,
    {{ utan_kon_alder() }},
    '-' as uppdelning,
    'T' as uppdelning_kod,
    dagar as matvarde,
    count(*) as antal
from {{ ref('_utredning_avslutad') }}
group by kommun_kod, ar, dagar
