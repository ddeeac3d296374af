-- Grain: one area that values are shown for, and its validity (half-open): kommun, kommungrupp, RSS, län, riket.
select
    'kommun' as geo_typ,
    kommun_kod as geo_kod,
    kommun_namn as geo_namn,
    giltig_fran,
    giltig_till
from {{ ref('dim_kommun') }}
union all
select
    'lan' as geo_typ,
    lan_kod as geo_kod,
    lan_namn as geo_namn,
    giltig_fran,
    giltig_till
from {{ ref('dim_lan') }}
union all
select
    'kommungrupp' as geo_typ,
    kommungrupp_2023_kod as geo_kod,
    max(kommungrupp_2023_namn) as geo_namn,
    cast('1900-01-01' as date) as giltig_fran,
    cast(null as date) as giltig_till
from {{ ref('dim_kommun') }}
where kommungrupp_2023_kod is not null
group by kommungrupp_2023_kod
union all
select
    'rss' as geo_typ,
    rss_kod as geo_kod,
    rss_namn as geo_namn,
    cast('1900-01-01' as date) as giltig_fran,
    cast(null as date) as giltig_till
from {{ ref('dim_rss') }}
union all
select
    'riket' as geo_typ,
    '00' as geo_kod,
    'Riket' as geo_namn,
    cast('1900-01-01' as date) as giltig_fran,
    cast(null as date) as giltig_till
