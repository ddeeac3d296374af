"""The inbox: what waits there, and what lies there without being a package.

Belongs here: looking. Does not belong here: taking anything out of it (`reception.py`).
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from pipelines.contracts.geography import municipalities
from pipelines.landing.package import MANIFEST, Envelope, envelope_of
from pipelines.landing.wrapping import MAX_MEMBERS

Stamp = tuple[tuple[int, int, int], ...]
NANO = 1_000_000_000  # whole seconds of whole nanoseconds: as a float the last moment before midnight is midnight


@dataclass(frozen=True)
class Found:
    """A package waiting in the inbox."""

    path: Path
    envelope: Envelope
    stamp: Stamp


@dataclass
class Waiting:
    """The packages, and the paths (below the inbox) that are not packages and are left where they lie."""

    packages: list[Found] = field(default_factory=list)
    other: list[str] = field(default_factory=list)


def stamp(path: Path) -> Stamp:
    """What changes when a file or folder is sent again: its node, size and time, and those of what lies in a folder.

    Of a folder with more in it than a package may have only its own. Follows no link.
    """
    found = [path.lstat()]
    if stat.S_ISDIR(found[0].st_mode):
        with os.scandir(path) as entries:
            inside = list(islice(entries, MAX_MEMBERS + 1))
        if len(inside) <= MAX_MEMBERS:
            found += [entry.stat(follow_symlinks=False) for entry in sorted(inside, key=lambda e: e.name)]
    return tuple((at.st_ino, at.st_size, at.st_mtime_ns) for at in found)


def _is_complete(entry: os.DirEntry[str]) -> bool:
    """A zip file, or a folder whose manifest has arrived, that can be read. Links and devices are neither."""
    if entry.is_file(follow_symlinks=False):
        return entry.name.endswith(".zip") and os.access(entry.path, os.R_OK)
    manifest = os.path.join(entry.path, MANIFEST)
    return (
        entry.is_dir(follow_symlinks=False) and os.access(entry.path, os.R_OK | os.X_OK) and os.path.lexists(manifest)
    )


def _shown(*names: str) -> str:
    """A path as it can be shown anywhere, whatever signs its sender has put in it."""
    text = os.fsencode("/".join(names)).decode("utf-8", "replace")
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in text)


def _found(sender: str, entry: os.DirEntry[str]) -> Found | None:
    """The package that an entry is; None when it is none."""
    try:
        if not _is_complete(entry):
            return None
        path = Path(entry.path)
        at = stamp(path)
        envelope = envelope_of(sender, entry.name, max(time for *_, time in at) // NANO)
        return None if envelope is None else Found(path, envelope, at)
    except OSError:  # it has gone meanwhile
        return None


def scan(inbox: Path) -> Waiting:
    """Look through `inbox/<kommun_kod>/`. Hidden names are passed over; what is no package is only listed."""
    waiting, known = Waiting(), set(municipalities())
    senders = sorted(os.scandir(inbox), key=lambda e: e.name) if inbox.exists() else []
    for sender in senders:
        if not sender.is_dir() or sender.name not in known or not os.access(sender.path, os.R_OK | os.X_OK):
            waiting.other.append(_shown(sender.name))
            continue
        for entry in sorted(os.scandir(sender.path), key=lambda e: e.name):
            if entry.name.startswith("."):
                continue
            found = _found(sender.name, entry)
            if found is None:
                waiting.other.append(_shown(sender.name, entry.name))
            else:
                waiting.packages.append(found)
    return waiting
