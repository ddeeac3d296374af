"""Writing files so that they are whole or absent.

Belongs here: the one way this room writes a file. Does not belong here: what is in it.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path


def write_whole(path: Path, content: bytes, mode: int = 0o640) -> None:
    """Write beside the final name and rename; a reader sees the old file or the new one, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # the same content may come twice and be written by two threads at once
    partial = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}.delvis")
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as file:
        file.write(content)
    os.replace(partial, path)


def sync_all() -> None:
    """Make everything written so far durable with one call instead of one per file."""
    os.sync()


def remove_partial(folder: Path) -> None:
    """Remove what a killed process left half-written below a folder."""
    for leftover in folder.rglob(".*.delvis"):
        leftover.unlink(missing_ok=True)
