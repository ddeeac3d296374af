-- BU06. Grain: municipality x year. Days of the utredningar that ended during the year, and their number. The value is
-- not their ratio but the median, made where values are made, of _utredningstid.
select
    kommun_kod,
    cast(ar as {{ dbt.type_string() }}) as period,
    'T' as kon_kod,
    'T' as aldersgrupp_kod,
    '-' as uppdelning,
    'T' as uppdelning_kod,
    sum(dagar) as taljare,
    count(*) as namnare,
    {{ nyckelsumma(postnyckel('person_id')) }} as taljare_nyckel,
    {{ nyckelsumma(postnyckel('person_id')) }} as namnare_nyckel,
    cast(null as bigint) as antal_bakom,
    cast(null as decimal(18, 2)) as storsta_bakom,
    false as ar_undertryckt_kvalitet
from {{ ref('_utredning_avslutad') }}
group by kommun_kod, ar
