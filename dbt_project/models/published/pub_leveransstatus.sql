-- Grain: one expected municipality, dataset and month: whose numbers are in, and whose are missing, by name.
-- Rows and faults are left out: in a small municipality the number of rows is a count of its households. That there was
-- nothing to send is told of months only: of a year it would say that nobody was taken into care, or that somebody was.
select
    l.kommun_kod,
    k.kommun_namn,
    k.lan_kod,
    k.lan_namn,
    l.kalla,
    l.dataset,
    l.period,
    l.ar,
    case
        when p.period_typ <> 'ar' or not l.ar_nolleverans then l.leverans_status
        when not l.ar_i_tid then 'forsenad'
        when l.antal_varningar > 0 then 'mottagen_med_varning'
        else 'mottagen_godkand'
    end as leverans_status,
    l.ar_godkand,
    l.ar_i_tid,
    case when p.period_typ <> 'ar' then l.ar_nolleverans end as ar_nolleverans,
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
