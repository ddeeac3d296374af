"""The CSV reader: what is told of a file as a whole.

Belongs here: wrong encodings that decode, and files whose lines are no rows. Does not belong here: the catalogue of bad
input (tests/faults/test_bad_input.py).
"""

from __future__ import annotations

import csv

import pytest

from pipelines.contracts.model import get_contracts
from pipelines.landing.package import Fault, FileEntry
from pipelines.landing.readers.body import MAX_BROKEN, Body
from pipelines.landing.readers.csv import read_csv
from tests.support.delivery import COLUMNS, SEED, Delivery, families, hushall

HEAD = COLUMNS["eb_hushall"].replace(" ", ";")
ROW = "0114;;2019-03;H1;9;0;0;100"


def read(content: bytes, encoding: str = "utf-8", rows: int = 1) -> Body | Fault:
    entry = {**Delivery(**families(1))._entry("eb_hushall"), "teckenkodning": encoding, "antal_rader": rows}
    return read_csv(get_contracts().datasets["eb_hushall"], FileEntry.model_validate(entry), content)


def household(name: str) -> str:
    return Delivery(hushall=[hushall(name)]).text("eb_hushall")


def names() -> list[str]:
    with SEED.open(encoding="utf-8", newline="") as handle:
        return sorted({row["kommun_namn"] for row in csv.DictReader(handle)})


WORDS = [
    *(
        "Åsa Ängö Öst",
        "ÅÄÖ",
        "årsbarn",
        "Café à la carte",
        "São João",
        "château",
        "Ærø",
        "naïve",
        "Ñandú",
        "Łódź",
        "Čapek",
    ),
    *("Ã", "Â", "â", "Ã B", "Â1", "JOÃO", "Â-huset", "Kâ", "10 €", "50 %", "§ 4", "½", "”citat”", "Å–Ö", "m²", "°C"),
]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_clean_text_is_never_taken_for_mojibake(encoding: str) -> None:
    fit = [w for w in (*WORDS, *names()) if encoding != "cp1252" or w.encode("cp1252", "ignore").decode("cp1252") == w]
    assert len(fit) > 300
    for word in fit:
        content = household(word).encode(encoding)
        assert isinstance(read(content, encoding), Body), word


@pytest.mark.parametrize("letter", "åäöÅÄÖéÉüÜæøñçß–’€")
@pytest.mark.parametrize("read_as", ["cp1252", "latin-1"])
def test_every_letter_that_has_been_read_wrongly_is_found(letter: str, read_as: str) -> None:
    """Both when the spoiled text is written as UTF-8, and when the right bytes are declared to be cp1252."""
    spoiled = letter.encode().decode(read_as)
    found = read(household(f"H{spoiled}1").encode())
    if letter in "–’€" and read_as == "latin-1":  # control signs: the gate sets the row aside
        assert isinstance(found, Body)
        return
    assert isinstance(found, Fault)
    assert (found.regel_id, found.rad_nr) == ("GEN-01", 2)
    assert f"H{letter}" not in found.detalj
    assert spoiled not in found.detalj
    if read_as == "cp1252":
        assert isinstance(read(household(f"H{letter}1").encode(), "cp1252"), Fault)


def lines(*parts: tuple[str, int]) -> tuple[bytes, int]:
    body = "".join(f"{line}\n" * count for line, count in parts)
    return f"{HEAD}\n{body}".encode(), sum(count for _, count in parts)


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        ([("x", MAX_BROKEN)], True),
        ([("x", MAX_BROKEN + 1)], False),
        ([(ROW, 5000), ("x", MAX_BROKEN)], True),
        ([(ROW, 5000), ("x", MAX_BROKEN + 1)], False),
        ([("0114;;", MAX_BROKEN), ("x;" * 20, MAX_BROKEN)], False),
        ([(ROW + ";1", 2000)], False),
        ([(ROW + ";", 2000)], True),
        ([(ROW + ";;;;", 2000)], True),
        ([("x;" * 1500, 1)], True),
        ([("x;" * 500, 1)], True),
    ],
)
def test_a_file_is_read_when_no_more_than_a_thousand_lines_are_wrong(parts: list[tuple[str, int]], whole: bool) -> None:
    content, rows = lines(*parts)
    found = read(content, rows=rows)
    assert isinstance(found, Body) == whole
    assert whole or (isinstance(found, Fault) and found.regel_id == "GEN-01" and "rubriken" in found.detalj)
