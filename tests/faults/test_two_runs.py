"""A run while others are there: a second run, and an analyst who holds the warehouse all along.

Belongs here: whole runs. Does not belong here: the lock by itself (test_killed_reception.py) and the release by itself
(tests/unit/test_publish.py).
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from pipelines.landing.runlock import BUSY
from pipelines.publish import build_release, current_release
from tests.support.lager import LAGER, environment
from tests.support.small_house import ASOF, SmallHouse, watched
from tests.unit.test_publish import PROVENANCE

ANALYST = """
import sys, duckdb
with duckdb.connect(sys.argv[1], read_only=True) as db:
    tables = [row[0] for row in db.execute(
        "select schema_name || '.' || table_name from duckdb_tables() order by 1").fetchall()]
    for question in sys.stdin:
        if question.strip() == "slut":
            break
        said = [db.execute(f"select count(*), sum(hash(t)) from {name} t").fetchone() for name in tables]
        print(hash(tuple(said)), flush=True)
"""


@contextmanager
def analyst(warehouse: Path) -> Iterator[subprocess.Popen[str]]:
    """A process of its own that holds one connection, and answers a line with a hash of all it can read."""
    command = [sys.executable, "-c", ANALYST, str(warehouse)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process
        assert process.stdin is not None
        process.stdin.write("slut\n")
        process.stdin.close()


def asked(process: subprocess.Popen[str]) -> str:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("vad\n")
    process.stdin.flush()
    return process.stdout.readline()


def current(house: SmallHouse) -> Path:
    return house.home / "release" / "CURRENT" / "intern" / "lager.duckdb"


@pytest.mark.slow
@pytest.mark.xdist_group("killed_run")
def test_a_second_run_leaves_at_once_and_an_analyst_reads_the_same_all_along(
    released_once: SmallHouse, undisturbed: SmallHouse, tmp_path: Path
) -> None:
    house = released_once.copied(tmp_path)
    house.feed()
    asked_run = house.asked(memory=None)
    with analyst(current(house)) as reader, watched(house.home) as (wrong, seen):
        answers, first = {asked(reader)}, house.version()
        running = house.process.start(asked_run)
        until = time.monotonic() + 120
        while not (house.home / "build" / "lager.duckdb").exists() and time.monotonic() < until:
            time.sleep(0.2)
        second = _lager_run(house.home)
        assert (second.returncode, second.stdout) == (1, "")
        assert " ".join(second.stderr.split()) == BUSY
        answers.add(asked(reader))
        ended = house.process.wait(running, asked_run)
        assert ended.code == 0, ended.said
        answers |= {asked(reader) for _ in range(3)}
        _promote_twice(house)
        assert not (house.home / "release" / str(first)).exists(), "the release that is read has been pruned"
        answers.add(asked(reader))
    assert len(answers) == 1
    assert wrong == []
    assert {first} < seen
    with analyst(current(house)) as newcomer:
        assert asked(newcomer) not in answers
    assert house.hashes() == undisturbed.hashes()


def _lager_run(home: Path) -> subprocess.CompletedProcess[str]:
    """The command itself, in a process that shares nothing with the first."""
    settings = {**environment(home), "LAGER_ASOF": ASOF}
    return subprocess.run([LAGER, "run"], env=settings, capture_output=True, text=True, check=False)


def _promote_twice(house: SmallHouse) -> None:
    """Two more releases of the same build, and no more than one kept."""
    for name in ("a", "b"):
        newer = replace(PROVENANCE, underlag=name)
        build_release(house.home / "build" / "lager.duckdb", house.home / "release", newer, keep=1)
    found = current_release(house.home / "release")
    assert found is not None
    with duckdb.connect(str(found.database), read_only=True) as db:
        assert db.execute("select count(*) from core.dim_leverans").fetchone() != (0,)
