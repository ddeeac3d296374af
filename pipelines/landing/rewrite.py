"""Landing files made anew: never changed in place, always a new file that the ledger takes in for the old one.

Belongs here: writing a new file out of an old one, comparing row sets, and the swap of names in the ledger. Does not
belong here: why (retention, a change of key, a rebuild). Rows here are pseudonymised; nothing is read of a sealed
store.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from sqlalchemy import Connection, Engine, insert, select

from pipelines.contracts.changes import widest
from pipelines.contracts.model import Dataset
from pipelines.landing.files import sha256_of
from pipelines.landing.gate_sql import no_rows, quote
from pipelines.landing.ledger import tables as t

MEMORY_LIMIT = "2GB"
NAME_LENGTH = 16
EXPORT, EMPTY = "huvudbok", "tom.parquet"
SHOWN = 5


class LandingError(RuntimeError):
    """A landing file is missing, or not the one the ledger names. Safe to show."""


@dataclass(frozen=True)
class LandingFile:
    """A landing file as the ledger names it."""

    namn: str
    dataset: str
    rader: int
    sha256: str

    def path(self, landing: Path) -> Path:
        return landing / self.namn


def connect() -> duckdb.DuckDBPyConnection:
    """A connection in memory that spills nowhere."""
    config: dict[str, str | bool | int | float | list[str]] = {"memory_limit": MEMORY_LIMIT, "temp_directory": ""}
    return duckdb.connect(":memory:", config=config)


def named(connection: Connection) -> list[LandingFile]:
    """The files the ledger answers for."""
    rows = connection.execute(select(t.landningsfil).order_by(t.landningsfil.c.namn))
    return [LandingFile(row.namn, row.dataset, row.rader, row.sha256) for row in rows]


def whole(file: LandingFile, landing: Path) -> Path:
    """A file's path, when it holds what the ledger says. Raises LandingError."""
    path = file.path(landing)
    if not path.exists():
        raise LandingError(f"Landningsfilen {file.namn} saknas.")
    if sha256_of(path) != file.sha256:
        raise LandingError(f"Landningsfilen {file.namn} är inte den som huvudboken anger: den är skadad eller ändrad.")
    return path


def require_whole(landing: Path, ledger: Engine) -> None:
    """Prove every landing file before anything is built of it. Raises LandingError, which names those that fail."""
    with ledger.connect() as connection:
        files = named(connection)
    faults = [f"{file.namn} {said}" for file in files if (said := _fault(file, landing))]
    if faults:
        more = f" och {len(faults) - SHOWN} till" if len(faults) > SHOWN else ""
        raise LandingError(f"Landningen är inte den som huvudboken anger: {', '.join(faults[:SHOWN])}{more}.")


def _fault(file: LandingFile, landing: Path) -> str | None:
    try:
        return None if sha256_of(file.path(landing)) == file.sha256 else "är skadad eller ändrad"
    except FileNotFoundError:
        return "saknas"
    except OSError:
        return "går inte att läsa"


def new_name(file: LandingFile, reason: str) -> str:
    """The name of what replaces a file: the same for the same file and reason, so that a second try meets the first."""
    digest = hashlib.sha256(f"{file.namn}\n{file.sha256}\n{reason}".encode()).hexdigest()
    return f"{file.dataset}/{digest[:NAME_LENGTH]}.parquet"


def write(db: duckdb.DuckDBPyConnection, query: str, landing: Path, file: LandingFile, name: str) -> LandingFile:
    """Write a query's rows as a landing file, whole or not at all; nothing counts until the ledger names it."""
    path = landing / name
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.delvis")
    copied = db.execute(f"copy ({query}) to {quote(str(partial))} (format parquet, compression zstd)").fetchone()
    partial.replace(path)
    return LandingFile(name, file.dataset, copied[0] if copied else 0, sha256_of(path))


def write_empty(landing: Path, datasets: Iterable[Dataset]) -> None:
    """A file without rows per dataset, so that its table exists before the first delivery, and with all the columns of
    a new form before the first delivery in it.
    """
    with connect() as db:
        for dataset in map(widest, datasets):
            file = landing / dataset.id / EMPTY
            if dataset.changes or not file.exists():
                file.parent.mkdir(parents=True, exist_ok=True)
                partial = file.with_name(f".{EMPTY}.delvis")
                db.execute(f"copy ({no_rows(dataset)}) to {quote(str(partial))} (format parquet)")
                partial.replace(file)


def rows_of(path: Path) -> str:
    """SQL for a file's rows."""
    return f"read_parquet({quote(str(path))})"


def swap(connection: Connection, gone: Iterable[LandingFile], come: Iterable[LandingFile]) -> None:
    """Let the ledger name other files, in the caller's transaction."""
    names = [file.namn for file in gone]
    for start in range(0, len(names), 500):
        connection.execute(t.landningsfil.delete().where(t.landningsfil.c.namn.in_(names[start : start + 500])))
    rows: list[dict[str, Any]] = [vars(file) for file in come]
    if rows:
        connection.execute(insert(t.landningsfil), rows)


def remove_unnamed(landing: Path, ledger: Engine) -> int:
    """Remove the files that no longer count, before anything is built of the folder; how many."""
    with ledger.connect() as connection:
        known = {EMPTY, *(Path(file.namn).name for file in named(connection))}
    gone = [path for path in landing.glob("*/*.parquet") if path.parent.name != EXPORT and path.name not in known]
    for path in gone:
        path.unlink()
    return len(gone)


def content(db: duckdb.DuckDBPyConnection, paths: Iterable[Path]) -> tuple[int, str] | None:
    """Rows and a hash of them, order aside; None where a file cannot be read."""
    rows, total = 0, 0
    for path in paths:
        try:
            columns = [str(row[0]) for row in db.execute(f"describe select * from {rows_of(path)}").fetchall()]
            expression = ", ".join(f'"{column}"' for column in sorted(columns))
            query = f"select count(*), coalesce(sum(hash({expression})::hugeint), 0) from {rows_of(path)}"
            (count, part), *_ = db.execute(query).fetchall()
        except duckdb.Error:
            return None
        rows, total = rows + int(count), total + int(part)
    return rows, f"{total:x}"
