"""Loading a batch into the gate: many small files read as one, with every row's package and line known.

Belongs here: the tables `paket`, `r_<dataset>` and `trasig_<dataset>` of the gate's connection. Does not belong here:
decoding (readers) and judging (gate).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import duckdb
import fsspec
import pyarrow as pa

from pipelines.contracts.model import Dataset
from pipelines.landing.readers.csv import Body

PACKAGE_SCHEMA = pa.schema(
    [
        ("paket", pa.int32()),
        ("leverans_id", pa.string()),
        ("kommun_kod", pa.string()),
        ("stadsdel_kod", pa.string()),
        ("period", pa.string()),
        ("leveranstyp", pa.string()),
        ("mottagen_datum", pa.date32()),
        ("period_start", pa.date32()),
    ]
)


@dataclass(frozen=True)
class Delivery:
    """What the gate needs of one package: who, when, which rows."""

    leverans_id: str
    kommun_kod: str
    stadsdel_kod: str
    period: str
    leveranstyp: str
    mottagen_datum: date
    bodies: tuple[Body, ...]


class Loader:
    """Puts bodies into the gate's connection through a file system that lives in memory only."""

    def __init__(self, db: duckdb.DuckDBPyConnection) -> None:
        self._db = db
        self._memory = fsspec.filesystem("memory")
        db.register_filesystem(self._memory)

    def load(self, datasets: Sequence[Dataset], deliveries: Sequence[Delivery]) -> None:
        """Fill `paket` and the raw tables with one batch; a package's number is its place in the batch."""
        try:
            self.store("paket", pa.Table.from_pylist([_row(i, d) for i, d in enumerate(deliveries)], PACKAGE_SCHEMA))
            for dataset in datasets:
                self._load_dataset(dataset, deliveries)
        finally:
            self._memory.store.clear()

    def store(self, name: str, table: pa.Table) -> None:
        """A temporary table with an Arrow table's rows."""
        self._db.register("inkommet", table)
        self._db.execute(f"create or replace temp table {name} as select * from inkommet")
        self._db.unregister("inkommet")

    def _load_dataset(self, dataset: Dataset, deliveries: Sequence[Delivery]) -> None:
        columns = ", ".join(f"{c.name} varchar" for c in dataset.columns)
        broken = "paket integer, radnr integer, rad varchar"
        self._db.execute(f"create or replace temp table r_{dataset.id} (paket integer, radnr integer, {columns})")
        self._db.execute(f"create or replace temp table trasig_{dataset.id} ({broken})")
        shapes: dict[tuple[str, ...], list[tuple[int, Body]]] = {}
        for paket, delivery in enumerate(deliveries):
            for body in delivery.bodies:
                if body.dataset == dataset.id and body.rows:
                    shapes.setdefault(body.columns, []).append((paket, body))
        for columns_in_file, bodies in shapes.items():
            self._read_joined(dataset, columns_in_file, bodies)

    def _read_joined(self, dataset: Dataset, columns: tuple[str, ...], bodies: list[tuple[int, Body]]) -> None:
        """Read files of one shape as one, every line prefixed with its package's number."""
        starts, line = [], 0
        for paket, body in bodies:
            starts.append({"paket": paket, "start": line})
            line += body.rows
        self.store("start", pa.Table.from_pylist(starts, pa.schema([("paket", pa.int32()), ("start", pa.int64())])))
        self._memory.pipe("/rader.csv", b"".join(_prefixed(paket, body) for paket, body in bodies))
        spec = ", ".join(f"'{name}': 'VARCHAR'" for name in columns)
        self._db.execute(
            "create or replace temp table inlast as select * from read_csv('memory://rader.csv', delim=';', "
            "header=false, quote='', escape='', auto_detect=false, ignore_errors=true, store_rejects=true, "
            f"rejects_table='avvisad', rejects_scan='avvisad_fil', columns={{'paket': 'INTEGER', {spec}}})"
        )
        self._number_lines(dataset, columns)
        self._db.execute("drop table avvisad; drop table avvisad_fil; drop table inlast")

    def _number_lines(self, dataset: Dataset, columns: tuple[str, ...]) -> None:
        """Give each row its line in its own file (the header is line 1), also the lines that would not split."""
        names = ", ".join(columns)
        self._db.execute(
            f"""
            create or replace temp table fallna as
                select line, min(csv_line) as rad, row_number() over (order by line) as nr
                from avvisad group by line;
            insert into trasig_{dataset.id}
                select s.paket, f.line - s.start + 1, regexp_replace(f.rad, '^[0-9]+;', '')
                from fallna as f asof join start as s on f.line - 1 >= s.start;
            insert into r_{dataset.id} (paket, radnr, {names})
                select l.paket, l.rowid + coalesce(f.nr, 0) - s.start + 2, {names} from inlast as l
                asof left join (select line - nr as fore, max(nr) as nr from fallna group by fore) as f
                    on l.rowid >= f.fore
                join start as s on s.paket = l.paket
            """
        )


def _row(paket: int, delivery: Delivery) -> dict[str, object]:
    monthly = len(delivery.period) == 7
    return {
        "paket": paket,
        "leverans_id": delivery.leverans_id,
        "kommun_kod": delivery.kommun_kod,
        "stadsdel_kod": delivery.stadsdel_kod or None,
        "period": delivery.period,
        "leveranstyp": delivery.leveranstyp,
        "mottagen_datum": delivery.mottagen_datum,
        "period_start": date.fromisoformat(f"{delivery.period}-01") if monthly else None,
    }


def _prefixed(paket: int, body: Body) -> bytes:
    prefix = b"%d;" % paket
    return prefix + body.content[:-1].replace(b"\n", b"\n" + prefix) + b"\n"
