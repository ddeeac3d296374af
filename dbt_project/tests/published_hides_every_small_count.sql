-- The first protection holds on what is published: no count of 1-4 persons, households or the like (amounts have
-- antal_bakom instead), and a hidden row shows no value.
{{ config(meta={
    'dagster': {'ref': {'name': 'pub_indikatorvarde'}},
    'betydelse': 'Inget publicerat tal är ett antal mellan 1 och 4, och en dold rad visar inget värde.',
    'gor_sa_har': 'Ge inte ut något. Rätta skyddet i pub_indikatorvarde.',
}) }}
select p.*
from {{ ref('pub_indikatorvarde') }} as p
inner join {{ ref('dim_indikator') }} as i on p.indikator_id = i.indikator_id and p.version = i.version
inner join {{ ref('_geocell') }} as c
    on {{ lika('p', 'c', ['indikator_id', 'version', 'geo_typ', 'geo_kod', 'period'] + cellnyckel()) }}
where
    i.ar_personuppgift
    and (
        (c.antal_bakom is null and p.taljare between 1 and 4)
        or (c.antal_bakom is null and p.namnare between 1 and 4)
        or (c.antal_bakom is null and p.namnare - p.taljare between 1 and 4)
        or (i.matt = 'andel' and p.varde is not null and p.namnare < 30)
        or (p.ar_skyddad and p.varde is not null)
    )
