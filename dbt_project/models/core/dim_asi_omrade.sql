-- Grain: one of the seven areas of ASI.
select
    omrade_kod,
    text,
    ar_bekraftad
from {{ ref('asi_omrade') }}
