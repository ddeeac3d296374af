-- Grain: one expected municipality, dataset and month: whose numbers are in, and whose are missing, by name.
-- Rows and faults are left out: in a small municipality the number of rows is a count of its households.
select
    l.kommun_kod,
    k.kommun_namn,
    k.lan_kod,
    k.lan_namn,
    l.kalla,
    l.dataset,
    l.period,
    l.ar,
    l.leverans_status,
    l.ar_godkand,
    l.ar_i_tid,
    l.ar_nolleverans,
    l.frist_tid,
    l.forsta_godkand_tid,
    l.antal_delar,
    l.antal_delar_i_kraft
from {{ ref('fct_leverans') }} as l
inner join {{ ref('dim_period') }} as p on l.period = p.period
inner join {{ ref('dim_kommun') }} as k
    on
        l.kommun_kod = k.kommun_kod
        and p.sista_datum >= k.giltig_fran
        and (k.giltig_till is null or p.sista_datum < k.giltig_till)
