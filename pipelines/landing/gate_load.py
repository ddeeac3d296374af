"""Loading a batch into the gate: many small files read as one, with every row's package and line known.

Belongs here: the tables `paket`, `r_<dataset>` (in the contract's columns and words, whatever the sender's),
`trasig_<dataset>`, and `g_<dataset>` (the same rows with what was told of them) of the gate's connection. Does not
belong here: decoding (readers), what a mapping says (`mapping_sql.py`), keys (`gate_keys.py`) and judging (gate).

The rows are Arrow tables that DuckDB reads where they lie: text columns, an empty cell is NULL, and numbers for what
they are joined by. That costs a third of reading them into a table of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from pipelines.contracts.changes import HIDDEN
from pipelines.contracts.mappings import MappedColumn, TableMapping, canonical
from pipelines.contracts.model import Dataset
from pipelines.landing.free_text import left_out_table, suspect
from pipelines.landing.gate_keys import Numbering, asked_keys, key, looked_up_if_shared
from pipelines.landing.gate_sql import UNSEEN, may_hide, quote
from pipelines.landing.mapping_sql import translated
from pipelines.landing.readers.body import Body

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
PLACE = [("paket", pa.int32()), ("radnr", pa.int64())]
BLANK = "\0"
LINE_BITS = 40  # more lines than a file can have
BROKEN_SCHEMA = pa.schema([*PLACE, ("rad", pa.string())])


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


Shapes = dict[tuple[TableMapping | None, tuple[str, ...]], list[tuple[int, Body]]]


class Loader:
    """Puts a batch's bodies into the gate's connection. Nothing of them is written anywhere."""

    def __init__(self, db: duckdb.DuckDBPyConnection) -> None:
        self._db = db
        self.packages = PACKAGE_SCHEMA.empty_table()
        self.rows: dict[str, pa.Table] = {}
        self.judged: dict[str, pa.Table] = {}

    def load(self, datasets: Sequence[Dataset], deliveries: Sequence[Delivery]) -> None:
        """Fill `paket` and the raw tables with one batch; a package's number is its place in the batch."""
        self.packages = pa.Table.from_pylist([_row(i, d) for i, d in enumerate(deliveries)], PACKAGE_SCHEMA)
        self.store("paket", self.packages)
        for dataset in datasets:
            self._load_dataset(dataset, deliveries)

    def store(self, name: str, table: pa.Table) -> None:
        """A temporary table with an Arrow table's rows."""
        self._db.register("inkommet", table)
        self._db.execute(f"create or replace temp table {name} as select * from inkommet")
        self._db.unregister("inkommet")

    def at(self, dataset: Dataset, places: pa.Table) -> pa.Table:
        """The rows of a dataset at some places (paket, radnr), whatever their order."""
        rows = self.rows[dataset.id]
        return rows.filter(pc.is_in(_place(rows), value_set=_place(places).combine_chunks()))

    def number(self, datasets: Sequence[Dataset]) -> pa.Table:
        """Give every row its keys' and its identity's numbers, and whether another row has its own key; the different
        identities. `f_<dataset>`: the rows that share a key which is looked up only then.
        """
        numbering = Numbering(datasets, self.rows, self.packages)
        by_table, identities = numbering.identities()
        for dataset in datasets:
            told = {key(names): numbering.key(dataset, names) for names in asked_keys(dataset, datasets)}
            told["ar_dubblett"] = numbering.repeated(dataset, dataset.key)
            told["identitet_nr"] = by_table[dataset.id]
            for column in filter(may_hide, dataset.columns):
                told[f"{column.name}__osynligt"] = numbering.matching(dataset, column.name, UNSEEN)
            rows = self.rows[dataset.id] = _with(self.rows[dataset.id], told)
            self._db.register(f"r_{dataset.id}", rows)
            shared = [numbering.repeated(dataset, names) for names in looked_up_if_shared(dataset, datasets)]
            self._db.register(f"f_{dataset.id}", rows.filter(reduce(pc.or_, shared, pa.repeat(False, len(rows)))))
        return identities

    def judge(self, dataset: Dataset, told: pa.Table) -> bool:
        """`g_<dataset>`: every row received, with what is told of it by its place instead of the cell of that name, and
        without what hides; False where there is not one told for each.

        What stays as it was sent is not written a second time: that took a quarter of the time of all rules.
        """
        rows = self.rows[dataset.id]
        told = _in_order_of(rows, told)
        if told is None:
            return False
        judged = _with(rows, dict(zip(told.column_names, told.columns, strict=True)))
        judged = judged.drop_columns([c.name for c in dataset.columns if c.classification in HIDDEN])
        self.judged[dataset.id] = judged
        self._db.register(f"g_{dataset.id}", judged)
        return True

    def _load_dataset(self, dataset: Dataset, deliveries: Sequence[Delivery]) -> None:
        self._db.execute(left_out_table(dataset))
        read, broken = [_no_rows(dataset)], []
        for (mapping, columns), bodies in _shapes(dataset, deliveries).items():
            layout = mapping or canonical(dataset.kalla, [dataset]).tables[dataset.id]
            rows, fallen = _read_joined(layout.separator, columns, bodies)
            read.append(self._in_the_contracts_words(dataset, layout, rows))
            broken.append(fallen)
        self.rows[dataset.id] = pa.concat_tables(read)
        self._db.register(f"r_{dataset.id}", self.rows[dataset.id])
        self.store(f"trasig_{dataset.id}", pa.concat_tables([BROKEN_SCHEMA.empty_table(), *broken]))

    def _in_the_contracts_words(self, dataset: Dataset, layout: TableMapping, rows: pa.Table) -> pa.Table:
        """The rows in the contract's columns; where a mapping says so, translated. Cells left out are searched too."""
        self._db.register("inkommet", rows)
        for name in layout.left_out:
            self._db.execute(
                f"insert into utelamnat_{dataset.id} select paket, radnr, {quote(name)}, {_cell(name)} "
                f"from inkommet where {suspect(_cell(name))}"
            )
        self._db.unregister("inkommet")
        sent = {layout.columns[n].target: layout.columns[n] for n in layout.columns if n in rows.column_names}
        found = {name: rows.column(name) for name, _ in PLACE}
        for name in (c.name for c in dataset.columns):  # an earlier form has fewer
            found[name] = self._translated(sent[name], rows) if name in sent else pa.nulls(len(rows), pa.string())
        return pa.table(found)

    def _translated(self, column: MappedColumn, rows: pa.Table) -> pa.ChunkedArray | pa.Array:
        """The cells of a column in the contract's words; each different one is translated once."""
        cells, words = rows.column(column.name), translated(column, "cell")
        if words == "cell":
            return cells
        different = pc.dictionary_encode(cells.combine_chunks())
        places = np.arange(len(different.dictionary))
        self._db.register("inkommet", pa.table({"nr": places, "cell": different.dictionary}))
        ours = self._db.sql(f"select {words} from inkommet order by nr").to_arrow_table().column(0).combine_chunks()
        self._db.unregister("inkommet")
        return ours.take(different.indices)


