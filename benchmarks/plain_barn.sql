-- What somebody would write in an afternoon: the volumes of children and young people for kommun, lan and riket, straight
-- from files, one query each. No rules, no pseudonyms, no estimates, no breakdowns, no protection, no pools, no history.
create temp table geo as select distinct kommun_kod, lan_kod from folk;

create temp table resultat (indikator varchar, ar integer, lan_kod varchar, kommun_kod varchar, taljare double, namnare double);

create temp table befolkning as
select ar, lan_kod, kommun_kod, sum(antal) as antal from folk group by ar, rollup(lan_kod, kommun_kod);

create temp table person as
select kommun_kod, stadsdel_kod, period, barn_id, kommun_kod || personnummer as person,
    max(fodelsear) over (partition by kommun_kod, personnummer, period) as fodelsear
from barn;

create temp table vard as
select g.lan_kod, p.kommun_kod, p.stadsdel_kod, cast(p.period as integer) as ar, b.person, i.insatstyp_kod, p.insats_id,
    p.placering_nr, p.placeringsform_kod, p.placering_start_datum as start,
    greatest(p.placering_start_datum, make_date(cast(p.period as integer), 1, 1)) as fran,
    least(coalesce(p.placering_slut_datum, make_date(cast(p.period as integer), 12, 31)),
        make_date(cast(p.period as integer), 12, 31)) as till
from placering as p
join insats as i using (kommun_kod, stadsdel_kod, period, insats_id)
join person as b on b.kommun_kod = i.kommun_kod and b.stadsdel_kod = i.stadsdel_kod and b.period = i.period
    and b.barn_id = i.barn_id
join geo as g on g.kommun_kod = p.kommun_kod
where p.placeringsform_kod <> 'EGET' and cast(p.period as integer) - b.fodelsear between 0 and 20
    and (p.placering_slut_datum is null or p.placering_slut_datum >= make_date(cast(p.period as integer), 1, 1));

-- a day with several placements is the one's that began last
create temp table dygn as
select lan_kod, kommun_kod, ar, person, dag,
    max_by(placeringsform_kod, (start, insats_id, placering_nr, stadsdel_kod)) as placeringsform_kod
from (select *, unnest(generate_series(fran, till, interval 1 day)) as dag from vard)
group by lan_kod, kommun_kod, ar, person, dag;

insert into resultat
select 'BU01', m.*, b.antal from (
    select year(a.mottagen_datum) as ar, g.lan_kod, a.kommun_kod, count(*) from (
        select *, max(fodelsear) over (partition by kommun_kod, personnummer, period) as fodd from aktualisering) as a
    join geo as g using (kommun_kod)
    where year(a.mottagen_datum) = cast(a.period as integer) and cast(a.period as integer) - a.fodd between 0 and 20
    group by 1, rollup(g.lan_kod, a.kommun_kod)) as m
join befolkning as b on b.ar = m.ar and b.lan_kod is not distinct from m.lan_kod and b.kommun_kod is not distinct from m.kommun_kod;

insert into resultat
select 'BU10', m.*, b.antal from (
    select ar, lan_kod, kommun_kod, count(distinct person) from dygn group by ar, rollup(lan_kod, kommun_kod)) as m
join befolkning as b on b.ar = m.ar and b.lan_kod is not distinct from m.lan_kod and b.kommun_kod is not distinct from m.kommun_kod;

insert into resultat
select 'BU11 ' || insatstyp_kod, ar, lan_kod, kommun_kod, count(distinct person), null
from vard group by insatstyp_kod, ar, rollup(lan_kod, kommun_kod);

insert into resultat
select 'BU12', ar, lan_kod, kommun_kod, count(case when placeringsform_kod in ('FAM', 'NATV', 'KONS') then 1 end), count(*)
from dygn group by ar, rollup(lan_kod, kommun_kod);

insert into resultat
select 'BU18', m.*, b.antal from (
    select cast(o.period as integer) as ar, g.lan_kod, o.kommun_kod, sum(o.antal) from oppenvard as o
    join geo as g using (kommun_kod) where o.oppenvard_kod = 'OV0' group by 1, rollup(g.lan_kod, o.kommun_kod)) as m
join befolkning as b on b.ar = m.ar and b.lan_kod is not distinct from m.lan_kod and b.kommun_kod is not distinct from m.kommun_kod;

copy (select *, coalesce(kommun_kod, lan_kod, '00') as geo_kod, taljare / namnare as varde from resultat)
to '$MAPP/plain.parquet' (format parquet);
