"""The gate: many small deliveries at once through one in-memory DuckDB, by their contracts.

Belongs here: loading bodies, running the contract's checks, counting, and giving loaded and set-aside rows to whoever
stores them. Does not belong here: what the rules are (contracts), files and ledger (`reception.py`).

The order is that of docs/reference/leverans.md: package rules, row rules, cross-table rules, cascade, protection,
pseudonyms. Nothing of a row's content ever leaves through an exception or a log.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import reduce
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from pipelines.contracts.changes import widest
from pipelines.contracts.model import Contracts, Dataset, Rule
from pipelines.landing import free_text
from pipelines.landing import gate_sql as sql
from pipelines.landing.gate_keys import key
from pipelines.landing.gate_load import Delivery, Loader
from pipelines.landing.gate_rows import gated
from pipelines.landing.identities import Identities
from pipelines.landing.keys import Keys
from pipelines.landing.package import Fault

MEMORY_LIMIT = "2GB"
MAX_POSITIONS = 1000
ROW_GROUP = 122_880  # DuckDB's own: what reads the landing shares it out by these
PARQUET = {"compression": "zstd", "compression_level": 1, "store_schema": False, "store_decimal_as_integer": True}
TEXTS = (pa.string(), pa.dictionary(pa.int32(), pa.string()))
CHOSEN_BY = {"leverans_id", "kommun_kod", "period"}  # other texts' least and greatest cost a fifth of writing them


class GateError(RuntimeError):
    """The gate could not run a batch. Says which kind of error, never its text: that may hold a row."""


@dataclass
class DatasetOutcome:
    """Rows of one dataset in one package, and how many broke each rule."""

    mottagna: int = 0
    i_karantan: int = 0
    skyddade: int = 0
    per_regel: dict[str, int] = field(default_factory=dict)

    @property
    def lasta(self) -> int:
        return self.mottagna - self.i_karantan - self.skyddade


@dataclass
class Outcome:
    """What the gate says of one package. `faults` stop it, `notices` only stand in the ledger and on the receipt."""

    datasets: dict[str, DatasetOutcome] = field(default_factory=dict)
    months: dict[tuple[str, str], tuple[int, int]] = field(default_factory=dict)
    protected: dict[str, tuple[int, int]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    notices: list[Fault] = field(default_factory=list)


@dataclass(frozen=True)
class Position:
    """Where a rule was broken: the line in the file (the header is line 1) and the column."""

    leverans_id: str
    dataset: str
    rad_nr: int
    kolumn: str | None
    regel_id: str


def _stops(rule: Rule, broken: int, received: int) -> bool:
    if rule.stops or rule.eskalering_andel is None:
        return rule.stops
    return broken >= rule.eskalering_minst and broken > Fraction(str(rule.eskalering_andel)) * received


def _limit(rule: Rule) -> str:
    """Why so many broken rows stop the delivery, where a single one does not."""
    if rule.stops:
        return ""
    return (
        f" Leveransen stoppas när felen är fler än {rule.eskalering_procent} procent av raderna "
        f"och minst {rule.eskalering_minst}."
    )


class Gate:
    """One in-memory connection for a whole reception. It spills nowhere, so identifiers stay in memory."""

    def __init__(self, contracts: Contracts, kalla: str, keys: Keys) -> None:
        self.contracts = contracts
        self.datasets = [widest(dataset) for dataset in contracts.source(kalla)]
        self.checks = {d.id: sql.checks(d, contracts) for d in self.datasets}
        self._shields = [(d, d.protection) for d in self.datasets if d.protection]
        config: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": MEMORY_LIMIT,
            "temp_directory": "",
            "threads": 1,  # a second one costs a twentieth more and saves no time: most is Arrow's
        }
        self._db = duckdb.connect(":memory:", config=config)
        self._loader = Loader(self._db)
        self._identities = Identities(self._db, keys)

    def run(self, deliveries: Sequence[Delivery]) -> list[Outcome]:
        """Put a batch through the gate. The rows then wait in `g_<dataset>` for `loaded` and `set_aside`."""
        try:
            self._load(deliveries)
            self._identities.learn(self.datasets[0].andamal, self._loader.number(self.datasets))
            self._apply_checks()
            outcomes = self._outcomes(deliveries)
            self._free_text(outcomes)
            self._mark_stopped(outcomes)
            return outcomes
        except (duckdb.Error, pa.ArrowException) as error:
            raise GateError(type(error).__name__) from None

    def free_text(self, deliveries: Sequence[Delivery]) -> tuple[list[Outcome], list[Position]]:
        """Only GEN-08, over what could be read of packages that are stopped already."""
        try:
            self._load(deliveries)
            outcomes = [Outcome() for _ in deliveries]
            self._free_text(outcomes)
            return outcomes, [p for dataset in self.datasets for p in self._text_positions(dataset)]
        except (duckdb.Error, pa.ArrowException) as error:
            raise GateError(type(error).__name__) from None

    def _load(self, deliveries: Sequence[Delivery]) -> None:
        self._loader.load(self.datasets, deliveries)
        self._refuse_loss(deliveries)
        for dataset in self.datasets:
            free_text.find(self._db, dataset, self.contracts, self._loader.rows[dataset.id])

    def _free_text(self, outcomes: list[Outcome]) -> None:
        for dataset in self.datasets:
            for paket, column, rows, first in self._db.execute(
                f"select paket, kolumn, count(*), min(radnr) from fritext_{dataset.id} group by all order by all"
            ).fetchall():
                where = f"kolumnen {column}" if column else "rader som inte går att dela i fält"
                detalj = f"{rows} rader i {dataset.id}, {where}, den första på rad {first}."
                outcomes[paket].faults.append(Fault(free_text.RULE, detalj, dataset.id, first, column or None, rows))

    def _refuse_loss(self, deliveries: Sequence[Delivery]) -> None:
        """Every line sent is a row or a broken line; a reader that drops one is not to be believed at all."""
        for dataset in self.datasets:
            bodies = ((i, body) for i, d in enumerate(deliveries) for body in d.bodies)
            sent = {i: body.rows for i, body in bodies if body.dataset == dataset.id and body.rows}
            rows = f"select paket from r_{dataset.id} union all select paket from trasig_{dataset.id}"
            if sent != dict(self._db.execute(f"select paket, count(*) from ({rows}) group by paket").fetchall()):
                raise GateError("LostRows")

    # -- checks ----------------------------------------------------------------------------------------------

    def _protected_key(self) -> tuple[str, ...]:
        """CREATE `skyddat`: what some table of the package marks as protected. The key, which all of them share."""
        if not self._shields:
            return ()
        nyckel = self._shields[0][1].nyckel
        marked = [
            f"select {key(nyckel)} from r_{d.id} where {p.kolumn} = {sql.quote(p.varde)}" for d, p in self._shields
        ]
        self._db.execute(
            f"create or replace temp table skyddat as select distinct {key(nyckel)} from ({' union all '.join(marked)})"
        )
        return nyckel

    def _apply_checks(self) -> None:
        protected_by = self._protected_key()
        for dataset in self.datasets:
            self._db.execute(sql.same_persons(dataset, self.contracts))
        for dataset in self.datasets:
            told = self._db.sql(gated(dataset, self.contracts, self.checks[dataset.id], protected_by)).to_arrow_table()
            if not self._loader.judge(dataset, told):
                raise GateError("LostRows")

    # -- outcomes --------------------------------------------------------------------------------------------

    def _outcomes(self, deliveries: Sequence[Delivery]) -> list[Outcome]:
        outcomes = [Outcome() for _ in deliveries]
        for dataset in self.datasets:
            for i, delivery in enumerate(deliveries):
                for body in delivery.bodies:
                    if body.dataset == dataset.id:
                        outcomes[i].datasets[dataset.id] = DatasetOutcome(mottagna=body.rows)
            self._count_rows(dataset, outcomes)
            self._foreign_rows(dataset, outcomes)
            self._escalate(dataset, outcomes)
        self._count_protected(outcomes)
        return outcomes

    def _count_rows(self, dataset: Dataset, outcomes: list[Outcome]) -> None:
        """Rows of each package and period in one look at all of them, rules in one at those that broke any."""
        for paket, period, received, aside, protected in self._db.execute(
            f"select paket, period, count(*), count(case when ar_satt_at_sidan then 1 end), "
            f"count(case when ar_skyddad_rad and not ar_satt_at_sidan then 1 end) from g_{dataset.id} group by all"
        ).fetchall():
            rows = outcomes[paket].datasets[dataset.id]
            rows.i_karantan += aside
            rows.skyddade += protected
            if period is not None:
                outcomes[paket].months[dataset.id, period] = (received, received - aside - protected)
        for paket, broken in self._db.execute(
            f"select paket, count(*) from trasig_{dataset.id} group by paket"
        ).fetchall():
            outcomes[paket].datasets[dataset.id].i_karantan += broken
            outcomes[paket].datasets[dataset.id].per_regel["GEN-25"] = broken
        self._count_rules(dataset, outcomes)

    def _count_rules(self, dataset: Dataset, outcomes: list[Outcome]) -> None:
        found = self.checks[dataset.id]
        rules = sorted({c.rule.id for c in found})
        masks = [sum(c.mask for c in found if c.rule.id == rule) for rule in rules]
        counts = ", ".join(f"count(case when {sql.faults(found)} & {mask} <> 0 then 1 end)" for mask in masks)
        for paket, *per_rule in self._db.execute(
            f"select paket, {counts} from g_{dataset.id} where fel <> 0 group by paket"
        ).fetchall():
            per_regel = outcomes[paket].datasets[dataset.id].per_regel
            for rule, broken in zip(rules, per_rule, strict=True):
                if broken:
                    per_regel[rule] = per_regel.get(rule, 0) + broken

    def _count_protected(self, outcomes: list[Outcome]) -> None:
        """Protected persons (each once in a household), and the parents' rows (households) with them, per period."""
        kept = "where ar_skyddad_rad and not ar_satt_at_sidan"
        rows = [
            f"select paket, period, 0 as hushall, row({', '.join(p.nyckel)}, person_id) as person from g_{d.id} {kept}"
            for d, p in self._shields
        ]
        parents = [d.cascade.tabell for d, _ in self._shields if d.cascade]
        rows += [f"select paket, period, 1, null from g_{table} {kept}" for table in parents]
        if not rows:
            return
        for paket, period, households, persons in self._db.execute(
            "select paket, period, sum(hushall), count(distinct person) "
            f"from ({' union all '.join(rows)}) group by paket, period"
        ).fetchall():
            outcomes[paket].protected[period] = (int(households), int(persons))

    def _foreign_rows(self, dataset: Dataset, outcomes: list[Outcome]) -> None:
        """GEN-02 and GEN-03: rows that are not the sender's or not the period's stop the package."""
        asked = (("GEN-02", "kommun_kod", "ar_annans"), ("GEN-03", "period", "ar_annan_period"))
        told = ", ".join(f"count(case when {b} then 1 end), min(case when {b} then radnr end)" for _, _, b in asked)
        for paket, *found in self._db.execute(
            f"select paket, {told} from g_{dataset.id} where ar_annans or ar_annan_period group by paket"
        ).fetchall():
            for (regel_id, column, _), rows, first in zip(asked, found[::2], found[1::2], strict=True):
                if rows:
                    detalj = f"{rows} rader i {dataset.id}, den första på rad {first}."
                    outcomes[paket].faults.append(Fault(regel_id, detalj, dataset.id, first, column, rows))

    def _escalate(self, dataset: Dataset, outcomes: list[Outcome]) -> None:
        """A rule broken by too large a share of a dataset's rows stops the package; some rules do by a single row."""
        for outcome in outcomes:
            rows = outcome.datasets.get(dataset.id)
            for regel_id, broken in sorted(rows.per_regel.items()) if rows else ():
                rule = self.contracts.rules[regel_id]
                if rows and _stops(rule, broken, rows.mottagna):
                    detalj = f"{broken} av {rows.mottagna} rader i {dataset.id} bryter mot regeln.{_limit(rule)}"
                    outcome.faults.append(Fault(regel_id, detalj, dataset.id, antal_rader=broken))

    # -- what is kept ----------------------------------------------------------------------------------------

    def _mark_stopped(self, outcomes: list[Outcome]) -> None:
        stopped = [i for i, outcome in enumerate(outcomes) if outcome.faults]
        self._stopped = pa.table({"paket": pa.array(stopped, pa.int32())})
        self._db.register("stoppat", self._stopped)

    def positions(self) -> list[Position]:
        """Where rules were broken, at most MAX_POSITIONS per package, dataset and rule."""
        found: list[Position] = []
        for dataset in self.datasets:
            bits = ", ".join(
                f"({c.mask}, {sql.quote(c.rule.id)}, {sql.quote(c.column or '')})" for c in self.checks[dataset.id]
            )
            rows = self._db.execute(
                f"""
                with regel (mask, regel_id, kolumn) as (values {bits}),
                traff as (
                    select g.paket, g.radnr, min(k.kolumn) as kolumn, k.regel_id from g_{dataset.id} as g
                    join regel as k on {sql.faults(self.checks[dataset.id])} & k.mask <> 0 where g.fel <> 0 group by all
                    union all select paket, radnr, '', 'GEN-25' from trasig_{dataset.id}
                )
                select p.leverans_id, t.radnr, nullif(t.kolumn, ''), t.regel_id from traff as t
                join paket as p on p.paket = t.paket
                qualify row_number() over (partition by t.paket, t.regel_id order by t.radnr) <= {MAX_POSITIONS}
                order by t.paket, t.radnr, t.regel_id
                """
            ).fetchall()
            found += [Position(lev, dataset.id, row, column, rule) for lev, row, column, rule in rows]
            found += self._text_positions(dataset)
        return found

    def _text_positions(self, dataset: Dataset) -> list[Position]:
        rows = self._db.execute(
            f"select p.leverans_id, f.radnr, nullif(f.kolumn, '') from fritext_{dataset.id} as f join paket as p "
            "on p.paket = f.paket qualify row_number() over (partition by f.paket order by f.radnr, f.kolumn) "
            f"<= {MAX_POSITIONS} order by f.paket, f.radnr, f.kolumn"
        ).fetchall()
        return [Position(lev, dataset.id, row, column, free_text.RULE) for lev, row, column in rows]

    def write_loaded(self, dataset: Dataset, path: Path) -> int:
        """Write the rows that keep their contract as Parquet; their number."""
        rows = self.loaded(dataset)
        told = [c.name for c in rows.schema if c.name in CHOSEN_BY or c.type not in TEXTS]
        parquet.write_table(rows, path, ROW_GROUP, write_statistics=told, **PARQUET)
        return len(rows)

    def loaded(self, dataset: Dataset) -> pa.Table:
        """The same rows, for who keeps nothing."""
        rows = self._loader.judged[dataset.id]
        gone = (
            rows["ar_satt_at_sidan"],
            rows["ar_skyddad_rad"],
            pc.is_in(rows["paket"], self._stopped["paket"].combine_chunks()),
        )
        rows = rows.filter(pc.invert(reduce(pc.or_, gone)))
        names = self._loader.packages["leverans_id"].combine_chunks()
        place = {
            "leverans_id": pa.DictionaryArray.from_arrays(rows["paket"].combine_chunks(), names),
            "rad_nr": rows["radnr"],
        }
        return pa.table(place | {name: rows[name] for name in sql.landed_columns(dataset)})

    def withheld(self, dataset: Dataset) -> list[dict[str, str]]:
        """Hashed keys of rows that were received but did not land, where a later year asks for them."""
        if dataset.history is None:
            return []
        key = dataset.history.nyckel
        rows = self._db.execute(
            f"select distinct p.leverans_id, g.period, {sql.key_hash('p.leverans_id', dataset.id, 'g', key)} "
            f"from g_{dataset.id} as g join paket as p on p.paket = g.paket "
            "anti join stoppat as s on s.paket = g.paket "
            f"where (g.ar_satt_at_sidan or g.ar_skyddad_rad) and {' and '.join(f'g.{n} is not null' for n in key)} "
            "order by all"
        ).fetchall()
        return [{"leverans_id": lev, "period": period, "nyckel": digest} for lev, period, digest in rows]

    def set_aside(self, dataset: Dataset) -> pa.Table:
        """The original text of the rows set aside in packages that were not stopped, for the quarantine.

        They are few: found by their place among the rows received, of which no more is read.
        """
        kept = "anti join stoppat as s on s.paket = g.paket"
        aside = self._db.sql(f"select g.paket, g.radnr from g_{dataset.id} as g {kept} where g.ar_satt_at_sidan")
        columns = ", ".join(c.name for c in dataset.columns)
        unread = ", ".join(f"null as {c.name}" for c in dataset.columns)
        self._db.register("inkommet", self._loader.at(dataset, aside.to_arrow_table()))
        found = self._db.sql(
            f"""
            with rad as (
                select paket, radnr, {columns}, null as rad from inkommet
                union all select g.paket, g.radnr, {unread}, g.rad from trasig_{dataset.id} as g {kept}
            )
            select p.leverans_id, rad.* exclude (paket) from rad join paket as p on p.paket = rad.paket
            order by rad.paket, rad.radnr
            """
        ).to_arrow_table()
        self._db.unregister("inkommet")
        return found
