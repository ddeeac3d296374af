"""CSV files as the gate reads them: strictly decoded, one physical line per record, never guessed.

Belongs here: bytes to a normalised body. Does not belong here: types, codes and rules (the contract, in the gate).
"""

from __future__ import annotations

import csv
import io

from pipelines.contracts.mappings import UNKNOWN, TableMapping, canonical
from pipelines.contracts.model import Dataset
from pipelines.landing.package import Fault, FileEntry
from pipelines.landing.readers.body import TOO_MANY, Body, body_of, line_after, mojibake
from pipelines.landing.readers.cells import MAX_ROWS


def decode(entry: FileEntry, content: bytes) -> str | Fault:
    """The file's text in the encoding its manifest declares, or the fault that it is not in it."""
    detalj = f"Filen för {entry.dataset} är inte {entry.teckenkodning} som manifestet anger"
    if b"\0" in content:
        return Fault("GEN-01", f"{detalj}.", entry.dataset)
    try:
        text = content.decode("cp1252" if entry.teckenkodning == "cp1252" else "utf-8")
    except UnicodeDecodeError as error:
        row = line_after(content[: error.start].decode("latin-1"))
        return Fault("GEN-01", f"{detalj}, den första felaktiga raden är {row}.", entry.dataset, rad_nr=row)
    return text.removeprefix("\ufeff") if entry.teckenkodning == "utf-8-sig" else text


def has_too_many_lines(text: str) -> bool:
    """Whether a text has more lines than any file may have, before they are made into records."""
    return len(text) > MAX_ROWS and text.count("\n") + text.count("\r") > 2 * MAX_ROWS


def _unquote(text: str, separator: str) -> str:
    """Rewrite a quoted file without quotes; what cannot be written so becomes a sign no code list knows."""
    table = str.maketrans(dict.fromkeys((separator, "\n", "\r", '"'), UNKNOWN))
    records = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    return "\n".join(separator.join(cell.translate(table) for cell in record) for record in records)


def _plainly_quoted(text: str, separator: str) -> str | None:
    """The same without quotes, where every cell has its two and holds no quote, separator or newline; else None."""
    text = text.replace("\r\n", "\n").rstrip("\n")
    between, line = f'"{separator}"', '"\n"'
    separators, lines = text.count(separator), text.count("\n")
    plain = text.count(between) == separators and text.count(line) == lines and "\r" not in text
    if not plain or text.count('"') != 2 * (separators + lines + 1) or text[:1] + text[-1:] != '""':
        return None
    return text[1:-1].replace(between, separator).replace(line, "\n")


def normalise(text: str, separator: str) -> str:
    """The same records without quotes, one a line. Raises csv.Error."""
    if '"' in text:
        plain = _plainly_quoted(text, separator)
        text = _unquote(text, separator) if plain is None else plain
    elif "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.rstrip("\n")


def read_csv(dataset: Dataset, entry: FileEntry, content: bytes, mapping: TableMapping | None = None) -> Body | Fault:
    """A declared CSV file as a Body, or the first fault that keeps it from being read (GEN-01, GEN-04)."""
    layout = mapping or canonical(dataset.kalla, [dataset]).tables[dataset.id]
    text = decode(entry, content)
    if isinstance(text, Fault):
        return text
    fault = mojibake(entry, text)
    if fault is not None:
        return fault
    if has_too_many_lines(text):
        return Fault("GEN-01", TOO_MANY.format(dataset.id), dataset.id)
    try:
        text = normalise(text, layout.separator)
    except csv.Error:
        detalj = f"Citattecknen i filen för {dataset.id} går inte ihop, eller ett fält är orimligt långt."
        return Fault("GEN-01", detalj, dataset.id)
    return body_of(dataset, entry, layout, text, mapping)
