"""A warehouse built on the last one is the warehouse built from nothing, table by table.

Belongs here: what a run may keep of the run before. Does not belong here: killed runs (tests/faults) and orders of
arrival (test_orders.py).
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.settings import Settings
from pipelines.transform import ground
from tests.support.lager import Lager, copy_home

pytestmark = pytest.mark.xdist_group("golden")


def later(inbox: Path) -> Iterator[Path]:
    """Packages of the second sending: a year's end, a month of the year before, and most of what replaces others."""
    for package in sorted(p for sender in inbox.iterdir() for p in sender.iterdir()):
        yearly = len(package.name.removesuffix(".zip").split("_")[1]) == 4
        if "_v" in package.name or yearly or package.name.startswith(("eb_2019-1", "eb_2018-05")):
            yield package


def built_anew(home: Path) -> set[tuple[str, str]]:
    with duckdb.connect(str(home / "build" / "arbete.duckdb"), read_only=True) as db:
        return set(db.execute("select kommun_kod, period from core._andrad_manad").fetchall())


def tables(house: Lager) -> dict[str, object]:
    return house.answer("release", "show")["innehall"]["tabeller"]  # type: ignore[index, no-any-return]


@pytest.mark.slow
def test_a_run_that_builds_on_another_gives_every_table_that_one_run_gives(
    lager: Lager, demo_inbox: Path, tmp_path: Path
) -> None:
    house = Lager(copy_home(demo_inbox, tmp_path))
    inbox, waiting = house.home / "inbox", tmp_path / "vantar"
    places = [package.relative_to(inbox) for package in later(inbox)]
    for place in places:
        (waiting / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.move(inbox / place, waiting / place)
    house.run("run")
    first = built_anew(house.home)
    for place in places:
        shutil.move(waiting / place, inbox / place)
    house.run("run")
    again = built_anew(house.home)
    assert again - first, "months that nobody had delivered"
    assert again & first, "months that are replaced"
    assert len(first - again) > len(first) / 4, "and months that are left alone"
    assert tables(house) == tables(lager)


# -- when the last build may be built on ---------------------------------------------------------------------------


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    found = Settings(home=tmp_path, asof=date(2020, 2, 1))
    found.build_path.parent.mkdir()
    for path in (found.build_path, found.work_path):
        with duckdb.connect(str(path)) as db:
            db.execute(
                "create schema core; create table core.kvar as select 1 as a; create table core.ny as select 1 as a"
            )
    (found.landing / "eb_person").mkdir(parents=True)
    _land(found, "a")
    return found


def _land(settings: Settings, name: str) -> None:
    pq.write_table(pa.table({"a": [1]}), settings.landing / "eb_person" / f"{name}.parquet")


def test_a_whole_build_may_be_built_on_once_and_keeps_only_what_lasts(settings: Settings) -> None:
    ground.lay(settings)
    _land(settings, "b")
    assert ground.take(settings, {"kvar"})
    with duckdb.connect(str(settings.build_path)) as db:
        assert db.execute("select table_name from duckdb_tables()").fetchall() == [("kvar",)]
    assert not ground.take(settings, {"kvar"}), "whoever took it may have been killed"


def test_a_build_is_not_built_on_when_a_landing_file_it_read_is_gone(settings: Settings) -> None:
    ground.lay(settings)
    (settings.landing / "eb_person" / "a.parquet").unlink()
    _land(settings, "b")
    assert not ground.take(settings, set())


def test_a_build_is_not_built_on_in_another_month_or_by_another_meaning(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    ground.lay(settings)
    assert not ground.take(settings.model_copy(update={"asof": date(2020, 3, 1)}), set())
    ground.lay(settings)
    monkeypatch.setattr(ground, "digest_of", lambda _: "another")
    assert not ground.take(settings, set())


def test_a_build_is_not_built_on_when_it_is_forgotten_or_its_word_is_broken(settings: Settings) -> None:
    ground.lay(settings)
    ground.forget(settings)
    assert not ground.take(settings, set())
    ground.lay(settings)
    settings.build_path.with_name("grund.json").write_text(json.dumps({"landning": []}))
    assert not ground.take(settings, set())
    ground.lay(settings)
    settings.work_path.unlink()
    assert not ground.take(settings, set())
