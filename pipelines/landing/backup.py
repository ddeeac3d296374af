"""Backups: a second folder that holds everything a home cannot make again, under one manifest.

Belongs here: writing and proving a backup, and the copy of the key files. Does not belong here: putting it back
(`restore.py`).

In the folder lies `MANIFEST.json`, and below `filer/` every file by its own SHA-256: archive and quarantine (sealed),
the landing files the ledger names, the ledger and the access log. A file that lies there already is not copied again.
The new manifest replaces the old one in one step when all it names is on the disk; what only the old one named is
removed after it, so that what has been destroyed at home does not live on here. Keys never lie in the same folder.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select

from pipelines.landing.access import Head, account, prove
from pipelines.landing.archive import Archive
from pipelines.landing.files import sha256_of, sync_all, sync_folder, write_durably
from pipelines.landing.ledger import tables as t
from pipelines.landing.opening import key_in_use, pending_key
from pipelines.landing.package import NEVER_KEPT
from pipelines.landing.rebuild import copy_ledger
from pipelines.landing.retention import NO_KEYS, destroyed
from pipelines.landing.rewrite import named
from pipelines.settings import Settings

FORMAT = "socialtjanstlagret-sakerhetskopia/1"
MANIFEST, POOL, SELF = "MANIFEST.json", "filer", "manifest_sha256"
LEDGER, LOG = "ledger.sqlite", "atkomstlogg/atkomst.jsonl"
LEDGER_COPY = ".huvudbok.delvis"
SHA256 = re.compile(r"[0-9a-f]{64}")
# a name in a manifest never leads out of the home
NAME = re.compile(r"(?:archive|quarantine|landing|atkomstlogg)(?:/[A-Za-z0-9_-][A-Za-z0-9_.-]*){1,3}|ledger\.sqlite")


class BackupError(RuntimeError):
    """A backup that may not be made or cannot be trusted. Safe to show."""


@dataclass(frozen=True)
class Facts:
    """One file in a backup. `mtime_ns` is that of the original."""

    sha256: str
    bytes: int
    mode: int
    mtime_ns: int


@dataclass
class BackedUp:
    """What one backup did."""

    filer: int = 0
    kopierade: int = 0
    byte: int = 0
    borttagna: int = 0
    atkomstlogg: dict[str, Any] = field(default_factory=dict)


def back_up(settings: Settings, ledger: Engine, target: Path) -> BackedUp:
    """Back up a home under the caller's lock. Raises BackupError; the former backup then stands as it was."""
    target = target.expanduser().absolute()
    apart(target, settings.home, "Säkerhetskopian får inte ligga i LAGER_HOME, och inte heller tvärtom.")
    if pending_key(settings).exists():
        raise BackupError("Ett nyckelbyte är inte klart. Kör lager nyckel rotera först.")
    before = _former(target)
    head = _log_goes_on(settings, before)
    _nothing_lacks(settings, ledger)
    done, pool = BackedUp(atkomstlogg=vars(head)), target / POOL
    pool.mkdir(parents=True, exist_ok=True, mode=0o700)
    copied_ledger = target / LEDGER_COPY
    try:
        copied_ledger.unlink(missing_ok=True)
        copy_ledger(settings.ledger_path, copied_ledger)
        files = {name: _taken(path, name, pool, before, done) for name, path in _sources(settings, ledger)}
        files[LEDGER] = _taken(copied_ledger, LEDGER, pool, {}, done)
    except sqlite3.DatabaseError:
        raise BackupError("Huvudboken är skadad. Den förra säkerhetskopian är orörd.") from None
    finally:
        copied_ledger.unlink(missing_ok=True)
    sync_all()
    _write_manifest(target, _described(settings, ledger, files, head))
    done.filer, done.borttagna = len(files), _prune(pool, {facts.sha256 for facts in files.values()})
    return done


def apart(one: Path, other: Path, message: str) -> None:
    """Raises BackupError when two folders are the same, or one lies in the other."""
    a, b = one.resolve(), other.resolve()
    if a == b or a in b.parents or b in a.parents:
        raise BackupError(message)


# -- what is taken -------------------------------------------------------------------------------------------------


