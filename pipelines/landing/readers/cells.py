"""Cells to lines: what a workbook or XML holds, written as the lines that CSV would have.

Belongs here: joining cells, and what a reader that runs in the child says of a file it cannot read. Does not belong
here: the formats (`xlsx.py`, `xml.py`). This module, like them, imports nothing that is slow to start.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

MAX_TEXT = 50_000_000
MAX_ROWS = 1_000_000
CHUNK = 10_000
TOO_MUCH = "Filen för {} har mer text eller fler rader än en leverans får ha."


@dataclass(frozen=True)
class Asked:
    """What the child must know of a file. `unknown` is the sign for what no line can hold, `schema` is XML's form."""

    format: str
    dataset: str
    columns: tuple[str, ...]
    separator: str
    unknown: str
    schema: str = ""


class UnreadableError(ValueError):
    """A file that cannot be read. Its words are Swedish for the sender and hold nothing of the file.

    `text` is what could be read of it all the same, header first: only to be searched for free text.
    """

    def __init__(self, detalj: str, *, regel: str = "GEN-01", rad_nr: int | None = None, text: str = "") -> None:
        super().__init__(detalj)
        self.regel, self.rad_nr, self.text = regel, rad_nr, text


def _lines(rows: list[Sequence[str]], asked: Asked) -> str:
    """Rows as lines; what cannot stand in a line becomes a sign no code list knows, as in CSV."""
    separator = asked.separator
    text = "\n".join(map(separator.join, rows))
    separators = sum(map(len, rows)) - len(rows)
    plain = text.count(separator) == separators and text.count("\n") == len(rows) - 1
    if plain and '"' not in text and "\r" not in text:
        return text
    table = str.maketrans(dict.fromkeys((separator, "\n", "\r", '"'), asked.unknown))
    return "\n".join(separator.join([cell.translate(table) for cell in row]) for row in rows)


def text_of(rows: Iterable[Sequence[str]], asked: Asked) -> str:
    """All rows as one text. Raises UnreadableError when it grows too large."""
    more: Iterator[Sequence[str]] = iter(rows)
    found: list[str] = []
    size = 0
    while chunk := list(islice(more, CHUNK)):
        found.append(_lines(chunk, asked))
        size += len(found[-1])
        if size > MAX_TEXT or (len(found) - 1) * CHUNK > MAX_ROWS:
            raise UnreadableError(TOO_MUCH.format(asked.dataset))
    text = "\n".join(found)
    if "\0" in text:
        raise UnreadableError(f"Filen för {asked.dataset} har tecken som inte är text.")
    return text
