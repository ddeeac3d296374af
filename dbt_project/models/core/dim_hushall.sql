-- Grain: one household in a municipality, stadsdel and year (hushall_id is unique within these only). Type is
-- that of the last month with aid.
with ar as (
    select
        kommun_kod,
        stadsdel_kod,
        hushall_id,
        ar,
        cast(count(*) as integer) as antal_bidragsmanader,
        max(antal_barn) as hogsta_antal_barn,
        max(concat(period, hushallstyp_kod)) as sista_hushallstyp
    from {{ ref('fct_bidragsmanad') }}
    group by kommun_kod, stadsdel_kod, hushall_id, ar
)

select
    kommun_kod,
    stadsdel_kod,
    hushall_id,
    ar,
    antal_bidragsmanader,
    hogsta_antal_barn,
    substring(sista_hushallstyp, 8) as hushallstyp_kod
from ar