def _sources(settings: Settings, ledger: Engine) -> Iterator[tuple[str, Path]]:
    """(name in the backup, file) of everything but the ledger."""
    for folder in (settings.archive, settings.quarantine):
        for path in sorted(p for p in folder.rglob("*.lager") if not p.name.startswith(".")):
            yield path.relative_to(settings.home).as_posix(), path
    with ledger.connect() as connection:
        for file in named(connection):
            yield f"landing/{file.namn}", file.path(settings.landing)
    for path in sorted(settings.landing.glob("*/tom.parquet")):
        yield path.relative_to(settings.home).as_posix(), path
    if settings.access_log.exists():
        yield LOG, settings.access_log


def _taken(path: Path, name: str, pool: Path, before: dict[str, Facts], done: BackedUp) -> Facts:
    """Hash a file, copy it unless it lies there, and refuse one that has changed without being written."""
    try:
        stat, digest = path.stat(), sha256_of(path)
    except FileNotFoundError:
        raise BackupError(f"{name} saknas.") from None
    facts, former = Facts(digest, stat.st_size, stat.st_mode & 0o777, stat.st_mtime_ns), before.get(name)
    if former and former.mtime_ns == facts.mtime_ns and former.sha256 != digest and name != LOG:
        raise BackupError(
            f"{name} har ändrats sedan förra säkerhetskopian utan att ha skrivits: filen är skadad. "
            "Den förra kopian är orörd; återställ filen ur den."
        )
    copy = pool / digest[:2] / digest
    if not copy.exists() or copy.stat().st_size != stat.st_size:
        copy.parent.mkdir(exist_ok=True, mode=0o700)
        partial = copy.with_name(f".{digest}.delvis")
        shutil.copyfile(path, partial)
        if sha256_of(partial) != digest:
            raise BackupError(f"{name} ändrades medan den kopierades, eller kunde inte skrivas hel.")
        os.replace(partial, copy)
        done.kopierade, done.byte = done.kopierade + 1, done.byte + stat.st_size
    return facts


def _nothing_lacks(settings: Settings, ledger: Engine) -> None:
    """Every delivery has its package, or a reason not to; every landing file is the one the ledger names."""
    archive = Archive(settings.archive, NO_KEYS)
    with ledger.connect() as connection:
        gone = destroyed(connection, "paket")
        columns = (t.leverans.c.leverans_id, t.leverans.c.sha256, t.leverans.c.gate_regel)
        for row in connection.execute(select(*columns)):
            explained = row.leverans_id in gone or row.gate_regel in NEVER_KEPT
            if not explained and not archive.path(row.sha256).exists():
                raise BackupError(f"Paketet för {row.leverans_id} saknas i arkivet utan att vara gallrat.")
        for file in named(connection):
            path = file.path(settings.landing)
            if not path.exists() or sha256_of(path) != file.sha256:
                raise BackupError(f"Landningsfilen {file.namn} saknas eller är skadad. Kör lager aterskapa först.")


def _log_goes_on(settings: Settings, before: dict[str, Facts]) -> Head:
    """The access log's head, when the log backed up last is the beginning of this one."""
    content = settings.access_log.read_bytes() if settings.access_log.exists() else b""
    former = before.get(LOG)
    if former and hashlib.sha256(content[: former.bytes]).hexdigest() != former.sha256:
        raise BackupError(
            "Åtkomstloggen fortsätter inte den som finns i förra säkerhetskopian: rader är ändrade eller borttagna. "
            "Kör lager atkomst prova, och kopiera till en ny mapp när saken är utredd."
        )
    return prove(settings.access_log, None).huvud


# -- manifest ------------------------------------------------------------------------------------------------------


def _described(settings: Settings, ledger: Engine, files: dict[str, Facts], head: Head) -> dict[str, Any]:
    with ledger.connect() as connection:
        used = key_in_use(connection)
    return {
        "format": FORMAT,
        "skapad": datetime.now(UTC).isoformat(timespec="seconds"),
        "konto": account(),
        "nyckel": used,
        "atkomstlogg": vars(head),
        "installningar": {"LAGER_MINNE": settings.minne},
        "filer": {name: vars(facts) for name, facts in sorted(files.items())},
    }


