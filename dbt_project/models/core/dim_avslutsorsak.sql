-- Grain: one code for the reason why aid ended.
select
    avslutsorsak_kod,
    text,
    ar_bekraftad
from {{ ref('avslutsorsak') }}
