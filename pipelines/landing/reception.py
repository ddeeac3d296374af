"""The reception: from packages in the inbox to archive, Parquet, quarantine, ledger and receipts.

Belongs here: the order of the steps, so that a kill between any two of them loses nothing and counts nothing twice.
Does not belong here: what a step does.

A package passes the gate in memory before anything of it is written, since one with free text (GEN-08), or that no
agreement lets us have (GEN-26), may be kept nowhere. It leaves the inbox when it is sealed in the archive (or refused),
synced, and in the ledger together with its outcome. Its rows count when the ledger names their landing file; anything
else is removed at the next start. A sealed package that the ledger does not answer for yet still lies in the inbox, and
is tried again: if it is then refused, the copy goes. What the ledger answers for was agreed to when it came, and is
not asked again.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC
from typing import Any, TypeVar

from sqlalchemy import Engine

from pipelines.contracts.model import Contracts, Dataset
from pipelines.landing.access import AccessLog
from pipelines.landing.archive import Archive, Quarantine
from pipelines.landing.files import remove_folder, remove_partial, sync_all
from pipelines.landing.gate import Gate
from pipelines.landing.inbox import Found, scan, stamp
from pipelines.landing.keys import Keys
from pipelines.landing.ledger import agreements, store
from pipelines.landing.outcome import ledger_rows
from pipelines.landing.package import Envelope, Package, open_package
from pipelines.landing.rewrite import EMPTY
from pipelines.landing.settle import settle
from pipelines.landing.trial import LATE, Tried, is_refused, late, try_packages
from pipelines.landing.wrapping import read_wrapped
from pipelines.settings import STOCKHOLM, Settings

BATCH_BYTES = 64_000_000
BATCH_PACKAGES = 2000
Progress = Callable[[int, int], None]
Arrival = tuple[Found, Package]
T = TypeVar("T", Package, Arrival)


@dataclass
class Reception:
    """What one reception did: packages, those known already, and the deliveries whose receipts changed."""

    mottagna: int = 0
    redan_kanda: int = 0
    andrade: set[str] = field(default_factory=set)


class Receiver:
    """One reception under the caller's lock."""

    def __init__(self, settings: Settings, contracts: Contracts, keys: Keys, ledger: Engine) -> None:
        self.settings, self.contracts, self.ledger = settings, contracts, ledger
        self.archive = Archive(settings.archive, keys)
        self.quarantine = Quarantine(settings.quarantine, keys)
        self.log = AccessLog(settings.access_log, keys)
        self._keys = keys
        self._gates: dict[str, Gate] = {}
        self.result = Reception()
        self._waiting: dict[str, list[Arrival]] = {}
        self._agreed: agreements.Agreed | None = None

    def run(self, periods: set[str] | None = None, progress: Progress | None = None) -> Reception:
        """Receive what waits (of some periods, or all), then judge and write receipts."""
        self._clean()
        found = [f for f in scan(self.settings.inbox).packages if periods is None or _within(f, periods)]
        waiting = self._untried()
        total, done = len(found) + len(waiting), 0
        for packages in _batches(self._fetched(waiting)):
            done = self._pass_gate(packages, done, total, progress)
        with self.ledger.begin() as connection:
            self._agreed = agreements.Agreed(agreements.holding(connection))
        for batch in _batches(self._opened(found)):
            done = self._pass_gate(self._new_of(batch), done, total, progress)
        self.result.andrade = settle(self.ledger, self.contracts, self.settings, self.result.andrade)
        return self.result

    # -- before the gate -------------------------------------------------------------------------------------

    def _clean(self) -> None:
        """Remove what a killed run left: half-written files, and rows the ledger does not answer for."""
        for folder in (self.settings.archive, self.settings.quarantine, self.settings.landing, self.settings.outbox):
            folder.mkdir(parents=True, exist_ok=True)
            remove_partial(folder)
        for taken in self.settings.inbox.glob("*/.*.delvis/"):
            if not taken.is_symlink():  # a link is no work of ours: its sender put it there
                remove_folder(taken)
        with self.ledger.begin() as connection:
            known = store.known_files(connection)
        for dataset in self.contracts.datasets.values():
            folder = self.settings.landing / dataset.id
            folder.mkdir(exist_ok=True)
            for file in folder.glob("*.parquet"):
                if file.name != EMPTY and f"{dataset.id}/{file.name}" not in known:
                    file.unlink()
        with self.ledger.begin() as connection:
            aside = store.set_aside(connection)
        for file in self.quarantine.files():
            if (self.quarantine.leverans_id(file), self.quarantine.dataset(file)) not in aside:
                file.unlink()

    def _untried(self) -> list[Any]:
        with self.ledger.begin() as connection:
            return store.untried(connection)

    def _fetched(self, rows: list[Any]) -> Iterator[Package]:
        """Packages that were archived but not judged before the last run ended."""
        ids = [row.leverans_id for row in rows]
        if not ids:
            return
        access = self.log.reading("arkiv", "mottagning av arkiverade paket som inte har prövats", ids)
        for row in rows:
            received = row.mottagen_tid.replace(tzinfo=UTC)
            where = (row.kommun_kod, row.paket_namn, row.kalla, row.period, row.stadsdel_kod, row.version)
            package = open_package(Envelope(*where, received), self.archive.fetch(row.sha256, access))
            # the ledger's own, however identities were made when it came
            yield replace(package, leverans_id=row.leverans_id, sha256=row.sha256)

    def _opened(self, found: list[Found]) -> Iterator[Arrival]:
        def take(item: Found) -> Arrival | None:
            try:
                return item, open_package(item.envelope, read_wrapped(item.path))
            except OSError:  # its sender took it back, or it is no longer a file
                return None

        # one after another: in two threads they wait for each other, and it takes as long
        yield from filter(None, map(take, found))

    def _new_of(self, batch: list[Arrival]) -> list[Package]:
        """The packages that have not been tried; those that have only say when they came, and leave the inbox."""
        arrivals: dict[str, list[Arrival]] = {}
        for arrival in sorted(batch, key=lambda a: a[1].envelope.mottagen):
            arrivals.setdefault(arrival[1].leverans_id, []).append(arrival)
        with self.ledger.begin() as connection:
            tried = store.tried(connection, arrivals)
            known = [package for i in sorted(tried) for _, package in arrivals[i]]
            store.add_received(connection, [_received(p) for p in known])
            store.withdraw_rule(connection, LATE, [p.leverans_id for p in known if not late(p, self.contracts)])
        for leverans_id in tried:
            _take_out(arrivals.pop(leverans_id))
        self.result.mottagna += len(batch)
        self.result.redan_kanda += len(batch) - len(arrivals)
        self.result.andrade |= tried
        self._waiting = arrivals
        return [same[0][1] for same in arrivals.values()]  # of the same content the earliest is tried

    # -- gate, judgement and what follows ----------------------------------------------------------------------

    def _gate(self, kalla: str) -> Gate | None:
        """The source's gate, made when its first package comes; None of what is no source."""
        if kalla in self.contracts.sources and kalla not in self._gates:
            self._gates[kalla] = Gate(self.contracts, kalla, self._keys)
        return self._gates.get(kalla)

    def _pass_gate(self, packages: list[Package], done: int, total: int, progress: Progress | None) -> int:
        for kalla in sorted({p.envelope.kalla for p in packages}):
            own = [p for p in packages if p.envelope.kalla == kalla]
            for tried in try_packages(self._gate(kalla), self.contracts, own, self._agreed):
                self._record(kalla, tried)
        if progress:
            progress(done + len(packages), total)
        return done + len(packages)

    def _record(self, kalla: str, tried: Tried) -> None:
        """Archive, Parquet and quarantine, synced; one transaction that makes them count; out of the inbox."""
        for package in tried.packages:
            tried.outcomes[package.leverans_id].notices += late(package, self.contracts)
        ids = sorted(p.leverans_id for p in tried.packages)
        batch = hashlib.sha256("".join(ids).encode()).hexdigest()[:16]
        rows = ledger_rows(self.contracts, kalla, tried)
        self._archive(tried)
        if tried.gate is not None:
            for dataset in tried.gate.datasets:
                rows["landningsfil"].append(self._write_rows(tried.gate, dataset, batch))
                rows["undanhallen"] += tried.gate.withheld(dataset)
        sync_all()
        self.result.andrade |= set(ids)
        results, arrivals = rows.pop("leverans"), [a for i in ids for a in self._waiting.pop(i, [])]
        with self.ledger.begin() as connection:
            store.add_received(connection, [_received(p) for _, p in arrivals])
            store.set_gate_results(connection, results)
            store.add_outcomes(connection, rows)
        _take_out(arrivals)

    def _archive(self, tried: Tried) -> None:
        """Seal all but the refused. A run that was killed may have sealed one of these, before its agreement ended."""
        for package in tried.packages:
            if not is_refused(tried.outcomes[package.leverans_id]):
                self.archive.keep(package.sha256, package.wrapped)
                package.wrapped = b""
            elif package.leverans_id in self._waiting:  # what a rebuild tries again lies in the archive by right
                self.archive.discard(package.sha256)

    def _write_rows(self, gate: Gate, dataset: Dataset, batch: str) -> dict[str, Any]:
        path = self.settings.landing / dataset.id / f"{batch}.parquet"
        partial = path.with_name(f".{path.name}.delvis")
        count = gate.write_loaded(dataset, partial)
        partial.replace(path)
        self.quarantine.keep(dataset.id, gate.set_aside(dataset))
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        return {"namn": f"{dataset.id}/{path.name}", "dataset": dataset.id, "rader": count, "sha256": digest}


