"""The public files: Parquet and CSV of every published table.

Here belongs how a published table becomes bytes: order, types, decimal comma, formula guard, column
descriptions. Published tables are aggregates (some 100 000 rows), so one at a time is held in memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.publish.content import Column, Table, identifier, literal

_ROW_GROUP = 122_880
_BOM = "\ufeff"
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def write_public(
    con: duckdb.DuckDBPyConnection, tables: tuple[Table, ...], folder: Path, version: str
) -> Iterator[tuple[Path, int]]:
    """Write both formats of every table; yields each file with its number of rows."""
    for table in tables:
        yield write_parquet(con, table, folder / f"{table.name}.parquet", version), table.rows
        yield write_csv(con, table, folder / f"{table.name}.csv"), table.rows


def write_parquet(con: duckdb.DuckDBPyConnection, table: Table, path: Path, version: str) -> Path:
    """The same rows give the same bytes: all columns sort, in their order, and chunks are joined."""
    query = f"SELECT {table.column_sql()} FROM {table.sql()} ORDER BY ALL"
    data = con.sql(query).to_arrow_table().combine_chunks()
    data = data.cast(_described(data.schema, table, version))
    pq.write_table(data, path, compression="zstd", row_group_size=_ROW_GROUP, version="2.6")
    path.chmod(0o644)
    return path


def _described(schema: pa.Schema, table: Table, version: str) -> pa.Schema:
    fields = [
        pa.field(c.name, schema.field(c.name).type, c.nullable, {"description": c.comment}) for c in table.columns
    ]
    return pa.schema(fields, {"title": table.name, "description": table.comment, "version": version})


def write_csv(con: duckdb.DuckDBPyConnection, table: Table, path: Path) -> Path:
    """CSV that Swedish Excel opens right: BOM, semicolon, decimal comma, no live formulas."""
    cells = ", ".join(_cell_sql(column, first=n == 0) for n, column in enumerate(table.columns))
    order = f"SELECT {table.column_sql()} FROM {table.sql()} ORDER BY ALL"
    con.execute(
        f"COPY (SELECT {cells} FROM ({order})) TO {literal(str(path))} "
        "(FORMAT csv, DELIMITER ';', HEADER true, NULLSTR '')"
    )
    path.chmod(0o644)
    return path


def _cell_sql(column: Column, first: bool) -> str:
    name = identifier(column.name)
    # The byte order mark rides on the first heading, as COPY has no option for it.
    heading = identifier(_BOM + column.name if first else column.name)
    kind = column.type.upper()
    if kind == "BOOLEAN":
        cell = f"CASE WHEN {name} THEN 'ja' WHEN NOT {name} THEN 'nej' END"
    elif kind.startswith(("DECIMAL", "DOUBLE", "FLOAT")):
        cell = f"replace({name}::VARCHAR, '.', ',')"
    elif kind == "VARCHAR":
        cell = _guarded(name)
    else:
        cell = f"{name}::VARCHAR"
    return f"{cell} AS {heading}"


def _guarded(name: str) -> str:
    starts = ", ".join(f"chr({ord(start)})" for start in _FORMULA_STARTS)
    return f"CASE WHEN left({name}, 1) IN ({starts}) THEN chr(39) || {name} ELSE {name} END"
