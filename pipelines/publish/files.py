"""Durable file operations: sync, atomic pointer, staging folders.

Here belongs what any release needs from the file system. Nothing about tables or manifests.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

STAGING_PREFIX = ".bygger-"
POINTER = "CURRENT"


def sha256_file(path: Path) -> str:
    """SHA-256 of a file's bytes, in hex."""
    with path.open("rb", buffering=0) as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def fsync_path(path: Path) -> None:
    """Force one file or folder to disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def fsync_tree(root: Path) -> None:
    """Force every file, then every folder from the leaves up, to disk."""
    for folder, _, names in os.walk(root, topdown=False):
        for name in names:
            fsync_path(Path(folder, name))
        fsync_path(Path(folder))


def swap_pointer(root: Path, target: str) -> None:
    """Let `CURRENT` name `target`; readers see the old or the new, never neither."""
    pointer = root / POINTER
    if pointer.is_symlink() and os.readlink(pointer) == target:
        return
    fresh = root / f"{STAGING_PREFIX}{secrets.token_hex(8)}"
    os.symlink(target, fresh)
    os.replace(fresh, pointer)
    fsync_path(root)


def remove_leftovers(root: Path) -> None:
    """Remove what a killed run left: only names with our own prefix."""
    for path in root.glob(f"{STAGING_PREFIX}*"):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


@contextmanager
def workspace(root: Path) -> Iterator[Path]:
    """A private folder on the release's own file system, gone afterwards whatever happens."""
    folder = Path(tempfile.mkdtemp(prefix=STAGING_PREFIX, dir=root))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
