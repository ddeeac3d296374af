"""The landed rows beside each other: rules that need the rows themselves, over a source's deliveries of several years.

Belongs here: what a contract's `historik` and `andelar` say, asked of the landing files that the ledger names, or of
rows of packages that are only tried. Does not belong here: which delivery is in force (`judge.py`), and rules that
counts in the ledger are enough for (`history.py`).

A row that was set aside or protected never landed, but it was received: the ledger holds a hash of its key, made
with its delivery's own id, which tells no more than that the row is not in the landing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from sqlalchemy import Connection, select

from pipelines.contracts.model import Dataset
from pipelines.contracts.periods import year_before
from pipelines.contracts.relations import History, Share
from pipelines.landing.gate_sql import key_hash, quote
from pipelines.landing.history import InForce, Warned
from pipelines.landing.judge import Delivered, LeftOut
from pipelines.landing.ledger import tables as t
from pipelines.landing.rewrite import EMPTY, LandingError, connect, named, rows_of

Rows = Mapping[str, Sequence[Path | pa.Table]]
"""Where the landed rows of each table are; of every table at least one, with all its columns."""
WITHHELD = ("leverans_id", "nyckel")
SENT = ("leverans_id", "kommun_kod", "stadsdel_kod", "period", "fore")


class Landed:
    """The landed rows of those tables of a source whose contract has a rule on them; without any, nothing is opened."""

    def __init__(self, datasets: Iterable[Dataset], rows: Rows, withheld: Iterable[Mapping[str, Any]]) -> None:
        self._datasets = asked_of_rows(datasets)
        if not self._datasets:
            return
        self._db = connect()
        for dataset in self._datasets:
            sources = [self._source(f"{dataset.id}_{i}", found) for i, found in enumerate(rows[dataset.id])]
            self._ask(f"create view rad_{dataset.id} as {_rows(dataset, sources)}")
        self._register("undanhallen", WITHHELD, [{name: row[name] for name in WITHHELD} for row in withheld])

    def left_out(self, delivered: Sequence[Delivered]) -> LeftOut:
        """(delivery, delivery of the year after) -> the rule, where a row that should have come again did not."""
        histories = [(d, d.history) for d in self._datasets if d.history]
        found: dict[tuple[str, str], str] = {}
        if histories:
            standing = [d for d in delivered if d.gate_regel is None]
            self._register("sand", SENT, [_sent(d.leverans_id, *d.sender[:2], d.period) for d in standing])
        for dataset, history in histories:
            for before, now in self._ask(_left_out(dataset, history)):
                found[before, now] = history.kvarstar.regel
        return found

    def warned(self, in_force: InForce) -> set[Warned]:
        """Rows of what is in force that are other than the year before, and what lacks on too many of them."""
        found: set[Warned] = set()
        for dataset in self._datasets:
            own = [(key, lev) for key, lev in in_force.items() if key[3] == dataset.id]
            self._register("sand", SENT, [_sent(lev, kommun, part, p) for (kommun, part, _, _, p), lev in own])
            queries = {share.regel: _shares(dataset, share) for share in dataset.shares}
            if dataset.history:
                queries[dataset.history.oforandrad.regel] = _changed(dataset, dataset.history)
            for regel, query in queries.items():
                rows = self._ask(query)
                found |= {Warned(lev, dataset.id, period, regel, antal, av) for lev, period, antal, av in rows}
        return found

    def _source(self, name: str, found: Path | pa.Table) -> str:
        if isinstance(found, Path):
            return rows_of(found)
        self._db.register(name, found)
        return name

    def _register(self, name: str, names: tuple[str, ...], rows: list[dict[str, Any]]) -> None:
        self._db.register(name, pa.Table.from_pylist(rows, pa.schema([(n, pa.string()) for n in names])))

    def _ask(self, query: str) -> list[tuple[Any, ...]]:
        try:
            return self._db.execute(query).fetchall()
        except duckdb.Error as error:
            raise LandingError(f"Landningens rader går inte att läsa ({type(error).__name__}).") from None


def asked_of_rows(datasets: Iterable[Dataset]) -> list[Dataset]:
    """The tables whose contract has a rule on landed rows."""
    return [dataset for dataset in datasets if dataset.history or dataset.shares]


def of_ledger(connection: Connection, landing: Path, datasets: Sequence[Dataset]) -> Landed:
    """What the ledger names, beside the empty file: it has the columns that came after a file had been written."""
    asked = asked_of_rows(datasets)
    files = named(connection) if asked else []
    rows: dict[str, list[Path]] = {dataset.id: [landing / dataset.id / EMPTY] for dataset in asked}
    for file in (file for file in files if file.dataset in rows):
        rows[file.dataset].append(file.path(landing))
    withheld = connection.execute(select(t.undanhallen.c.leverans_id, t.undanhallen.c.nyckel)) if asked else ()
    return Landed(asked, rows, [dict(zip(WITHHELD, row, strict=True)) for row in withheld])


def _sent(leverans_id: str, kommun_kod: str, stadsdel_kod: str, period: str) -> dict[str, str]:
    return dict(zip(SENT, (leverans_id, kommun_kod, stadsdel_kod, period, year_before(period)), strict=True))


def _rows(dataset: Dataset, sources: Iterable[str]) -> str:
    """A table's landed rows with the first and last day of their period."""
    rows = " union all by name ".join(f"select * from {source}" for source in sources)
    start, length = ("'-01-01'", "1 year") if dataset.calendar.yearly else ("'-01'", "1 month")
    first = f"cast(period || {start} as date)"
    return (
        f"select *, {first} as period_start, {first} + interval {length} - interval 1 day as period_slut from ({rows})"
    )


