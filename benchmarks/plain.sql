-- What somebody would write in an afternoon: the sixteen indicators for kommun, lan and riket, straight from files.
-- No rules, no pseudonyms, no estimates, no breakdowns, no protection, no coverage beside the value, no history.
create temp table hushall as
select * from read_csv('$MAPP/hushall.csv', delim=';', header=true, auto_detect=false, columns={
    'kommun_kod': 'VARCHAR', 'stadsdel_kod': 'VARCHAR', 'period': 'VARCHAR', 'hushall_id': 'VARCHAR',
    'hushallstyp_kod': 'VARCHAR', 'antal_barn': 'INTEGER', 'utrikes_fodd_kod': 'VARCHAR', 'belopp_kr': 'DECIMAL(10,2)'})
where belopp_kr > 0;

create temp table person as
select * from read_csv('$MAPP/person.csv', delim=';', header=true, auto_detect=false, columns={
    'kommun_kod': 'VARCHAR', 'stadsdel_kod': 'VARCHAR', 'period': 'VARCHAR', 'hushall_id': 'VARCHAR',
    'personnummer': 'VARCHAR', 'id_typ': 'VARCHAR', 'fodelsear': 'INTEGER', 'kon_kod': 'VARCHAR', 'roll_kod': 'VARCHAR',
    'fodd_utrikes': 'VARCHAR', 'forsorjningshinder_kod': 'VARCHAR', 'arbetsmarknadsinsats_kod': 'VARCHAR'});

create temp table avslut as
select * from read_csv('$MAPP/avslut.csv', delim=';', header=true, auto_detect=false, columns={
    'kommun_kod': 'VARCHAR', 'stadsdel_kod': 'VARCHAR', 'period': 'VARCHAR', 'hushall_id': 'VARCHAR',
    'avslutsorsak_kod': 'VARCHAR', 'avslut_datum': 'DATE'});

create temp table folk as
select kommun_kod, lan_kod, ar, antal, antal_barn, antal_unga, antal_vuxna from read_csv('$MAPP/befolkning.csv',
    delim=';', header=true, auto_detect=false, columns={'kommun_kod': 'VARCHAR', 'lan_kod': 'VARCHAR', 'ar': 'INTEGER',
    'antal': 'BIGINT', 'antal_barn': 'BIGINT', 'antal_unga': 'BIGINT', 'antal_vuxna': 'BIGINT'});

create temp table leverans as
select * from read_csv('$MAPP/leverans.csv', delim=';', header=true, auto_detect=false, columns={
    'kommun_kod': 'VARCHAR', 'dataset': 'VARCHAR', 'period': 'VARCHAR', 'ar_i_tid': 'BOOLEAN', 'ar_godkand': 'BOOLEAN'});

create temp table geo as select distinct kommun_kod, lan_kod from folk;

create temp table hinder as select * from (values
    ('FH11', 'arbetsloshet'), ('FH12', 'arbetsloshet'), ('FH13', 'arbetsloshet'), ('FH21', 'ohalsa'), ('FH22', 'ohalsa'),
    ('FH23', 'ohalsa'), ('FH31', 'ohalsa'), ('FH32', 'ohalsa'), ('FH40', 'sociala_skal'), ('FH99', 'okand')
) as t (kod, grupp);

create temp table manad as
select p.kommun_kod, p.personnummer, p.period, cast(left(p.period, 4) as integer) as ar,
    cast(right(p.period, 2) as integer) as manad, p.fodelsear, p.roll_kod, p.arbetsmarknadsinsats_kod,
    case when p.roll_kod <> 'barn' then coalesce(h.grupp, case when p.forsorjningshinder_kod is null then 'okand' else 'ovrigt' end) end as grupp
from person as p
join hushall as b using (kommun_kod, stadsdel_kod, period, hushall_id)
left join hinder as h on h.kod = p.forsorjningshinder_kod;

create temp table personar as
select kommun_kod, personnummer, ar, ar - max(fodelsear) as alder, count(distinct manad) as antal,
    bit_or(1 << (manad - 1)) as bitar,
    count(case when grupp = 'arbetsloshet' then 1 end) as n1, count(case when grupp = 'ohalsa' then 1 end) as n2,
    count(case when grupp = 'sociala_skal' then 1 end) as n3, count(case when grupp = 'ovrigt' then 1 end) as n4,
    count(grupp) as n
from manad group by kommun_kod, personnummer, ar;

create temp table hushallsar as
select kommun_kod, stadsdel_kod, hushall_id, cast(left(period, 4) as integer) as ar, count(*) as antal,
    max(antal_barn) as barn, sum(belopp_kr) as belopp
from hushall group by all;

create temp table langvarig as
select t.kommun_kod, t.ar, count(*) as vuxna, count(case when t.antal + coalesce(a.antal, 0) + coalesce(b.antal, 0) >= 27
    and not regexp_matches(bin(cast(t.bitar as bigint) << 24 | coalesce(a.bitar, 0) << 12 | coalesce(b.bitar, 0)), '10001|100001|1000001')
    then 1 end) as mycket
