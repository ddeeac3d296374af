"""The manifest: what a release is made of, and the version that follows from it.

Here belongs the manifest's content, its canonical bytes and its own check. Reading and comparing
the files it lists is `verify`.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pipelines.publish.content import HASH_DEFINITION, Table, content_hash
from pipelines.publish.files import sha256_file

MANIFEST_FILE = "MANIFEST.json"
# Raise it when formats or texts change: the same tables then give a new version.
FORMAT = "socialtjanstlagret-release/2"
VERSION_PATTERN = re.compile(r"\d{4}-\d{2}-\d{2}-[0-9a-f]{12}")
_SELF = "manifest_sha256"


class ManifestError(Exception):
    """The manifest cannot be trusted; the message is safe to show."""


@dataclass(frozen=True)
class Provenance:
    """Where the content comes from. All of it but `git_revision` decides the version.

    `underlag` is a fingerprint of the inputs, `kontrakt` maps contract to version, `leveranser` is
    `deliveries_digest(...)`.
    """

    asof: date
    git_revision: str
    underlag: str
    kontrakt: Mapping[str, str]
    leveranser: Mapping[str, int | str]

    def facts(self) -> dict[str, Any]:
        return {
            "asof": self.asof.isoformat(),
            "git_revision": self.git_revision,
            "underlag": self.underlag,
            "kontrakt": dict(self.kontrakt),
            "leveranser": dict(self.leveranser),
        }


def deliveries_digest(delivery_ids: Iterable[str]) -> dict[str, int | str]:
    """Number and SHA-256 of the sorted, distinct deliveries in force."""
    ids = sorted(set(delivery_ids))
    return {"antal": len(ids), "sha256": hashlib.sha256("\n".join(ids).encode()).hexdigest()}


def describe(tables: tuple[Table, ...], provenance: Provenance) -> dict[str, Any]:
    """The manifest before any file is written: format, provenance, content and version."""
    innehall = {
        "definition": HASH_DEFINITION,
        "sha256": content_hash(tables),
        "tabeller": {t.key: {"rader": t.rows, "hash": t.row_hash} for t in tables},
    }
    manifest = {"format": FORMAT, "proveniens": provenance.facts(), "innehall": innehall}
    return {**manifest, "version": _version_of(manifest)}


def _version_of(manifest: Mapping[str, Any]) -> str:
    proveniens = manifest["proveniens"]
    deciding = {key: value for key, value in proveniens.items() if key != "git_revision"}
    identity = {"format": manifest["format"], "p": deciding, "i": manifest["innehall"]["sha256"]}
    return f"{proveniens['asof']}-{hashlib.sha256(_canonical(identity)).hexdigest()[:12]}"


def write_manifest(folder: Path, described: Mapping[str, Any], rows: Mapping[str, int]) -> dict[str, Any]:
    """Add every file in `folder` (rows where known) and write the manifest last."""
    filer = {name: _file_facts(folder / name, rows.get(name)) for name in list_files(folder)}
    manifest = {**described, "filer": filer}
    manifest[_SELF] = _self_hash(manifest)
    path = folder / MANIFEST_FILE
    path.write_bytes(_canonical(manifest))
    path.chmod(0o644)
    return manifest


def list_files(folder: Path) -> list[str]:
    """Relative names of all that is not a folder, the manifest excepted; links are listed, not followed."""
    paths = (path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())
    names = (path.relative_to(folder).as_posix() for path in paths)
    return sorted(name for name in names if name != MANIFEST_FILE)


def _file_facts(path: Path, rows: int | None) -> dict[str, int | str | None]:
    return {"sha256": sha256_file(path), "bytes": path.stat().st_size, "rader": rows}


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a release folder, proved whole by its own hash, its form and its version."""
    try:
        raw = (folder / MANIFEST_FILE).read_bytes()
        manifest = json.loads(raw)
        whole = raw == _canonical(manifest) and manifest[_SELF] == _self_hash(manifest)
        version_holds = manifest["version"] == _version_of(manifest) == folder.name
    except FileNotFoundError:
        raise ManifestError(f"{MANIFEST_FILE} saknas") from None
    except (OSError, ValueError, KeyError, TypeError):
        raise ManifestError(f"{MANIFEST_FILE} går inte att läsa") from None
    if not whole:
        raise ManifestError(f"{MANIFEST_FILE} är ändrat: dess egen kontrollsumma stämmer inte")
    if not version_holds:
        raise ManifestError(f"{MANIFEST_FILE} hör till en annan release än mappens namn säger")
    return dict(manifest)


def _self_hash(manifest: Mapping[str, Any]) -> str:
    rest = {key: value for key, value in manifest.items() if key != _SELF}
    return hashlib.sha256(_canonical(rest)).hexdigest()


def _canonical(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()
