"""Operations killed between any two steps: nothing is lost, and one more try ends where an undisturbed one does.

Belongs here: kill -9 in a change of key, retention, rebuild, backup and restore. Does not belong here: what they do
when nobody kills them (tests/unit).
"""

from __future__ import annotations

import shutil
import signal
from pathlib import Path
from typing import Any

import pytest

from pipelines.landing.access import prove
from pipelines.landing.backup import back_up, back_up_keys, prove_backup
from pipelines.landing.keys import load_keys
from pipelines.landing.runlock import BusyError, hold
from tests.support.drift import NEWER, Drift, stocked
from tests.support.killed_drift import kill_all, operate, points

pytestmark = pytest.mark.xdist_group("killed_drift")  # one fixture for the whole module
POINTS = tuple(points())


def _operation(point: str) -> str:
    return point.partition(":")[0].replace("back up", "back_up")


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A stocked house, its backup and its key's beside it."""
    root = tmp_path_factory.mktemp("drift")
    house = stocked(root / "hem")
    back_up(house.settings, house.engine, root / "kopia")
    back_up_keys(house.settings, root / "nyckel")
    house.engine.dispose()
    return root


def _copied(start: Path, root: Path, operation: str) -> Path:
    shutil.copytree(start, root)
    if operation == "restore":
        shutil.rmtree(root / "hem")
        (root / "hem").mkdir()
    if operation == "back_up":
        shutil.rmtree(root / "kopia")
    return root / "hem"


@pytest.fixture(scope="module")
def killed(start: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Path], dict[str, int | None]]:
    root = tmp_path_factory.mktemp("dodad")
    homes = {point: _copied(start, root / str(i), _operation(point)) for i, point in enumerate(POINTS)}
    return homes, kill_all(homes)


@pytest.fixture(scope="module")
def undisturbed(start: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What each operation gives when nothing disturbs it, and a delivery after it."""
    root, found = tmp_path_factory.mktemp("ostord"), {}
    for operation in {_operation(point) for point in POINTS}:
        home = _copied(start, root / operation, operation)
        operate(home, operation)
        found[operation] = _after(home)
    return found


def _after(home: Path) -> dict[str, Any]:
    """One more delivery, and everything that then is."""
    house = Drift(home)
    house.receive(NEWER)
    found = house.outcome() | {"kvar": house.left(), "landningsfiler": _landing_answers(house)}
    found["gallring"] = house.ledger("select regel, slag, namn, antal_rader from gallring order by 2, 3")
    # a package destroyed keeps its place in the outcome, and the sealed bytes differ each time
    found["arkiv"] = sorted(found["arkiv"])
    found["logg"] = prove(house.settings.access_log, load_keys(house.settings.master_key)).fel
    return found


def _landing_answers(house: Drift) -> bool:
    """Landing holds just what the ledger names."""
    lie = {
        f"{p.parent.name}/{p.name}" for p in house.settings.landing.glob("eb_*/*.parquet") if p.name != "tom.parquet"
    }
    return lie == {r["namn"] for r in house.ledger("select namn from landningsfil")}


@pytest.mark.parametrize("point", POINTS)
def test_one_more_try_ends_where_an_undisturbed_one_does(
    killed: tuple[dict[str, Path], dict[str, int | None]], undisturbed: dict[str, dict[str, Any]], point: str
) -> None:
    homes, ended = killed
    assert ended[point] == signal.SIGKILL, "the point was never reached"
    home = homes[point]
    if point.startswith("restore"):
        with pytest.raises(BusyError, match="återställning"):
            hold(Drift(home).settings)
    again = shutil.copytree(home.parent, home.parent.with_name(f"{home.parent.name}_mellan")) / "hem"
    operate(home, _operation(point))
    _same(_after(home), undisturbed[_operation(point)])
    if _operation(point) == "back_up":
        assert prove_backup(home.parent / "kopia") == []
        assert [p for p in (home.parent / "kopia").rglob("*") if "delvis" in p.name] == []
    if _operation(point) in ("rotate", "rebuild"):
        _a_run_in_between(again, _operation(point), undisturbed)


def _a_run_in_between(home: Path, operation: str, undisturbed: dict[str, dict[str, Any]]) -> None:
    """Somebody runs a reception before the operation is tried again: it works, and all ends as it should."""
    house = Drift(home)
    NEWER.put(house.settings.inbox)
    house.run()
    assert house.verdict(NEWER) == ("godkand", None)
    operate(home, operation)
    _same(_after(home), undisturbed[operation])


def _same(found: dict[str, Any], expected: dict[str, Any]) -> None:
    for name, value in expected.items():
        assert found[name] == value, name
    assert found["kvar"] == []
    assert found["logg"] == []
    assert found["landningsfiler"]


def test_a_backup_killed_leaves_the_former_one_whole(start: Path, tmp_path: Path) -> None:
    homes = {}
    for i, point in enumerate(p for p in POINTS if p.startswith("back up")):
        home = shutil.copytree(start, tmp_path / str(i)) / "hem"
        house = Drift(home)
        house.receive(NEWER)
        house.engine.dispose()
        homes[point] = home
    ended = kill_all(homes)
    assert set(ended.values()) == {signal.SIGKILL}
    assert [prove_backup(home.parent / "kopia") for home in homes.values()] == [[]] * len(homes)
