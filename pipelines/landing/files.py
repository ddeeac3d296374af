"""Writing files so that they are whole or absent.

Belongs here: the one way this room writes a file. Does not belong here: what is in it.
"""

from __future__ import annotations

import hashlib
import os
import threading
from pathlib import Path


def write_whole(path: Path, content: bytes, mode: int = 0o640) -> None:
    """Write beside the final name and rename; a reader sees the old file or the new one, never a part."""
    # the same content may come twice and be written by two threads at once
    partial = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}.delvis")
    try:
        handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    except FileNotFoundError:  # asked only then: thousands are written into each folder
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    os.replace(partial, path)


def write_durably(path: Path, content: bytes, mode: int = 0o600, *, new: bool = False) -> None:
    """As `write_whole`, and on the disk when it returns. `new`: FileExistsError rather than replacing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}.delvis")
    partial.unlink(missing_ok=True)
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    if new:
        try:
            os.link(partial, path)
        finally:
            partial.unlink()
    else:
        os.replace(partial, path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def remove_folder(folder: Path) -> None:
    """Remove a folder with all that is in it, however deep: a folder inside is first moved up beside it.

    Follows no link, and refuses one in the folder's place with an OSError. Killed midway it leaves hidden folders whose
    names end as the folder's does.
    """
    waiting, moved = [folder], 0
    while waiting:
        here = waiting.pop()
        opened = os.open(here, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            with os.scandir(opened) as found:
                entries = list(found)
            for entry in entries:
                if not entry.is_dir(follow_symlinks=False):
                    os.unlink(entry.name, dir_fd=opened)
                    continue
                while os.path.lexists(beside := folder.with_name(f".{moved}{folder.name}")):
                    moved += 1
                os.rename(entry.name, beside, src_dir_fd=opened)
                waiting.append(beside)
        finally:
            os.close(opened)
        os.rmdir(here)


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sync_all() -> None:
    """Make everything written so far durable with one call instead of one per file."""
    os.sync()


def remove_partial(folder: Path) -> None:
    """Remove what a killed process left half-written below a folder."""
    for leftover in folder.rglob(".*.delvis"):
        leftover.unlink(missing_ok=True)
