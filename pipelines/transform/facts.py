"""What Dagster shows of a table that dbt has built: its rows, and the pictures and tables its own meta asks for.

Belongs here: facts read from the build file once dbt has let go of it, as Dagster metadata. Does not belong here: how a
picture is drawn (`pictures.py`) and what its rows mean (the SQL beside). A model asks by name in its meta, for example
`visar: [leveranslage]`; nothing here knows a model. A fact that cannot be read is left out: the build is right without.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb

HERE = Path(__file__).parent
Fact = Callable[[duckdb.DuckDBPyConnection], Mapping[str, dg.MetadataValue]]


def read_facts(build: Path, wanted: Mapping[str, list[str]]) -> dict[str, dict[str, Any]]:
    """Metadata by table: rows of every table, and the facts named in `wanted` (table: names)."""
    if not build.exists():
        return {}
    with duckdb.connect(str(build), read_only=True) as db:
        counts = db.execute("select table_name, estimated_size from duckdb_tables()").fetchall()
        found: dict[str, dict[str, Any]] = {name: {"dagster/row_count": rows} for name, rows in counts}
        for table in wanted.keys() & found.keys():
            for name in wanted[table]:
                found[table].update(_fact(db, name))
    return found


def _fact(db: duckdb.DuckDBPyConnection, name: str) -> Mapping[str, dg.MetadataValue]:
    try:
        return FACTS[name](db)
    except duckdb.CatalogException:  # dbt stopped before it came to a table that the fact needs
        return {}


def _rows(db: duckdb.DuckDBPyConnection, name: str) -> list[tuple[Any, ...]]:
    return db.execute((HERE / f"{name}.sql").read_text(encoding="utf-8")).fetchall()


def _picture(png: bytes, alt: str) -> dg.MetadataValue:
    return dg.MetadataValue.md(f"![{alt}](data:image/png;base64,{base64.b64encode(png).decode()})")


def _delivery_state(db: duckdb.DuckDBPyConnection) -> Mapping[str, dg.MetadataValue]:
    from pipelines.transform.pictures import Sender, heat_map

    rows = _rows(db, "leveranslage")
    if not rows:
        return {}
    months = sorted({month for *_, month, _ in rows})
    senders = []
    for (county, name), group in groupby(rows, key=lambda row: row[:2]):
        ranks = {month: rank for *_, month, rank in group}
        senders.append(Sender(name, county, tuple(ranks.get(month) for month in months)))
    last = _rows(db, "senaste_manaden")
    title = f"Leveransläge {months[0]} till {months[-1]}: varje kommuns sämsta datamängd"
    png = heat_map(senders, months, [status for _, status, _ in last], title)
    said = ", ".join(f"{status} {number}" for _, status, number in last)
    return {
        "leveransläge, bild": _picture(png, f"{title}. Antal kommuner {months[-1]}: {said}."),
        "leveransläge, senaste månaden": table(("period", "status", "kommuner"), last),
    }


def _coverage(db: duckdb.DuckDBPyConnection) -> Mapping[str, dg.MetadataValue]:
    from pipelines.transform.pictures import coverage

    rows = _rows(db, "tackning")
    if not rows:
        return {}
    months = sorted({month for _, month, _ in rows})
    by_month = {(dataset, month): share for dataset, month, share in rows}
    datasets = sorted({dataset for dataset, *_ in rows})
    shares = {dataset: [by_month.get((dataset, month), 0.0) for month in months] for dataset in datasets}
    title = f"Andel av befolkningen i kommuner med godkänd leverans, {months[0]} till {months[-1]}"
    said = ", ".join(f"{dataset} {100 * values[-1]:.1f} %".replace(".", ",") for dataset, values in shares.items())
    return {"täckning, bild": _picture(coverage(shares, months, title), f"{title}. Senaste månaden: {said}.")}


def _warnings(db: duckdb.DuckDBPyConnection) -> Mapping[str, dg.MetadataValue]:
    rows = [(*row[:4], int(row[4]), int(row[5])) for row in _rows(db, "varningar")]
    return {"varningar per regel": table(("regel", "allvar", "varningar", "kommuner", "öppna", "kvitterade"), rows)}


def table(columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> dg.MetadataValue:
    """Rows as the UI's own table."""
    kinds = {int: "int", float: "float"}
    first = rows[0] if rows else ("",) * len(columns)
    schema = [dg.TableColumn(name, kinds.get(type(cell), "string")) for name, cell in zip(columns, first, strict=True)]
    records = [dg.TableRecord(dict(zip(columns, row, strict=True))) for row in rows]
    return dg.MetadataValue.table(records, dg.TableSchema(schema))


FACTS: dict[str, Fact] = {"leveranslage": _delivery_state, "tackning": _coverage, "varningar": _warnings}
