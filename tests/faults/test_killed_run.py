"""A run killed anywhere: readers see one whole release or the next, and one more run ends like an undisturbed one.

The kills follow each other in one home, so that each also meets what the one before it left behind.
"""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pipelines.publish import verify_release
from tests.support.lager import LAGER, Lager, copy_home, environment

pytestmark = pytest.mark.xdist_group("golden")


def run_until(home: Path, says: str, delay: float = 0.0) -> None:
    """Start `lager run` and kill its whole process group -9 when it says something (and a little after)."""
    process = subprocess.Popen(
        [LAGER, "run"],
        env=environment(home),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stderr is not None
    said = next((line for line in process.stderr if says in line), None)
    assert said is not None, f"the run ended without saying {says!r}"
    threading.Event().wait(delay)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def hashes(house: Lager) -> dict[str, object]:
    manifest = house.answer("release", "show")
    return manifest["innehall"]["tabeller"]  # type: ignore[index, no-any-return]


@contextmanager
def reader(home: Path) -> Iterator[list[str]]:
    """Verifies whatever release is current, over and over; gives what it found wrong."""
    wrong: list[str] = []
    stop = threading.Event()

    def watch() -> None:
        release = home / "release"
        while not stop.wait(0.05):
            if (release / "CURRENT").exists():
                version = os.readlink(release / "CURRENT")
                wrong.extend(verify_release(release, version))

    thread = threading.Thread(target=watch)
    thread.start()
    yield wrong
    stop.set()
    thread.join()


def test_killed_in_gate_dbt_and_promotion_one_more_run_gives_the_same_hashes(
    lager: Lager, demo_inbox: Path, tmp_path: Path
) -> None:
    house = Lager(copy_home(demo_inbox, tmp_path))
    with reader(house.home) as wrong:
        run_until(house.home, "mottagning_eb börjar", delay=1.0)
        run_until(house.home, "Running dbt command", delay=7.0)
        run_until(house.home, "release__utgava börjar", delay=0.4)
        done = house.run("run", check=False)
    assert done.returncode == 0, done.stderr
    assert wrong == []
    assert hashes(house) == hashes(lager)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("says", "delay"),
    [
        ("mottagning_eb börjar", 0.3),
        ("mottagning_eb börjar", 2.0),
        ("huvudbok börjar", 0.0),
        ("Running dbt command", 3.0),
        ("Running dbt command", 11.0),
        ("rimlighet börjar", 2.0),
        ("release__utgava börjar", 0.1),
        ("release__utgava börjar", 1.2),
    ],
)
def test_killed_once_one_more_run_gives_the_same_hashes(
    lager: Lager, demo_inbox: Path, tmp_path: Path, says: str, delay: float
) -> None:
    house = Lager(copy_home(demo_inbox, tmp_path))
    with reader(house.home) as wrong:
        run_until(house.home, says, delay)
        done = house.run("run", check=False)
    assert done.returncode == 0, done.stderr
    assert wrong == []
    assert hashes(house) == hashes(lager)
