"""Rebuilding from the archive: landing, quarantine and everything the ledger knows of outcomes, made anew and compared.

Belongs here: a second home beside the first, the ordinary reception in it, the comparison, and the one transaction
that lets the new take the old one's place. Does not belong here: how a package is tried (`reception.py`).

A delivery is rebuilt when its package is in the archive. One whose package has been destroyed (in the protocol) or
was never kept (GEN-08, GEN-26) keeps its outcome and its rows. Any other missing or damaged package stops the
rebuild, and nothing is changed. Agreements, acknowledgements, the protocol of retention and the entry of keys are never
touched.

Killed before the transaction: nothing is changed, and the second home is removed next time. After it: the files that
had not been moved are moved by whoever opens the home next.
"""

from __future__ import annotations

import os
import secrets
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, delete, select, text, update

from pipelines.contracts.model import Contracts
from pipelines.landing.access import AccessLog
from pipelines.landing.archive import Archive, Quarantine
from pipelines.landing.files import sync_all
from pipelines.landing.keys import Keys
from pipelines.landing.ledger import tables as t
from pipelines.landing.ledger.store import open_ledger
from pipelines.landing.package import NEVER_KEPT
from pipelines.landing.reception import Receiver
from pipelines.landing.retention import NO_KEYS, destroyed
from pipelines.landing.rewrite import (
    EMPTY,
    LandingFile,
    connect,
    content,
    named,
    new_name,
    remove_unnamed,
    rows_of,
    swap,
    whole,
    write,
)
from pipelines.settings import Settings

Progress = Callable[[int, int], None]
SCRATCH = ".aterskapar"
NEVER_REBUILT = ("avtal", "kvittering", "gallring", "nyckel")
OUTCOMES = ("leverans_dataset", "leverans_manad", "regelutfall", "fynd", "undanhallen", "varning")


class RebuildError(RuntimeError):
    """A rebuild that may not be made. Safe to show."""


@dataclass
class Rebuilt:
    """What came out: deliveries, and for each row set and ledger table whether it is as it was."""

    aterskapade: int = 0
    behallna: int = 0
    landning: dict[str, dict[str, Any]] = field(default_factory=dict)
    huvudbok: dict[str, int] = field(default_factory=dict)
    torrkorning: bool = False

    @property
    def lika(self) -> bool:
        return all(entry["lika"] for entry in self.landning.values()) and not any(self.huvudbok.values())


def rebuild(
    settings: Settings,
    contracts: Contracts,
    keys: Keys,
    ledger: Engine,
    av: str | None = None,
    *,
    dry: bool = False,
    progress: Progress | None = None,
) -> Rebuilt:
    """Make everything anew from the archive, under the caller's lock. Raises RebuildError, SealError, LandingError.

    `dry` compares and changes nothing.
    """
    finish_rebuild(settings, ledger)
    kept = _without_package(settings, ledger)
    log = AccessLog(settings.access_log, keys)
    log.note("återskapande", "landning, karantän och utfall görs om ur arkivet", av, torrkorning=dry)
    scratch = _second_home(settings, ledger)
    engine = open_ledger(scratch.ledger_path)
    done = Rebuilt(torrkorning=dry, behallna=len(kept), aterskapade=_forget(engine, kept))
    _keep_rows(settings, scratch, ledger, engine, kept)
    receiver = Receiver(scratch, contracts, keys, engine)
    receiver.log = log
    receiver.run(progress=progress)
    _rename(scratch, engine)
    _compare(settings, scratch, ledger, engine, done)
    engine.dispose()
    if not dry:
        _promote(settings, scratch, ledger)
    shutil.rmtree(scratch.home)
    remove_unnamed(settings.landing, ledger)
    return done


