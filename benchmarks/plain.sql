-- What somebody would write in an afternoon: the sixteen indicators for kommun, lan and riket, straight from files, one query
-- each. No rules, no pseudonyms, no estimates, no breakdowns, no protection, no coverage beside the value, no history.
create temp table geo as select distinct kommun_kod, lan_kod from folk;

create temp table hinder as select * from (values
    ('FH11', 'arbetsloshet'), ('FH12', 'arbetsloshet'), ('FH13', 'arbetsloshet'), ('FH21', 'ohalsa'), ('FH22', 'ohalsa'),
    ('FH23', 'ohalsa'), ('FH31', 'ohalsa'), ('FH32', 'ohalsa'), ('FH40', 'sociala_skal'), ('FH99', 'okand')
) as t (kod, grupp);

create temp table manad as
select g.lan_kod, p.kommun_kod, p.kommun_kod || p.personnummer as person, p.period, cast(left(p.period, 4) as integer) as ar,
    cast(right(p.period, 2) as integer) as manad, p.fodelsear, p.roll_kod, p.arbetsmarknadsinsats_kod,
    case when p.roll_kod <> 'barn' then coalesce(h.grupp, case when p.forsorjningshinder_kod is null then 'okand' else 'ovrigt' end)
        end as grupp
from person as p
join hushall as b using (kommun_kod, stadsdel_kod, period, hushall_id)
join geo as g on g.kommun_kod = p.kommun_kod
left join hinder as h on h.kod = p.forsorjningshinder_kod
-- somebody in several households is one person that month: as sokande first, then medsokande
qualify row_number() over (partition by p.kommun_kod, p.personnummer, p.period
    order by case p.roll_kod when 'sokande' then 1 when 'medsokande' then 2 else 3 end, p.hushall_id, p.stadsdel_kod) = 1;

create temp table resultat (indikator varchar, ar integer, lan_kod varchar, kommun_kod varchar, taljare double, namnare double);

create temp table befolkning as
select ar, lan_kod, kommun_kod, sum(antal) as alla, sum(antal_barn) as barn, sum(antal_unga) as unga, sum(antal_vuxna) as vuxna
from folk group by ar, rollup(lan_kod, kommun_kod);

insert into resultat
select 'EB01', m.*, b.alla from (
    select ar, lan_kod, kommun_kod, count(distinct person) from manad group by ar, rollup(lan_kod, kommun_kod)) as m
join befolkning as b on b.ar = m.ar and b.lan_kod is not distinct from m.lan_kod and b.kommun_kod is not distinct from m.kommun_kod;

insert into resultat
select 'EB02', m.*, b.barn from (
    select ar, lan_kod, kommun_kod, count(distinct person) from manad where ar - fodelsear < 18
    group by ar, rollup(lan_kod, kommun_kod)) as m
join befolkning as b on b.ar = m.ar and b.lan_kod is not distinct from m.lan_kod and b.kommun_kod is not distinct from m.kommun_kod;

insert into resultat
select 'EB03', m.*, b.unga from (
    select ar, lan_kod, kommun_kod, count(distinct person) from manad where ar - fodelsear between 18 and 24
    group by ar, rollup(lan_kod, kommun_kod)) as m
join befolkning as b on b.ar = m.ar and b.lan_kod is not distinct from m.lan_kod and b.kommun_kod is not distinct from m.kommun_kod;

insert into resultat
select 'EB04', ar, lan_kod, kommun_kod, count(case when antal >= 10 then 1 end), count(*) from (
    select ar, lan_kod, kommun_kod, person, count(distinct manad) as antal from manad where ar - fodelsear >= 18 group by all)
group by ar, rollup(lan_kod, kommun_kod);

insert into resultat
select 'EB05', m.*, b.vuxna from (
    select ar, lan_kod, kommun_kod, count(*) from (
        select ar, lan_kod, kommun_kod, person from manad where ar - fodelsear >= 18 group by all having count(distinct manad) >= 10)
    group by ar, rollup(lan_kod, kommun_kod)) as m
join befolkning as b on b.ar = m.ar and b.lan_kod is not distinct from m.lan_kod and b.kommun_kod is not distinct from m.kommun_kod;

insert into resultat
with ar as (select lan_kod, kommun_kod, person, ar, ar - max(fodelsear) as alder, bit_or(1 << (manad - 1)) as bitar,
        count(distinct manad) as antal from manad group by lan_kod, kommun_kod, person, ar)
select 'EB06', t.ar, t.lan_kod, t.kommun_kod, count(case when t.antal + coalesce(a.antal, 0) + coalesce(b.antal, 0) >= 27
    and not regexp_matches(bin((cast(t.bitar as bigint) << 24) | (coalesce(a.bitar, 0) << 12) | coalesce(b.bitar, 0)), '10{3,}1')
    then 1 end), count(*)
from ar as t left join ar as a on a.person = t.person and a.ar = t.ar - 1 left join ar as b on b.person = t.person and b.ar = t.ar - 2
where t.alder >= 18 group by t.ar, rollup(t.lan_kod, t.kommun_kod);

insert into resultat
select 'EB07', m.*, b.alla from (
    select cast(left(h.period, 4) as integer) as ar, g.lan_kod, h.kommun_kod, sum(h.belopp_kr) from hushall as h
    join geo as g using (kommun_kod) group by 1, rollup(g.lan_kod, h.kommun_kod)) as m
