"""A file's rows as the gate takes them, whatever format they came in, and what must hold of any of them.

Belongs here: the body, its header, shape and size. Does not belong here: how a format is read (the modules beside),
types, codes and rules (the contract, in the gate).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import repeat

from pipelines.contracts.mappings import TableMapping
from pipelines.contracts.model import Dataset
from pipelines.landing.package import Fault, FileEntry
from pipelines.landing.readers.cells import MAX_ROWS
from pipelines.landing.readers.misnamed import searched_as

MAX_HEADER = 10_000
MAX_LINE = 8_000_000
MAX_BROKEN = 1_000
TOO_MANY = f"Filen för {{}} har fler än {MAX_ROWS} rader."
SHOWN = 10
# what UTF-8 becomes when something reads it as cp1252 or latin-1: one of these signs before what follows in a character
_FOLLOWING = bytes(range(0x80, 0xC0))
_LATER = re.escape(_FOLLOWING.decode("latin-1") + _FOLLOWING.decode("cp1252", "ignore"))
MOJIBAKE = re.compile(f"[\u00c2\u00c3][{_LATER}]|\u00e2[\u20ac\u201a]")


@dataclass(frozen=True)
class Body:
    """A file's rows: UTF-8, LF after every record, no quotes. `columns` in the file's own order and words.

    Without a mapping the words are the contract's. With a fault it is only read to be searched for free text.
    """

    dataset: str
    columns: tuple[str, ...]
    content: bytes
    rows: int
    mapping: TableMapping | None = None
    fault: Fault | None = None


def line_after(text: str) -> int:
    """The number of the line that what comes after a text stands on."""
    return text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1


def mojibake(entry: FileEntry, text: str) -> Fault | None:
    """Text that was UTF-8 and has been read as something else on its way here: every byte is valid, no letter is."""
    if text.isascii() or not any(sign in text for sign in "\u00c2\u00c3\u00e2"):
        return None
    found = MOJIBAKE.search(text)
    if found is None:
        return None
    row = line_after(text[: found.start()])
    detalj = f"Filen för {entry.dataset} har tecken ur UTF-8 som lästs i en annan teckenkodning, först på rad {row}."
    return Fault("GEN-01", detalj, entry.dataset, rad_nr=row)


def _header_fault(dataset: Dataset, layout: TableMapping, header: tuple[str, ...]) -> Fault | None:
    """Name what is missing, and what belongs to another year's form; an unknown column is named by position, since it
    may be a row of data.
    """
    expected = layout.names
    if len(header) == len(expected) and set(header) == set(expected):
        return None
    others = [name for name in layout.other_years if name in header]
    places = {name: i for i, name in reversed(list(enumerate(header, 1)))}
    missing = [name for name in expected if name not in places]
    unknown = [i for i, name in enumerate(header, 1) if name not in (*expected, *others) or places[name] != i]
    parts = [f"kolumn saknas: {', '.join(missing)}"] if missing else []
    parts += [f"okänd eller upprepad kolumn på plats {_listed(unknown)}"] if unknown else []
    parts += [f"hör inte till årets form: {', '.join(others)}"] if others else []
    return Fault("GEN-04", f"Rubrikraden i {dataset.id}: {'; '.join(parts)}.", dataset.id, rad_nr=1)


def _listed(places: list[int]) -> str:
    more = f" och {len(places) - SHOWN} till" if len(places) > SHOWN else ""
    return ", ".join(map(str, places[:SHOWN])) + more


def _shape_fault(name: str, lines: list[str], separator: str, width: int) -> str | None:
    """Why a body's lines are not rows of a delivery: what the gate would have to set aside without end."""
    if max(map(len, lines)) > MAX_LINE:
        row = next(i for i, line in enumerate(lines, 2) if len(line) > MAX_LINE)
        return f"Filen för {name} har en orimligt lång rad, rad {row}."
    separators = map(str.count, map(_trimmed, lines, repeat(separator), repeat(width)), repeat(separator))
    if sum(map((width - 1).__ne__, separators)) > MAX_BROKEN:
        return f"Fler än {MAX_BROKEN} rader i filen för {name} stämmer inte med rubriken."
    return None


def _trimmed(line: str, separator: str, width: int) -> str:
    """A line without empty cells after the last; some systems end every line with a separator."""
    surplus = line.count(separator) + 1 - width
    return line[:-surplus] if surplus > 0 and line.endswith(separator * surplus) else line


def _shaped(name: str, body: str, rows: int, separator: str, width: int) -> tuple[str, str | None]:
    """The body as the gate may read it, or why it may not. Line by line only where the sums say that it must be."""
    if rows > MAX_ROWS:
        return body, TOO_MANY.format(name)
    surplus = body.count(separator) - rows * (width - 1)
    if len(body) <= MAX_LINE and (not surplus or (surplus < 0 and rows <= MAX_BROKEN)):
        return body, None
    lines = body.split("\n")
    fault = _shape_fault(name, lines, separator, width)
    if fault is None and surplus > 0:
        body = "\n".join(map(_trimmed, lines, repeat(separator), repeat(width)))
    return body, fault


def body_of(
    dataset: Dataset, entry: FileEntry, layout: TableMapping, text: str, mapping: TableMapping | None
) -> Body | Fault:
    """A file's text, header first, one record a line and without quotes, as a Body; or the first fault of the whole.

    Faults: GEN-04 (header), GEN-01 (text read in the wrong encoding, lines that are no rows, another number of rows).
    """
    head, _, body = text.partition("\n")
    del text  # a large one is not held twice
    if len(head) > MAX_HEADER:
        return Fault("GEN-04", f"Rubrikraden i {dataset.id} är orimligt lång.", dataset.id, rad_nr=1)
    header = tuple(head.split(layout.separator))
    fault = _header_fault(dataset, layout, header)
    if fault is not None:
        searched = searched_as(dataset, layout, header)
        if searched is None:
            return fault
        header, mapping = searched
    rows = body.count("\n") + 1 if body else 0
    body, broken = _shaped(dataset.id, body, rows, layout.separator, len(header))
    if broken is None and rows != entry.antal_rader:
        broken = f"Filen för {dataset.id} har {rows} rader, manifestet anger {entry.antal_rader}."
    if broken is not None:
        return fault or Fault("GEN-01", broken, dataset.id)
    return Body(dataset.id, header, (body + "\n").encode() if body else b"", rows, mapping, fault)
