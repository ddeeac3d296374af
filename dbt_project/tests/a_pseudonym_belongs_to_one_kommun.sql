-- Nothing joins across municipalities: the same pseudonym in two would be a fault of the gate.
select person_id
from {{ ref('fct_bistandsar') }}
group by person_id
having min(kommun_kod) <> max(kommun_kod)
