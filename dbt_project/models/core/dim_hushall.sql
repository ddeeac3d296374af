-- Grain: one household in a municipality and year (hushall_id is unique within these only). Type and children
-- are those of the last month with aid; a household with two rows in it takes the higher code.
with ar as (
    select
        kommun_kod,
        hushall_id,
        ar,
        cast(count(distinct manad) as integer) as antal_bidragsmanader,
        max(antal_barn) as hogsta_antal_barn,
        max(concat(period, hushallstyp_kod)) as sista_hushallstyp
    from {{ ref('fct_bidragsmanad') }}
    group by kommun_kod, hushall_id, ar
)

select
    kommun_kod,
    hushall_id,
    ar,
    antal_bidragsmanader,
    hogsta_antal_barn,
    substring(sista_hushallstyp, 8) as hushallstyp_kod
from ar
