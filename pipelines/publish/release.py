"""Build, promote and prune releases.

Here belongs the order of steps that makes a release whole or absent: stage, sync, rename, sync,
point, sync. What the files contain is written by `formats`, `dictionary`, `catalogue` and `internal`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from filelock import FileLock, Timeout

from pipelines.publish.catalogue import write_catalogue
from pipelines.publish.content import PUBLISHED, Table, open_build, read_tables
from pipelines.publish.dictionary import write_texts
from pipelines.publish.files import fsync_path, fsync_tree, remove_leftovers, swap_pointer, workspace
from pipelines.publish.formats import write_public
from pipelines.publish.internal import DATABASE_FILE, write_internal
from pipelines.publish.manifest import (
    MANIFEST_FILE,
    VERSION_PATTERN,
    ManifestError,
    Provenance,
    describe,
    read_manifest,
    write_manifest,
)
from pipelines.publish.verify import INTERNAL, PUBLIC, current_version, verify_release

KEEP = 5
_LOCK = ".las"


class ReleaseBusyError(Exception):
    """Another run is building a release right now."""


@dataclass(frozen=True)
class ReleaseInfo:
    """One release: its folder and manifest; `created` is False when it already stood there."""

    version: str
    path: Path
    manifest: dict[str, Any]
    created: bool = False

    @property
    def database(self) -> Path:
        return self.path / INTERNAL / DATABASE_FILE


def build_release(build_path: Path, release_root: Path, provenance: Provenance, keep: int = KEEP) -> ReleaseInfo:
    """Release the build file's tables under `release_root` and point CURRENT at them.

    The same content and provenance give the same version: a second run builds nothing. Killed at
    any moment it leaves CURRENT on a whole release, and the next run finishes the work. The newest
    `keep` releases stay, the current one always. Raises ReleaseBusyError when a run is under way.
    """
    if not release_root.exists():
        release_root.mkdir(parents=True)
        release_root.chmod(0o755)  # the public half is for all
    with _alone(release_root):
        remove_leftovers(release_root)
        with workspace(release_root) as work, open_build(build_path, work / "spill") as con:
            tables = read_tables(con)
            described = describe(tables, provenance)
            version = str(described["version"])
            created = bool(verify_release(release_root, version))
            if created:
                _stage(con, build_path, tables, described, work / "ny")
                _place(release_root, version, work)
        swap_pointer(release_root, version)
        _prune(release_root, version, keep)
    folder = release_root / version
    return ReleaseInfo(version, folder, read_manifest(folder), created)


def current_release(release_root: Path) -> ReleaseInfo | None:
    """The release CURRENT points at, unverified but for its manifest; None when there is none."""
    version = current_version(release_root)
    if version is None:
        return None
    try:
        return ReleaseInfo(version, release_root / version, read_manifest(release_root / version))
    except ManifestError:
        return None


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    try:
        with FileLock(root / _LOCK, timeout=0):
            yield
    except Timeout:
        raise ReleaseBusyError("En annan körning bygger redan en release; försök igen sedan.") from None


def _stage(
    con: duckdb.DuckDBPyConnection, build: Path, tables: tuple[Table, ...], described: dict[str, Any], folder: Path
) -> None:
    public, internal = folder / PUBLIC, folder / INTERNAL
    for path, mode in ((folder, 0o755), (public, 0o755), (internal, 0o750)):
        path.mkdir()
        path.chmod(mode)
    version, asof = str(described["version"]), str(described["proveniens"]["asof"])
    published = tuple(table for table in tables if table.schema == PUBLISHED)
    counts = {f"{PUBLIC}/{p.name}": n for p, n in write_public(con, published, public, version)}
    write_texts(public, published, version, asof)
    write_catalogue(public, version)
    write_internal(con, build, internal)
    counts[f"{INTERNAL}/{DATABASE_FILE}"] = sum(table.rows for table in tables)
    write_manifest(folder, described, counts)
    fsync_tree(folder)


def _place(root: Path, version: str, work: Path) -> None:
    final = root / version
    if final.exists() or final.is_symlink():
        # Only a folder that no longer verifies gets here; it dies with the workspace.
        os.rename(final, work / "trasig")
    os.rename(work / "ny", final)
    fsync_path(root)


def _prune(root: Path, current: str, keep: int) -> None:
    for version in _by_age(root)[keep:]:
        if version != current:
            with workspace(root) as work:
                os.rename(root / version, work / "gammal")


def _by_age(root: Path) -> list[str]:
    """Versions by the moment they were written, newest first."""
    folders = [path for path in root.iterdir() if VERSION_PATTERN.fullmatch(path.name)]
    return [path.name for path in sorted(folders, key=_written, reverse=True)]


def _written(folder: Path) -> tuple[float, str]:
    manifest = folder / MANIFEST_FILE
    return (manifest.stat().st_mtime if manifest.exists() else 0.0, folder.name)
