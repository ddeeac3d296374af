"""Retention (gallring): destroying what may no longer be kept, with a protocol that outlives a kill.

Belongs here: what is due, the order of protocol and destruction, and the protocol's reading. Does not belong here:
the times and their grounds (`data_contracts/shared/gallring.yaml`).

Sealed files: the protocol is committed, then the file is removed. A kill between leaves a file whose end is already
in the protocol: the next retention removes it first of all. Rows in landing: the file without them is written, then
one transaction enters the protocol and lets the ledger name the new file; the old one is removed after it, or at the
next start.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, insert, select, text

from pipelines.contracts.retention import LAST_MONTH, Slag, first_kept_month, get_retention
from pipelines.landing.access import account, words
from pipelines.landing.archive import Archive, Quarantine
from pipelines.landing.files import sha256_of, sync_all
from pipelines.landing.keys import Keys
from pipelines.landing.ledger import tables as t
from pipelines.landing.package import NEVER_KEPT
from pipelines.landing.rewrite import LandingFile, connect, named, new_name, rows_of, swap, whole, write
from pipelines.settings import STOCKHOLM, Settings, today

KINDS: tuple[Slag, ...] = ("paket", "karantan", "landning")
NO_KEYS = Keys(b"")  # destroying opens nothing


class RetentionError(RuntimeError):
    """Retention that may not be done. Safe to show."""


@dataclass(frozen=True)
class Due:
    """One thing that may no longer be kept; `path` is the file that goes."""

    slag: Slag
    namn: str
    path: Path
    antal_rader: int
    sha256: str


@dataclass
class Retained:
    """What one retention did (or would do): things and rows per kind, and files an earlier one had not come to."""

    antal: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))
    rader: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))
    fullfoljda: int = 0
    saknas: list[str] = field(default_factory=list)
    torrkorning: bool = False

    def count(self, due: Due) -> None:
        self.antal[due.slag] += 1
        self.rader[due.slag] += due.antal_rader


def retain(settings: Settings, ledger: Engine, av: str | None = None, *, dry: bool = False) -> Retained:
    """Destroy what is due on the day the settings name, under the caller's lock. Raises RetentionError.

    `dry` counts and changes nothing.
    """
    if settings.asof > today():
        raise RetentionError("LAGER_ASOF ligger i framtiden. Gallring är för alltid och görs inte i förväg.")
    who = f"{words(av, 'Namnet')} ({account()})" if av else account()
    done = Retained(torrkorning=dry)
    with ledger.connect() as connection:
        done.fullfoljda = _finish(settings, connection, dry=dry)
        sealed = [
            *_packages(settings, connection, done),
            *_unanswered(settings, connection),
            *_set_aside(settings, connection),
        ]
    if not dry:
        with ledger.begin() as connection:
            _protocol(connection, sealed, who)
    for due in sealed:
        done.count(due)
        if not dry:
            due.path.unlink(missing_ok=True)
    _rows(settings, ledger, who, done)
    if not dry:
        _withheld(settings, ledger)
    return done


# -- sealed files --------------------------------------------------------------------------------------------------


def _finish(settings: Settings, connection: Connection, *, dry: bool) -> int:
    """Remove what the protocol says is destroyed: a kill came between, or the same package was sent again."""
    left = [path for path in _protocolled(settings, connection) if path.exists()]
    for path in left if not dry else ():
        path.unlink()
    return len(left)


def _protocolled(settings: Settings, connection: Connection) -> Iterator[Path]:
    archive = Archive(settings.archive, NO_KEYS)
    deliveries = connection.execute(select(t.leverans.c.leverans_id, t.leverans.c.sha256))
    shas: dict[str, str] = {row.leverans_id: row.sha256 for row in deliveries}
    answered = set(shas.values())
    for row in connection.execute(select(t.gallring.c.slag, t.gallring.c.namn)):
        if row.slag == "paket" and row.namn in shas:
            yield archive.path(shas[row.namn])
        elif row.slag == "paket" and row.namn not in answered:
            yield archive.path(row.namn)
        elif row.slag == "karantan":
            yield settings.quarantine / f"{row.namn}{Quarantine.ending}"


def _arrived_before(slag: Slag, asof: date) -> dict[str, datetime]:
    """Arrived on the limit's day or before it: before the next day began."""
    after = get_retention()[slag].limit(asof) + timedelta(days=1)
    return {"efter": datetime.combine(after, time())}


PACKAGES = text(
    "select l.leverans_id, l.sha256, l.gate_regel, "
    "(select coalesce(sum(d.mottagna), 0) from leverans_dataset as d where d.leverans_id = l.leverans_id) as rader "
    "from leverans as l where l.provad and l.status <> 'mottagen' and l.mottagen_lokal < :efter "
    "and not exists (select 1 from gallring as g where g.slag = 'paket' and g.namn = l.leverans_id) order by 1"
)
SET_ASIDE = text(
    "select d.leverans_id, d.dataset, d.i_karantan as rader from leverans_dataset as d "
    "join leverans as l on l.leverans_id = d.leverans_id where d.i_karantan > 0 and l.provad "
    "and l.status <> 'mottagen' and l.mottagen_lokal < :efter and not exists (select 1 from gallring as g "
    "where g.slag = 'karantan' and g.namn = d.dataset || '_' || d.leverans_id) order by 1, 2"
)


