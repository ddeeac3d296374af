"""What somebody would write to get the same packages into Parquet: unzip, read typed, write. No rule, no key.

Belongs here: the yardstick of the landing. Small files are joined first, since reading them one by one costs ten times
as much. `python -m benchmarks.landning INKORG MAPP`.
"""

from __future__ import annotations

import io
import json
import re
import sys
import zipfile
from collections import defaultdict
from pathlib import Path

import duckdb
import fsspec

BATCH = 64_000_000
NUMBERS = re.compile(r"antal|antal_\w+|\w+_antal|\w+_nr|mal_\w+|fodelsear")


def _type(column: str) -> str:
    if column == "belopp_kr":
        return "DECIMAL(10,2)"
    return "DATE" if column.endswith("_datum") else "INTEGER" if NUMBERS.fullmatch(column) else "VARCHAR"


class Writer:
    """Joins files of one form and writes them as Parquet."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.rows = folder, 0
        self._db = duckdb.connect(config={"threads": 2, "preserve_insertion_order": False})
        self._memory = fsspec.filesystem("memory")
        self._db.register_filesystem(self._memory)
        self._waiting: dict[tuple[str, str, str], list[bytes]] = defaultdict(list)
        self._size = self._number = 0

    def take(self, dataset: str, content: bytes, encoding: str) -> None:
        text = content.decode("cp1252" if encoding == "cp1252" else "utf-8-sig").encode()
        header, _, body = text.replace(b"\r\n", b"\n").partition(b"\n")
        separator = next(s for s in ";\t|," if s.encode() in header)
        whole = body if body.endswith(b"\n") or not body else body + b"\n"
        self._waiting[dataset, header.decode(), separator].append(whole)
        self._size += len(body)
        if self._size > BATCH:
            self.write()

    def write(self) -> None:
        for (dataset, header, separator), bodies in self._waiting.items():
            self._number += 1
            self._memory.pipe("/rader.csv", b"".join(bodies))
            names = [name.strip('"') for name in header.split(separator)]
            columns = ", ".join(f"'{n}': '{_type(n)}'" for n in names)
            (rows,) = self._db.execute(
                f"copy (select * from read_csv('memory://rader.csv', delim='{separator}', header=false, quote='\"', "
                f"decimal_separator=',', auto_detect=false, ignore_errors=true, columns={{{columns}}})) "
                f"to '{self.folder / f'{dataset}_{self._number}.parquet'}' (format parquet)"
            ).fetchone() or (0,)
            self.rows += rows
        self._waiting.clear()
        self._size = 0


def main(inbox: Path, folder: Path) -> None:
    """Every package of an inbox."""
    folder.mkdir(parents=True, exist_ok=True)
    writer = Writer(folder)
    for path in sorted(inbox.glob("*/*")):
        if path.is_dir():
            members = {p.name: p.read_bytes() for p in path.iterdir()}
        else:
            with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
                members = {name: archive.read(name) for name in archive.namelist()}
        for entry in json.loads(members["manifest.json"])["filer"]:
            if entry["namn"] in members:
                writer.take(entry["dataset"], members[entry["namn"]], entry["teckenkodning"])
    writer.write()
    print(json.dumps({"rader": writer.rows}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
