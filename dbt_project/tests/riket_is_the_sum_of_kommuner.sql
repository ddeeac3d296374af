-- What riket shows is what the municipalities that count reported plus the estimates of those that do not,
-- cell by cell.
{{ config(meta={
    'dagster': {'ref': {'name': 'fct_indikatorvarde'}},
    'betydelse': 'Rikets tal är summan av kommunerna som räknas och skattningarna av de övriga, cell för cell.',
    'gor_sa_har': 'Jämför _kommuncell, _geocell och fct_indikatorvarde för cellen: ett tal har räknats två gånger eller fallit bort på vägen upp.',
}) }}
with kommun as (
    select
        indikator_id,
        version,
        period,
        kon_kod,
        aldersgrupp_kod,
        uppdelning,
        uppdelning_kod,
        sum(coalesce(taljare, skattad_taljare, 0)) as taljare,
        sum(coalesce(namnare, skattad_namnare)) as namnare
    from {{ ref('_kommuncell') }}
    group by indikator_id, version, period, kon_kod, aldersgrupp_kod, uppdelning, uppdelning_kod
)

select v.*
from {{ ref('fct_indikatorvarde') }} as v
inner join kommun as k on {{ lika('v', 'k', ['indikator_id', 'version', 'period'] + cellnyckel()) }}
where
    v.geo_typ = 'riket'
    and v.status <> 'ej_rapporterad'
    and (v.taljare <> k.taljare or coalesce(v.namnare, -1) <> coalesce(k.namnare, -1))