def _take_out(arrivals: Iterable[Arrival]) -> None:
    """Out of the inbox, each in one step: a folder half removed would pass for another delivery.

    What has been sent again under the same name since it was read is left for the next reception.
    """
    for item, _ in arrivals:
        path = item.path
        if not os.path.lexists(path) or stamp(path) != item.stamp:
            continue
        if path.is_dir():
            path = path.rename(path.with_name(f".{path.name}.delvis"))
            remove_folder(path)
        else:
            path.unlink()


def _within(found: Found, periods: set[str]) -> bool:
    """Whether a package is of one of the months; a yearly one is when any month of its year is."""
    period = found.envelope.period
    return period in periods or (len(period) == 4 and any(p.startswith(period) for p in periods))


def _batches(items: Iterable[T]) -> Iterator[list[T]]:
    """Batches small enough to hold in memory, large enough to share the gate's fixed cost."""
    batch: list[T] = []
    size = 0
    for item in items:
        package = item[1] if isinstance(item, tuple) else item
        batch.append(item)
        size += sum(map(len, package.files.values()))
        if size >= BATCH_BYTES or len(batch) >= BATCH_PACKAGES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _received(package: Package) -> dict[str, Any]:
    envelope = package.envelope
    return {
        "leverans_id": package.leverans_id,
        "sha256": package.sha256,
        "kommun_kod": envelope.kommun_kod,
        "stadsdel_kod": envelope.stadsdel_kod,
        "kalla": envelope.kalla,
        "period": envelope.period,
        "version": envelope.version,
        "paket_namn": envelope.paket_namn,
        "mottagen_tid": envelope.mottagen.replace(tzinfo=None),
        "mottagen_lokal": envelope.mottagen.astimezone(STOCKHOLM).replace(tzinfo=None),
        "provad": False,
        "status": "mottagen",
    }