def _canonical(content: dict[str, Any]) -> bytes:
    return (json.dumps(content, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def _write_manifest(target: Path, content: dict[str, Any]) -> None:
    digest = hashlib.sha256(_canonical(content)).hexdigest()
    write_durably(target / MANIFEST, _canonical({**content, SELF: digest}), 0o600)


def read_manifest(folder: Path) -> tuple[dict[str, Any], dict[str, Facts]]:
    """A backup's manifest and its files, proved by its own hash. Raises BackupError."""
    try:
        raw = (folder / MANIFEST).read_bytes()
        content = json.loads(raw)
        rest = {name: value for name, value in content.items() if name != SELF}
        proved = _canonical(content) == raw and content[SELF] == hashlib.sha256(_canonical(rest)).hexdigest()
        files = {name: Facts(**facts) for name, facts in content["filer"].items()}
    except FileNotFoundError:
        raise BackupError(f"I mappen finns ingen säkerhetskopia: {MANIFEST} saknas.") from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise BackupError(f"{MANIFEST} går inte att läsa.") from None
    sound = all(NAME.fullmatch(name) and SHA256.fullmatch(facts.sha256) for name, facts in files.items())
    if not proved or content.get("format") != FORMAT or not sound:
        raise BackupError(f"{MANIFEST} är skadat eller av en annan form.")
    return content, files


def _former(target: Path) -> dict[str, Facts]:
    """The files of the backup that lies there; none in a new folder. Raises BackupError for anything else."""
    if (target / MANIFEST).exists():
        return read_manifest(target)[1]
    others = [p.name for p in target.iterdir() if p.name not in (POOL, LEDGER_COPY)] if target.exists() else []
    if others:
        raise BackupError("Mappen innehåller annat än en säkerhetskopia. Välj en tom mapp.")
    return {}


def _prune(pool: Path, wanted: set[str]) -> int:
    gone = [p for p in pool.rglob("*") if p.is_file() and p.name not in wanted]
    for path in gone:
        path.unlink()
    return len(gone)


def prove_backup(folder: Path) -> list[str]:
    """All that is wrong with a backup; nothing when every file is there and is the one the manifest names."""
    try:
        _, files = read_manifest(folder)
    except BackupError as error:
        return [str(error)]
    faults = []
    for name, facts in files.items():
        path = pool_path(folder, facts)
        if not path.is_file():
            faults.append(f"saknas: {name}")
        elif path.stat().st_size != facts.bytes or sha256_of(path) != facts.sha256:
            faults.append(f"skadad: {name}")
    return faults


def pool_path(folder: Path, facts: Facts) -> Path:
    """Where a file lies in a backup."""
    return folder / POOL / facts.sha256[:2] / facts.sha256


# -- keys ----------------------------------------------------------------------------------------------------------


def back_up_keys(settings: Settings, target: Path, data: Path | None = None) -> Path:
    """Copy the key file to a folder apart from the data and its backup. Raises BackupError."""
    target = target.expanduser().absolute()
    apart(target, settings.home, "Nyckelns kopia får inte ligga i LAGER_HOME.")
    if data is not None:
        apart(target, data.expanduser().absolute(), "Nyckeln och data får aldrig ligga i samma mapp.")
    if (target / MANIFEST).exists() or (target / POOL).exists():
        raise BackupError("Mappen innehåller en säkerhetskopia av data. Nyckeln ska ligga på ett annat medium.")
    if not settings.master_key.exists():
        raise BackupError("Nyckelfilen saknas.")
    copy = target / settings.master_key.name
    content = settings.master_key.read_bytes()
    if copy.exists() and copy.read_bytes() != content:
        # the key before a change: kept until someone destroys it, for the backups that it opens
        digest = hashlib.sha256(copy.read_bytes()).hexdigest()[:8]
        os.replace(copy, copy.with_name(f"{copy.name}.gammal-{digest}"))
    write_durably(copy, content, 0o400)
    sync_folder(target)
    return copy


def same_device(one: Path, other: Path) -> bool:
    """Whether two folders lie on the same file system."""
    return one.stat().st_dev == other.stat().st_dev
