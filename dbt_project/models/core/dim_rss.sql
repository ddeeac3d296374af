-- Grain: one regional support structure (RSS). The municipalities of it are in dim_kommun.
select distinct
    rss_kod,
    rss_namn,
    ar_bekraftad
from {{ ref('rss_kommun') }}
