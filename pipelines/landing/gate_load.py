"""Loading a batch into the gate: many small files read as one, with every row's package and line known.

Belongs here: the tables `paket`, `r_<dataset>` (in the contract's columns and words, whatever the sender's), and
`trasig_<dataset>` of the gate's connection. Does not belong here: decoding (readers), what a mapping says
(`mapping_sql.py`) and judging (gate).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import duckdb
import fsspec
import pyarrow as pa

from pipelines.contracts.mappings import TableMapping, canonical
from pipelines.contracts.model import Dataset
from pipelines.landing.free_text import left_out_table, suspect
from pipelines.landing.gate_sql import quote
from pipelines.landing.mapping_sql import translated
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
        ("skyddade_deklarerade", pa.bool_()),
    ]
)

# rows that were read, each with its line: rows before it in its package, and broken lines before it in the batch
NUMBERED = """(
    select l.*, l.rowid + coalesce(f.nr, 0) - s.start + 2 as radnr from inlast as l
    asof left join (select line - nr as fore, max(nr) as nr from fallna group by fore) as f on l.rowid >= f.fore
    join start as s on s.paket = l.paket
)"""


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
    skyddade_deklarerade: bool = False


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
        self._db.execute(left_out_table(dataset))
        shapes: dict[tuple[TableMapping | None, tuple[str, ...]], list[tuple[int, Body]]] = {}
        for paket, delivery in enumerate(deliveries):
            for body in delivery.bodies:
                if body.dataset == dataset.id and body.rows:
                    shapes.setdefault((body.mapping, body.columns), []).append((paket, body))
        for (mapping, columns_in_file), bodies in shapes.items():
            layout = mapping or canonical(dataset.kalla, [dataset]).tables[dataset.id]
            self._read_joined(layout.separator, len(columns_in_file), bodies)
            self._set_broken_apart(dataset)
            self._insert_rows(dataset, layout, columns_in_file)
            self._db.execute("drop table avvisad; drop table avvisad_fil; drop table inlast")

    def _read_joined(self, separator: str, width: int, bodies: list[tuple[int, Body]]) -> None:
        """Read files of one shape as one, every line prefixed with its package's number; their columns are k0, k1, …"""
        starts, line = [], 0
        for paket, body in bodies:
            starts.append({"paket": paket, "start": line})
            line += body.rows
        self.store("start", pa.Table.from_pylist(starts, pa.schema([("paket", pa.int32()), ("start", pa.int64())])))
        self._memory.pipe("/rader.csv", b"".join(_prefixed(separator, p, body) for p, body in bodies))
        spec = ", ".join(f"'k{i}': 'VARCHAR'" for i in range(width))
        self._db.execute(
            "create or replace temp table inlast as select * from read_csv('memory://rader.csv', "
            f"delim={quote(separator)}, header=false, quote='', escape='', auto_detect=false, ignore_errors=true, "
            "store_rejects=true, rejects_table='avvisad', rejects_scan='avvisad_fil', "
            f"columns={{'paket': 'INTEGER', {spec}}})"
        )

    def _set_broken_apart(self, dataset: Dataset) -> None:
        """The lines that would not split, with their place in their own file (the header is line 1)."""
        self._db.execute(
            f"""
            create or replace temp table fallna as
                select line, min(csv_line) as rad, row_number() over (order by line) as nr
                from avvisad group by line;
            insert into trasig_{dataset.id}
                select s.paket, f.line - s.start + 1, regexp_replace(f.rad, '^[0-9]+[^0-9]', '')
                from fallna as f asof join start as s on f.line - 1 >= s.start
            """
        )

    def _insert_rows(self, dataset: Dataset, layout: TableMapping, columns: tuple[str, ...]) -> None:
        """The other lines under their own number, in the contract's columns and words."""
        places = {name: f"k{i}" for i, name in enumerate(columns)}
        found = [(layout.columns[name], place) for name, place in places.items() if name in layout.columns]
        names = ", ".join(column.target for column, _ in found)
        cells = ", ".join(translated(column, place) for column, place in found)
        self._db.execute(
            f"insert into r_{dataset.id} (paket, radnr, {names}) select paket, radnr, {cells} from {NUMBERED}"
        )
        for name in layout.left_out:
            self._db.execute(
                f"insert into utelamnat_{dataset.id} select paket, radnr, {quote(name)}, {places[name]} "
                f"from {NUMBERED} where {suspect(places[name])}"
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
        "skyddade_deklarerade": delivery.skyddade_deklarerade,
    }


def _prefixed(separator: str, paket: int, body: Body) -> bytes:
    prefix = f"{paket}{separator}".encode()
    return prefix + body.content[:-1].replace(b"\n", b"\n" + prefix) + b"\n"
