-- Grain: one code for försörjningshinder, with its group and the group's order of precedence.
select
    h.forsorjningshinder_kod,
    h.text,
    h.grupp as forsorjningshindergrupp_kod,
    g.text as forsorjningshindergrupp_namn,
    g.prioritet,
    h.ar_bekraftad
from {{ ref('forsorjningshinder') }} as h
inner join {{ ref('forsorjningshindergrupp') }} as g on h.grupp = g.forsorjningshindergrupp_kod
