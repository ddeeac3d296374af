"""Templates: a workbook and a schema per dataset, which the reader takes back without a fault when they are filled in.

Belongs here: what is rendered, and the round trip. Does not belong here: reading what others make
(tests/properties/test_formats.py, tests/faults/test_hostile_formats.py).
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from lxml import etree
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.contracts.forms import described_form, form, labels
from pipelines.contracts.model import Dataset, get_contracts
from pipelines.contracts.workbook import template
from pipelines.landing.child import Child
from pipelines.landing.package import Fault, FileEntry
from pipelines.landing.precheck import UnknownFileError, check_path
from pipelines.landing.readers.body import Body
from pipelines.landing.readers.file import read_file
from pipelines.landing.readers.xlsx import BESIDES
from tests.support.daliga.bas import clean
from tests.support.delivery import COLUMNS, Delivery, hushall
from tests.support.formats import as_xml, text_cell
from tests.support.reception import House

DATASETS = sorted(get_contracts().datasets)
Parts = dict[str, str]
SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture(scope="module")
def child() -> Iterator[Child]:
    with Child() as child:
        yield child


def parts(name: str) -> Parts:
    """The text parts of a dataset's workbook."""
    book = zipfile.ZipFile(io.BytesIO(template(get_contracts(), get_contracts().datasets[name])))
    return {part: book.read(part).decode() for part in book.namelist()}


def filled(name: str, rows: list[list[str]]) -> bytes:
    """The workbook with text typed below its headers, in the cells' own style, as a spreadsheet program would."""
    found = parts(name)
    style = re.search(r'<col min="1"[^>]*style="(\d+)"', found[SHEET])
    assert style
    lines = [
        f'<row r="{r}">' + "".join(text_cell(r, c, text) for c, text in enumerate(row)) + "</row>"
        for r, row in enumerate(rows, 2)
    ]
    typed = "".join(lines).replace("<c ", f'<c s="{style[1]}" ')
    found[SHEET] = found[SHEET].replace("</sheetData>", typed + "</sheetData>")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as book:
        for part, content in found.items():
            book.writestr(part, content)
    return buffer.getvalue()


def read(child: Child, dataset: Dataset, content: bytes, rows: int) -> Body | Fault:
    said = {**Delivery(hushall=[hushall()])._entry("eb_hushall"), "namn": f"{dataset.id}.xlsx", "dataset": dataset.id}
    entry = FileEntry.model_validate({**said, "antal_rader": rows})
    return read_file(dataset, entry, content, None, child)


@pytest.mark.parametrize("name", DATASETS)
def test_an_empty_template_is_a_file_without_rows_and_a_filled_one_has_them(child: Child, name: str) -> None:
    dataset = get_contracts().datasets[name]
    rows = [[f"{i}å{c.name}" for c in dataset.columns] for i in range(3)]
    empty, full = (read(child, dataset, filled(name, typed), len(typed)) for typed in ([], rows))
    assert isinstance(empty, Body)
    assert isinstance(full, Body)
    assert empty.columns == full.columns == tuple(c.name for c in dataset.columns)
    assert empty.rows == 0
    assert full.content.decode().split() == [";".join(row) for row in rows]


def test_a_delivery_filled_into_the_templates_lands_as_if_sent_as_csv(house: House, tmp_path: Path) -> None:
    sent = clean()
    cells = {d: [[row.get(c, "") for c in COLUMNS[d].split()] for row in sent.rows(d)] for d in COLUMNS}
    entries = {d: {"antal_rader": len(rows)} for d, rows in cells.items()}
    typed = sent.but(format="xlsx", content={d: filled(d, rows) for d, rows in cells.items()}, entry=entries)
    twin = House(tmp_path / "csv")
    house.receive(typed)
    twin.receive(sent)
    for dataset in COLUMNS:
        landed = [[{**row, "leverans_id": ""} for row in h.landing(dataset)] for h in (house, twin)]
        assert landed[0] == landed[1] != []


@pytest.mark.parametrize("name", DATASETS)
def test_every_header_says_what_its_column_means_and_every_coded_column_has_its_choices(name: str) -> None:
    dataset, found = get_contracts().datasets[name], parts(name)
    notes = dict(re.findall(r'<comment ref="([A-Z]+)1".*?<t[^>]*>(.*?)</t>', found["xl/comments1.xml"], re.DOTALL))
    assert len(notes) == len(dataset.columns)
    assert all("Krävs." in note for c, note in zip(dataset.columns, notes.values(), strict=True) if c.required)
    for rule in dataset.rules:
        assert rule.kolumn is None or any(rule.id in note for note in notes.values())
    choices = re.findall(r"<formula1>Kodlistor!(.*?)</formula1>", found[SHEET])
    assert len(choices) == sum(c.kodlista is not None for c in dataset.columns)
    strings = {unescape(text) for text in re.findall(r"<t[^>]*>(.*?)</t>", found["xl/sharedStrings.xml"])}
    for column in dataset.columns:
        if column.kodlista:
            said = labels(column.kodlista, get_contracts().codes[column.kodlista])
            assert set(said) | set(filter(None, said.values())) <= strings


def test_the_template_s_own_sheets_are_those_that_the_reader_passes_over() -> None:
    names = re.findall(r'<sheet name="(\w+)"', parts("eb_hushall")["xl/workbook.xml"])
    assert names == ["eb_hushall", *BESIDES]


def test_a_template_is_the_same_every_time_it_is_rendered() -> None:
    dataset = get_contracts().datasets["eb_person"]
    assert template(get_contracts(), dataset) == template(get_contracts(), dataset)


@pytest.mark.parametrize("name", DATASETS)
def test_the_schema_that_senders_get_takes_what_the_gate_s_takes(name: str) -> None:
    dataset = get_contracts().datasets[name]
    sent = etree.XMLSchema(etree.fromstring(described_form(get_contracts(), dataset).encode()))
    own = etree.XMLSchema(etree.fromstring(form(dataset).encode()))
    names = [c.name for c in dataset.columns]
    whole = as_xml(name, names[::-1], [dict.fromkeys(names, "å"), {}])
    for content in (whole, whole.replace(b"kommun_kod>", b"kommun>"), whole.replace(b"rad>", b"post>")):
        tree = etree.fromstring(content)
        assert sent.validate(tree) == own.validate(tree) == (content == whole)


def test_the_command_writes_both_for_every_dataset_of_a_source_and_knows_no_other(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["mall", "eb", "--ut", str(tmp_path / "mallar")])
    assert done.exit_code == 0, done.output
    expected = {f"{d}.{ending}" for d in COLUMNS for ending in ("xlsx", "xsd")}
    assert {path.name for path in (tmp_path / "mallar").iterdir()} == expected
    assert CliRunner().invoke(app, ["mall", "okand", "--ut", str(tmp_path)]).exit_code == 2


@pytest.mark.parametrize("kind", ["xlsx", "xml"])
def test_a_lone_file_is_tried_before_it_is_sent(kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"eb_hushall.{kind}"
    path.write_bytes(clean().but(format=kind).bytes_of("eb_hushall"))
    found = check_path(path, get_contracts())
    assert (found["status"], found["kommun_kod"], found["period"]) == ("godkand", "0114", "2019-03")
    assert found["datamangder"][0]["lasta"] == len(clean().hushall)
    path.write_bytes(b"ingen")
    assert check_path(path, get_contracts())["stoppad_av"]["regel"] == "GEN-01"
    with pytest.raises(UnknownFileError, match=r"eb_hushall\.xml"):
        check_path(path.rename(tmp_path / "eb_hushall.ods"), get_contracts())
