-- BU06. Grain: municipality x year. Days of the utredningar that ended during the year, and their number. The value is
-- not their ratio but the median, made where values are made, of _utredningstid.
select
    kommun_kod,
    {{ utan_kon_alder() }},
    '-' as uppdelning,
    'T' as uppdelning_kod,
    sum(dagar) as taljare,
    count(*) as namnare,
    {{ nyckelsumma(postnyckel('person_id')) }} as taljare_nyckel,
    {{ nyckelsumma(postnyckel('person_id')) }} as namnare_nyckel,
    {{ utan_belopp() }}
from {{ ref('_utredning_avslutad') }}
group by kommun_kod, ar
