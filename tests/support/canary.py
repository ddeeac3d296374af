"""The canary: a search for secrets in everything a run wrote.

Belongs here: reading a home as bytes and, where a format hides its text, as values. Does not belong here: which secrets
there are. Use: `leaks(home, secrets) == []`, with more folders in `also` (a temp dir, dagster's storage, dbt's target).

Left out are only the stores that hold the packages sealed (archive, quarantine), and the key file.
"""

from __future__ import annotations

import base64
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

SEALED = ("archive", "quarantine")


@dataclass(frozen=True)
class Leak:
    """A secret's place in `secrets`, where it lay and in which form; never the secret itself."""

    file: str
    secret: int
    form: str


def _base64_cores(raw: bytes) -> set[bytes]:
    """Base64 of the bytes at each of the three offsets, without the ends that depend on what stands around."""
    cores = set()
    for offset in range(3):
        encoded = base64.b64encode(b"\0" * offset + raw)
        start = (8 * offset + 5) // 6
        cores.add(encoded[start : (8 * (offset + len(raw))) // 6])
    return cores


def forms(secret: str | bytes) -> dict[str, set[bytes]]:
    """The byte strings that would give the secret away."""
    raw = secret.encode() if isinstance(secret, str) else secret
    found = {"raw": {raw}, "hex": {raw.hex().encode(), raw.hex().upper().encode()}, "base64": _base64_cores(raw)}
    if isinstance(secret, str):
        found["utf-16"] = {secret.encode("utf-16-le"), secret.encode("utf-16-be")}
        found["base64"] |= _base64_cores(secret.encode("utf-16-le"))
    found["base64"] |= {core.replace(b"+", b"-").replace(b"/", b"_") for core in found["base64"]}
    return found


def of_key(master: bytes) -> list[str | bytes]:
    """A master key as bytes and as the text of its file."""
    return [master, master.hex()]


def of_key_file(path: Path) -> list[str | bytes]:
    """Every secret in a key file."""
    return [form for line in path.read_text().split() for form in of_key(bytes.fromhex(line))]


def _arrow_text(table: pa.Table) -> bytes:
    columns = [table.column(i).combine_chunks().to_pylist() for i in range(table.num_columns)]
    return "\n".join(str(value) for column in columns for value in column).encode("utf-8", "replace")


def _sqlite_text(path: Path) -> bytes:
    parts: list[bytes] = []
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as db:
        for (table,) in db.execute("select name from sqlite_master where type = 'table'").fetchall():
            for row in db.execute(f'select * from "{table}"'):
                parts += [v if isinstance(v, bytes) else str(v).encode("utf-8", "replace") for v in row]
    return b"\n".join(parts)


def _duckdb_text(path: Path) -> bytes:
    parts = []
    with duckdb.connect(str(path), read_only=True) as db:
        tables = db.execute(
            "select table_schema, table_name from information_schema.tables where table_type = 'BASE TABLE'"
        ).fetchall()
        for schema, table in tables:
            parts.append(_arrow_text(db.sql(f'select * from "{schema}"."{table}"').to_arrow_table()))
    return b"\n".join(parts)


def _decoded(path: Path, content: bytes) -> bytes:
    """The values of a file whose bytes may be packed."""
    if content[:4] == b"PAR1":
        return _arrow_text(pq.read_table(path))
    if content[:15] == b"SQLite format 3":
        return _sqlite_text(path)
    return _duckdb_text(path) if content[8:12] == b"DUCK" else b""


def _files(home: Path, also: Iterable[Path], key_file: Path | None) -> Iterator[Path]:
    for folder in (home, *also):
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            inside = path.relative_to(folder).parts
            sealed = folder == home and inside[0] in SEALED
            if not sealed and path != key_file:
                yield path


def leaks(
    home: Path, secrets: Iterable[str | bytes], *, also: Iterable[Path] = (), key_file: Path | None = None
) -> list[Leak]:
    """Every place below `home` and `also` where a secret can be read; file names are searched too."""
    wanted = [(i, form, needle) for i, s in enumerate(secrets) for form, ns in forms(s).items() for needle in ns]
    found = []
    for path in _files(home, also, key_file):
        content = path.read_bytes()
        haystack = b"\n".join((str(path).encode("utf-8", "replace"), content, _decoded(path, content)))
        found += [Leak(str(path), i, form) for i, form, needle in wanted if needle in haystack]
    return sorted(set(found), key=lambda leak: (leak.file, leak.secret, leak.form))
