"""The receipt as a page: what an officer must find there, and what must never be on it.

Belongs here: the page, and that it says what the JSON says. Does not belong here: which rule falls when
(test_landing_rules.py) and the canary over every failure path (tests/faults).
"""

from __future__ import annotations

import itertools
import json
import os
import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.contracts.model import get_contracts
from pipelines.landing import settle as settling
from pipelines.landing.precheck import check_path
from pipelines.landing.receipt_page import receipt_page
from pipelines.landing.settle import settle
from tests.support.barn import Ar
from tests.support.delivery import Delivery, avslut, families, hushall, number, person, year
from tests.support.reception import House

SOUND = Delivery(**families(3), avslut=[avslut()])
FLAWED = SOUND.but(
    hushall=[*SOUND.hushall, hushall("HEMLIGT-ID", "2")],
    person=[*SOUND.person, person("HEMLIGT-ID", 9, roll_kod="makthavare")],
)
PROTECTED = SOUND.but(person=[*SOUND.person[:2], {**SOUND.person[2], "skyddad": "1"}])
MANY = families(60)
STOPPED = SOUND.but(
    hushall=MANY["hushall"],
    person=[{**row, "personnummer": f"{i:012d}"} if i < 30 else row for i, row in enumerate(MANY["person"])],
)
COUNTS = ("mottagna", "lasta", "i_karantan", "skyddade", "avvisade")
VOID = {"meta", "link", "br", "img"}


