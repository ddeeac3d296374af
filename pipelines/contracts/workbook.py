"""The Excel template of a dataset: its columns as text, its codes as choices, its rules on the headers.

Belongs here: the workbook that a municipality fills in. Does not belong here: a column in words and the XSD
(`forms.py`), and reading what comes back (`landing/readers/xlsx.py`, which knows the names of these sheets).
"""

from __future__ import annotations

import io
from datetime import UTC, datetime

import xlsxwriter
from xlsxwriter.utility import xl_range_abs

from pipelines.contracts.forms import in_words, labels
from pipelines.contracts.model import Contracts, Dataset

CODES, HELP = "Kodlistor", "Instruktion"
LAST_ROW = 1_048_575  # the sheet's own last, counted from 0
MADE = datetime(2026, 1, 1, tzinfo=UTC)  # a template is the same every time it is rendered
COMMENT = {"x_scale": 2.5, "y_scale": 2.0, "author": "Kontraktet"}
INSTRUCTIONS = (
    "Fyll i bladet {id}: en rad per post, med början på rad 2. Ändra inte rubrikerna och ta inte bort några kolumner.",
    "Peka på en rubrik för att se vad kolumnen betyder och vilka regler som gäller. Koderna står på bladet Kodlistor.",
    "Alla celler är text. Skriv datum som ÅÅÅÅ-MM-DD, belopp med decimalkomma och koder med sina inledande nollor.",
    "Klistrar du in: välj Klistra in värden. Formler, sammanfogade celler, felvärden, kommentarer på rader, bilder, "
    "makron och länkar till andra böcker stoppar paketet.",
    "Dolda och bortfiltrerade rader läses som alla andra.",
    "Lämna inga uppgifter på andra blad. Ett annat blad med innehåll stoppar paketet.",
    "Spara som {id}.xlsx utan lösenord. I manifestet är teckenkodning utf-8, schema_version {version} och antal_rader "
    "antalet rader under rubriken.",
    "Pröva filen före sändning: lager check {id}.xlsx",
)


def template(contracts: Contracts, dataset: Dataset) -> bytes:
    """The dataset's workbook, ready to fill in."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_numbers": False}) as book:
        book.set_properties({"title": f"{dataset.titel} ({dataset.id} {dataset.version})", "created": MADE})
        bold, text = book.add_format({"bold": True, "num_format": "@"}), book.add_format({"num_format": "@"})
        sheet, told, listed = (book.add_worksheet(name) for name in (dataset.id, HELP, CODES))
        _write_help(told, dataset, bold)
        places = _write_codes(listed, contracts, dataset, bold)
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(dataset.columns):
            sheet.set_column(place, place, max(14, len(column.name) + 2), text)
            sheet.write_string(0, place, column.name, bold)
            sheet.write_comment(0, place, "\n".join(in_words(contracts, dataset, column)), COMMENT)
            if places.get(column.kodlista or ""):
                sheet.data_validation(1, place, LAST_ROW, place, _choice(places[str(column.kodlista)], column.kodlista))
    return buffer.getvalue()


def _choice(place: str, kodlista: str | None) -> dict[str, object]:
    return {
        "validate": "list",
        "source": f"={CODES}!{place}",
        "error_title": "Koden finns inte",
        "error_message": f"Välj en kod ur listan {kodlista} på bladet {CODES}.",
    }


def _write_help(sheet: xlsxwriter.worksheet.Worksheet, dataset: Dataset, bold: xlsxwriter.format.Format) -> None:
    sheet.protect()
    sheet.set_column(0, 0, 120)
    sheet.write_string(0, 0, f"{dataset.titel} ({dataset.id}, version {dataset.version})", bold)
    lines = [" ".join(line.split()) for line in dataset.description.values()]
    lines += [line.format(id=dataset.id, version=dataset.version) for line in INSTRUCTIONS]
    for row, line in enumerate(lines, 1):
        sheet.write_string(row, 0, line)


def _write_codes(
    sheet: xlsxwriter.worksheet.Worksheet, contracts: Contracts, dataset: Dataset, bold: xlsxwriter.format.Format
) -> dict[str, str]:
    """Every list that the dataset uses in two columns, code and meaning; where the codes of each stand."""
    sheet.protect()
    found = {}
    for n, name in enumerate(dict.fromkeys(c.kodlista for c in dataset.columns if c.kodlista)):
        codes = labels(name, contracts.codes[name])
        sheet.write_row(0, 2 * n, [name, "betydelse"], bold)
        sheet.write_column(1, 2 * n, codes)
        sheet.write_column(1, 2 * n + 1, codes.values())
        sheet.set_column(2 * n, 2 * n, 20)
        sheet.set_column(2 * n + 1, 2 * n + 1, 40)
        found[name] = xl_range_abs(1, 2 * n, len(codes), 2 * n) if codes else ""
    return found
