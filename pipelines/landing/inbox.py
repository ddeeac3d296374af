"""The inbox: what waits there, and what lies there without being a package.

Belongs here: looking. Does not belong here: taking anything out of it (`reception.py`).
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from pipelines.contracts.geography import municipalities
from pipelines.landing.package import MANIFEST, Envelope, envelope_of

NANO = 1_000_000_000  # whole seconds of whole nanoseconds: as a float the last moment before midnight is midnight


@dataclass(frozen=True)
class Found:
    """A package waiting in the inbox."""

    path: Path
    envelope: Envelope
    stamp: tuple[int, int, int]


@dataclass
class Waiting:
    """The packages, and the paths (below the inbox) that are not packages and are left where they lie."""

    packages: list[Found] = field(default_factory=list)
    other: list[str] = field(default_factory=list)


def stamp(stat: os.stat_result) -> tuple[int, int, int]:
    """What changes when a file or folder is sent again: its node, size and time."""
    return stat.st_ino, stat.st_size, stat.st_mtime_ns


def _is_complete(entry: os.DirEntry[str]) -> bool:
    """A zip file, or a folder whose manifest has arrived."""
    return (entry.is_file() and entry.name.endswith(".zip")) or (
        entry.is_dir() and os.path.exists(os.path.join(entry.path, MANIFEST))
    )


def scan(inbox: Path) -> Waiting:
    """Look through `inbox/<kommun_kod>/`. Hidden names are passed over."""
    waiting, known = Waiting(), set(municipalities())
    senders = sorted(os.scandir(inbox), key=lambda e: e.name) if inbox.exists() else []
    for sender in senders:
        if not sender.is_dir() or sender.name not in known:
            waiting.other.append(sender.name)
            continue
        for entry in sorted(os.scandir(sender.path), key=lambda e: e.name):
            if entry.name.startswith("."):
                continue
            envelope = envelope_of(sender.name, entry.name, entry.stat().st_mtime_ns // NANO)
            if envelope is None or not _is_complete(entry):
                waiting.other.append(f"{sender.name}/{entry.name}")
            else:
                waiting.packages.append(Found(Path(entry.path), envelope, stamp(entry.stat())))
    return waiting
