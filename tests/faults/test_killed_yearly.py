"""A reception of yearly packages killed between its steps: one more run ends where an undisturbed one does.

Belongs here: kill -9 over workbooks, XML and CSV of three sources, and an agreement that ends after the kill. Does not
belong here: the monthly source (test_killed_reception.py), which has every step.
"""

from __future__ import annotations

import shutil
import signal
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipelines.landing.ledger.agreements import end
from tests.support.arshus import AS_XML, CHILDREN, KNOWN, LEFT_OUT, REPORTS, UNAGREED, WAITING
from tests.support.canary import leaks
from tests.support.killed import kill_all
from tests.support.lokal import PURPOSE, agree
from tests.support.reception import House

pytestmark = pytest.mark.xdist_group("killed_yearly")  # one fixture for the whole module
POINTS = (
    "after the gate, before the archive",
    "after one package is archived",
    "after the first quarantine",
    "after the sync, before the ledger",
    "in the ledger's transaction, the outcome half entered",
    "after receipts, before the judgement is committed",
)
ENDED = ("after one package is archived", "after the first quarantine", "after the sync, before the ledger")


def everything(house: House) -> dict[str, Any]:
    left = [p.name for p in house.home.rglob("*") if "delvis" in p.name or "inbox" in p.parts[:-2]]
    return house.state() | {"karantan": house.set_aside(), "arkiv": sorted(house.archived()), "kvar": left}


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two years known, the others waiting."""
    home = tmp_path_factory.mktemp("borjan") / "hem"
    house = House(home)
    agree(house, "0114")
    house.receive(*KNOWN)
    for delivery in WAITING:
        delivery.put(house.settings.inbox)
    house.engine.dispose()
    return home


@pytest.fixture(scope="module")
def undisturbed(start: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    house = House(shutil.copytree(start, tmp_path_factory.mktemp("ostord") / "hem"))
    house.run()
    house.receive(LEFT_OUT)
    return everything(house)


@pytest.fixture(scope="module")
def killed(start: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    root = tmp_path_factory.mktemp("dodad")
    homes = {point: shutil.copytree(start, root / str(i)) for i, point in enumerate(POINTS)}
    assert set(kill_all(homes).values()) == {signal.SIGKILL}
    for point in ENDED:
        shutil.copytree(homes[point], root / f"avslutat {POINTS.index(point)}")
    return homes


@pytest.mark.parametrize("point", POINTS)
def test_one_more_run_loses_nothing_and_counts_nothing_twice(
    killed: dict[str, Path], undisturbed: dict[str, Any], point: str
) -> None:
    house = House(killed[point])
    house.receive(LEFT_OUT)
    found = everything(house)
    for name, expected in undisturbed.items():
        assert found[name] == expected, name
    assert found["kvar"] == []


def test_the_undisturbed_story_holds_every_kind_of_end(undisturbed: dict[str, Any]) -> None:
    assert {row["stoppande_regel"] for row in undisturbed["leverans"]} == {None, "GEN-26", "BU-07"}
    assert {row[0] for row in undisturbed["karantan"]} >= {"bu_barn", "bu_placering", "bbic_barn"}
    assert undisturbed["undanhallen"]
    assert any(row["skyddade"] for row in undisturbed["leverans_utfall"])
    assert UNAGREED.leverans_id not in undisturbed["arkiv"]


@pytest.mark.parametrize("point", ENDED)
def test_of_a_package_whose_agreement_ended_after_the_kill_no_sealed_copy_is_left(
    killed: dict[str, Path], point: str
) -> None:
    """It was let in when it was sealed; it is asked for again, since the ledger never answered for it. What the ledger
    did answer for stands.
    """
    home = killed[point].parent / f"avslutat {POINTS.index(point)}"
    house = House(home)
    known = {row["leverans_id"] for row in house.ledger("select leverans_id from leverans where provad")}
    lost = [d for d in (AS_XML, REPORTS) if d.leverans_id not in known]
    names = {d.leverans_id for d in lost}
    assert names & {path.name[:16] for path in house.settings.archive.rglob("*.lager")}, "something was sealed"
    with house.engine.begin() as connection:
        end(connection, "0114", PURPOSE, date(2010, 1, 1), "Avtalsenheten")
    house.run()
    assert {house.verdict(d) for d in lost} == {("stoppad", "GEN-26")}
    kept = {path.name[:16] for path in house.settings.archive.rglob("*.lager")}
    assert names.isdisjoint(kept)
    assert known - {UNAGREED.leverans_id} <= kept
    assert not any(name in path.name for path in house.settings.quarantine.rglob("*") for name in names)
    assert all(not house.landing(name, d) for d in lost for name in d.columns)
    assert leaks(home, CHILDREN) == []
