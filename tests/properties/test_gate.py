"""The gate over deliveries that Hypothesis makes up: no row is lost, doubled or given another line.

Belongs here: what holds for any rows at all. Does not belong here: single rules (tests/unit/test_landing_rules.py).
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow.parquet as pq
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.contracts.model import get_contracts
from pipelines.landing.gate import Gate, Outcome
from pipelines.landing.gate_load import Delivery as GateDelivery
from pipelines.landing.keys import Keys
from pipelines.landing.package import Fault, FileEntry
from pipelines.landing.readers.body import Body
from pipelines.landing.readers.csv import read_csv
from tests.support.delivery import COLUMNS, DATASETS, Delivery, avslut, hushall, number, person, quoted

FEW = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
SHORT, LONG, NOTHING, WORDS = "0114;;2019-03", "0114;;2019-03;H;9;0;0;1;2", "", "hej"


@lru_cache(maxsize=1)
def gate() -> Gate:
    return Gate(get_contracts(), "eb", Keys(b"x" * 32))


def entry(delivery: Delivery, dataset: str, content: bytes) -> FileEntry:
    rows = max(0, len(content.splitlines()) - 1)
    return FileEntry.model_validate({**delivery._entry(dataset), "antal_rader": rows})


def through(sent: list[Delivery]) -> tuple[list[Outcome], dict[str, list[dict[str, Any]]], dict[str, Any]]:
    """Outcomes, landed rows and rows set aside per dataset; package i has leverans_id `i`."""
    packed = []
    for i, delivery in enumerate(sent):
        bodies = []
        for name in DATASETS:
            content = delivery.bytes_of(name)
            body = read_csv(get_contracts().datasets[name], entry(delivery, name, content), content)
            assert isinstance(body, Body), body
            bodies.append(body)
        packed.append(GateDelivery(str(i), "0114", "", "2019-03", "ordinarie", date(2019, 4, 10), tuple(bodies)))
    outcomes = gate().run(packed)
    landed, aside = {}, {}
    with TemporaryDirectory() as folder:
        for dataset in gate().datasets:
            gate().write_loaded(dataset, Path(folder) / dataset.id)
            landed[dataset.id] = pq.read_table(Path(folder) / dataset.id).to_pylist()
            aside[dataset.id] = gate().set_aside(dataset).to_pylist()
    return outcomes, landed, aside


HOUSEHOLDS = st.sampled_from(["A", "B", "C", "D", ""])
HUSHALL = st.builds(
    lambda h, typ, barn, amount: hushall(h, typ) | {"antal_barn": barn, "belopp_kr": amount},
    HOUSEHOLDS,
    st.sampled_from(["9", "9", "9", "5", "2"]),
    st.sampled_from(["0", "0", "1", "x"]),
    st.sampled_from(["100", "100", "100", "0"]),
)
PERSON = st.builds(
    lambda h, nr, role, mark, code: person(h, personnummer=nr, roll_kod=role, skyddad=mark, fodd_utrikes=code),
    HOUSEHOLDS,
    st.sampled_from([*(number(i) for i in range(6)), "fel", ""]),
    st.sampled_from(["sokande", "medsokande"]),
    st.sampled_from(["0", "0", "0", "0", "1"]),
    st.sampled_from(["0", "1", "", "7"]),
)
AVSLUT = st.builds(
    lambda h, day: avslut(h, avslut_datum=day), HOUSEHOLDS, st.sampled_from(["2019-02-01", "2019-02-02", "1800-01-01"])
)
DELIVERY = st.builds(
    lambda h, p, a: Delivery(h, p, a),
    st.lists(HUSHALL, max_size=8),
    st.lists(PERSON, max_size=12),
    st.lists(AVSLUT, max_size=5),
)


@FEW
@given(st.lists(DELIVERY, min_size=1, max_size=5))
def test_every_received_row_ends_in_exactly_one_place(sent: list[Delivery]) -> None:
    outcomes, landed, aside = through(sent)
    for i, (delivery, outcome) in enumerate(zip(sent, outcomes, strict=True)):
        stopped = bool(outcome.faults)
        for name in DATASETS:
            rows = len(delivery.rows(name))
            inside = [row["rad_nr"] for row in landed[name] if row["leverans_id"] == str(i)]
            out = [row["radnr"] for row in aside[name] if row["leverans_id"] == str(i)]
            counts = outcome.datasets[name]
            assert len(set(inside + out)) == len(inside + out), "a row in two places"
            assert set(inside + out) <= set(range(2, rows + 2))
            assert counts.mottagna == rows == counts.lasta + counts.i_karantan + counts.skyddade
            expected = (0, 0) if stopped else (counts.lasta, counts.i_karantan)
            assert (len(inside), len(out)) == expected


@FEW
@given(st.lists(DELIVERY, min_size=1, max_size=5))
def test_nothing_of_a_protected_household_lands_and_no_person_without_its_household(sent: list[Delivery]) -> None:
    _, landed, _ = through(sent)
    for i, delivery in enumerate(sent):
        own = {name: [r for r in landed[name] if r["leverans_id"] == str(i)] for name in DATASETS}
        protected = {row["hushall_id"] for row in delivery.person if row["skyddad"] == "1"}
        assert not protected & {row["hushall_id"] for rows in own.values() for row in rows}
        assert {row["hushall_id"] for row in own["eb_person"]} <= {row["hushall_id"] for row in own["eb_hushall"]}


LINES = st.lists(st.sampled_from(["good", "good", SHORT, LONG, NOTHING, WORDS]), min_size=1, max_size=25)


@FEW
@given(st.lists(LINES, min_size=1, max_size=6))
def test_every_line_keeps_its_number_whatever_lines_are_broken_around_it(files: list[list[str]]) -> None:
    sent, good, bad = [], [], []
    for lines in files:
        while lines and lines[-1] == NOTHING:  # empty lines at the end are no lines
            lines.pop()
        text = "\n".join(f"0114;;2019-03;L{n};9;0;0;100" if line == "good" else line for n, line in enumerate(lines, 2))
        head = COLUMNS["eb_hushall"].replace(" ", ";")
        sent.append(Delivery(content={"eb_hushall": f"{head}\n{text}".rstrip("\n").encode() + b"\n"}))
        good.append({f"L{n}": n for n, line in enumerate(lines, 2) if line == "good"})
        bad.append([n for n, line in enumerate(lines, 2) if line != "good"])
    outcomes, landed, aside = through(sent)
    for i in range(len(sent)):
        rows = {r["hushall_id"]: r["rad_nr"] for r in landed["eb_hushall"] if r["leverans_id"] == str(i)}
        assert rows == good[i]
        assert [r["radnr"] for r in aside["eb_hushall"] if r["leverans_id"] == str(i)] == bad[i]
        assert outcomes[i].datasets["eb_hushall"].i_karantan == len(bad[i])


CELL = st.text(
    st.characters(codec="utf-8", exclude_characters='";\r\n\0ÂÃâ', exclude_categories=["Cs"]), min_size=1, max_size=12
)
ENDS = st.sampled_from(["\n", "\r\n", "\r"])


@settings(max_examples=200, deadline=None)
@given(st.lists(CELL, min_size=1, max_size=6), ENDS, st.booleans(), st.booleans(), st.booleans())
def test_text_is_read_the_same_in_any_form(cells: list[str], end: str, quotes: bool, last: bool, bom: bool) -> None:
    clean = Delivery(hushall=[hushall(cell) for cell in cells]).text("eb_hushall")
    text = quoted(clean) if quotes else clean
    text = text.replace("\n", end)
    content = (text if last else text.removesuffix(end)).encode("utf-8-sig" if bom else "utf-8")
    dataset, whole = get_contracts().datasets["eb_hushall"], Delivery(encoding="utf-8-sig" if bom else "utf-8")
    declared = FileEntry.model_validate({**whole._entry("eb_hushall"), "antal_rader": len(cells)})
    body = read_csv(dataset, declared, content)
    assert isinstance(body, Body)
    assert body.content.decode() == clean.partition("\n")[2]


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["utf-8", "utf-8-sig", "cp1252"]))
def test_any_bytes_end_as_rows_or_as_a_named_fault(content: bytes, encoding: str) -> None:
    dataset, whole = get_contracts().datasets["eb_avslut"], Delivery(encoding=encoding)
    head = COLUMNS["eb_avslut"].replace(" ", ";").encode() + b"\n"
    for tried in (content, head + content):
        read = read_csv(dataset, FileEntry.model_validate(whole._entry("eb_avslut")), tried)
        assert isinstance(read, Body | Fault)
        if isinstance(read, Fault):
            assert read.regel_id in ("GEN-01", "GEN-04")
