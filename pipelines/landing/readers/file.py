"""A declared file as a Body, by the format that its name says and its contract allows.

Belongs here: choosing the reader. Does not belong here: reading; workbooks and XML are read in a child (`child.py`).
"""

from __future__ import annotations

from dataclasses import replace

from pipelines.contracts.changes import widest
from pipelines.contracts.forms import form
from pipelines.contracts.mappings import UNKNOWN, TableMapping, canonical
from pipelines.contracts.model import Dataset
from pipelines.landing.child import Child
from pipelines.landing.package import Fault, FileEntry
from pipelines.landing.readers.body import Body, body_of, mojibake
from pipelines.landing.readers.cells import Asked, UnreadableError
from pipelines.landing.readers.csv import decode, read_csv

READ_IN_THE_CHILD = ("xlsx", "xml")
NOT_TAKEN = "Filen för {} har inte ett format som tas emot: namnet ska sluta på {}."
NOT_ITS_ENCODING = "Filen för {} är inte {} som manifestet anger."
BOOK_ENCODING = "En arbetsbok har alltid teckenkodningen utf-8; manifestet anger en annan för {}."
OWN_WORDS = "Filen för {} är XML i ett systems egen form. Bara den kanoniska formen tas emot som XML."


def format_of(name: str) -> str:
    """The format by a file's name: its ending, in small letters."""
    return name.rpartition(".")[2].lower()


def read_file(
    dataset: Dataset, entry: FileEntry, content: bytes, mapping: TableMapping | None, child: Child
) -> Body | Fault:
    """A file as a Body, or the first fault that keeps it from being read (GEN-01, GEN-04)."""
    kind = format_of(entry.namn)
    if kind not in dataset.formats:
        endings = [f".{name}" for name in dataset.formats]
        said = ", ".join(endings[:-1]) + (" eller " if endings[:-1] else "") + endings[-1]
        return Fault("GEN-01", NOT_TAKEN.format(dataset.id, said), dataset.id)
    if kind not in READ_IN_THE_CHILD:
        return read_csv(dataset, entry, content, mapping)
    layout = mapping or canonical(dataset.kalla, [dataset]).tables[dataset.id]
    try:
        text = cells_of(dataset, entry, content, layout, child)
    except UnreadableError as error:
        fault = Fault(error.regel, str(error), dataset.id, rad_nr=error.rad_nr)
        read = body_of(dataset, entry, layout, error.text, mapping)
        return replace(read, fault=fault) if isinstance(read, Body) else fault
    found = mojibake(entry, text) or body_of(dataset, entry, layout, text, mapping)
    # what is counted of a file that the gate never gets
    return replace(found, mottagna=text.count("\n")) if isinstance(found, Fault) else found


def cells_of(dataset: Dataset, entry: FileEntry, content: bytes, layout: TableMapping, child: Child) -> str:
    """The cells of a workbook or XML file as the text that CSV would have. Raises UnreadableError."""
    kind = format_of(entry.namn)
    # a year's form may be narrower than the contract's
    asked_for = tuple(c for c in widest(dataset).columns if c.name in layout.names)
    asked = Asked(kind, dataset.id, tuple(c.name for c in asked_for), layout.separator, UNKNOWN)
    if kind == "xlsx":
        if entry.teckenkodning != "utf-8":
            raise UnreadableError(BOOK_ENCODING.format(dataset.id))
        return child.read(asked, content)
    if any(name != column.target for name, column in layout.columns.items()):
        raise UnreadableError(OWN_WORDS.format(dataset.id))
    text = decode(entry, content)
    if isinstance(text, Fault):
        raise UnreadableError(NOT_ITS_ENCODING.format(dataset.id, entry.teckenkodning))
    return child.read(replace(asked, schema=form(replace(dataset, columns=asked_for))), text.encode())