def _without_package(settings: Settings, ledger: Engine) -> set[str]:
    """Deliveries that cannot be rebuilt, each for a known reason. Raises RebuildError for any other."""
    archive = Archive(settings.archive, NO_KEYS)
    with ledger.connect() as connection:
        gone = destroyed(connection, "paket")
        rows = list(connection.execute(select(t.leverans.c.leverans_id, t.leverans.c.sha256, t.leverans.c.gate_regel)))
    missing = [row for row in rows if not archive.path(row.sha256).exists()]
    lost = [r.leverans_id for r in missing if r.leverans_id not in gone and r.gate_regel not in NEVER_KEPT]
    if lost:
        raise RebuildError(
            f"{len(lost)} paket saknas i arkivet utan att vara gallrade ({', '.join(lost[:5])}). "
            "Återställ dem ur säkerhetskopian först."
        )
    return {row.leverans_id for row in missing}


# -- the second home -----------------------------------------------------------------------------------------------


def _second_home(settings: Settings, ledger: Engine) -> Settings:
    """A home with the same archive and a copy of the ledger, and nothing else."""
    home = settings.home / SCRATCH
    home.mkdir(mode=0o700)
    settings.archive.mkdir(exist_ok=True)
    (home / "archive").symlink_to("../archive")
    scratch = settings.model_copy(update={"home": home})
    copy_ledger(settings.ledger_path, scratch.ledger_path)
    with ledger.connect() as connection:
        for file in named(connection):
            (scratch.landing / file.namn).parent.mkdir(parents=True, exist_ok=True)
    return scratch


def copy_ledger(source: Path, target: Path) -> None:
    """The ledger as it is at one moment, whole, whatever is written to it meanwhile (SQLite's online backup)."""
    with closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
        (said,) = new.execute("pragma integrity_check").fetchone()
        if said != "ok":
            raise sqlite3.DatabaseError("integrity_check")
        new.execute("pragma journal_mode = delete")
    target.chmod(0o600)


def _forget(engine: Engine, kept: set[str]) -> int:
    """Let the copy know of every other delivery only that it came; how many they are."""
    with engine.begin() as connection:
        every: set[str] = set(connection.execute(select(t.leverans.c.leverans_id)).scalars())
        ids = every - kept
        connection.execute(text("create temp table om (leverans_id text primary key)"))
        connection.execute(text("insert into om values (:id)"), [{"id": i} for i in sorted(ids)] or [{"id": ""}])
        mine = text("leverans_id in (select leverans_id from om)")
        for name in OUTCOMES:
            connection.execute(delete(t.metadata.tables[name]).where(mine))
        new = {"provad": False, "status": "mottagen", "gate_regel": None, "stoppande_regel": None}
        connection.execute(update(t.leverans).where(mine).values(**new))
        connection.execute(delete(t.landningsfil))
        connection.execute(text("drop table om"))
    return len(ids)


def _keep_rows(settings: Settings, scratch: Settings, ledger: Engine, engine: Engine, kept: set[str]) -> None:
    """Carry over the rows of deliveries that cannot be rebuilt; a file with nothing but such rows is not copied."""
    if not kept:
        return
    ids = ", ".join(f"'{i}'" for i in sorted(kept))
    come: list[LandingFile] = []
    with ledger.connect() as connection, connect() as db:
        for file in named(connection):
            rows = rows_of(whole(file, settings.landing))
            query = f"select * from {rows} where leverans_id in ({ids})"
            (count,) = db.execute(f"select count(*) from ({query})").fetchone() or (0,)
            if count == file.rader and count:
                shutil.copyfile(file.path(settings.landing), file.path(scratch.landing))  # the judgement reads rows
                come.append(file)
            elif count:
                come.append(write(db, query, scratch.landing, file, new_name(file, "behallna")))
    with engine.begin() as connection:
        swap(connection, [], come)


def _rename(scratch: Settings, engine: Engine) -> None:
    """Give what was written names that no landing has had, so that old and new can lie side by side."""
    token = secrets.token_hex(4)
    with engine.begin() as connection:
        for file in named(connection):
            path = file.path(scratch.landing)
            if path.exists():
                fresh = LandingFile(new_name(file, token), file.dataset, file.rader, file.sha256)
                swap(connection, [file], [fresh])
                path.rename(fresh.path(scratch.landing))


