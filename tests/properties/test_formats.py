"""The same rows in three formats: the same landing, cell for cell, and the same answer.

Belongs here: that the format makes no difference. Does not belong here: what a format may not hold
(tests/faults/test_hostile_formats.py).
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.contracts.mappings import UNKNOWN
from pipelines.contracts.model import get_contracts
from pipelines.landing.child import Child
from pipelines.landing.package import Fault, FileEntry
from pipelines.landing.readers.body import Body
from pipelines.landing.readers.file import read_file
from tests.support.daliga.bas import clean
from tests.support.delivery import COLUMNS, Delivery, avslut, hushall, person, year
from tests.support.formats import as_xlsx, as_xml
from tests.support.reception import House

FORMATS = ("csv", "xlsx", "xml")
NAMES = COLUMNS["eb_hushall"].split()
ODD = 'åÄö;"\t <>&_x0041Ã©'
CELL = st.text(st.sampled_from(ODD) | st.characters(min_codepoint=32, exclude_categories=["Cs", "Cn"]), max_size=12)
TABLE = st.lists(st.tuples(CELL.map(lambda text: f"H{text}"), *[CELL] * (len(NAMES) - 1)), max_size=8)


@pytest.fixture(scope="module")
def child() -> Iterator[Child]:
    with Child() as child:
        yield child


def read(child: Child, name: str, content: bytes, rows: int) -> Body | Fault:
    entry = {**Delivery(hushall=[hushall()])._entry("eb_hushall"), "namn": name, "antal_rader": rows}
    return read_file(get_contracts().datasets["eb_hushall"], FileEntry.model_validate(entry), content, None, child)


def as_csv(rows: list[dict[str, str]]) -> bytes:
    out = io.StringIO(newline="")
    lines = [NAMES, *[[row[name] for name in NAMES] for row in rows]]
    csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(lines)
    return out.getvalue().encode()


@given(TABLE)
@settings(max_examples=150, deadline=None)
def test_any_cells_make_the_same_body(child: Child, table: list[tuple[str, ...]]) -> None:
    rows = [dict(zip(NAMES, cells, strict=True)) for cells in table]
    bodies = [
        read(child, "eb_hushall.csv", as_csv(rows), len(rows)),
        read(child, "eb_hushall.xlsx", as_xlsx("eb_hushall", NAMES, rows), len(rows)),
        read(child, "eb_hushall.xml", as_xml("eb_hushall", NAMES, rows), len(rows)),
    ]
    assert [replace(b, mottagna=None) if isinstance(b, Fault) else b for b in bodies] == [bodies[0]] * 3
    if isinstance(bodies[0], Body):
        assert bodies[0].content.decode().count("\n") == len(rows)


def test_what_no_line_can_hold_becomes_the_sign_that_csv_gets(child: Child) -> None:
    rows = [dict.fromkeys(NAMES, "") | {"hushall_id": 'a;b"c\nd'}]
    for name, content in (("xlsx", as_xlsx("eb_hushall", NAMES, rows)), ("xml", as_xml("eb_hushall", NAMES, rows))):
        body = read(child, f"eb_hushall.{name}", content, 1)
        assert isinstance(body, Body)
        assert body.content.decode() == f";;;a{UNKNOWN}b{UNKNOWN}c{UNKNOWN}d;;;;\n"


def spoiled() -> Delivery:
    """A row of every fate: set aside by a code, a number, a key and a relation; flagged; protected."""
    whole = clean()
    more = [hushall("H10", "2"), hushall("H11", belopp_kr="70000"), hushall("H11"), hushall("H12", "5")]
    return whole.but(
        hushall=[*whole.hushall, *more],
        person=[
            *whole.person,
            person("H11", 7, kon_kod="1"),
            person("H12", 8, skyddad="1"),
            person("BORTA", 9),
            person("H11", personnummer="198001019999"),
            person("H11", 6, roll_kod="å ä"),
        ],
        avslut=[*whole.avslut, avslut(avslut_datum="2019-13-01"), avslut("H12")],
    )


CASES = {
    "clean": clean(),
    "rows of every fate": spoiled(),
    "a whole year": year(),
    "another period on a row": clean().but(hushall=[*clean().hushall, hushall("H10", period="2018-01")]),
    "another sender on a row": clean().but(hushall=[*clean().hushall, hushall("H10", kommun_kod="0180")]),
    "free text": clean().but(hushall=[*clean().hushall, hushall("ring 0171-12345")]),
    "a row too few in the manifest": clean().but(entry={"eb_person": {"antal_rader": 5}}),
    "text read in the wrong encoding": clean().but(avslut=[avslut("HÃ¥8")]),
    "rows confirmed empty": clean().but(nolleverans=["eb_avslut"]),
    "a file without rows": clean().but(avslut=[], nolleverans=["eb_avslut"]),
    "an unknown version of the contract": clean().but(entry={"eb_avslut": {"schema_version": "9.0.0"}}),
}


@pytest.mark.parametrize("case", CASES)
def test_a_delivery_lands_alike_and_gets_the_same_receipt(case: str, tmp_path: Path) -> None:
    sent = {name: CASES[case].but(format=name) for name in FORMATS}
    left = {name: aftermath(House(tmp_path / name), delivery) for name, delivery in sent.items()}
    assert left["csv"]["kvittens"]["datamangder"]
    assert left["xlsx"] == left["csv"]
    assert left["xml"] == left["csv"]


def aftermath(house: House, delivery: Delivery) -> dict[str, Any]:
    """What a delivery left: landed rows, quarantine, ledger and receipt, without what says which delivery it was."""
    house.receive(delivery)
    (receipt,) = (json.loads(path.read_text()) for path in house.settings.outbox.rglob("*.json"))
    own = delivery.leverans_id

    def plain(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{k: v for k, v in row.items() if v != own and k not in ("sha256", "nr")} for row in rows]

    return {
        "landning": {dataset: plain(house.landing(dataset)) for dataset in COLUMNS},
        "karantan": json.loads(json.dumps(house.set_aside(), default=str).replace(own, "")),
        "fynd": sorted(map(str, plain(house.ledger("select * from fynd")))),
        "utfall": sorted(map(str, plain(house.ledger("select * from regelutfall")))),
        "kvittens": {k: v for k, v in receipt.items() if v != own},
    }
