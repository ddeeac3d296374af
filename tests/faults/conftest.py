"""A small house, for what is done to it many times."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.small_house import SmallHouse, delivered_demo
from tests.support.warm import Warm, warm

FIRST = 10


@pytest.fixture(scope="session")
def process() -> Iterator[Warm]:
    """Everything imported once, for all runs that are killed."""
    with warm() as started:
        yield started


@pytest.fixture(scope="session")
def memory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where dbt's builds are remembered."""
    return tmp_path_factory.mktemp("minne")


@pytest.fixture(scope="session")
def small_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three municipalities' packages, and the key."""
    return delivered_demo(tmp_path_factory.mktemp("liten") / "hem")


@pytest.fixture(scope="session")
def undisturbed(small_demo: Path, process: Warm, memory: Path, tmp_path_factory: pytest.TempPathFactory) -> SmallHouse:
    """All packages in one run that nothing disturbed."""
    house = SmallHouse.of(small_demo, tmp_path_factory.mktemp("ostord"), process, memory)
    house.feed()
    ended = house.run(memory=None)
    assert ended.code == 0, ended.said
    return house


@pytest.fixture(scope="session")
def released_once(
    small_demo: Path, process: Warm, memory: Path, tmp_path_factory: pytest.TempPathFactory
) -> SmallHouse:
    """A first release of some packages; the others wait. To be copied."""
    house = SmallHouse.of(small_demo, tmp_path_factory.mktemp("forsta"), process, memory)
    house.feed(FIRST)
    ended = house.run()
    assert ended.code == 0, ended.said
    return house


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files and caches go."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    for name in ("TMPDIR", "HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.chdir(folder)
    return folder
