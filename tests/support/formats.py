"""Workbooks and XML written by hand, so that what is sent never depends on what reads it, or on the product's writers.

Belongs here: rows as the bytes of a format, and workbooks with a part of one's own. Does not belong here: what is wrong
with a file (tests/support/fientliga_format.py).
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from html import escape

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
STYLES = (  # cell styles by number: 0 plain, 1 a date, 2 a date with a time, 3 a time of the day
    f'<styleSheet xmlns="{MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>'
    '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/></numFmts>'
    "<fonts><font/></fonts><fills><fill/></fills><borders><border/></borders><cellStyleXfs><xf/></cellStyleXfs>"
    '<cellXfs count="4"><xf numFmtId="0"/><xf numFmtId="164" applyNumberFormat="1"/>'
    '<xf numFmtId="165" applyNumberFormat="1"/><xf numFmtId="20" applyNumberFormat="1"/></cellXfs></styleSheet>'
)
Row = dict[str, str]
Parts = dict[str, str | bytes]


def letter(column: int) -> str:
    """The letters of a column, counted from 0."""
    return (letter(column // 26 - 1) if column >= 26 else "") + chr(65 + column % 26)


def text_cell(row: int, column: int, text: str) -> str:
    """A cell of text, in the sheet itself."""
    where = f"{letter(column)}{row}"
    return f'<c r="{where}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>' if text else ""


def sheet(rows: Sequence[Sequence[str]], *, cells: str = "", after: str = "") -> str:
    """A sheet of text cells; `cells` follow the last row's own, `after` follows the rows."""
    lines = ["".join(text_cell(r, c, text) for c, text in enumerate(row)) for r, row in enumerate(rows, 1)]
    lines[-1] += cells
    body = "".join(f'<row r="{r}">{line}</row>' for r, line in enumerate(lines, 1))
    return f'<worksheet xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheetData>{body}</sheetData>{after}</worksheet>'


def workbook(sheets: dict[str, str], *, hidden: Sequence[str] = (), parts: Parts | None = None) -> bytes:
    """A workbook of sheets by name; `parts` are put beside, or in the place of, its own."""
    files: Parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}">'
        f'<Relationship Id="r" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        + "".join(
            f'<sheet name="{name}" sheetId="{i}" r:id="r{i}"' + (' state="hidden"' if name in hidden else "") + "/>"
            for i, name in enumerate(sheets, 1)
        )
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">'
        + "".join(
            f'<Relationship Id="r{i}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{i}.xml"/>'
            for i in range(1, len(sheets) + 1)
        )
        + f'<Relationship Id="s" Type="{OFFICE}/styles" Target="styles.xml"/>'
        + f'<Relationship Id="t" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}"/>',
        "xl/styles.xml": STYLES,
        **{f"xl/worksheets/sheet{i}.xml": content for i, content in enumerate(sheets.values(), 1)},
    }
    return zipped_parts(files | (parts or {}))


def zipped_parts(parts: Parts) -> bytes:
    """Parts as zip bytes, the same every time."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def as_xlsx(dataset: str, columns: Sequence[str], rows: Sequence[Row]) -> bytes:
    """Rows as a workbook of text cells."""
    return workbook({dataset: sheet([columns, *[[row.get(c, "") for c in columns] for row in rows]])})


def as_xml(dataset: str, columns: Sequence[str], rows: Sequence[Row]) -> bytes:
    """Rows as XML; an empty cell has no element."""
    lines = (
        "<rad>" + "".join(f"<{c}>{escape(row[c])}</{c}>" for c in columns if row.get(c)) + "</rad>\n" for row in rows
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{dataset}>\n{"".join(lines)}</{dataset}>\n'.encode()


def writers(dataset: str, columns: Sequence[str], rows: Sequence[Row]) -> dict[str, Callable[[], bytes]]:
    """By format, what writes the rows."""
    return {"xlsx": lambda: as_xlsx(dataset, columns, rows), "xml": lambda: as_xml(dataset, columns, rows)}