def _same(left: str, right: str, names: Iterable[str]) -> str:
    return " and ".join(f"{left}.{name} = {right}.{name}" for name in names)


def _left_out(dataset: Dataset, history: History) -> str:
    """Pairs of deliveries where a row that must come again is neither landed nor withheld in the later."""
    return f"""
        with kvar as (select * from rad_{dataset.id} where {history.kvarstar.nar})
        select distinct f.leverans_id, n.leverans_id from kvar as k
        join sand as f on f.leverans_id = k.leverans_id
        join sand as n on {_same("n", "f", ("kommun_kod", "stadsdel_kod"))} and n.fore = f.period
        where not exists (
            select 1 from rad_{dataset.id} as r
            where r.leverans_id = n.leverans_id and {_same("r", "k", history.nyckel)}
        ) and not exists (
            select 1 from undanhallen as u where u.leverans_id = n.leverans_id
            and u.nyckel = {key_hash("n.leverans_id", dataset.id, "k", history.nyckel)}
        )
    """


def _changed(dataset: Dataset, history: History) -> str:
    """Per delivery in force: rows that had ended the year before and are other now, of those that came again."""
    other = " or ".join(f"r.{name} is distinct from k.{name}" for name in history.oforandrad.kolumner)
    return f"""
        with klar as (select * from rad_{dataset.id} where {history.oforandrad.nar})
        select n.leverans_id, n.period, count(case when {other} then 1 end) as antal, count(*) from klar as k
        join sand as f on f.leverans_id = k.leverans_id
        join sand as n on {_same("n", "f", ("kommun_kod", "stadsdel_kod"))} and n.fore = f.period
        join rad_{dataset.id} as r on r.leverans_id = n.leverans_id and {_same("r", "k", history.nyckel)}
        group by n.leverans_id, n.period having antal > 0
    """


def _shares(dataset: Dataset, share: Share) -> str:
    """Per delivery in force of a municipality over the limit: the rows that lack it, of all its parts' rows."""
    return f"""
        with kommun as (
            select s.kommun_kod, s.period, count(case when {share.av} then 1 end) as antal, count(*) as bland
            from (select * from rad_{dataset.id} where {share.bland}) as r
            join sand as s on s.leverans_id = r.leverans_id
            group by s.kommun_kod, s.period
            having bland >= {share.minst} and antal > cast({quote(str(share.over))} as decimal(6, 4)) * bland
        )
        select s.leverans_id, s.period, k.antal, k.bland from kommun as k
        join sand as s on {_same("s", "k", ("kommun_kod", "period"))}
    """