def _packages(settings: Settings, connection: Connection, done: Retained) -> list[Due]:
    archive, found = Archive(settings.archive, NO_KEYS), []
    for row in connection.execute(PACKAGES, _arrived_before("paket", settings.asof)):
        path = archive.path(row.sha256)
        if path.exists():
            found.append(Due("paket", row.leverans_id, path, row.rader, sha256_of(path)))
        elif row.gate_regel not in NEVER_KEPT:
            done.saknas.append(row.leverans_id)
    return found


def _unanswered(settings: Settings, connection: Connection) -> list[Due]:
    """Packages no ledger row answers for, by the day they were sealed: their sender took them back when a run had been
    killed, or the ledger is another. Their name in the protocol, if they are not there already, is their SHA-256.
    """
    archive = Archive(settings.archive, NO_KEYS)
    of_packages = select(t.gallring.c.namn).where(t.gallring.c.slag == "paket")
    known: set[str] = {
        *connection.execute(select(t.leverans.c.sha256)).scalars(),
        *connection.execute(of_packages).scalars(),
    }
    before = _arrived_before("paket", settings.asof)["efter"]
    return [
        Due("paket", archive.name(path), path, 0, sha256_of(path))
        for path in archive.files()
        if archive.name(path) not in known
        and datetime.fromtimestamp(path.stat().st_mtime, STOCKHOLM).replace(tzinfo=None) < before
    ]


def _set_aside(settings: Settings, connection: Connection) -> list[Due]:
    quarantine, found = Quarantine(settings.quarantine, NO_KEYS), []
    for row in connection.execute(SET_ASIDE, _arrived_before("karantan", settings.asof)):
        path = quarantine.path(row.leverans_id, row.dataset)
        if path.exists():
            found.append(Due("karantan", quarantine.name(path), path, row.rader, sha256_of(path)))
    return found


def _protocol(connection: Connection, gone: list[Due], who: str) -> None:
    now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    rules = get_retention()
    rows = [
        {
            "gallrad_tid": now,
            "regel": rules[due.slag].id,
            "slag": due.slag,
            "namn": due.namn,
            "sha256": due.sha256,
            "antal_rader": due.antal_rader,
            "utford_av": who,
        }
        for due in gone
    ]
    if rows:
        connection.execute(insert(t.gallring), rows)


# -- rows in landing -----------------------------------------------------------------------------------------------


def _rows(settings: Settings, ledger: Engine, who: str, done: Retained) -> None:
    month = first_kept_month(settings.asof)
    with ledger.connect() as connection, connect() as db:
        files = [(file, _older(db, file, settings, month)) for file in named(connection)]
        for file, older in ((file, older) for file, older in files if older):
            due = Due("landning", file.namn, file.path(settings.landing), older, file.sha256)
            done.count(due)
            if not done.torrkorning:
                _without(db, ledger, settings, due, file, who)


def _older(db: Any, file: LandingFile, settings: Settings, month: str) -> int:
    query = f"select count(*) from {rows_of(whole(file, settings.landing))} where period || '{LAST_MONTH}' < ?"
    return int(db.execute(query, [month]).fetchone()[0])


def _without(db: Any, ledger: Engine, settings: Settings, due: Due, file: LandingFile, who: str) -> None:
    """One file's rows: the new file on the disk, then protocol and swap in one transaction, then the old file."""
    month = first_kept_month(settings.asof)
    query = f"select * from {rows_of(due.path)} where period || '{LAST_MONTH}' >= '{month}'"
    kept = write(db, query, settings.landing, file, new_name(file, f"gallring {month}"))
    sync_all()
    with ledger.begin() as connection:
        _protocol(connection, [due], who)
        swap(connection, [file], [kept] if kept.rader else [])
    due.path.unlink()
    if not kept.rader:
        kept.path(settings.landing).unlink()


def _withheld(settings: Settings, ledger: Engine) -> None:
    """Hashed keys of rows that never landed go with the landed rows of their period."""
    old = t.undanhallen.c.period + LAST_MONTH < first_kept_month(settings.asof)
    with ledger.begin() as connection:
        connection.execute(t.undanhallen.delete().where(old))


# -- the protocol --------------------------------------------------------------------------------------------------


def protocol(connection: Connection) -> list[dict[str, Any]]:
    """Everything that has been destroyed, oldest first."""
    query = select(t.gallring).order_by(t.gallring.c.nr)
    return [dict(row) for row in connection.execute(query).mappings()]


def destroyed(connection: Connection, slag: Slag) -> dict[str, dict[str, Any]]:
    """What the protocol says of one kind, by name."""
    return {row["namn"]: row for row in protocol(connection) if row["slag"] == slag}
