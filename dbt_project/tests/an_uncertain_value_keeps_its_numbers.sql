-- Uncertain is a municipality's value only, it keeps its numbers, and an unanswered warning stands on something its
-- indicator needs in its window.
{{ config(meta={
    'dagster': {'ref': {'name': 'fct_indikatorvarde'}},
    'betydelse': 'Bara kommuners värden är osäkra, de behåller sina tal, och en varning som inte är kvitterad står på något de vilar på.',
    'gor_sa_har': 'Rätta ar_osaker i modellen _kommunperiod eller ger_osaker i fct_varning.',
}) }}
select
    v.indikator_id,
    v.geo_kod,
    v.period
from {{ ref('fct_indikatorvarde') }} as v
inner join {{ ref('dim_indikator') }} as i on v.indikator_id = i.indikator_id and v.version = i.version
inner join {{ ref('dim_period') }} as p on v.period = p.period
where
    v.status = 'osaker'
    and (
        v.geo_typ <> 'kommun'
        or v.taljare is null
        or v.namnare is null
        or not exists (
            select 1
            from {{ ref('fct_varning') }} as w
            inner join {{ ref('bridge_indikator_dataset') }} as d on w.dataset = d.dataset
            where
                w.ger_osaker
                and w.kommun_kod = v.geo_kod
                and d.indikator_id = v.indikator_id
                and coalesce(w.bara_indikator_id, v.indikator_id) = v.indikator_id
                and w.ar between {{ ar_av('v.period') }} - i.fonster_ar + 1 and p.ar
        )
    )
