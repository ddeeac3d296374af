"""A run killed anywhere: readers see one whole release or the next, and one more run ends like an undisturbed one.

The kills follow each other in one home, so that each also meets what the one before it left behind. Points inside the
reception and the release are many more in test_killed_reception.py and test_killed_release.py.
"""

from __future__ import annotations

import random
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.lager import ASOF, Lager, copy_home
from tests.support.run_points import POINTS
from tests.support.small_house import SmallHouse, delivered_demo, released, uneven, watched
from tests.support.warm import Run, Warm, warm

KILLED = -signal.SIGKILL
SAMPLE = (
    "archiving",
    "half of the ledger's export",
    "dbt builds",
    "the analysts' copy is written",
    "in the pointer's swap",
)
AFTER_DBT = POINTS[POINTS.index("dbt has just ended") :]


@pytest.mark.xdist_group("golden")
def test_killed_at_some_steps_one_more_run_gives_the_same_hashes(
    lager: Lager, demo_inbox: Path, tmp_path: Path
) -> None:
    home = copy_home(demo_inbox, tmp_path)
    (tmp_path / "minne").mkdir()
    with warm() as process, watched(home) as (wrong, seen):
        for point in SAMPLE:
            ended = process.run(Run(home, ASOF, point, memory=tmp_path / "minne", light=True))
            assert (point, ended.code) == (point, KILLED), ended.said
            assert uneven(home / "ledger.sqlite") == [], point
        last = process.run(Run(home, ASOF, memory=tmp_path / "minne"))
    assert last.code == 0, last.said
    assert wrong == []
    assert released(home) == released(lager.home)
    assert len(seen) == 1


# -- three municipalities, all of it -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def process() -> Iterator[Warm]:
    with warm() as started:
        yield started


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return delivered_demo(tmp_path_factory.mktemp("liten") / "hem")


@pytest.fixture(scope="module")
def memory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("minne")


@pytest.fixture(scope="module")
def undisturbed(demo: Path, process: Warm, memory: Path, tmp_path_factory: pytest.TempPathFactory) -> SmallHouse:
    house = SmallHouse.of(demo, tmp_path_factory.mktemp("ostord"), process, memory)
    house.feed()
    ended = house.run(memory=None)
    assert ended.code == 0, ended.said
    return house


@pytest.fixture(scope="module")
def released_once(demo: Path, process: Warm, memory: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a release of ten packages, its other packages beside it in the demo's order."""
    house = SmallHouse.of(demo, tmp_path_factory.mktemp("forsta"), process, memory)
    house.feed(10)
    ended = house.run()
    assert ended.code == 0, ended.said
    return house.home


def _going_on(released_once: Path, tmp_path: Path, process: Warm, memory: Path, demo: Path) -> SmallHouse:
    """The house after its first release; the packages that were received then are no longer waiting."""
    house = SmallHouse.of(demo, tmp_path / "ny", process, memory)
    del house.waiting[:10]
    return SmallHouse(copy_home(released_once, tmp_path), process, memory, house.waiting)


def _killed(house: SmallHouse, point: str, before: str | None, may_be_new: bool) -> None:
    ended = house.run(point)
    assert (point, ended.code) == (point, KILLED), ended.said
    assert "Traceback" not in ended.said
    assert house.faults() == [], point
    assert may_be_new or house.version() == before, point


@pytest.mark.slow
@pytest.mark.xdist_group("killed_run")
def test_killed_at_every_step_one_more_run_gives_the_same_hashes(
    released_once: Path, undisturbed: SmallHouse, process: Warm, memory: Path, demo: Path, tmp_path: Path
) -> None:
    house = _going_on(released_once, tmp_path, process, memory, demo)
    first = house.version()
    with watched(house.home) as (wrong, seen):
        for point in POINTS:
            house.feed(None if point in AFTER_DBT else 2)
            _killed(house, point, first, may_be_new=point == "after the pointer")
        last = house.run(memory=None)
    assert last.code == 0, last.said
    assert wrong == []
    assert seen == {first, house.version()}
    assert house.hashes() == undisturbed.hashes()


# how many of the sixty fall in each step, by what a kill there costs; the steps in their order
SHARES = {"start": 3, "reception": 20, "ledger": 9, "dbt": 3, "told": 2, "checks": 3, "release": 14}
IN_DBT = 6


def _sixty(counts: dict[str, int], seed: int) -> list[str]:
    """Sixty places of one run, in the order of the steps: the nth file operation of a step, and moments in dbt."""
    chance = random.Random(seed)
    places = [
        f"{step}:{chance.randint(1, counts.get(step, 1))}" for step, share in SHARES.items() for _ in range(share)
    ]
    at = places.index(next(p for p in places if p.startswith("told")))
    return places[:at] + [f"dbt+{chance.uniform(0, 12):.2f}" for _ in range(IN_DBT)] + places[at:]


@pytest.mark.slow
@pytest.mark.xdist_group("killed_run")
def test_killed_sixty_times_at_random_one_more_run_gives_the_same_hashes(
    released_once: Path, undisturbed: SmallHouse, process: Warm, memory: Path, demo: Path, tmp_path: Path
) -> None:
    house = _going_on(released_once, tmp_path, process, memory, demo)
    first = house.version()
    counts = {"start": 15, "reception": 60, "ledger": 60, "dbt": 8, "told": 1, "checks": 1, "release": 400}
    places = _sixty(counts, seed=20)
    assert len(places) == 60
    with watched(house.home) as (wrong, seen):
        for place in places:
            late = place.split(":")[0] in ("told", "checks", "release")
            house.feed(None if late else 1)
            _killed(house, place, first, may_be_new=place.startswith("release"))
            house.back_to(first)
        last = house.run(memory=None)
    assert last.code == 0, last.said
    assert wrong == []
    assert seen <= {first, house.version()}
    assert house.hashes() == undisturbed.hashes()
