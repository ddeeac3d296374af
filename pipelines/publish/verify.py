"""Proof before reading: does a release hold exactly what its manifest says?

Here belongs every read of a release that others build on. Nothing here writes.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipelines.publish.files import POINTER, sha256_file
from pipelines.publish.internal import DATABASE_FILE
from pipelines.publish.manifest import VERSION_PATTERN, ManifestError, list_files, read_manifest

PUBLIC, INTERNAL = "publik", "intern"


def current_version(release_root: Path) -> str | None:
    """The version `CURRENT` names, or None when nothing is released or the pointer is not ours."""
    pointer = release_root / POINTER
    if not pointer.is_symlink():
        return None
    target = os.readlink(pointer)
    return target if VERSION_PATTERN.fullmatch(target) else None


def verify_release(release_root: Path, version: str | None = None) -> list[str]:
    """All problems of a release (default: the current one); an empty list means it may be read."""
    version = version or current_version(release_root)
    if version is None:
        return [f"ingen release: {POINTER} saknas eller är trasig"]
    folder = release_root / version
    if not VERSION_PATTERN.fullmatch(version) or folder.is_symlink() or not folder.is_dir():
        return ["ingen release: mappen för versionen saknas"]
    try:
        manifest = read_manifest(folder)
    except ManifestError as error:
        return [f"trasigt manifest: {error}"]
    return _compare(folder, manifest["filer"]) + _too_open(folder)


def _compare(folder: Path, promised: Mapping[str, Mapping[str, Any]]) -> list[str]:
    wanted, found = set(promised), set(list_files(folder))
    problems = [f"saknas: {name}" for name in sorted(wanted - found)]
    problems += [f"extra: {name}" for name in sorted(found - wanted)]
    changed = (name for name in sorted(wanted & found) if not _is_same(folder / name, promised[name]))
    return problems + [f"ändrad: {name}" for name in changed]


def _is_same(path: Path, facts: Mapping[str, Any]) -> bool:
    try:
        same_size = not path.is_symlink() and path.stat().st_size == facts["bytes"]
        return same_size and sha256_file(path) == facts["sha256"]
    except OSError:
        return False


def _too_open(folder: Path) -> list[str]:
    paths = (folder / INTERNAL, folder / INTERNAL / DATABASE_FILE)
    exposed = (path for path in paths if path.exists() and path.stat().st_mode & 0o007)
    return [f"för öppna rättigheter: {path.relative_to(folder).as_posix()}" for path in exposed]
