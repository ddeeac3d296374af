"""The ledger as Parquet, so that dbt can read it without opening SQLite, and the calendar of what is expected.

Belongs here: one query per exported table. Does not belong here: what the numbers mean; that is SQL's (dbt).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from sqlalchemy import Connection, text

from pipelines.contracts.geography import municipalities
from pipelines.contracts.model import Contracts
from pipelines.contracts.periods import Calendar, asked_on
from pipelines.contracts.retention import first_kept_month, is_kept
from pipelines.landing.files import write_whole
from pipelines.landing.ledger import agreements
from pipelines.landing.ledger.acknowledged import COLUMNS, holding

STRING, LONG, FLAG, TIME = pa.string(), pa.int64(), pa.bool_(), pa.timestamp("us")
KEY = [("kommun_kod", STRING), ("stadsdel_kod", STRING), ("kalla", STRING)]

# A delivery stopped over the ledger (GEN-05, GEN-24) keeps its rows in landing, but none of them is loaded.
EXPORTS: dict[str, tuple[str, list[tuple[str, pa.DataType]]]] = {
    "leverans": (
        "select leverans_id, kommun_kod, stadsdel_kod, kalla, period, version, leveranstyp, profil, system, "
        "system_version, paket_namn, mottagen_tid, mottagen_lokal, sha256, status, stoppande_regel from leverans "
        "where provad order by leverans_id",
        [
            ("leverans_id", STRING),
            *KEY,
            ("period", STRING),
            ("version", pa.int32()),
            *[(name, STRING) for name in ("leveranstyp", "profil", "system", "system_version", "paket_namn")],
            ("mottagen_tid", TIME),
            ("mottagen_lokal", TIME),
            *[(name, STRING) for name in ("sha256", "status", "stoppande_regel")],
        ],
    ),
    "leverans_dataset": (
        "select * from leverans_utfall order by leverans_id, dataset",
        [
            *[(name, STRING) for name in ("leverans_id", "dataset", "schema_version")],
            *[(name, LONG) for name in ("mottagna", "lasta", "i_karantan", "skyddade", "avvisade")],
            ("ar_nolleverans", FLAG),
        ],
    ),
    "leverans_manad": (
        "select m.leverans_id, m.dataset, m.period, case when l.status = 'stoppad' then 0 else m.lasta end, "
        "m.skyddade_hushall, m.skyddade_personer, m.ar_nolleverans from leverans_manad as m "
        "join leverans as l on l.leverans_id = m.leverans_id order by 1, 2, 3",
        [
            *[(name, STRING) for name in ("leverans_id", "dataset", "period")],
            *[(name, LONG) for name in ("lasta", "skyddade_hushall", "skyddade_personer")],
            ("ar_nolleverans", FLAG),
        ],
    ),
    "regelutfall": (
        "select leverans_id, dataset, regel_id, allvar, antal_rader from regelutfall "
        "order by leverans_id, dataset, regel_id",
        [*[(name, STRING) for name in ("leverans_id", "dataset", "regel_id", "allvar")], ("antal_rader", LONG)],
    ),
    "i_kraft": (
        "select kommun_kod, stadsdel_kod, kalla, dataset, period, leverans_id from i_kraft order by 1, 2, 3, 4, 5",
        [*KEY, ("dataset", STRING), ("period", STRING), ("leverans_id", STRING)],
    ),
    "varning": (
        "select l.kommun_kod, l.stadsdel_kod, l.kalla, v.dataset, v.period, v.regel_id, v.leverans_id, v.antal, "
        "v.jamfort_med from varning as v join leverans as l on l.leverans_id = v.leverans_id "
        "order by 1, 2, 3, 4, 5, 6",
        [
            *KEY,
            *[(name, STRING) for name in ("dataset", "period", "regel_id", "leverans_id")],
            ("antal", LONG),
            ("jamfort_med", LONG),
        ],
    ),
    "nyckel": (
        "select nr, fingeravtryck, skyddsnyckel from nyckel order by nr",
        [("nr", LONG), ("fingeravtryck", STRING), ("skyddsnyckel", STRING)],
    ),
}
EXPECTED_SCHEMA = pa.schema(
    [(n, STRING) for n in ("kommun_kod", "kalla", "dataset", "period")]
    + [("frist_lokal", TIME), ("slutlig_frist_lokal", TIME), ("avtal_andamal_kod", STRING)]
)
ACKNOWLEDGED_SCHEMA = pa.schema([(n, STRING) for n in COLUMNS] + [("kvitterad_tid", TIME)])
AGREED_SCHEMA = pa.schema([(n, pa.date32() if n.startswith("giltig") else STRING) for n in agreements.COLUMNS])
TABLES = (*EXPORTS, "avtal", "kvittering", "forvantad")


def _array(values: tuple[object, ...], kind: pa.DataType) -> pa.Array:
    """Values of SQLite, which has neither flags nor times, in their type."""
    stored = {FLAG: LONG, TIME: STRING}.get(kind, kind)
    return pa.array(values, stored).cast(kind)


def _table(connection: Connection, query: str, columns: list[tuple[str, pa.DataType]]) -> pa.Table:
    rows = connection.connection.cursor().execute(query).fetchall()  # as SQLite gives them: there are many
    by_column = zip(*rows, strict=True) if rows else [()] * len(columns)
    arrays = [_array(values, kind) for values, (_, kind) in zip(by_column, columns, strict=True)]
    return pa.Table.from_arrays(arrays, schema=pa.schema(columns))


def _write(path: Path, table: pa.Table) -> None:
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    write_whole(path, sink.getvalue().to_pybytes())


def expected_periods(calendar: Calendar, first: str, asof: date) -> Iterator[tuple[str, datetime]]:
    """Periods from the first one whose deadline has passed, with the first instant after the deadline.

    A period is expected from the day after its deadline, and as long as its rows may be kept.
    """
    period = calendar.own(max(first, first_kept_month(asof)))
    while (passed := calendar.deadline(period)).date() <= asof:
        yield period, passed
        period = calendar.next(period)


def _expected(connection: Connection, contracts: Contracts, asof: date) -> pa.Table:
    rows: list[dict[str, object]] = []
    query = text("select kalla, min(period) from leverans group by kalla")
    for kalla, first in ((str(row[0]), str(row[1])) for row in connection.execute(query)):
        calendar, datasets = contracts.calendar(kalla), contracts.source(kalla)
        for period, deadline in expected_periods(calendar, first, asof) if datasets else ():
            final = calendar.final_deadline(period, asof)
            due = {"kalla": kalla, "period": period, "frist_lokal": deadline, "slutlig_frist_lokal": final}
            due["avtal_andamal_kod"] = contracts.agreement_for(kalla)
            kommuner = municipalities(asked_on(period))
            rows += [{"kommun_kod": k, "dataset": d.id, **due} for d in datasets for k in kommuner]
    return pa.Table.from_pylist(rows, EXPECTED_SCHEMA)


def _acknowledged(connection: Connection) -> pa.Table:
    """The acknowledgements that still hold. Why and by whom stays in the ledger."""
    names = ACKNOWLEDGED_SCHEMA.names
    rows = [dict(zip(names, (*key, made), strict=True)) for key, made in sorted(holding(connection).items())]
    return pa.Table.from_pylist(rows, ACKNOWLEDGED_SCHEMA)


def _agreed(connection: Connection) -> pa.Table:
    """The agreements that hold some day. Who entered them stays in the ledger."""
    return pa.Table.from_pylist([asdict(agreement) for agreement in agreements.holding(connection)], AGREED_SCHEMA)


def _kept(in_force: pa.Table, asof: date) -> pa.Table:
    """Without the periods whose rows may no longer be kept: they are missing from every build, never zero."""
    first = first_kept_month(asof)
    periods = in_force.column("period")
    kept = [period for period in periods.unique().to_pylist() if is_kept(period, first)]
    return in_force.filter(pc.is_in(periods, pa.array(kept, STRING)))


def export_ledger(connection: Connection, contracts: Contracts, asof: date, folder: Path) -> dict[str, int]:
    """Write every exported table, each whole or not at all; rows per table."""
    tables = {name: _table(connection, query, columns) for name, (query, columns) in EXPORTS.items()}
    tables["avtal"] = _agreed(connection)
    tables["kvittering"] = _acknowledged(connection)
    tables["i_kraft"] = _kept(tables["i_kraft"], asof)
    tables["forvantad"] = _expected(connection, contracts, asof)
    for name, table in tables.items():
        _write(folder / f"{name}.parquet", table)
    return {name: table.num_rows for name, table in tables.items()}
