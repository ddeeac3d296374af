"""Workbooks and XML made to hurt, or to say something else than they seem: each is refused, and its reader goes on.

Belongs here: what is refused, and that nothing else is touched by it. Does not belong here: what a whole reception with
one of them costs (test_hostile.py), and that sound files are read alike (tests/properties/test_formats.py).
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.contracts.model import get_contracts
from pipelines.landing import child as product
from pipelines.landing.child import Child
from pipelines.landing.package import Fault, FileEntry
from pipelines.landing.readers.body import Body
from pipelines.landing.readers.file import read_file
from tests.support.daliga.bas import MARKER, clean
from tests.support.delivery import COLUMNS, Delivery, hushall, senders
from tests.support.formats import MAIN, sheet, text_cell, workbook
from tests.support.reception import House

D = "eb_hushall"
NAMES = COLUMNS[D].split()
ROW = ["0114", "", "2019-03", MARKER, "9", "0", "0", "100"]


@pytest.fixture(scope="module")
def child() -> Iterator[Child]:
    with Child() as child:
        yield child


def read(child: Child, content: bytes, ending: str, rows: int = 1, encoding: str = "utf-8") -> Body | Fault:
    entry = {**Delivery(hushall=[hushall()])._entry(D), "namn": f"{D}.{ending}", "antal_rader": rows}
    declared = FileEntry.model_validate({**entry, "teckenkodning": encoding})
    return read_file(get_contracts().datasets[D], declared, content, None, child)


def cells(*more: str, last: list[str] | None = None, after: str = "") -> str:
    """The sheet with one row of data, and cells after its last."""
    return sheet([NAMES, ROW if last is None else last], cells="".join(more), after=after)


def book(content: str, **parts: bytes | str) -> bytes:
    return workbook({D: content}, parts={f"{name.replace('__', '/')}.xml": part for name, part in parts.items()})


def xml(rows: str, before: str = "", after: str = "") -> bytes:
    return f"{before}<{D}>{rows}</{D}>{after}".encode()


def grown() -> bytes:
    """A hundred thousand cells that share one long text."""
    rows = "".join(f'<row r="{r}"><c r="A{r}" t="s"><v>0</v></c></row>' for r in range(1, 100_000))
    return book(RAW.format(MAIN, "", rows), xl__sharedStrings=SST)


def beside(name: str, part: str | bytes = b"x") -> bytes:
    return workbook({D: cells()}, parts={name: part})


SST = f'<sst xmlns="{MAIN}"><si><t>{"x" * 32_000}</t></si></sst>'
FAR = '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>'
RAW = '<worksheet xmlns="{}"><sheetData><row r="1">{}</row>{}</sheetData></worksheet>'
OTHER = {"Anteckningar": sheet([["en rad"]])}
CLOCK = ["", *ROW[1:]]
BOOKS = {
    "a zip that is none": (b"PK\x03\x04", "Excel-arbetsbok"),
    "an empty file": (b"", "Excel-arbetsbok"),
    "a workbook without a sheet": (workbook({}), "inget synligt blad"),
    "a bomb of 300 MB": (lambda: book("", xl__worksheets__sheet1=b" " * 300_000_000), "hårt packad"),
    "a sheet of 49 MB of nothing": (lambda: book(cells() + " " * 49_000_000), "hårt packad"),
    "shared strings that grow": (grown, ""),
    "a cell at the sheet's far end": (book(RAW.format(MAIN, text_cell(1, 0, "a"), FAR)), "utanför tabellen"),
    "three hundred parts": (
        workbook({D: cells()}, parts={f"docProps/{i}.xml": "<x/>" for i in range(300)}),
        "för stor",
    ),
    "a formula": (book(cells('<c r="I2"><f>1+1</f><v>2</v></c>')), "formler"),
    "a formula in a namespace of its own": (
        book(cells(f'<x:c xmlns:x="{MAIN}" r="I2"><x:f >1</x:f></x:c>')),
        "formler",
    ),
    "a formula that calls another program": (book(cells("<c r=\"I2\"><f>cmd|'/c calc'!A1</f></c>")), "formler"),
    "merged cells": (book(cells(after='<mergeCells count="1"><mergeCell ref="A1:B1"/></mergeCells>')), "sammanfogade"),
    "an error value": (book(cells('<c r="I2" t="e"><v>#N/A</v></c>')), "felvärden"),
    "a date with a time": (book(cells('<c r="A2" s="2"><v>43525.5</v></c>', last=CLOCK)), "tid på dygnet"),
    "a time of the day": (book(cells('<c r="A2" s="3"><v>0.5</v></c>', last=CLOCK)), "tid på dygnet"),
    "a second sheet with content": (workbook({D: cells()} | OTHER), "annat blad"),
    "a hidden sheet with content": (workbook({D: cells()} | OTHER, hidden=["Anteckningar"]), "annat blad"),
    "the sheet itself hidden": (workbook({D: cells(), "Kodlistor": cells()}, hidden=[D]), "inget synligt blad"),
    "a sheet by another name": (workbook({"Blad1": cells()}), "annat blad"),
    "a link to another workbook": (beside("xl/externalLinks/externalLink1.xml", "<x/>"), "länkar"),
    "a macro": (beside("xl/vbaProject.bin"), "makron"),
    "a connection": (beside("xl/connections.xml", "<x/>"), "länkar"),
    "a picture": (beside("xl/media/image1.png"), "bilder"),
    "a drawing with text": (beside("xl/drawings/drawing1.xml", "<x:twoCellAnchor/>"), "länkar"),
    "a comment on a row": (beside("xl/comments1.xml", '<comments><comment ref="D2"/></comments>'), "kommentarer"),
    "a part that climbs out": (beside("xl/worksheets/../../x.xml", "<x/>"), "länkar"),
    "a part by two names": (beside("XL/WORKBOOK.xml", "<x/>"), "länkar"),
    "an entity": (book(f'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>{cells()}'), "länkar"),
    "a part in another encoding": (
        workbook({D: ""}, parts={"xl/worksheets/sheet1.xml": cells().encode("utf-16")}),
        "hel",
    ),
    "a row too few": (book(sheet([NAMES])), "0 rader"),
    "no columns": (book(sheet([[], ROW])), "kolumn saknas"),
}
FORMS = {
    "an empty file": (b"", "hel XML"),
    **{f"a file cut {n} before its end": (xml("<rad/>")[:-n], "hel XML") for n in (1, 5, 12, 13, 15)},
    "a file cut off in its text": (xml("<rad/><![CDATA[", after="")[:-13], "hel XML"),
    "text after the end": (xml("<rad/>", after="ring"), "hel XML"),
    "another file after the end": (xml("<rad/>") * 2, "hel XML"),
    "another root": (b"<rader><rad/></rader>", "hel XML"),
    "a billion laughs": (xml("<rad/>", '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'), "DTD"),
    "an external entity": (xml("<rad/>", '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'), "DTD"),
    "an entity of nobody": (xml("<rad><period>&x;</period></rad>"), "hel XML"),
    "an attribute": (xml('<rad nr="1"/>'), "attribut"),
    "an enormous attribute": (lambda: xml(f'<rad nr="{"x" * 10_000_000}"/>'), "attribut"),
    "a schema to be fetched": (
        xml("<rad/>").replace(b"<eb_hushall>", b'<eb_hushall xmlns:x="u" x:y="z">', 1),
        "attribut",
    ),
    "a comment": (xml("<!-- ring --><rad/>"), "kommentar"),
    "an instruction": (xml("<?php x?><rad/>"), "instruktion"),
    "text between rows": (xml("ring<rad/>"), "hel XML"),
    "text between cells": (xml("<rad>ring</rad>"), "hel XML"),
    "elements within a cell": (xml("<rad><period><b>1</b></period></rad>"), "hel XML"),
    "rows within a row": (xml("<rad><rad/></rad>"), "element"),
    "five million levels": (lambda: b"<a>" * 5_000_000, "hel XML"),
    "a cell of 15 MB": (lambda: xml(f"<rad><period>{'x' * 15_000_000}</period></rad>"), "hel XML"),
    "millions of empty rows": (lambda: xml("<rad/>" * 1_500_000), "fler rader"),
    "a million names": (lambda: xml("<rad>" + "".join(f"<a{i}/>" for i in range(1_000_000)) + "</rad>"), ""),
    "a cell twice": (xml("<rad/><rad><period>a</period><period>a</period></rad>"), "först på rad 3"),
    "an unknown cell": (xml("<rad/><rad><namn>a</namn></rad>"), "först på rad 3"),
    "another encoding than it says": (
        "<eb_hushall><rad><period>å</period></rad></eb_hushall>".encode("cp1252"),
        "utf-8",
    ),
    "UTF-16": (xml("<rad/>").decode().encode("utf-16"), "utf-8"),
    "a row too many": (xml("<rad/><rad/>"), "2 rader"),
}


@pytest.mark.parametrize("name", BOOKS)
def test_a_workbook_is_refused_in_words_and_the_next_is_read(child: Child, name: str) -> None:
    refused(child, *BOOKS[name], "xlsx")


@pytest.mark.parametrize("name", FORMS)
def test_xml_is_refused_in_words_and_the_next_is_read(child: Child, name: str) -> None:
    refused(child, *FORMS[name], "xml")


def refused(child: Child, content: bytes | Callable[[], bytes], says: str, ending: str) -> None:
    """A large content is made when it is asked for, not whenever tests are collected."""
    found = read(child, content if isinstance(content, bytes) else content(), ending)
    assert isinstance(found, Fault)
    assert says in found.detalj
    assert found.regel_id == ("GEN-04" if "kolumn" in found.detalj else "GEN-01")
    assert MARKER not in found.detalj
    assert isinstance(read(child, book(cells()), "xlsx"), Body)


@pytest.mark.parametrize(
    ("rows", "searched"),
    [
        (["<namn>a</namn>", "", "<namn>b</namn><tel>c</tel>"], [["a", ""], ["", ""], ["b", "c"]]),
        (["<namn>a<b>b</b>c</namn>"], [["abc"]]),
        (["<namn>a;b</namn>"], [["a\ufffdb"]]),
        (["", "".join(f"<a{i}/>" for i in range(100))], [[""] * 100] * 2),
        (["".join(f"<a{i}/>" for i in range(101))], None),
        (["<rad><namn>a</namn></rad>"], None),
    ],
    ids=["some rows", "elements within", "a separator", "a hundred names", "more names than columns", "a row within"],
)
def test_unknown_elements_are_columns_after_the_contracts_that_are_searched_and_never_landed(
    child: Child, rows: list[str], searched: list[list[str]] | None
) -> None:
    found = read(child, xml("".join(f"<rad><period>2017-03</period>{row}</rad>" for row in rows)), "xml", len(rows))
    fault = found.fault if isinstance(found, Body) else found
    assert fault is not None
    assert fault.regel_id == "GEN-04"
    assert isinstance(found, Body) == (searched is not None)
    if isinstance(found, Body):
        lines = [line.split(";") for line in found.content.decode().splitlines()]
        assert [line[len(NAMES) :] for line in lines] == searched
        assert {line[found.columns.index("period")] for line in lines} == {"2017-03"}


def test_what_excel_makes_of_a_cell_is_read_as_its_sender_wrote_it(child: Child) -> None:
    """Whole numbers without decimals, others with a comma, days as they are written; twelve digits stay twelve."""
    typed = ['<c r="A2"><v>180</v></c><c r="C2" s="1"><v>43525</v></c>', '<c r="D2"><v>198001019876</v></c>']
    typed += [
        '<c r="E2"><v>3</v></c><c r="F2"><v>1234.5</v></c><c r="G2" t="b"><v>1</v></c>',
        '<c r="H2"><v>0.3</v></c>',
    ]
    found = read(child, book(cells(*typed, last=[""] * 8)), "xlsx")
    assert isinstance(found, Body)
    assert found.content.decode() == "180;;2019-03-01;198001019876;3;1234,5;SANT;0,3\n"


def test_rows_kept_for_their_looks_are_none_and_empty_rows_between_are_rows(child: Child) -> None:
    found = read(child, book(sheet([NAMES, ROW, [], ROW, [], []])), "xlsx", rows=3)
    assert isinstance(found, Body)
    assert found.content.decode().split("\n")[1] == ";" * 7
    assert isinstance(read(child, xml("<rad/><rad/>"), "xml", rows=2), Body)


def test_the_template_s_sheets_and_an_empty_one_may_stand_beside(child: Child) -> None:
    sheets = {D: cells(), "Instruktion": cells(), "Kodlistor": cells(), "Blad2": sheet([[]])}
    assert isinstance(read(child, workbook(sheets, hidden=["Kodlistor"]), "xlsx"), Body)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_xml_is_read_in_the_encoding_that_the_manifest_says_whatever_it_says_itself(
    child: Child, encoding: str
) -> None:
    text = xml("<rad><hushall_id>å</hushall_id></rad>", '<?xml version="1.0" encoding="iso-8859-5"?>').decode()
    found = read(child, text.encode(encoding), "xml", encoding=encoding)
    assert isinstance(found, Body)
    assert found.content.decode() == ";;;å;;;;\n"


def test_a_workbook_in_another_encoding_than_utf_8_is_a_contradiction(child: Child) -> None:
    found = read(child, book(cells()), "xlsx", encoding="cp1252")
    assert isinstance(found, Fault)


def test_a_format_that_the_contract_does_not_list_is_not_taken(child: Child) -> None:
    entry = {**Delivery(hushall=[hushall()])._entry(D), "namn": f"{D}.xlsx"}
    only_csv = replace(get_contracts().datasets[D], formats=("csv",))
    found = read_file(only_csv, FileEntry.model_validate(entry), book(cells()), None, child)
    assert found == Fault("GEN-01", f"Filen för {D} har inte ett format som tas emot: namnet ska sluta på .csv.", D)


# -- the child -----------------------------------------------------------------------------------------------------


def test_a_file_that_kills_its_reader_is_refused_and_the_others_of_the_batch_are_received(house: House) -> None:
    killer = book(RAW.format(MAIN, text_cell(1, 0, "a"), FAR))
    sound = [clean(kommun).but(format="xlsx") for kommun in senders()[:4]]
    sent = [sound[0], sound[1].but(content={D: killer}, entry={D: {"antal_rader": 4}}), *sound[2:]]
    house.receive(*sent)
    assert [house.verdict(d) for d in sent] == [("godkand", None), ("stoppad", "GEN-01"), *[("godkand", None)] * 2]


def test_one_process_reads_a_whole_batch_and_none_is_started_for_csv(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[object] = []
    real = product._start
    monkeypatch.setattr(product, "_start", lambda: (started.append(1), real())[1])
    house.receive(clean(senders()[0]))
    assert not started
    house.receive(*[clean(k).but(format=f) for k, f in zip(senders()[1:7], ["xlsx", "xml"] * 3, strict=True)])
    assert len(started) == 1
    assert {r["status"] for r in house.ledger("select status from leverans")} == {"godkand"}


def test_a_verdict_does_not_hang_on_what_was_read_before(child: Child) -> None:
    """A child that dies of what it kept from earlier files is no fault of the next: it is read in a fresh one."""
    assert isinstance(read(child, book(cells()), "xlsx"), Body)
    assert child._process
    child._process.kill()
    child._process.wait()
    assert isinstance(read(child, book(cells()), "xlsx"), Body)


LIMITED = """
import os, socket
from pipelines.landing import child
child._limit()
for what in (lambda: open("/etc/passwd"), lambda: socket.socket(), lambda: open("x", "w")):
    try:
        what()
    except OSError:
        print("refused")
print(bytearray(300_000_000) and "room")
try:
    bytearray(500_000_000)
except MemoryError:
    print("refused")
"""


def test_the_child_can_open_no_file_and_no_connection_and_has_limited_memory(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", LIMITED], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["refused"] * 3 + ["room", "refused"]


def test_a_child_that_never_answers_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    silent = [sys.executable, "-c", "import time; time.sleep(600)"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    monkeypatch.setattr(product, "_start", lambda: subprocess.Popen(silent, **pipes))
    monkeypatch.setattr(product, "WALL_SECONDS", 1)
    with Child() as child:
        found = read(child, book(cells()), "xlsx")
    assert isinstance(found, Fault)
    assert "mer minne eller tid" in found.detalj
