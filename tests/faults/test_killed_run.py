"""A run killed anywhere: readers see one whole release or the next, and one more run ends like an undisturbed one.

The kills follow each other in one home, so that each also meets what the one before it left behind. Points inside the
reception and the release are many more in test_killed_reception.py and test_killed_release.py.
"""

from __future__ import annotations

import random
import signal
from pathlib import Path

import pytest

from tests.support.lager import ASOF, Lager, copy_home
from tests.support.run_points import POINTS
from tests.support.small_house import SmallHouse, released, uneven, watched
from tests.support.warm import Run, Warm

KILLED = -signal.SIGKILL
SAMPLE = ("archiving", "half of the ledger's export", "dbt+5")  # the release has its own, test_killed_release.py
AFTER_DBT = POINTS[POINTS.index("dbt has just ended") :]


@pytest.mark.xdist_group("golden")
def test_killed_at_some_steps_one_more_run_gives_the_same_hashes(
    lager: Lager, demo_inbox: Path, process: Warm, tmp_path: Path
) -> None:
    home = copy_home(demo_inbox, tmp_path)
    with watched(home) as (wrong, seen):
        for point in SAMPLE:
            ended = process.run(Run(home, ASOF, point, light=True))
            assert (point, ended.code) == (point, KILLED), ended.said
            assert uneven(home / "ledger.sqlite") == [], point
        last = process.run(Run(home, ASOF, light=True))
    assert last.code == 0, last.said
    assert wrong == []
    assert released(home) == released(lager.home)
    assert len(seen) == 1


# -- three municipalities, all of it -------------------------------------------------------------------------------


def _killed(house: SmallHouse, point: str, before: str | None, may_be_new: bool) -> None:
    ended = house.run(point)
    assert (point, ended.code) == (point, KILLED), ended.said
    assert "Traceback" not in ended.said
    assert house.faults() == [], point
    assert may_be_new or house.version() == before, point


@pytest.mark.slow
@pytest.mark.xdist_group("killed_run")
def test_killed_at_every_step_one_more_run_gives_the_same_hashes(
    released_once: SmallHouse, undisturbed: SmallHouse, tmp_path: Path
) -> None:
    house = released_once.copied(tmp_path)
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


# step: how many of the sixty fall in it, by what a kill there costs, and how many operations an undisturbed one has
SHARES = {"start": (3, 20), "reception": (20, 150), "ledger": (9, 60), "dbt": (3, 8)}
LATER = {"told": (1, 1), "checks": (4, 20), "release": (14, 84)}
IN_DBT = 6


def _sixty(seed: int) -> list[str]:
    """Sixty places of one run, in the order of the steps: the nth operation of a step, and moments in dbt."""
    chance = random.Random(seed)

    def of(shares: dict[str, tuple[int, int]]) -> list[str]:
        return [f"{step}:{chance.randint(1, most)}" for step, (share, most) in shares.items() for _ in range(share)]

    return of(SHARES) + [f"dbt+{chance.uniform(0, 12):.2f}" for _ in range(IN_DBT)] + of(LATER)


@pytest.mark.slow
@pytest.mark.xdist_group("killed_run")
def test_killed_sixty_times_at_random_one_more_run_gives_the_same_hashes(
    released_once: SmallHouse, undisturbed: SmallHouse, tmp_path: Path
) -> None:
    house = released_once.copied(tmp_path)
    first = house.version()
    places = _sixty(seed=20)
    assert len(places) == 60
    with watched(house.home) as (wrong, seen):
        for place in places:
            house.feed(None if place.split(":")[0] in LATER else 1)
            _killed(house, place, first, may_be_new=place.startswith("release"))
            house.back_to(first)
        last = house.run(memory=None)
    assert last.code == 0, last.said
    assert wrong == []
    assert seen <= {first, house.version()}
    assert house.hashes() == undisturbed.hashes()
