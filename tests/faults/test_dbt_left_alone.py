"""A run that is killed alone takes its dbt with it: what goes on for itself would write into the next run's build."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.small_house import SmallHouse

CHILD = (
    "from pipelines.transform.dbt_child import end_with_parent; {watch}; import os, time; "
    "print(os.getpid(), flush=True); time.sleep(60)"
)
PARENT = "import subprocess, sys; subprocess.run([sys.executable, '-c', sys.argv[1]])"


@pytest.mark.parametrize(("watch", "ends", "within"), [("end_with_parent()", True, 20), ("pass", False, 2)])
def test_a_child_that_watches_its_parent_is_gone_soon_after_it(watch: str, ends: bool, within: int) -> None:
    command = [sys.executable, "-c", PARENT, CHILD.format(watch=watch)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        os.kill(parent.pid, signal.SIGKILL)
        parent.wait()
    gone = _gone_within(within, child)
    if not gone:
        os.kill(child, signal.SIGKILL)
    assert gone == ends


@pytest.mark.slow
@pytest.mark.xdist_group("killed_run")
def test_a_run_killed_alone_in_dbt_leaves_nothing_working_and_the_next_one_gives_the_same_hashes(
    released_once: SmallHouse, undisturbed: SmallHouse, tmp_path: Path
) -> None:
    house = released_once.copied(tmp_path)
    house.feed()
    asked = house.asked("dbt+8", memory=None, alone=True)
    group = house.process.start(asked)
    ended = house.process.wait(group, asked)
    assert ended.code == -signal.SIGKILL, ended.said
    assert _gone_within(3, -group), "dbt goes on by itself"
    assert house.faults() == []
    last = house.run(memory=None)
    assert last.code == 0, last.said
    assert house.hashes() == undisturbed.hashes()


def _gone_within(seconds: float, process: int) -> bool:
    """Whether a process (or, below zero, a process group) stops working in time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if not _works(process):
            return True
        time.sleep(0.05)
    return False


def _works(process: int) -> bool:
    """One that has ended but that nobody has asked for (a zombie) works no more."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            number, (state, _, group) = int(stat.parent.name), stat.read_text().rpartition(")")[2].split()[:3]
        except OSError:
            continue
        if process in (number, -int(group)) and state != "Z":
            return True
    return False
