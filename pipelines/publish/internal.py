"""The analysts' copy: one DuckDB file of tables, readable by older clients.

Here belongs how `intern/lager.duckdb` comes out of the build file: its bytes are copied. Packing the same rows a second
time cost as much as building half of them. What is not released never lies in the build file, and its storage format is
the one dbt was told to write (`dbt_project/profiles.yml`).
"""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb

from pipelines.publish.content import BUILD, is_released

DATABASE_FILE = "lager.duckdb"
STORAGE_VERSION = "v1.2.0"


class BuildError(RuntimeError):
    """The build file is not one that may leave the house. Safe to show."""


def write_internal(con: duckdb.DuckDBPyConnection, build_path: Path, folder: Path) -> Path:
    """Copy the build file, attached to `con`, into `folder`. Raises BuildError, OSError."""
    _require_only_what_is_released(con)
    target = folder / DATABASE_FILE
    shutil.copyfile(build_path, target)
    target.chmod(0o640)
    return target


def _require_only_what_is_released(con: duckdb.DuckDBPyConnection) -> None:
    (form,) = con.execute(
        "SELECT tags['storage_version'] FROM duckdb_databases() WHERE database_name = ?", [BUILD]
    ).fetchone() or (None,)
    if not str(form).startswith(STORAGE_VERSION):
        raise BuildError(f"Byggfilen är skriven i formen {form}, inte {STORAGE_VERSION}; releasen avbryts.")
    held = con.execute(
        "SELECT schema_name, view_name, false FROM duckdb_views() WHERE database_name = ? AND NOT internal "
        "UNION ALL SELECT schema_name, table_name, true FROM duckdb_tables() WHERE database_name = ? ORDER BY ALL",
        [BUILD, BUILD],
    ).fetchall()
    private = [f"{schema}.{name}" for schema, name, is_table in held if not (is_table and is_released(schema, name))]
    if private:
        raise BuildError(f"Byggfilen innehåller det som inte ges ut ({', '.join(private[:5])}); releasen avbryts.")
