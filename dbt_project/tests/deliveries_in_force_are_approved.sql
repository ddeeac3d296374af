-- What is in force is a received and approved delivery of the same municipality and stadsdel, one per dataset
-- and month.
{{ config(meta={
    'dagster': {'ref': {'name': 'dim_leverans'}},
    'betydelse': 'Det som är i kraft är en godkänd leverans från samma kommun och stadsdel, en per datamängd och månad.',
    'gor_sa_har': 'Felet ligger i huvudboken eller i settle: jämför tabellerna i_kraft och leverans i ledger.sqlite för raderna. Be inte avsändaren om något.',
}) }}
select
    k.kommun_kod,
    k.stadsdel_kod,
    k.dataset,
    k.period
from {{ ref('stg_huvudbok__i_kraft') }} as k
left join {{ ref('dim_leverans') }} as l
    on
        k.leverans_id = l.leverans_id
        and k.kommun_kod = l.kommun_kod
        and k.stadsdel_kod = l.stadsdel_kod
        and l.mottagningsstatus = 'godkand'
group by k.kommun_kod, k.stadsdel_kod, k.dataset, k.period
having count(*) > 1 or count(l.leverans_id) = 0
