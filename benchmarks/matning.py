"""One command, measured: CPU seconds of all its processes, wall seconds, and the most memory they held together.

Belongs here: the measure. Does not belong here: what is measured.
"""

from __future__ import annotations

import os
import resource
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Matt:
    """What a command cost. `minne_mb` is resident memory, its processes together, looked at five times a second."""

    cpu: float
    vagg: float
    minne_mb: float


def _tree(pid: int) -> Iterator[int]:
    yield pid
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from _tree(int(child))
    except OSError:
        return


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE
    except (OSError, IndexError):
        return 0


def measure(command: Sequence[str], environment: Mapping[str, str], log: Path) -> Matt:
    """Run a command to its end. Raises RuntimeError when it fails; its words are in `log`."""
    before, began, most = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic(), 0
    with log.open("w") as out:
        process = subprocess.Popen(command, env={**os.environ, **environment}, stdout=out, stderr=subprocess.STDOUT)
        done = threading.Event()
        while not done.wait(0.2) and process.poll() is None:
            most = max(most, sum(map(_resident, _tree(process.pid))))
    passed, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command[:4])} ended with {process.returncode}: see {log.name}")
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Matt(used, passed, most / 1e6)
