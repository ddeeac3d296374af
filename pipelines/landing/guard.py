"""The guard: a package larger than deliveries are is first read in a process of its own, with an end to it.

Belongs here: starting that process, its limits, and whether it came through. Does not belong here: what is wrong with a
package; one that comes through is opened like any other.

No normal delivery is so large, so no process is started for one. Run as a module it reads a package from its input.
"""

from __future__ import annotations

import contextlib
import csv
import resource
import subprocess
import sys

CPU_SECONDS = 3
WALL_SECONDS = 120  # on a machine that is busy with other things
MEMORY = 400_000_000


def survives(wrapped: bytes) -> bool:
    """Whether a package can be unpacked and read as text within the limits."""
    command = [sys.executable, "-P", "-m", "pipelines.landing.guard"]
    try:
        done = subprocess.run(  # noqa: S603
            command,
            input=wrapped,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=WALL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def _limit() -> None:
    """Memory of its own (not what is mapped from files), processor time, no core dump: that would hold the package."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))


def _read_all(wrapped: bytes) -> None:
    """What opening and reading do, without any rule; a package that is refused in a named way has come through."""
    from pipelines.landing.package import MANIFEST, Fault, parse_manifest
    from pipelines.landing.readers.csv import decode, has_too_many_lines, normalise
    from pipelines.landing.readers.file import READ_IN_THE_CHILD, format_of
    from pipelines.landing.wrapping import WrappingError, unpack

    try:
        files = unpack(wrapped, guarded=False)
    except WrappingError:
        return
    manifest = parse_manifest(files.get(MANIFEST, b""))
    bodies = []
    for entry in () if isinstance(manifest, Fault) else manifest.filer:
        if format_of(entry.namn) in READ_IN_THE_CHILD:
            continue
        text = decode(entry, files.get(entry.namn, b""))
        if isinstance(text, str) and not has_too_many_lines(text):
            with contextlib.suppress(csv.Error):
                bodies.append(normalise(text, ";").encode())


if __name__ == "__main__":
    _limit()
    _read_all(sys.stdin.buffer.read())
