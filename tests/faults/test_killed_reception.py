"""A reception killed between any two steps: one more run ends exactly where an undisturbed one does.

Belongs here: kill -9 at every step, and two receptions at once. Does not belong here: a whole run (test_killed_run.py).
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from pipelines.landing import assets, reception
from tests.support.delivery import Delivery, avslut, families, hushall, person
from tests.support.killed import POINTS, kill_all
from tests.support.reception import House

pytestmark = pytest.mark.xdist_group("killed_reception")  # one fixture for the whole module
BEFORE = Delivery(**families(3), avslut=[avslut("X", avslut_datum="2018-12-01")], period="2019-01")
BROKEN = [hushall("Q", "9"), hushall("R", "2"), hushall("S", "9")]
PEOPLE = [person("Q", personnummer="fel"), person("Q", 2), person("R", 3), person("S", 4, skyddad="1")]
WAITING = [
    Delivery(BROKEN, PEOPLE, [avslut("R")], period="2019-02"),
    BEFORE.but(version=2, hushall=BEFORE.hushall[:2], person=BEFORE.person[:2]),
    Delivery(**families(2), kommun="0115", period="2019-01", avslut=[avslut(kommun_kod="0114")]),
    Delivery(**families(2), kommun="0115", period="2019-02", nolleverans=[]),
    Delivery(**families(2), kommun="0117", period="2019-02", avslut=[avslut()]),
    Delivery(**families(2), kommun="0125", period="2019-02", entry={"eb_avslut": {"schema_version": "9"}}),
]
REFUSED = Delivery(
    [hushall("ring 070-174 06 05", "9")], [person("ring 070-174 06 05")], kommun="0123", period="2019-02"
)
FOLDER = Delivery(**families(4), kommun="0120", period="2019-02")
LATER = Delivery(**families(2), kommun="0117", period="2019-03", nolleverans=[])  # GEN-05: February had closings
FRESH = "while the last empty file is written"


def fill(house: House) -> None:
    """What waits, a package that is known already, and one that may be written nowhere."""
    for delivery in [BEFORE, *WAITING, REFUSED]:
        delivery.put(house.settings.inbox)
    FOLDER.put(house.settings.inbox, folder=True)


def everything(house: House) -> dict[str, Any]:
    """What later rooms read, and what lies sealed."""
    left = [p.name for p in house.home.rglob("*") if "delvis" in p.name or "inbox" in p.parts[:-2]]
    refused = {r["leverans_id"] for r in house.ledger("select leverans_id from leverans where gate_regel = 'GEN-08'")}
    archived = house.archived()
    assert not refused & set(archived)
    return house.state() | {"karantan": house.set_aside(), "arkiv": sorted(archived), "kvar": left}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    house = House(tmp_path_factory.mktemp("ostord"))
    house.receive(BEFORE)
    fill(house)
    house.run()
    house.receive(LATER)
    return everything(house)


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Path], dict[str, int | None]]:
    """One home per point, its reception killed there. The first point needs a home nothing was received in."""
    root = tmp_path_factory.mktemp("dodad")
    start = House(root / "borjan")
    start.receive(BEFORE)
    start.engine.dispose()
    homes = {}
    for i, point in enumerate(POINTS):
        home = root / str(i)
        if point == FRESH:
            BEFORE.put(home / "inbox")
        else:
            shutil.copytree(root / "borjan", home)
        fill(House(home))
        homes[point] = home
    return homes, kill_all(homes)


@pytest.mark.parametrize("point", POINTS)
def test_one_more_run_loses_nothing_and_counts_nothing_twice(
    killed: tuple[dict[str, Path], dict[str, int | None]],
    undisturbed: dict[str, Any],
    point: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The next run has more to do, and other batches."""
    homes, ended = killed
    assert ended[point] == signal.SIGKILL, "the point was never reached"
    house = House(homes[point])
    LATER.put(house.settings.inbox)
    monkeypatch.setattr(reception, "BATCH_PACKAGES", 1)
    house.run()
    found = everything(house)
    assert found["kvar"] == []
    for name, expected in undisturbed.items():
        assert found[name] == expected, name


def test_the_undisturbed_story_holds_every_kind_of_end(undisturbed: dict[str, Any]) -> None:
    ends = {row["stoppande_regel"] for row in undisturbed["leverans"]}
    assert ends == {None, "GEN-01", "GEN-02", "GEN-05", "GEN-08"}
    assert {row["regel_id"] for row in undisturbed["regelutfall"]} >= {"GEN-10", "EB-01", "EB-14", "GEN-02"}
    assert undisturbed["karantan"]
    assert any(row["skyddade"] for row in undisturbed["leverans_utfall"])
    assert len(undisturbed["kvittenser"]) == len(undisturbed["leverans"]) == 10
    assert len(undisturbed["arkiv"]) == 9
    assert REFUSED.leverans_id not in undisturbed["arkiv"]


def test_of_two_receptions_at_once_the_second_leaves_with_a_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = House(tmp_path)
    monkeypatch.setattr(assets, "get_settings", lambda: house.settings)
    holder = (
        "import sys; from filelock import FileLock; lock = FileLock(sys.argv[1]); lock.acquire(); "
        "print('har', flush=True); sys.stdin.read()"
    )
    lock = str(house.home / ".kor.lock")
    with subprocess.Popen(
        [sys.executable, "-c", holder, lock], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "har\n"
        with pytest.raises(dg.Failure, match="En annan körning pågår"):
            assets.RunLock().setup_for_execution(dg.build_init_resource_context())
        os.kill(other.pid, signal.SIGKILL)
        other.wait()
    resource = assets.RunLock()  # the holder was killed: its lock is gone with it
    resource.setup_for_execution(dg.build_init_resource_context())
    resource.teardown_after_execution(dg.build_init_resource_context())
