"""Hostile packages: each is refused within five seconds and 512 MB, and whoever refuses it goes on.

Belongs here: what a reception with one of them may cost, and how it must end. Does not belong here: the packages
(tests/support/hostile.py).

Every case is a reception of its own, in a process of its own, with a clean neighbour behind it. Seconds are of the
processor, of the whole reception and its guard. Memory is the most the process ever had (ru_maxrss), with all that it
imports: an address-space limit would count what DuckDB and Arrow only reserve.
"""

from __future__ import annotations

import io
import os
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from pipelines.landing import guard, wrapping
from tests.support.daliga.bas import MARKER, Aside, Case, Stopped, clean
from tests.support.delivery import Delivery, families, senders, zipped
from tests.support.hostile import CASES, OTHERS, measure
from tests.support.reception import House

SECONDS, MEGABYTES = 5, 512
SENDER, NEIGHBOUR = clean(senders()[0]), clean(senders()[1])


@dataclass
class Tried:
    """What each reception cost and left."""

    cost: dict[str, dict[str, float]]
    houses: dict[str, House] = field(default_factory=dict)


def attack(tmp: Path, cases: list[Case]) -> Tried:
    houses = {case.name: House(tmp / str(i)) for i, case in enumerate(cases)}
    for case in cases:
        inbox = houses[case.name].settings.inbox
        case.put(SENDER, inbox)
        NEIGHBOUR.put(inbox)
    tried = Tried(measure({name: house.home for name, house in houses.items()}), houses)
    print("\n".join(f"{name}: {cost}" for name, cost in tried.cost.items()))
    return tried


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> Tried:
    return attack(tmp_path_factory.mktemp("fientliga"), CASES)


@pytest.fixture(scope="module")
def others(tmp_path_factory: pytest.TempPathFactory) -> Tried:
    return attack(tmp_path_factory.mktemp("fler"), OTHERS)


def names(cases: list[Case]) -> list[object]:
    return [pytest.param(case, id=case.name) for case in cases]


def refused(tried: Tried, case: Case) -> None:
    """It ends as it should, at little cost, and the neighbour is received."""
    cost, house = tried.cost[case.name], tried.houses[case.name]
    assert cost, "the reception died"
    assert cost["cpu"] <= SECONDS
    assert cost["memory"] <= MEGABYTES
    assert cost["guard_memory"] <= MEGABYTES
    assert house.verdict(NEIGHBOUR) == ("godkand", None)
    (found,) = house.ledger("select * from leverans where kommun_kod = :k", k=SENDER.kommun)
    assert list((house.settings.inbox / SENDER.kommun).iterdir()) == []
    assert MARKER not in "".join(p.read_text() for p in house.settings.outbox.rglob("*.json"))
    words = house.ledger("select regel_id, detalj from regelutfall where leverans_id = :i", i=found["leverans_id"])
    assert all(len(w["detalj"] or "") < 500 for w in words)
    if isinstance(case.end, Stopped):
        assert found["status"] == "stoppad"
        assert case.end.rule in ("", found["stoppande_regel"])
        own = [w["detalj"] for w in words if w["regel_id"] == found["stoppande_regel"] and w["detalj"]]
        assert any(all(part in text for part in case.end.says) for text in own), own
    else:
        assert isinstance(case.end, Aside)
        query = "select dataset, rad_nr, kolumn, regel_id from fynd where leverans_id = :i"
        assert case.end.found <= {tuple(r.values()) for r in house.ledger(query, i=found["leverans_id"])}


@pytest.mark.xdist_group("hostile")
@pytest.mark.parametrize("case", names(CASES))
def test_is_refused_cheaply_and_the_neighbour_is_received(usual: Tried, case: Case) -> None:
    refused(usual, case)


@pytest.mark.slow
@pytest.mark.xdist_group("hostile_others")
@pytest.mark.parametrize("case", names(OTHERS))
def test_so_are_the_others(others: Tried, case: Case) -> None:
    refused(others, case)


def test_a_package_refused_unread_is_known_when_it_comes_again(house: House) -> None:
    """Its note has its size and time: the same again is no second delivery, another is."""
    path = SENDER.put(house.settings.inbox, wrapped=b"")
    for size in (wrapping.MAX_PACKED + 1, wrapping.MAX_PACKED + 1, wrapping.MAX_PACKED + 2):
        path = SENDER.put(house.settings.inbox, wrapped=b"")
        with path.open("r+b") as file:
            file.truncate(size)
        os.utime(path, (SENDER.received.timestamp(),) * 2)
        house.run()
        assert not path.exists()
    assert len(house.ledger("select * from leverans")) == 2
    assert {r["stoppande_regel"] for r in house.ledger("select * from leverans")} == {"GEN-01"}


def test_no_process_is_started_for_a_package_of_ordinary_size(monkeypatch: pytest.MonkeyPatch, house: House) -> None:
    def never(wrapped: bytes) -> bool:
        raise AssertionError("a process was started")

    monkeypatch.setattr(guard, "survives", never)
    house.receive(NEIGHBOUR)
    assert house.verdict(NEIGHBOUR) == ("godkand", None)


@pytest.mark.slow
def test_a_large_package_that_is_sound_is_received_like_any_other(house: House) -> None:
    """Twenty megabytes of households: above what starts the guard, below what a package may be."""
    rows = families(1)
    home = rows["hushall"][0]
    many = [{**home, "hushall_id": f"HUSHALL{i:030d}", "hushallstyp_kod": "9"} for i in range(260_000)]
    sent = Delivery(hushall=[home, *many], person=rows["person"])
    house.receive(sent)
    assert house.verdict(sent) == ("godkand", None)
    assert house.counts(sent)["eb_hushall"] == (260_001, 260_001, 0, 0, 0)


def test_the_guard_lets_through_what_can_be_read_and_stops_what_takes_too_much() -> None:
    """The second takes more memory as text than a package may; whoever asked is not touched by it."""
    many = [{**NEIGHBOUR.hushall[0], "hushall_id": f"H{i}"} for i in range(1000)]
    dear = b'"";' * 15_000_000
    sent = NEIGHBOUR.but(content={"eb_hushall": dear}, entry={"eb_hushall": {"antal_rader": 1}})
    assert guard.survives(zipped(NEIGHBOUR.but(hushall=many).members()))
    assert guard.survives(b"no zip at all: that is for another to say")
    assert not guard.survives(stored(sent.members()))


def stored(members: dict[str, bytes]) -> bytes:
    """A zip without packing."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()
