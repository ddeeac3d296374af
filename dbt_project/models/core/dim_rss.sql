-- Grain: one regional structure for cooperation and support (RSS), the same all years.
select distinct
    rss_kod,
    rss_namn
from {{ ref('rss_kommun') }}
