-- Grain: one row of _avslut_manad with what is known of its sökande. tva_ar is the sökande's year of period and the
-- year after, 24 digits; aid in the month after says that nothing was closed (EB-11).
select
    s.*,
    i.kon_kod,
    i.fodelsear,
    concat(i.bistandsmanader, coalesce(n.bistandsmanader, '000000000000')) as tva_ar,
    substring(concat(i.bistandsmanader, coalesce(n.bistandsmanader, '000000000000')), s.manad + 1, 1) = '1'
        as har_bistand_efter
from {{ ref('_avslut_manad') }} as s
inner join {{ ref('fct_bistandsar') }} as i on {{ lika('s', 'i', ['kommun_kod', 'person_id', 'ar']) }}
left join {{ ref('fct_bistandsar') }} as n
    on {{ lika('s', 'n', ['kommun_kod', 'person_id']) }} and s.ar + 1 = n.ar