join befolkning as b on b.ar = m.ar and b.lan_kod is not distinct from m.lan_kod and b.kommun_kod is not distinct from m.kommun_kod;

insert into resultat
select 'EB08', cast(left(h.period, 4) as integer), g.lan_kod, h.kommun_kod, count(*),
    count(distinct h.kommun_kod || coalesce(h.stadsdel_kod, '') || h.hushall_id) from hushall as h
join geo as g using (kommun_kod) group by 2, rollup(g.lan_kod, h.kommun_kod);

insert into resultat
select 'EB09', ar, lan_kod, kommun_kod, count(case when n1 >= greatest(n2, n3, n4, 1) then 1 end), count(*) from (
    select ar, lan_kod, kommun_kod, person, count(case when grupp = 'arbetsloshet' then 1 end) as n1,
        count(case when grupp = 'ohalsa' then 1 end) as n2, count(case when grupp = 'sociala_skal' then 1 end) as n3,
        count(case when grupp = 'ovrigt' then 1 end) as n4
    from manad where roll_kod <> 'barn' and ar - fodelsear >= 18 group by all)
group by ar, rollup(lan_kod, kommun_kod);

insert into resultat
select 'EB10', ar, lan_kod, kommun_kod, count(case when grupp = 'okand' then 1 end), count(*) from manad
where roll_kod <> 'barn' and ar - fodelsear >= 18 group by ar, rollup(lan_kod, kommun_kod);

create temp table avslutad as
with sista as (
    select a.kommun_kod, a.stadsdel_kod, a.hushall_id, a.avslutsorsak_kod, a.avslut_datum, a.period as rapport, max(h.period) as period
    from avslut as a join hushall as h on h.kommun_kod = a.kommun_kod and h.stadsdel_kod is not distinct from a.stadsdel_kod
        and h.hushall_id = a.hushall_id and h.period <= strftime(a.avslut_datum, '%Y-%m')
    group by all
), vem as (
    select distinct on (s.kommun_kod, p.personnummer, s.period) s.kommun_kod, p.kommun_kod || p.personnummer as person, s.period,
        s.avslutsorsak_kod, 12 * cast(left(s.period, 4) as integer) + cast(right(s.period, 2) as integer) as m
    from sista as s join person as p on p.kommun_kod = s.kommun_kod and p.period = s.period
        and p.stadsdel_kod = s.stadsdel_kod and p.hushall_id = s.hushall_id and p.roll_kod = 'sokande'
    order by s.rapport desc, s.avslut_datum desc, s.avslutsorsak_kod desc, s.hushall_id
)
select g.lan_kod, v.kommun_kod, cast(left(v.period, 4) as integer) as ar, v.avslutsorsak_kod,
    count(case when 12 * m.ar + m.manad between v.m + 2 and v.m + 12 then 1 end) > 0 as ater,
    count(case when 12 * m.ar + m.manad = v.m + 1 then 1 end) > 0 as fortsatt
from vem as v join geo as g using (kommun_kod) left join manad as m on m.person = v.person
group by g.lan_kod, v.kommun_kod, v.person, v.period, v.m, v.avslutsorsak_kod;

insert into resultat
select 'EB11', ar, lan_kod, kommun_kod, count(case when avslutsorsak_kod in ('AO1', 'AO2') then 1 end), count(*) from avslutad
where not fortsatt group by ar, rollup(lan_kod, kommun_kod);

insert into resultat
select 'EB12', ar + 1, lan_kod, kommun_kod, count(case when ater then 1 end), count(*) from avslutad
where not fortsatt group by ar, rollup(lan_kod, kommun_kod);

insert into resultat
select 'EB13', ar, lan_kod, kommun_kod, count(case when antal >= 10 then 1 end), count(*) from (
    select cast(left(h.period, 4) as integer) as ar, g.lan_kod, h.kommun_kod, h.stadsdel_kod, h.hushall_id, count(*) as antal
    from hushall as h join geo as g using (kommun_kod) group by all having max(h.antal_barn) > 0)
group by ar, rollup(lan_kod, kommun_kod);

insert into resultat
select 'EB15', ar, lan_kod, kommun_kod, count(case when arbetsmarknadsinsats_kod = '1' then 1 end), count(*) from manad
where roll_kod <> 'barn' and ar - fodelsear >= 18 and grupp = 'arbetsloshet' group by ar, rollup(lan_kod, kommun_kod);

insert into resultat
select 'SU01', cast(left(l.period, 4) as integer), g.lan_kod, l.kommun_kod, count(case when l.ar_i_tid then 1 end), count(*)
from leverans as l join geo as g using (kommun_kod) group by 2, rollup(g.lan_kod, l.kommun_kod);

insert into resultat
select 'SU02', f.ar, f.lan_kod, f.kommun_kod, sum(case when l.godkand then f.antal else 0 end), sum(f.antal) from folk as f
join (select kommun_kod, cast(left(period, 4) as integer) as ar, min(ar_godkand) as godkand from leverans group by all) as l
    using (kommun_kod, ar) group by f.ar, rollup(f.lan_kod, f.kommun_kod);

copy (select *, coalesce(kommun_kod, lan_kod, '00') as geo_kod, taljare / namnare as varde from resultat)
to '$MAPP/plain.parquet' (format parquet);