from personar as t
left join personar as a on a.kommun_kod = t.kommun_kod and a.personnummer = t.personnummer and a.ar = t.ar - 1
left join personar as b on b.kommun_kod = t.kommun_kod and b.personnummer = t.personnummer and b.ar = t.ar - 2
where t.alder >= 18 group by all;

create temp table avslutad as
with sista as (
    select a.kommun_kod, a.stadsdel_kod, a.hushall_id, a.avslutsorsak_kod, max(h.period) as period
    from avslut as a join hushall as h on h.kommun_kod = a.kommun_kod and h.stadsdel_kod is not distinct from a.stadsdel_kod
        and h.hushall_id = a.hushall_id and h.period <= strftime(a.avslut_datum, '%Y-%m')
    group by all
), vem as (
    select distinct on (s.kommun_kod, p.personnummer, s.period) s.kommun_kod, p.personnummer, s.period, s.avslutsorsak_kod,
        12 * cast(left(s.period, 4) as integer) + cast(right(s.period, 2) as integer) as m
    from sista as s join person as p on p.kommun_kod = s.kommun_kod and p.period = s.period
        and p.hushall_id = s.hushall_id and p.roll_kod = 'sokande'
)
select v.kommun_kod, cast(left(v.period, 4) as integer) as ar, v.avslutsorsak_kod,
    count(case when 12 * m.ar + m.manad between v.m + 2 and v.m + 12 then 1 end) > 0 as ater,
    count(case when 12 * m.ar + m.manad = v.m + 1 then 1 end) > 0 as fortsatt
from vem as v left join manad as m on m.kommun_kod = v.kommun_kod and m.personnummer = v.personnummer
group by v.kommun_kod, v.personnummer, v.period, v.m, v.avslutsorsak_kod;

create temp table tal as
with p as (select kommun_kod, ar, count(*) as alla, count(case when alder < 18 then 1 end) as barn,
        count(case when alder between 18 and 24 then 1 end) as unga, count(case when alder >= 18 then 1 end) as vuxna,
        count(case when alder >= 18 and antal >= 10 then 1 end) as langa,
        count(case when alder >= 18 and n > 0 then 1 end) as hindrade,
        count(case when alder >= 18 and n > 0 and n1 >= greatest(n2, n3, n4, 1) then 1 end) as arbetslosa
    from personar group by all),
b as (select kommun_kod, ar, sum(belopp) as belopp, sum(antal) as manader, count(*) as hushall,
        count(case when barn > 0 then 1 end) as barnhushall, count(case when barn > 0 and antal >= 10 then 1 end) as langa_barn
    from hushallsar group by all),
m as (select kommun_kod, ar, count(*) as manader, count(case when grupp = 'okand' then 1 end) as okanda,
        count(case when grupp = 'arbetsloshet' then 1 end) as arbetslosa,
        count(case when grupp = 'arbetsloshet' and arbetsmarknadsinsats_kod = '1' then 1 end) as insats
    from manad where roll_kod <> 'barn' and ar - fodelsear >= 18 group by all),
a as (select kommun_kod, ar, count(*) as avslut, count(case when avslutsorsak_kod in ('AO1', 'AO2') then 1 end) as arbete,
        count(case when ater then 1 end) as ater from avslutad where not fortsatt group by all),
l as (select kommun_kod, cast(left(period, 4) as integer) as ar, count(*) as forvantade, count(case when ar_i_tid then 1 end) as i_tid,
        min(ar_godkand) as godkand from leverans group by all)
select f.*, p.* exclude (kommun_kod, ar), b.* exclude (kommun_kod, ar), m.manader as vuxenmanader, m.okanda,
    m.arbetslosa as arbetslosa_manader, m.insats, g.mycket, a.avslut, a.arbete, e.avslut as avslut_fore, e.ater,
    l.forvantade, l.i_tid, case when l.godkand then f.antal else 0 end as tackt
from folk as f left join p using (kommun_kod, ar) left join b using (kommun_kod, ar) left join m using (kommun_kod, ar)
left join langvarig as g using (kommun_kod, ar) left join a using (kommun_kod, ar)
left join a as e on e.kommun_kod = f.kommun_kod and e.ar = f.ar - 1 left join l using (kommun_kod, ar)
where f.ar in (select distinct ar from personar);

copy (
    select coalesce(kommun_kod, lan_kod, '00') as geo_kod, ar, sum(alla) / sum(antal) as eb01, sum(barn) / sum(antal_barn) as eb02,
        sum(unga) / sum(antal_unga) as eb03, sum(langa) / sum(vuxna) as eb04, sum(langa) / sum(antal_vuxna) as eb05,
        sum(mycket) / sum(vuxna) as eb06, sum(belopp) / sum(antal) as eb07, sum(manader) / sum(hushall) as eb08,
        sum(arbetslosa) / sum(hindrade) as eb09, sum(okanda) / sum(vuxenmanader) as eb10, sum(arbete) / sum(avslut) as eb11,
        sum(ater) / sum(avslut_fore) as eb12, sum(langa_barn) / sum(barnhushall) as eb13, sum(insats) / sum(arbetslosa_manader) as eb15,
        sum(i_tid) / sum(forvantade) as su01, sum(tackt) / sum(antal) as su02
    from tal group by ar, rollup(lan_kod, kommun_kod)
) to '$MAPP/plain.parquet' (format parquet);
