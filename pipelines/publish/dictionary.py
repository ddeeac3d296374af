"""The words of a release: the data dictionary and the Swedish read-me.

Here belongs text for readers, all of it derived from the tables' own comments and one template.
"""

from __future__ import annotations

import json
import textwrap
from pathlib import Path
from string import Template

from pipelines.publish.content import Table

DICTIONARY_FILE = "ordbok.json"
README_FILE = "LASMIG.txt"
_TEMPLATE = Path(__file__).with_name("lasmig.txt")


def write_texts(folder: Path, tables: tuple[Table, ...], version: str, asof: str) -> list[Path]:
    """Write the dictionary and the read-me of the published tables into `folder`."""
    dictionary, readme = folder / DICTIONARY_FILE, folder / README_FILE
    text = json.dumps(_dictionary(tables, version), ensure_ascii=False, indent=1) + "\n"
    dictionary.write_text(text, encoding="utf-8")
    readme.write_text(_readme(tables, version, asof), encoding="utf-8-sig", newline="\r\n")
    for path in (dictionary, readme):
        path.chmod(0o644)
    return [dictionary, readme]


def _dictionary(tables: tuple[Table, ...], version: str) -> dict[str, object]:
    return {"version": version, "tabeller": [_entry(table) for table in tables]}


def _entry(table: Table) -> dict[str, object]:
    return {
        "namn": table.name,
        "beskrivning": table.comment,
        "rader": table.rows,
        "filer": [f"{table.name}.parquet", f"{table.name}.csv"],
        "kolumner": [
            {"namn": c.name, "typ": c.type, "kan_vara_tom": c.nullable, "beskrivning": c.comment} for c in table.columns
        ],
    }


def _readme(tables: tuple[Table, ...], version: str, asof: str) -> str:
    listed = "\n".join(_listed(table) for table in tables) or "  (inga tabeller i denna utgåva)"
    template = Template(_TEMPLATE.read_text(encoding="utf-8"))
    return template.substitute(version=version, asof=asof, tabeller=listed)


def _listed(table: Table) -> str:
    rows = f"{table.rows:,}".replace(",", " ")
    heading = f"  {table.name}.parquet och {table.name}.csv ({rows} rader)"
    indent = " " * 4
    text = textwrap.fill(table.comment, 100, initial_indent=indent, subsequent_indent=indent)
    return f"{heading}\n{text}".rstrip()
