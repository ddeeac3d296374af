-- A protected count lies within the largest shift of the true one, twelve times that for a year's sum of months (365
-- of days), and zero is zero: the bound that docs/adr/0007-cellnyckel.md argues from. A mean's sum is moved by its
-- scale.
{{ config(meta={
    'dagster': {'ref': {'name': 'pub_indikatorvarde'}},
    'betydelse': 'Ett skyddat antal ligger inom största avvikelsen från det sanna, och noll är noll.',
    'gor_sa_har': 'Ge inte ut något. Rätta makrot för skyddet eller p-tabellen cellnyckel.',
}) }}
{% set nyckel = ['indikator_id', 'version', 'geo_typ', 'geo_kod', 'period'] + cellnyckel() %}
select p.*
from {{ ref('pub_indikatorvarde') }} as p
inner join {{ ref('fct_indikatorvarde') }} as v on {{ lika('p', 'v', nyckel) }}
inner join {{ ref('dim_indikator') }} as i on p.indikator_id = i.indikator_id and p.version = i.version
where
    i.taljare_slag <> 'kronor'
    and (
        abs(p.taljare - v.taljare)
        > {{ skydd('storsta_avvikelse') }} * {{ enheter_per_post('i.taljare_slag', 'p.period') }}
        or abs(p.namnare - v.namnare)
        > {{ skydd('storsta_avvikelse') }} * {{ enheter_per_post('i.namnare_slag', 'p.period') }}
        or (
            p.matt = 'medel'
            and abs(p.varde - v.varde)
            > {{ skydd('storsta_avvikelse') }} * i.medel_skala / cast(v.namnare as double) + 0.05e0 + 1e-9
        )
        or (v.taljare = 0 and p.taljare <> 0)
        or (v.namnare = 0 and p.namnare <> 0)
    )
