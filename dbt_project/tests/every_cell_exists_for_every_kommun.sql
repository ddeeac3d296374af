-- Density: every listed cell of every indicator exists for every period of its source and every municipality of that
-- time; three years together for every municipality of the last. Where a municipality is shown as three years together
-- only, it has no row of a year.
{{ config(meta={
    'dagster': {'ref': {'name': 'fct_indikatorvarde'}},
    'betydelse': 'Varje cell finns för varje indikator, period och kommun, också när inget rapporterats.',
    'gor_sa_har': 'Jämför behov och finns i frågan: en saknad kommun pekar på dim_kommun, en saknad period på _indikatorperiod, en saknad cell på indikatorns SQL.',
}) }}
with behov as (
    select
        c.indikator_id,
        c.version,
        p.period,
        sum(case when i.kommun_bara_pool and length(p.period) <= 7 then 0 else 1 end) as antal
    from {{ ref('dim_indikatorcell') }} as c
    inner join {{ ref('dim_indikator') }} as i on c.indikator_id = i.indikator_id and c.version = i.version
    inner join {{ ref('_indikatorperiod') }} as p on c.indikator_id = p.indikator_id and c.version = p.version
    inner join {{ ref('dim_kommun') }} as k
        on p.sista_datum >= k.giltig_fran and (k.giltig_till is null or p.sista_datum < k.giltig_till)
    where i.har_kommunniva
    group by c.indikator_id, c.version, p.period
),

finns as (
    select
        indikator_id,
        version,
        period,
        count(*) as antal
    from {{ ref('fct_indikatorvarde') }}
    where geo_typ = 'kommun'
    group by indikator_id, version, period
)

select b.*
from behov as b
left join finns as f on b.indikator_id = f.indikator_id and b.version = f.version and b.period = f.period
where b.antal <> coalesce(f.antal, 0)
