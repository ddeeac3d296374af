"""The analysts' copy: one DuckDB file of tables, readable by older clients.

Here belongs the copy of tables with comments into `intern/lager.duckdb`. Views are never copied:
a view over Parquet carries the build machine's path.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from pipelines.publish.content import BUILD, Table, identifier, literal, read_tables

DATABASE_FILE = "lager.duckdb"
STORAGE_VERSION = "v1.2.0"
_COPY = "kopia"


def write_internal(con: duckdb.DuckDBPyConnection, tables: tuple[Table, ...], folder: Path) -> Path:
    """Copy `tables` from the attached build file into `folder`; the copy's own hashes must agree.

    Keys and foreign keys are left out: their indexes cost three times the copy itself at 6.5 M rows
    and double the file, and dbt has already tested them. NOT NULL and comments are kept.
    """
    target = folder / DATABASE_FILE
    con.execute(f"ATTACH {literal(str(target))} AS {_COPY} (STORAGE_VERSION {literal(STORAGE_VERSION)})")
    try:
        for schema in sorted({table.schema for table in tables}):
            con.execute(f"CREATE SCHEMA IF NOT EXISTS {_COPY}.{identifier(schema)}")
        for table in tables:
            _copy_table(con, table)
        con.execute(f"CHECKPOINT {_COPY}")
        _require_same(con, tables)
    finally:
        con.execute(f"DETACH {_COPY}")
    target.chmod(0o640)
    return target


def _copy_table(con: duckdb.DuckDBPyConnection, table: Table) -> None:
    # Not CREATE and INSERT: into a table that stands there, an ordered insert runs on one core only.
    target = table.sql(_COPY)
    con.execute(f"CREATE TABLE {target} AS SELECT {table.column_sql()} FROM {table.sql(BUILD)}")
    if table.comment:
        con.execute(f"COMMENT ON TABLE {target} IS {literal(table.comment)}")
    for column in table.columns:
        name = identifier(column.name)
        if not column.nullable:
            con.execute(f"ALTER TABLE {target} ALTER COLUMN {name} SET NOT NULL")
        if column.comment:
            con.execute(f"COMMENT ON COLUMN {target}.{name} IS {literal(column.comment)}")


def _require_same(con: duckdb.DuckDBPyConnection, tables: tuple[Table, ...]) -> None:
    if read_tables(con, _COPY) != tables:
        raise RuntimeError("Analyskopian har inte samma innehåll som byggfilen; releasen avbryts.")