def _place(rows: pa.Table) -> pa.ChunkedArray:
    """A package and a line as one number."""
    paket, radnr = (rows.column(name).cast(pa.int64()) for name, _ in PLACE)
    return pc.add(pc.shift_left(paket, LINE_BITS), radnr)


def _with(rows: pa.Table, told: dict[str, pa.Array]) -> pa.Table:
    """The rows with other columns beside their own, or instead of those of the same name."""
    return pa.table(dict(zip(rows.column_names, rows.columns, strict=True)) | told)


def _in_order_of(rows: pa.Table, told: pa.Table) -> pa.Table | None:
    """What is told of rows, in the order of the rows themselves; None where they are not the same rows, each once."""
    at, told_at = (_place(table).to_numpy() for table in (rows, told))
    if len(at) != len(told_at):
        return None
    if not np.array_equal(at, told_at):  # a join may turn them round
        order = np.empty_like(at)
        order[np.argsort(at, kind="stable")] = np.argsort(told_at, kind="stable")
        told = told.take(order)
    return told if np.array_equal(at, _place(told).to_numpy()) else None


def _cell(name: str) -> str:
    """A column of the sender's own as SQL names it."""
    return '"' + name.replace('"', '""') + '"'


def _shapes(dataset: Dataset, deliveries: Sequence[Delivery]) -> Shapes:
    """The dataset's bodies by form: files with the same columns in the same order can be read as one."""
    found: Shapes = {}
    for paket, delivery in enumerate(deliveries):
        for body in delivery.bodies:
            if body.dataset == dataset.id and body.rows:
                found.setdefault((body.mapping, body.columns), []).append((paket, body))
    return found


def _no_rows(dataset: Dataset) -> pa.Table:
    return pa.schema([*PLACE, *[(c.name, pa.string()) for c in dataset.columns]]).empty_table()


def _blank_lines_marked(content: bytes) -> bytes:
    """A blank line would pass for one of empty cells: a sign that no file can hold makes it fall as the line it is."""
    if content.startswith(b"\n"):
        content = BLANK.encode() + content
    while b"\n\n" in content:
        content = content.replace(b"\n\n", b"\n" + BLANK.encode() + b"\n")
    return content


def _read_joined(separator: str, columns: tuple[str, ...], bodies: list[tuple[int, Body]]) -> tuple[pa.Table, pa.Table]:
    """Files of one shape read as one: the rows, and the lines that would not split, each with package and line."""
    content = _blank_lines_marked(b"".join(body.content for _, body in bodies))
    fallen: list[tuple[int, str]] = []

    def set_apart(row: arrow_csv.InvalidRow) -> str:
        fallen.append((row.number - 1, row.text.replace(BLANK, "")))
        return "skip"

    text = arrow_csv.ConvertOptions(
        check_utf8=False, column_types=dict.fromkeys(columns, pa.string()), strings_can_be_null=True, null_values=[""]
    )
    one_block = arrow_csv.ReadOptions(column_names=columns, use_threads=False, block_size=len(content) + 1)
    plain = arrow_csv.ParseOptions(
        delimiter=separator, quote_char=False, ignore_empty_lines=False, invalid_row_handler=set_apart
    )
    rows = arrow_csv.read_csv(pa.BufferReader(content), one_block, plain, text)
    lines = np.array([body.rows for _, body in bodies])
    paket = np.repeat(np.array([number for number, _ in bodies], np.int32), lines)
    radnr = np.arange(len(paket)) - np.repeat(np.cumsum(lines) - lines, lines) + 2
    at = np.array([line for line, _ in fallen], np.int64)
    broken = pa.table([paket[at], radnr[at], pa.array([t for _, t in fallen], pa.string())], BROKEN_SCHEMA)
    places = [np.delete(paket, at), np.delete(radnr, at)] if fallen else [paket, radnr]
    for i, (name, kind) in enumerate(PLACE):
        rows = rows.add_column(i, pa.field(name, kind), pa.array(places[i], kind))
    return rows, broken


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
