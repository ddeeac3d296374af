"""CSV files as the gate reads them: strictly decoded, one physical line per record, never guessed.

Belongs here: bytes to a normalised body. Does not belong here: types, codes and rules (the contract, in the gate).
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from pipelines.contracts.mappings import UNKNOWN, TableMapping, canonical
from pipelines.contracts.model import Dataset
from pipelines.landing.package import Fault, FileEntry


@dataclass(frozen=True)
class Body:
    """A file's rows: UTF-8, LF after every record, no quotes. `columns` in the file's own order and words.

    Without a mapping the words are the contract's.
    """

    dataset: str
    columns: tuple[str, ...]
    content: bytes
    rows: int
    mapping: TableMapping | None = None


def decode(entry: FileEntry, content: bytes) -> str | Fault:
    """The file's text in the encoding its manifest declares, or the fault that it is not in it."""
    detalj = f"Filen för {entry.dataset} är inte {entry.teckenkodning} som manifestet anger."
    if b"\0" in content:
        return Fault("GEN-01", detalj, entry.dataset)
    try:
        text = content.decode("cp1252" if entry.teckenkodning == "cp1252" else "utf-8")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        return Fault("GEN-01", detalj, entry.dataset, rad_nr=row)
    return text.removeprefix("\ufeff") if entry.teckenkodning == "utf-8-sig" else text


def _unquote(text: str, separator: str) -> str:
    """Rewrite a quoted file without quotes; what cannot be written so becomes a sign no code list knows."""
    table = str.maketrans(dict.fromkeys((separator, "\n", "\r", '"'), UNKNOWN))
    records = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    return "\n".join(separator.join(cell.translate(table) for cell in record) for record in records)


def _normalise(text: str, separator: str) -> str:
    if '"' in text:
        text = _unquote(text, separator)
    elif "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.rstrip("\n")


def _header_fault(dataset: Dataset, expected: tuple[str, ...], header: tuple[str, ...]) -> Fault | None:
    """Name what is missing; an unknown column is named by position, since it may be a row of data."""
    missing = [name for name in expected if name not in header]
    unknown = [str(i) for i, name in enumerate(header, 1) if name not in expected or name in header[: i - 1]]
    if not missing and not unknown:
        return None
    parts = [f"kolumn saknas: {', '.join(missing)}"] if missing else []
    parts += [f"okänd eller upprepad kolumn på plats {', '.join(unknown)}"] if unknown else []
    return Fault("GEN-04", f"Rubrikraden i {dataset.id}: {'; '.join(parts)}.", dataset.id, rad_nr=1)


def read_csv(dataset: Dataset, entry: FileEntry, content: bytes, mapping: TableMapping | None = None) -> Body | Fault:
    """A declared CSV file as a Body, or the first fault that keeps it from being read (GEN-01, GEN-04)."""
    layout = mapping or canonical(dataset.kalla, [dataset]).tables[dataset.id]
    text = decode(entry, content)
    if isinstance(text, Fault):
        return text
    try:
        text = _normalise(text, layout.separator)
    except csv.Error:
        return Fault("GEN-01", f"Citattecknen i filen för {dataset.id} går inte ihop.", dataset.id)
    head, _, body = text.partition("\n")
    header = tuple(head.split(layout.separator))
    fault = _header_fault(dataset, layout.names, header)
    if fault is not None:
        return fault
    rows = body.count("\n") + 1 if body else 0
    if rows != entry.antal_rader:
        detalj = f"Filen för {dataset.id} har {rows} rader, manifestet anger {entry.antal_rader}."
        return Fault("GEN-01", detalj, dataset.id)
    return Body(dataset.id, header, (body + "\n").encode() if body else b"", rows, mapping)
