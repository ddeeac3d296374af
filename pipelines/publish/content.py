"""What the build file holds: tables, columns, comments and logical content hashes.

Here belongs the reading of DuckDB's catalogue and the order-independent hash of rows. No files are
written here, and no row leaves DuckDB.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import duckdb

PUBLISHED = "published"
BUILD = "bygge"
_NOT_RELEASED = ("staging", "main", "information_schema", "pg_catalog")
HASH_DEFINITION = (
    "per tabell: antal rader och summan (HUGEINT) av hash(kolumn1, …, kolumnN) över alla rader, "
    f"oberoende av radordning; hash() enligt DuckDB {duckdb.__version__}"
)


@dataclass(frozen=True)
class Column:
    """One column as the catalogue describes it."""

    name: str
    type: str
    nullable: bool
    comment: str


@dataclass(frozen=True)
class Table:
    """One base table of the build file with its logical content."""

    schema: str
    name: str
    comment: str
    columns: tuple[Column, ...]
    rows: int = 0
    row_hash: str = "0"

    @property
    def key(self) -> str:
        return f"{self.schema}.{self.name}"

    def sql(self) -> str:
        """The quoted three-part name."""
        return ".".join(identifier(part) for part in (BUILD, self.schema, self.name))

    def column_sql(self) -> str:
        return ", ".join(identifier(column.name) for column in self.columns)

    def signature(self) -> str:
        """Everything that decides whether two tables are the same, as one line."""
        columns = [[c.name, c.type, c.nullable, c.comment] for c in self.columns]
        facts = [self.key, self.rows, self.row_hash, self.comment, columns]
        return json.dumps(facts, ensure_ascii=False)


def identifier(name: str) -> str:
    """A quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A quoted SQL string."""
    return "'" + text.replace("'", "''") + "'"


def open_build(build_path: Path, spill: Path) -> duckdb.DuckDBPyConnection:
    """An in-memory connection with the build file attached read-only as `bygge`; spills encrypted."""
    con = duckdb.connect(config={"temp_directory": str(spill), "autoinstall_known_extensions": "false"})
    # Without an extension's OpenSSL DuckDB encrypts with its own mbedtls, and calls its random numbers unsafe. What a
    # killed run leaves must not lie as text on the disk; no more is asked of it.
    con.execute("SET force_mbedtls_unsafe = 'true'")
    con.execute("SET temp_file_encryption = true")
    con.execute(f"ATTACH {literal(str(build_path))} AS {BUILD} (READ_ONLY)")
    return con


def read_tables(con: duckdb.DuckDBPyConnection) -> tuple[Table, ...]:
    """All released base tables, sorted by name, with row counts and content hashes."""
    rows = con.execute(
        "SELECT schema_name, table_name, coalesce(comment, '') FROM duckdb_tables() "
        "WHERE database_name = ? AND NOT internal AND NOT temporary ORDER BY 1, 2",
        [BUILD],
    ).fetchall()
    return tuple(_measured(con, *row) for row in rows if is_released(row[0], row[1]))


def is_released(schema: str, name: str) -> bool:
    """Whether a table of the build file leaves it: not staging, not what is private by its name."""
    private = schema.startswith(("_", "dbt_")) or name.startswith("_")
    return schema not in _NOT_RELEASED and not private


def _measured(con: duckdb.DuckDBPyConnection, schema: str, name: str, comment: str) -> Table:
    bare = Table(schema, name, comment, _columns(con, schema, name))
    [(rows, row_hash)] = con.execute(
        f"SELECT count(*), coalesce(sum(hash({bare.column_sql()})::HUGEINT), 0)::VARCHAR FROM {bare.sql()}"
    ).fetchall()
    return Table(schema, name, comment, bare.columns, int(rows), str(row_hash))


def _columns(con: duckdb.DuckDBPyConnection, schema: str, table: str) -> tuple[Column, ...]:
    rows = con.execute(
        "SELECT column_name, data_type, is_nullable, coalesce(comment, '') FROM duckdb_columns() "
        "WHERE database_name = ? AND schema_name = ? AND table_name = ? ORDER BY column_index",
        [BUILD, schema, table],
    ).fetchall()
    return tuple(Column(str(n), str(t), bool(null), str(c)) for n, t, null, c in rows)


def content_hash(tables: tuple[Table, ...]) -> str:
    """One hash over names, columns, comments, counts and row hashes of all tables."""
    text = "\n".join(sorted(table.signature() for table in tables))
    return hashlib.sha256(text.encode()).hexdigest()
