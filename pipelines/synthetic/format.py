"""A data file as a workbook or as XML, for senders that do not send CSV.

Belongs here: cells that are text already, as bytes of a format. Does not belong here: what the cells say (`text.py`),
the package around them (`paket.py`), and any code of those who read it.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc
import xlsxwriter

_CREATED = datetime(2017, 1, 1)  # the same bytes whenever it is written
_ESCAPED = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\r", "&#13;"))


def write_xlsx(dataset: str, columns: Sequence[str], rows: pa.Table) -> bytes:
    """A workbook with one sheet named as the dataset: `columns` in row 1, then the table's cells as text.

    `rows` has one text column per name, in the same order; empty and null are empty cells.
    """
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_numbers": False}) as book:
        book.set_properties({"created": _CREATED})
        sheet = book.add_worksheet(dataset)
        for place, (name, cells) in enumerate(zip(columns, rows.columns, strict=True)):
            sheet.write_string(0, place, name)
            for row, cell in enumerate(cells.cast(pa.string()).to_pylist(), 1):
                if cell:
                    sheet.write_string(row, place, cell)
    return buffer.getvalue()


def _element(name: str, cells: pa.ChunkedArray) -> pa.ChunkedArray:
    text = pc.fill_null(cells.cast(pa.string()), "")
    for sign, written in _ESCAPED:
        text = pc.replace_substring(text, sign, written)
    return pc.if_else(pc.equal(text, ""), "", pc.binary_join_element_wise(f"<{name}>", text, f"</{name}>", ""))


def write_xml(dataset: str, columns: Sequence[str], rows: pa.Table) -> bytes:
    """XML in UTF-8: the dataset's name around one `<rad>` per row, an element per cell that is not empty.

    `rows` as for `write_xlsx`.
    """
    elements = [_element(name, cells) for name, cells in zip(columns, rows.columns, strict=True)]
    lines = pc.binary_join_element_wise("<rad>", *elements, "</rad>\n", "").to_pylist()
    return "".join(['<?xml version="1.0" encoding="UTF-8"?>\n', f"<{dataset}>\n", *lines, f"</{dataset}>\n"]).encode()
