-- Grain: one target group of an utredning or insats.
select
    malgrupp_kod,
    text,
    ar_bekraftad
from {{ ref('malgrupp') }}
