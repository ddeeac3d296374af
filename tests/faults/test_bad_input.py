"""Bad input: every case of tests/support/daliga in one inbox with clean neighbours, and one reception.

Belongs here: what is asked of every case. Does not belong here: the cases, and what needs a limit on time and memory
(test_hostile.py).

Every case has a municipality of its own. Sweden has fewer municipalities than there are cases: there are two inboxes.
Beside each stands a house that received the clean twins instead.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from pipelines.cli.report import _show_status
from pipelines.landing.inbox import scan
from tests.support.daliga import CASES
from tests.support.daliga.arkivet import SECRET
from tests.support.daliga.bas import FILES, MARKER, NUMBERS, RESERV, Aside, Case, Found, Left, Same, Stopped, clean
from tests.support.delivery import Delivery, senders
from tests.support.reception import House

pytestmark = pytest.mark.xdist_group("bad_input")  # two receptions for the whole module
FLAGS = {"EB-05", "EB-08", "EB-09", "EB-10", "EB-15", "GEN-11", "GEN-13"}  # rules that let the row through
NOISE = re.compile(r"Traceback|File \"|\w+(?:Error|Exception|Warning)\b|duckdb|pydantic|<class|0x[0-9a-f]{6}")
PER_INBOX = 280
INBOXES = range(-(-len(CASES) // PER_INBOX))
KOMMUN = {case.name: senders()[i % PER_INBOX] for i, case in enumerate(CASES)}
NEIGHBOURS = [clean(kommun) for kommun in senders()[PER_INBOX : PER_INBOX + 4]]
Cells = dict[str, Any]


@dataclass
class Received:
    """Two houses: one that received the cases, one their twins; and what the outbox and the inbox then had."""

    house: House
    twins: House
    sent: dict[str, Delivery]
    said: dict[str, str] = field(default_factory=dict)
    kept: set[str] = field(default_factory=set)
    rows: dict[tuple[int, str], dict[str, list[Cells]]] = field(default_factory=dict)

    def delivery(self, case: Case) -> Cells:
        """The ledger's row of a case; of two packages the one that came last."""
        rows = self.house.ledger(
            "select * from leverans where kommun_kod = :k order by mottagen_tid", k=KOMMUN[case.name]
        )
        return rows[-1]

    def landed(self, house: House, leverans_id: str) -> dict[str, list[Cells]]:
        """Landed rows per dataset without the delivery's own number."""
        if not self.rows:
            for one, name in ((h, n) for h in (self.house, self.twins) for n in FILES):
                for row in one.landing(name):
                    own = self.rows.setdefault((id(one), row["leverans_id"]), {n: [] for n in FILES})
                    own[name].append({k: v for k, v in row.items() if k != "leverans_id"})
        return self.rows.get((id(house), leverans_id), {name: [] for name in FILES})

    def outcome(self, house: House, delivery: Cells) -> tuple[dict[str, Cells], set[Found], list[Cells]]:
        """Counts per dataset, findings, and the rules with their words."""
        wanted = {"id": delivery["leverans_id"]}
        counts = {
            r["dataset"]: r for r in house.ledger("select * from leverans_utfall where leverans_id = :id", **wanted)
        }
        found = house.ledger("select dataset, rad_nr, kolumn, regel_id from fynd where leverans_id = :id", **wanted)
        rules = house.ledger("select * from regelutfall where leverans_id = :id", **wanted)
        return counts, {tuple(r.values()) for r in found}, rules


def receive(tmp: Path, cases: tuple[Case, ...]) -> Received:
    house, twins = House(tmp / "hem"), House(tmp / "tvillingar")
    sent = {case.name: clean(KOMMUN[case.name]) for case in cases}
    for case in cases:
        case.put(sent[case.name], house.settings.inbox)
        if isinstance(case.end, Same):
            case.end.twin(sent[case.name]).put(twins.settings.inbox)
    for one in (house, twins):
        one.receive(*NEIGHBOURS)
    kept = {p.name for p in house.settings.archive.rglob("*.lager")}
    return Received(house, twins, sent, outbox(house), kept)


def outbox(house: House) -> dict[str, str]:
    """Everything said to each sender."""
    return {
        folder.name: "\n".join(p.read_text() for p in sorted(folder.iterdir()))
        for folder in house.settings.outbox.iterdir()
    }


