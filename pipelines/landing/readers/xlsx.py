"""Workbooks (xlsx): the one sheet with the dataset's name, as text; nothing is calculated and nothing followed.

Belongs here: bytes to lines, in the child process (`landing/child.py`). Does not belong here: the template
(`contracts/workbook.py`) and what must hold of any file (`body.py`).

The parts are unpacked and looked through first. Only parts that were looked through are handed to the reader of cells,
which tells nothing of formulas and gives an error value as an empty cell.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, TypeGuard

from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from pipelines.landing.readers.cells import MAX_ROWS, TOO_MUCH, Asked, UnreadableError, text_of
from pipelines.landing.wrapping import COMPRESSIONS, FREE_BYTES, MAX_BYTES, MAX_RATIO, unpacked

MAX_PARTS = 200
BESIDES = ("Instruktion", "Kodlistor")  # sheets of the template, never read
SHEET = "xl/worksheets/"
READ = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|xl/(?:workbook|styles|sharedStrings)\.xml"
    r"|xl/_rels/workbook\.xml\.rels|xl/worksheets/[\w.-]+\.xml",
    re.ASCII,
)
DRAWING = re.compile(r"xl/drawings/[\w.-]+\.xml", re.ASCII)  # some programs write an empty one for every sheet
COMMENTS = re.compile(r"xl/comments/?[\w.-]*\.xml", re.ASCII)
UNREAD = re.compile(
    r"(?:docProps|docMetadata|customXml|customXml/_rels|xl/theme|xl/theme/_rels|xl/printerSettings|xl/persons|xl/tables"
    r"|xl/worksheets/_rels|xl/drawings/_rels)/[\w.-]+|xl/drawings/[\w.-]+\.vml|xl/calcChain\.xml|xl/metadata\.xml",
    re.ASCII,
)
FORMULA = re.compile(rb"<(?:[^\s<>/!?:]+:)?f[\s/>]")
MAYBE_FORMULA = tuple(b + b"f" + a for b in (b"<", b":") for a in (b">", b" ", b"/", b"\n", b"\r", b"\t"))
MERGED = re.compile(rb"<(?:[^\s<>/!?:]+:)?mergeCell[\s/>]")
ERROR_VALUE = re.compile(rb"""\st\s*=\s*["']e["']""")
DECLARED = re.compile(rb"""<\?xml[^<>]*\sencoding\s*=\s*["']([^"']*)["']""")
COMMENT_BELOW = re.compile(rb"""\sref\s*=\s*["'](?![A-Za-z]+1["'])""")
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")

NOT_A_BOOK = "Filen för {} är inte en hel Excel-arbetsbok (xlsx), eller har ett lösenord."
TOO_LARGE = "Arbetsboken för {} är för stor eller orimligt hårt packad."
OTHER_PARTS = "Arbetsboken för {} har länkar, makron, bilder, inbäddat eller annat än celler. Inget av det tas emot."
FORMULAS = "Arbetsboken för {} har formler. Klistra in dem som värden."
MERGES = "Arbetsboken för {} har sammanfogade celler. Dela upp dem."
ERRORS = "Arbetsboken för {} har felvärden (som #SAKNAS!). Skriv värdet eller lämna cellen tom."
NOTES = "Arbetsboken för {} har kommentarer på annat än rubrikraden. Ta bort dem."
NO_SHEET = "Arbetsboken för {0} har inget synligt blad med namnet {0}."
OTHER_SHEETS = "Arbetsboken för {} har ett annat blad som är dolt eller har innehåll. Ta bort det."
CLOCK = "Arbetsboken för {} har en tid på dygnet i en cell, först på rad {}. Skriv datum som ÅÅÅÅ-MM-DD."


def read_xlsx(content: bytes, asked: Asked) -> str:
    """The sheet's rows as text, the header first. Raises UnreadableError (GEN-01)."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(_looked_through(content, asked.dataset)))
        text = text_of(_rows(_sheet(book, asked.dataset), asked.dataset), asked)
    except (UnreadableError, MemoryError):
        raise
    except Exception:  # zlib.error has no public base
        raise UnreadableError(NOT_A_BOOK.format(asked.dataset)) from None
    text = _without_empty_end(text, asked.separator)
    return _unescaped(text, asked) if "_x" in text else text


def _without_empty_end(text: str, separator: str) -> str:
    """Rows after the last that has anything in it are none: a program may keep them for their looks."""
    end = text.find("\n", len(text.rstrip(f"{separator}\n")))
    return text if end < 0 else text[:end]


def _unescaped(text: str, asked: Asked) -> str:
    """Signs that Excel writes by their number, except those that cannot stand in a line."""

    def sign(found: re.Match[str]) -> str:
        number = int(found[1], 16)
        plain = number and not 0xD800 <= number < 0xE000 and chr(number) not in f'{asked.separator}\n\r"'
        return chr(number) if plain else asked.unknown

    return ESCAPED.sub(sign, text)


# -- the parts -----------------------------------------------------------------------------------------------------


def _looked_through(content: bytes, dataset: str) -> bytes:
    """The parts that are read, tried and packed anew without packing, so that no one else's zip is unpacked twice."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(buffer, "w") as target:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        _refuse_parts(entries, len(content), dataset)
        for entry in entries:
            if COMMENTS.fullmatch(entry.filename):
                _refuse_notes(unpacked(archive, entry), dataset)
            elif DRAWING.fullmatch(entry.filename):
                _refuse_drawn(unpacked(archive, entry), dataset)
            elif READ.fullmatch(entry.filename):
                part = unpacked(archive, entry)
                _refuse_content(entry.filename, part, dataset)
                target.writestr(zipfile.ZipInfo(entry.filename), part)
    return buffer.getvalue()


def _refuse_parts(entries: list[zipfile.ZipInfo], packed: int, dataset: str) -> None:
    total, names = sum(entry.file_size for entry in entries), [entry.filename for entry in entries]
    if len(entries) > MAX_PARTS or total > min(MAX_BYTES, MAX_RATIO * packed + FREE_BYTES):
        raise UnreadableError(TOO_LARGE.format(dataset))
    if any(entry.flag_bits & 1 or entry.compress_type not in COMPRESSIONS for entry in entries):
        raise UnreadableError(NOT_A_BOOK.format(dataset))
    known = all(any(form.fullmatch(name) for form in (READ, COMMENTS, DRAWING, UNREAD)) for name in names)
    if len({name.lower() for name in names}) != len(names) or not known:
        raise UnreadableError(OTHER_PARTS.format(dataset))


def _refuse_xml(part: bytes, dataset: str) -> None:
    """What an Excel workbook's parts never are: in another encoding than UTF-8, or with a DTD."""
    declared = DECLARED.match(part.removeprefix(b"\xef\xbb\xbf"))
    if b"\0" in part or (declared and declared[1].upper() not in (b"UTF-8", b"US-ASCII")):
        raise UnreadableError(NOT_A_BOOK.format(dataset))
    if b"<!DOCTYPE" in part or b"<!ENTITY" in part:
        raise UnreadableError(OTHER_PARTS.format(dataset))


def _refuse_content(name: str, part: bytes, dataset: str) -> None:
    _refuse_xml(part, dataset)
    if not name.startswith(SHEET):
        return
    if any(sign in part for sign in MAYBE_FORMULA) and FORMULA.search(part):
        raise UnreadableError(FORMULAS.format(dataset))
    if b"mergeCell" in part and MERGED.search(part):
        raise UnreadableError(MERGES.format(dataset))
    if ERROR_VALUE.search(part):
        raise UnreadableError(ERRORS.format(dataset))


def _refuse_notes(part: bytes, dataset: str) -> None:
    """Comments may stand on the headers, as in the template: others may hold text that nobody would look through."""
    _refuse_xml(part, dataset)
    if COMMENT_BELOW.search(part):
        raise UnreadableError(NOTES.format(dataset))


def _refuse_drawn(part: bytes, dataset: str) -> None:
    _refuse_xml(part, dataset)
    if b"Anchor" in part:
        raise UnreadableError(OTHER_PARTS.format(dataset))


# -- the cells -----------------------------------------------------------------------------------------------------


def _sheet(book: CalamineWorkbook, dataset: str) -> CalamineSheet:
    """The dataset's sheet, where no other but the template's own has anything in it or is hidden."""
    found = None
    for about in book.sheets_metadata:
        shown = about.typ == SheetTypeEnum.WorkSheet and about.visible == SheetVisibleEnum.Visible
        sheet = book.get_sheet_by_name(about.name) if shown else None
        if about.name == dataset:
            found = sheet
        elif about.name not in BESIDES and (sheet is None or sheet.start is not None):
            raise UnreadableError(OTHER_SHEETS.format(dataset))
    if found is None:
        raise UnreadableError(NO_SHEET.format(dataset))
    if found.total_height - 1 > MAX_ROWS:
        raise UnreadableError(TOO_MUCH.format(dataset))
    return found


def _rows(sheet: CalamineSheet, dataset: str) -> Iterator[list[str]]:
    rows = sheet.iter_rows()
    header = [_text(cell, dataset, 1) for cell in next(rows, [])]
    while header and not header[-1]:
        header.pop()
    yield header
    for number, row in enumerate(rows, 2):
        yield row if _all_text(row) else [_text(cell, dataset, number) for cell in row]


def _all_text(row: list[Any]) -> TypeGuard[list[str]]:
    return set(map(type, row)) == {str}


def _text(cell: object, dataset: str, number: int) -> str:
    """A cell as its sender would have written it in CSV."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "SANT" if cell else "FALSKT"
    if isinstance(cell, datetime | time | timedelta):
        raise UnreadableError(CLOCK.format(dataset, number), rad_nr=number)
    if isinstance(cell, date):
        return cell.isoformat()
    text = format(Decimal(repr(cell)), "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")
