-- Nothing joins across municipalities: the same pseudonym in two would be a fault of the gate.
{{ config(meta={
    'dagster': {'ref': {'name': 'fct_bistandsar'}},
    'betydelse': 'En pseudonym finns i en enda kommun: inget kan paras ihop mellan kommuner.',
    'gor_sa_har': 'Ge inte ut något. Felet ligger i grinden (nyckeln per kommun), inte hos avsändaren: jämför nyckelfilen med huvudbokens och se pipelines/landing/pseudonyms.py.',
}) }}
select person_id
from (
    select
        person_id,
        kommun_kod
    from {{ ref('fct_bistandsar') }}
    union all
    select
        person_id,
        kommun_kod
    from {{ ref('fct_placering') }}
    union all
    select
        person_id,
        kommun_kod
    from {{ ref('fct_asi_intervju') }}
    union all
    select
        person_id,
        kommun_kod
    from {{ ref('fct_lvm_ansokan') }}
) as p
group by person_id
having min(kommun_kod) <> max(kommun_kod)