@pytest.fixture(scope="module")
def receptions(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Received]:
    """The reception a case was part of."""
    parts = [CASES[i * PER_INBOX : (i + 1) * PER_INBOX] for i in INBOXES]
    done = [receive(tmp_path_factory.mktemp(f"inkorg{i}"), part) for i, part in enumerate(parts)]
    places = {case.name: done[i] for i, part in enumerate(parts) for case in part}
    return lambda name: places[name]


def of(*ends: type) -> list[Any]:
    return [pytest.param(case, id=case.name) for case in CASES if isinstance(case.end, ends)]


def rows_sent(received: Received, case: Case, lines: dict[str, int]) -> dict[str, int]:
    """Data lines in the files, in the order bistand says: the clean ones and those the case adds."""
    return {name: len(received.sent[case.name].rows(name)) + lines.get(name, 0) for name in FILES}


@pytest.mark.parametrize("case", of(Same))
def test_ends_as_its_clean_twin(receptions: Callable[[str], Received], case: Case) -> None:
    received = receptions(case.name)
    mine = received.delivery(case)
    (twin,) = received.twins.ledger("select * from leverans where kommun_kod = :k", k=KOMMUN[case.name])
    assert (mine["status"], twin["status"]) == ("godkand", "godkand")
    assert received.landed(received.house, mine["leverans_id"]) == received.landed(received.twins, twin["leverans_id"])
    one, other = received.outcome(received.house, mine), received.outcome(received.twins, twin)
    numbers = ("mottagna", "lasta", "i_karantan", "skyddade", "avvisade", "ar_nolleverans")
    assert [[o[0].get(d, {}).get(n) for n in numbers] for o in (one,) for d in FILES] == [
        [other[0].get(d, {}).get(n) for n in numbers] for d in FILES
    ]
    assert one[1] == other[1] == set()


@pytest.mark.parametrize("case", of(Stopped))
def test_is_stopped_by_its_rule_with_the_place_named(receptions: Callable[[str], Received], case: Case) -> None:
    received, end = receptions(case.name), case.end
    assert isinstance(end, Stopped)
    mine = received.delivery(case)
    counts, _, rules = received.outcome(received.house, mine)
    assert (mine["status"], mine["stoppande_regel"]) == ("stoppad", end.rule)
    if end.says:
        words = [r["detalj"] for r in rules if r["regel_id"] == end.rule]
        assert any(all(part in text for part in end.says) for text in words), words
    expected = dict.fromkeys(FILES, 0) if end.unopened else rows_sent(received, case, end.lines)
    assert {name: counts[name]["mottagna"] if name in counts else 0 for name in FILES} == expected
    assert all(n["avvisade"] == n["mottagna"] for n in counts.values())
    assert received.house.ledger("select * from i_kraft where leverans_id = :i", i=mine["leverans_id"]) == []
    assert end.rule == "GEN-24" or received.landed(received.house, mine["leverans_id"]) == {name: [] for name in FILES}
    assert (f"{mine['sha256']}.zip.lager" in received.kept) == (end.rule != "GEN-08")


@pytest.mark.parametrize("case", of(Aside))
def test_is_set_aside_with_dataset_row_column_and_rule(receptions: Callable[[str], Received], case: Case) -> None:
    received, end = receptions(case.name), case.end
    assert isinstance(end, Aside)
    mine = received.delivery(case)
    counts, found, _ = received.outcome(received.house, mine)
    assert mine["status"] == "godkand"
    assert found == end.found
    own = received.landed(received.house, mine["leverans_id"])
    for name, rows in rows_sent(received, case, end.lines).items():
        away = {row for dataset, row, _, rule in end.found if dataset == name and rule not in FLAGS}
        protected = counts[name]["skyddade"]
        assert (counts[name]["mottagna"], counts[name]["i_karantan"]) == (rows, len(away))
        assert len(own[name]) == rows - len(away) - protected
        assert not away & {row["rad_nr"] for row in own[name]}
        assert protected == 0 or any(rule == "GEN-09" for *_, rule in found)


@pytest.mark.parametrize("case", of(Left))
def test_is_left_where_it_lies_and_listed(receptions: Callable[[str], Received], case: Case) -> None:
    received, kommun = receptions(case.name), KOMMUN[case.name]
    assert received.house.ledger("select * from leverans where kommun_kod = :k", k=kommun) == []
    assert list((received.house.settings.inbox / kommun).iterdir())
    (shown,) = [name for name in scan(received.house.settings.inbox).other if name.startswith(f"{kommun}/")]
    assert shown.isprintable()
    shown.encode()