class Page(HTMLParser):
    """A page as its tags with attributes, its text, and its tables as rows of cells."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html, self.tags, self.open, self.cells, self.words = html, [], [], [], []
        self.feed(html)
        self.text = re.sub(r"\s+", " ", " ".join(self.words))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "tr":
            self.cells.append([])
        if tag in ("td", "th"):
            self.cells[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"{tag} closes what is not open"

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in ("td", "th"):
            self.cells[-1][-1] += data
        if "style" not in self.open:
            self.words.append(data)


def page_of(house: House, delivery: Delivery) -> Page:
    (path,) = house.settings.outbox.glob(f"*/*{delivery.leverans_id[:8]}.kvittens.html")
    return Page(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "delivery", [SOUND, FLAWED, PROTECTED, STOPPED], ids=["sound", "flawed", "protected", "stopped"]
)
def test_the_page_counts_as_the_json_does(house: House, delivery: Delivery) -> None:
    house.receive(delivery)
    receipt, page = house.receipt(delivery), page_of(house, delivery)
    shown = {cells[0]: tuple(map(int, cells[1:])) for cells in page.cells[1:]}
    assert shown == {d["dataset"]: tuple(d[c] for c in COUNTS) for d in receipt["datamangder"]}
    assert shown == house.counts(delivery)
    assert page.html == receipt_page(receipt)
    assert {rule["regel"] for rule in receipt["regler"]} <= set(re.findall(r"[A-Z]+-\d\d", page.text))


def test_an_approved_delivery_is_said_to_need_nothing_more(house: House) -> None:
    house.receive(SOUND)
    page = page_of(house, SOUND)
    assert "Kvittens för mars 2019" in page.text
    assert "Godkänd" in page.text
    assert "Ni behöver inte göra något." in page.text
    assert "10 april 2019 kl. 12.00" in page.text
    assert "article" not in {tag for tag, _ in page.tags}


def test_every_broken_rule_is_explained_placed_and_followed_by_what_to_do(house: House) -> None:
    house.receive(FLAWED)
    receipt, page = house.receipt(FLAWED), page_of(house, FLAWED)
    rules = get_contracts().rules
    assert {rule["regel"] for rule in receipt["regler"]} == {"EB-01", "EB-14", "GEN-14"}
    for rule in receipt["regler"]:
        assert f"{rule['regel']} i {rule['datamangd']}: 1 rad" in page.text
        assert rules[rule["regel"]].regel in page.text
        assert rules[rule["regel"]].meddelande in page.text
    assert re.search(r"kolumn hushallstyp_kod , rad 5", page.text)
    assert re.search(r"kolumn roll_kod , rad 5", page.text)
    assert "Rader som är satta åt sidan" in page.text
    assert "nästa version, med leveranstyp rattelse" in page.text


def test_a_flagged_row_is_not_said_to_be_set_aside(house: House) -> None:
    flagged = SOUND.but(hushall=[*SOUND.hushall[:2], hushall("H2", "6", 1)])
    house.receive(flagged)
    page = page_of(house, flagged)
    assert "EB-15 i eb_hushall" in page.text
    assert "Rader som bör kontrolleras" in page.text
    assert "Rader som är satta åt sidan" not in page.text
    assert "Kontrollera raderna nedan." in page.text


def test_the_summary_counts_the_rows_set_aside_and_tells_them_from_those_only_flagged(house: House) -> None:
    flagged = SOUND.but(kommun="0115", hushall=[*SOUND.hushall[:2], hushall("H2", "6", 1)])
    both = flagged.but(kommun="0117", person=[*SOUND.person[:2], {**SOUND.person[2], "personnummer": "fel"}])
    house.receive(FLAWED, flagged, both)
    assert {d.kommun: house.receipt(d)["besked"] for d in (FLAWED, flagged, both)} == {
        "0114": "Leveransen är godkänd. 2 rader är satta åt sidan.",
        "0115": "Leveransen är godkänd. Ingen rad är satt åt sidan, men några bör kontrolleras.",
        "0117": "Leveransen är godkänd. 1 rad är satt åt sidan. Andra rader är inlästa men bör kontrolleras.",
    }


def test_the_foot_names_whom_to_answer_and_how_the_next_version_is_named(house: House) -> None:
    house.receive(SOUND)
    page = page_of(house, SOUND)
    assert "från Upplands Väsby (0114)" in page.text
    assert "Svara den som ni har fått kvittensen av. Ange paketets namn och beteckningen." in page.text
    assert "till exempel _v2" in page.text
    told = house.settings.model_copy(update={"kontakt": "Statistik <enheten> & co, 010-000 00 00"})
    settle(house.engine, get_contracts(), told, [SOUND.leverans_id])
    receipt, page = house.receipt(SOUND), page_of(house, SOUND)
    assert receipt["kontakt"] == told.kontakt
    assert f"Frågor och svar på varningar: {told.kontakt}. Ange paketets namn" in page.text
    assert "Statistik &lt;enheten&gt; &amp; co" in page.html


def test_the_household_is_named_only_where_the_protected_keep_it_back(house: House) -> None:
    children = Ar()
    house.receive(SOUND, children)
    assert "skyddade personuppgifter, för hela hushållet." in page_of(house, SOUND).text
    assert "hushåll" not in page_of(house, children).text


def test_what_stopped_a_delivery_comes_first_and_no_row_is_said_to_have_been_set_aside(house: House) -> None:
    house.receive(STOPPED)
    page = page_of(house, STOPPED)
    assert "Stoppad" in page.text
    assert page.text.index("Det som stoppade leveransen") < page.text.index("Vad som kom")
    assert "30 av 60 rader i eb_person bryter mot regeln. Leveransen stoppas när felen är fler än 1 " in page.text
    assert "rad 2, 3, 4" in page.text
    assert "10 rader till har samma fel" in page.text
    assert "Raden är satt åt sidan" not in page.text
    assert "sänd hela perioden igen som nästa version" in page.text


def test_every_receipt_shows_its_first_twenty_rows_whatever_others_have_broken(house: House) -> None:
    april = STOPPED.but(period="2019-04", mottagen="2019-05-10T10:00:00")
    others = FLAWED.but(kommun="0115")
    house.receive(STOPPED, april, others)
    rows = {"GEN-10": list(range(2, 22)), "EB-01": [5], "EB-14": [5], "GEN-14": [5]}
    for delivery in (STOPPED, april, others):
        found = house.receipt(delivery)["regler"]
        assert found
        for rule in found:
            assert [place["rad"] for place in rule.get("exempel", [])] == rows[rule["regel"]], rule["regel"]


def test_an_unconfirmed_empty_dataset_is_named(house: House) -> None:
    later = Delivery(**families(3), period="2019-04", mottagen="2019-05-10T10:00:00", nolleverans=[])
    house.receive(SOUND, later)
    page = page_of(house, later)
    assert house.receipt(later)["tomma_utan_bekraftelse"] == ["eb_avslut"]
    assert "GEN-05" in page.text
    assert "Tomt eb_avslut" in page.text
    assert get_contracts().rules["GEN-05"].meddelande in page.text


def test_a_whole_year_names_each_month_that_is_neither_there_nor_confirmed(house: House) -> None:
    whole = year(nolleverans=[f"eb_avslut/2018-{m:02d}" for m in range(1, 11)])
    house.receive(whole)
    assert house.receipt(whole)["tomma_utan_bekraftelse"] == ["eb_avslut/2018-11", "eb_avslut/2018-12"]
    page = page_of(house, whole)
    assert "Kvittens för hela året 2018" in page.text
    assert "eb_avslut/2018-11, eb_avslut/2018-12" in page.text


@pytest.mark.parametrize("delivery", [FLAWED, PROTECTED, STOPPED], ids=["flawed", "protected", "stopped"])
def test_nothing_from_the_rows_is_on_the_page(house: House, delivery: Delivery) -> None:
    house.receive(delivery)
    values = {"HEMLIGT-ID", "makthavare", "5000,50", "Provsystem", number(9)}
    values |= {row["personnummer"] for row in delivery.person}
    assert [v for v in values if v in page_of(house, delivery).html] == []


def test_markup_in_a_receipt_is_shown_as_text_and_never_becomes_markup(house: House) -> None:
    house.receive(FLAWED)
    receipt = house.receipt(FLAWED)
    trick = "<script>alert('x')</script>\"><img src=x onerror=y>"
    rule = {**receipt["regler"][0], "detalj": trick, "exempel": [{"rad": 2, "kolumn": trick}]}
    page = Page(receipt_page({**receipt, "paket_namn": trick, "besked": trick, "regler": [rule]}))
    assert {"script", "img"} & {tag for tag, _ in page.tags} == set()
    assert page.html.count("&lt;script&gt;") == 6
    assert trick in unescape(page.html)


@pytest.mark.parametrize("delivery", [SOUND, FLAWED, STOPPED], ids=["sound", "flawed", "stopped"])
def test_the_page_can_be_read_by_anyone_and_fetches_nothing(house: House, delivery: Delivery) -> None:
    house.receive(delivery)
    page = page_of(house, delivery)
    names = [tag for tag, _ in page.tags]
    assert page.tags[0] == ("html", {"lang": "sv"})
    assert page.open == []
    assert names.count("h1") == names.count("main") == names.count("title") == 1
    assert names.count("caption") == names.count("table") == 1
    levels = [int(tag[1]) for tag in names if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    assert all("scope" in attrs for tag, attrs in page.tags if tag == "th")
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(set(ids)) == len(ids)
    assert {attrs["aria-labelledby"] for _, attrs in page.tags if "aria-labelledby" in attrs} <= set(ids)
    assert not {"script", "link", "img", "iframe", "object", "form"} & set(names)
    assert not re.search(r"(?:src|href)=|url\(|@import|https?:", page.html)


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.1 defines it."""
    whole = colour if len(colour) == 7 else "#" + "".join(c * 2 for c in colour[1:])
    parts = [int(whole[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_every_colour_of_the_text_stands_out_from_its_ground(house: House) -> None:
    house.receive(SOUND)
    style = page_of(house, SOUND).html.partition("</style>")[0]
    inks = set(re.findall(r"(?<![-\w])color: (#\w+)", style))
    grounds = set(re.findall(r"background: (#\w+)", style))
    assert len(inks) >= 4
    assert len(grounds) == 2
    worst = min((luminance(g) + 0.05) / (luminance(i) + 0.05) for i in inks for g in grounds)
    assert worst >= 4.5


def test_receipts_are_on_the_disk_before_the_judgement_stands(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is judged already is not told again."""
    synced: list[tuple[int, str]] = []

    def sync() -> None:
        (row,) = house.ledger("select status from leverans")
        synced.append((len(house.receipts()), row["status"]))

    monkeypatch.setattr(settling, "sync_all", sync)
    house.receive(SOUND)
    assert synced == [(1, "mottagen")]
    settle(house.engine, get_contracts(), house.settings)
    assert len(synced) == 1, "nothing was written"


def test_a_receipt_is_written_again_only_when_its_verdict_changes(house: House) -> None:
    house.receive(SOUND, FLAWED.but(period="2019-04", mottagen="2019-05-10T10:00:00"))
    files = sorted(house.settings.outbox.glob("*/*"))
    assert [path.suffix for path in files] == [".html", ".json"] * 2
    for path in files:
        os.utime(path, (0, 0))
    settle(house.engine, get_contracts(), house.settings)
    assert {path.stat().st_mtime for path in files} == {0}


# -- lager check -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "delivery", [SOUND, FLAWED, PROTECTED, STOPPED], ids=["sound", "flawed", "protected", "stopped"]
)
def test_a_trial_finds_what_the_reception_finds(house: House, delivery: Delivery, tmp_path: Path) -> None:
    found = check_path(delivery.put(tmp_path / "prov"), get_contracts())
    house.receive(delivery)
    receipt = house.receipt(delivery)
    said = {"besked", "nasta_steg", "anmarkningar", "leverans_id", "mottagen", "kontakt"}
    effects = [[rule.pop("verkan") for rule in answer["regler"]] for answer in (found, receipt)]
    assert {k: v for k, v in found.items() if k not in said} == {k: v for k, v in receipt.items() if k not in said}
    assert all("skulle" in would for would, did in zip(*effects, strict=True) if did.startswith("raden"))


@pytest.mark.parametrize(("delivery", "code"), [(FLAWED, 0), (STOPPED, 1)], ids=["flawed", "stopped"])
def test_the_command_writes_the_same_page_and_calls_it_a_trial(delivery: Delivery, code: int, tmp_path: Path) -> None:
    package, target = delivery.put(tmp_path / "prov"), tmp_path / "svar.html"
    done = CliRunner().invoke(app, ["check", str(package), "--html", str(target), "--json"])
    assert done.exit_code == code
    found: dict[str, Any] = json.loads(done.stdout)
    page = Page(target.read_text(encoding="utf-8"))
    assert page.html == receipt_page(found)
    assert "Prövning före sändning" in page.text
    assert f"Skulle {'stoppas' if code else 'godkännas'}" in page.text
    assert "Ingenting är sänt eller sparat." in page.text
    assert "Vad paketet innehåller" in page.text
    assert "Kvittens" not in page.text
    assert all(note in page.text for note in found["anmarkningar"])


def test_a_file_on_its_own_gets_a_page_too(tmp_path: Path) -> None:
    alone, target = tmp_path / "eb_hushall.csv", tmp_path / "svar.html"
    alone.write_bytes(FLAWED.bytes_of("eb_hushall"))
    assert CliRunner().invoke(app, ["check", str(alone), "--html", str(target)]).exit_code == 0
    assert "EB-01 i eb_hushall: 1 rad" in Page(target.read_text(encoding="utf-8")).text