# -- comparison ----------------------------------------------------------------------------------------------------


def _compare(settings: Settings, scratch: Settings, ledger: Engine, engine: Engine, done: Rebuilt) -> None:
    with ledger.connect() as old, engine.connect() as new, connect() as db:
        before, after = named(old), named(new)
        for dataset in sorted({file.dataset for file in (*before, *after)}):
            was = content(db, [f.path(settings.landing) for f in before if f.dataset == dataset])
            is_now = content(db, [_lies(f, settings, scratch) for f in after if f.dataset == dataset])
            rows = {"rader_fore": was and was[0], "rader": is_now and is_now[0]}
            done.landning[dataset] = {**rows, "hash": is_now and is_now[1], "lika": was == is_now}
        for table in t.metadata.sorted_tables:
            if table.name not in (*NEVER_REBUILT, "landningsfil"):
                columns = [c for c in table.c if c.name != "nr"]
                pair = [{tuple(row) for row in side.execute(select(*columns))} for side in (old, new)]
                done.huvudbok[table.name] = len(pair[0] ^ pair[1])


def _lies(file: LandingFile, settings: Settings, scratch: Settings) -> Path:
    new = file.path(scratch.landing)
    return new if new.exists() else file.path(settings.landing)


# -- taking the old one's place ------------------------------------------------------------------------------------


def _promote(settings: Settings, scratch: Settings, ledger: Engine) -> None:
    for path in _files(scratch.landing):
        if path.name != EMPTY:
            target = settings.landing / path.relative_to(scratch.landing)
            target.parent.mkdir(parents=True, exist_ok=True)
            os.rename(path, target)
    sync_all()
    _take_over(settings.ledger_path, scratch.ledger_path)
    finish_rebuild(settings, ledger, again=True)


def _take_over(ledger: Path, copy: Path) -> None:
    """The one transaction: from here on the rebuilt outcomes and rows count."""
    tables = [table for table in t.metadata.sorted_tables if table.name not in NEVER_REBUILT]
    with closing(sqlite3.connect(ledger, isolation_level=None)) as db:
        db.execute("pragma synchronous = full")
        db.execute("pragma foreign_keys = on")
        db.execute("attach ? as ny", [str(copy)])
        db.execute("begin immediate")
        db.execute("pragma defer_foreign_keys = on")
        for table in tables:
            columns = ", ".join(column.name for column in table.c)
            db.execute(f"delete from main.{table.name}")
            db.execute(f"insert into main.{table.name} ({columns}) select {columns} from ny.{table.name}")
        db.execute("commit")


def finish_rebuild(settings: Settings, ledger: Engine, *, again: bool = False) -> None:
    """Go through with a rebuild that was decided, or remove one that was not; under the caller's lock.

    The ledger names the rebuilt files when it was decided. `again`: the second home's removal is the caller's.
    """
    scratch = settings.model_copy(update={"home": settings.home / SCRATCH})
    if not scratch.home.exists():
        return
    if scratch.ledger_path.exists() and _decided(scratch, ledger):
        with ledger.connect() as connection:
            gone = destroyed(connection, "karantan")
        for source, target in ((scratch.quarantine, settings.quarantine), (scratch.outbox, settings.outbox)):
            for path in _files(source):
                if path.name.removesuffix(Quarantine.ending) not in gone:
                    (target / path.relative_to(source)).parent.mkdir(parents=True, exist_ok=True)
                    os.replace(path, target / path.relative_to(source))
        sync_all()
    if not again:
        shutil.rmtree(scratch.home)


def _decided(scratch: Settings, ledger: Engine) -> bool:
    with closing(sqlite3.connect(scratch.ledger_path)) as db, ledger.connect() as connection:
        rebuilt = {row[0] for row in db.execute("select namn from landningsfil")}
        return bool(rebuilt) and rebuilt == {file.namn for file in named(connection)}


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())
