"""Opening the build for the checks: what is released, and staging beside it.

Belongs here: one read-only connection in which `core.x`, `published.x` and `staging.x` mean what they say, though they
lie in two files. Does not belong here: any question.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

WORK = "arbete"


def connect(build_path: Path) -> duckdb.DuckDBPyConnection:
    """A read-only connection to the build file and the one beside it, where there is one. Raises duckdb.Error."""
    # staging's views name the landing from where dbt works
    con = duckdb.connect(str(build_path), read_only=True, config={"file_search_path": str(build_path.parent)})
    beside = build_path.with_name(f"{WORK}.duckdb")
    if beside.exists():
        place = str(beside).replace("'", "''")
        con.execute(f"ATTACH '{place}' AS {WORK} (READ_ONLY)")
        con.execute(f"SET search_path = '{build_path.stem}.main,{WORK}.staging'")
    return con
