"""Restoring a home from a backup: everything proved first, then all of it or nothing.

Belongs here: the order of steps that makes a restored home whole. Does not belong here: the backup's form
(`backup.py`).

Everything is built in a folder inside the home and moved into place when it is whole. As long as that folder is
there, no run can take the home's lock: a home half restored is never received into. Killed anywhere, the same command
starts again.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from sqlalchemy import select

from pipelines.contracts.model import Contracts
from pipelines.landing.backup import BackupError, Facts, apart, pool_path, prove_backup, read_manifest
from pipelines.landing.files import sha256_of, sync_all, sync_folder, write_durably
from pipelines.landing.keys import load_keys
from pipelines.landing.ledger import tables as t
from pipelines.landing.ledger.store import open_ledger
from pipelines.landing.runlock import LOCK, RESTORING
from pipelines.landing.settle import settle
from pipelines.settings import Settings

STAYS = (LOCK, RESTORING, "nycklar", "inbox")


def restore(settings: Settings, contracts: Contracts, source: Path, keys: Path | None = None) -> int:
    """Restore a backup into an empty home, under the caller's lock; how many files. Raises BackupError, KeyFileError.

    A key and what waits in an inbox may lie there, and stay. The receipts are written again from the ledger.
    """
    source = source.expanduser().absolute()
    apart(source, settings.home, "Säkerhetskopian får inte ligga i LAGER_HOME, och inte heller tvärtom.")
    content, files = read_manifest(source)
    faults = prove_backup(source)
    if faults:
        raise BackupError(f"Säkerhetskopian är inte hel, och inget är skrivet: {'; '.join(faults[:5])}")
    key = _proved_key(settings, keys, content["nyckel"])
    work = settings.home / RESTORING
    others = [path.name for path in settings.home.iterdir() if path.name not in STAYS]
    if others and not work.exists():
        raise BackupError(f"LAGER_HOME är inte tomt ({', '.join(sorted(others)[:5])}). Återställ till en tom mapp.")
    work.mkdir(mode=0o700, exist_ok=True)
    _empty(work)
    for name, facts in files.items():
        _put(pool_path(source, facts), work / name, facts)
    _write_receipts(settings.model_copy(update={"home": work}), contracts)
    sync_all()
    if key is not None:
        write_durably(settings.master_key, key, 0o400)
    _into_place(settings.home, work)
    return len(files)


def _proved_key(settings: Settings, keys: Path | None, used: str | None) -> bytes | None:
    """The key file's content, when it is the one the backup was made under; None when no key is to be restored."""
    if keys is None:
        return None
    path = keys.expanduser().absolute() / settings.master_key.name
    found = load_keys(path)
    if used is not None and found.fingerprint != used:
        raise BackupError(f"Nyckeln i {path.name} är inte den som säkerhetskopian hör till (fingeravtryck {used}).")
    if settings.master_key.exists() and load_keys(settings.master_key).fingerprint != found.fingerprint:
        raise BackupError("Där nyckeln ska ligga finns redan en annan nyckel.")
    return path.read_bytes()


def _put(source: Path, target: Path, facts: Facts) -> None:
    """Copy one file, proved again as it now lies, with its mode and time."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    if sha256_of(target) != facts.sha256:
        raise BackupError("En fil ändrades medan den lästes ur säkerhetskopian, eller kunde inte skrivas hel.")
    target.chmod(facts.mode & 0o770)
    os.utime(target, ns=(facts.mtime_ns, facts.mtime_ns))


def _write_receipts(home: Settings, contracts: Contracts) -> None:
    engine = open_ledger(home.ledger_path)
    with engine.connect() as connection:
        query = select(t.leverans.c.leverans_id).where(t.leverans.c.provad)
        ids: set[str] = set(connection.execute(query).scalars())
    settle(engine, contracts, home, ids)
    engine.dispose()


def _empty(folder: Path, but: tuple[str, ...] = ()) -> None:
    for path in (path for path in folder.iterdir() if path.name not in but):
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def _into_place(home: Path, work: Path) -> None:
    """Each part in one step; what an earlier try put there gives way. The work folder goes last, with its ban."""
    parts = sorted(path.name for path in work.iterdir())
    _empty(home, but=STAYS)
    for name in parts:
        os.rename(work / name, home / name)
    sync_folder(home)
    work.rmdir()
    sync_folder(home)
