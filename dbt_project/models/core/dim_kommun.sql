-- Grain: one municipality code and validity (half-open). A change of code or län is a new row, so that
-- history stays in the län it belonged to. A start that the seed leaves open is set long before the series,
-- to spare every reader a case.
with grupp as (
    select
        kommun_kod,
        max(case when indelning_ar = 2017 then kommungrupp_kod end) as kommungrupp_2017_kod,
        max(case when indelning_ar = 2017 then kommungrupp_namn end) as kommungrupp_2017_namn,
        max(case when indelning_ar = 2023 then kommungrupp_kod end) as kommungrupp_2023_kod,
        max(case when indelning_ar = 2023 then kommungrupp_namn end) as kommungrupp_2023_namn
    from {{ ref('kommungrupper') }}
    group by kommun_kod
)

select
    k.kommun_kod,
    k.kommun_namn,
    k.lan_kod,
    l.lan_namn,
    coalesce(k.giltig_fran, cast('1900-01-01' as date)) as giltig_fran,
    k.giltig_till,
    k.foregangare_kod,
    k.efterfoljare_kod,
    g.kommungrupp_2017_kod,
    g.kommungrupp_2017_namn,
    g.kommungrupp_2023_kod,
    g.kommungrupp_2023_namn,
    r.rss_kod
from {{ ref('kommuner') }} as k
inner join {{ ref('lan') }} as l on k.lan_kod = l.lan_kod
left join grupp as g on k.kommun_kod = g.kommun_kod
left join {{ ref('rss_kommun') }} as r on k.kommun_kod = r.kommun_kod
