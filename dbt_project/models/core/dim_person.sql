-- Grain: one person with aid: a pseudonym in one municipality (a reservnummer: in one calendar year of it).
-- Only the year of birth and kön follow it past the gate; both are constant for a personnummer.
select
    person_id,
    max(kommun_kod) as kommun_kod,
    max(id_typ_kod) as id_typ_kod,
    max(kon_kod) as kon_kod,
    max(fodelsear) as fodelsear,
    min(ar) as forsta_bistandsar,
    max(ar) as sista_bistandsar
from {{ ref('fct_bistandsar') }}
group by person_id