@pytest.mark.parametrize("case", of(Same, Stopped, Aside))
def test_the_receipt_names_rule_and_place_and_never_a_value(receptions: Callable[[str], Received], case: Case) -> None:
    received = receptions(case.name)
    said = received.said[KOMMUN[case.name]]
    assert NOISE.findall(said) == []
    for secret in (MARKER, *NUMBERS, RESERV, SECRET, *case.marks):
        assert not secret or secret not in said
    if isinstance(case.end, Stopped):
        assert f'"regel": "{case.end.rule}"' in said
    if isinstance(case.end, Aside):
        for dataset, row, column, rule in case.end.found:
            assert rule in said
            assert dataset in said
            assert f'"rad": {row}' in said or len(case.end.found) > 20
            assert column is None or f'"kolumn": "{column}"' in said


@pytest.mark.parametrize("inbox", INBOXES)
def test_neighbours_are_as_if_there_had_been_no_bad_package(receptions: Callable[[str], Received], inbox: int) -> None:
    received = receptions(CASES[inbox * PER_INBOX].name)
    for neighbour in NEIGHBOURS:
        mine, undisturbed = (
            (
                house.ledger("select * from leverans where kommun_kod = :k", k=neighbour.kommun),
                house.ledger("select * from leverans_utfall where leverans_id = :k", k=neighbour.leverans_id),
                house.ledger("select * from i_kraft where kommun_kod = :k order by 1, 2, 3, 4, 5", k=neighbour.kommun),
                received.landed(house, neighbour.leverans_id),
                outbox(house)[neighbour.kommun],
            )
            for house in (received.house, received.twins)
        )
        assert mine == undisturbed
        assert len(mine[3]["eb_person"]) == 6


@pytest.mark.parametrize("inbox", INBOXES)
def test_no_row_is_lost_and_no_text_of_the_ledger_holds_a_value(
    receptions: Callable[[str], Received], inbox: int
) -> None:
    part = CASES[inbox * PER_INBOX : (inbox + 1) * PER_INBOX]
    received = receptions(part[0].name)
    for row in received.house.ledger("select * from leverans_utfall"):
        assert row["mottagna"] == row["lasta"] + row["i_karantan"] + row["skyddade"] + row["avvisade"]
    texts = every_text(received.house.settings.ledger_path)
    secrets = {MARKER, *NUMBERS, RESERV, SECRET, *(mark for case in part for mark in case.marks if len(mark) > 4)}
    assert [secret for secret in sorted(secrets) if secret in texts] == []
    assert NOISE.findall(texts) == []


def every_text(path: Path) -> str:
    """Every value of every table of the ledger, its own definition left out."""
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as db:
        names = [name for (name,) in db.execute("select name from sqlite_master where type = 'table'")]
        return "\n".join(str(v) for name in names for row in db.execute(f'select * from "{name}"') for v in row)


def test_nothing_outside_the_inbox_is_read_and_nothing_lies_outside_the_home(
    receptions: Callable[[str], Received],
) -> None:
    """Every package's bytes are opened again: what a link led to is in none of them."""
    for received in {id(r): r for r in (receptions(case.name) for case in CASES)}.values():
        opened = received.house.archived()
        assert len(opened) > 100
        assert not any(SECRET.encode() in content for content in opened.values())
        assert {p.name for p in received.house.home.parent.iterdir()} == {"hem", "tvillingar"}
        assert [p for p in received.house.settings.inbox.rglob(".*") if p.is_dir()] == []


def test_there_are_at_least_a_hundred_cases_and_every_end_is_among_them() -> None:
    assert len(CASES) >= 100
    assert len({case.name for case in CASES}) == len(CASES)
    assert {type(case.end) for case in CASES} == {Same, Stopped, Aside, Left}


def test_what_is_no_package_is_shown_as_it_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    """A name can look like the markup of a terminal."""
    nothing: dict[str, Any] = {"perioder": [], "regler": [], "varningar": [], "saknas_senaste_perioden": []}
    _show_status({**nothing, "i_inkorgen": 0, "inte_paket": ["0114/[red]x[/nej].zip"]})
    assert "[red]x[/nej].zip" in capsys.readouterr().out
