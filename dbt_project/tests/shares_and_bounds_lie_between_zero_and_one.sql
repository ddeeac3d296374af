-- A share, its interval, the coverage and the imputed part are fractions, and the value lies inside its
-- interval.
{{ config(meta={
    'dagster': {'ref': {'name': 'fct_indikatorvarde'}},
    'betydelse': 'Andelar, intervall, täckning och skattad andel ligger mellan 0 och 1, och värdet inom sitt intervall.',
    'gor_sa_har': 'Se täljare och nämnare för raden: en täljare större än nämnaren pekar på indikatorns SQL eller på folkmängden.',
}) }}
select v.*
from {{ ref('fct_indikatorvarde') }} as v
inner join {{ ref('dim_indikator') }} as i on v.indikator_id = i.indikator_id and v.version = i.version
where
    v.tackning_befolkning not between 0 and 1
    or v.imputerad_andel not between 0 and 1
    or (i.matt = 'andel' and v.varde not between 0 and 1)
    or v.varde not between v.ki_nedre - 1e-12 and v.ki_ovre + 1e-12
