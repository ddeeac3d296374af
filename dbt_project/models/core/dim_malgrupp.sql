-- Grain: one target group of an utredning or insats: those of barn och unga and of missbruk och beroende.
select
    malgrupp_kod,
    text,
    ar_bekraftad
from {{ ref('malgrupp') }}
union all
select
    malgrupp_kod,
    text,
    ar_bekraftad
from {{ ref('malgrupp_missbruk') }}
