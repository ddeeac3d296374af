"""A reception in a temporary home, and what it left behind.

Belongs here: running the real Receiver, and reading ledger, landing, outbox. Does not belong here: any expectation.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from sqlalchemy import Engine, text

from pipelines.contracts.model import Contracts, get_contracts
from pipelines.landing import reception as product
from pipelines.landing.access import Access, AccessLog
from pipelines.landing.archive import Archive, Quarantine
from pipelines.landing.keys import Keys, write_key
from pipelines.landing.ledger.export import export_ledger
from pipelines.landing.ledger.store import open_ledger
from pipelines.settings import Settings
from tests.support.delivery import DATASETS, Parcel

ASOF = date(2020, 2, 1)
MASTER = bytes(range(32))
Cells = dict[str, Any]


def give_key(home: Path) -> None:
    """The key file of a whole home, the same each time: pseudonyms can be compared between homes, and what is moved or
    hidden for protection does not change from one day to the next. Its bytes stand nowhere by chance, as MASTER's do.
    """
    master, root = (hashlib.sha256(part).digest() for part in (b"master", b"root"))
    write_key(home / "nycklar" / "huvudnyckel", Keys(master, (root,)))


@dataclass
class House:
    """A home with its ledger. `master` is the key in memory; no key file is read. `contracts` are the project's own,
    unless a test has others.
    """

    home: Path
    master: bytes = MASTER
    contracts: Contracts = field(default_factory=get_contracts)
    _read: dict[tuple[Path, int], list[Cells]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.settings = Settings(home=self.home, asof=ASOF)
        self.settings.inbox.mkdir(parents=True, exist_ok=True)
        self.engine: Engine = open_ledger(self.settings.ledger_path)

    @property
    def keys(self) -> Keys:
        """The keys this house works with."""
        return Keys(self.master)

    # -- in ------------------------------------------------------------------------------------------------------

    def receive(self, *deliveries: Parcel, folder: bool = False, periods: set[str] | None = None) -> Any:
        """Place deliveries in the inbox and run one reception."""
        for delivery in deliveries:
            delivery.put(self.settings.inbox, folder=folder)
        return self.run(periods)

    def run(self, periods: set[str] | None = None) -> Any:
        """One reception of what lies in the inbox."""
        return product.Receiver(self.settings, self.contracts, self.keys, self.engine).run(periods)

    def export(self) -> dict[str, int]:
        """Write the ledger's Parquet."""
        with self.engine.begin() as connection:
            return export_ledger(connection, self.contracts, ASOF, self.settings.landing / "huvudbok")

    # -- sealed stores -------------------------------------------------------------------------------------------

    def access(self, store: str, *ids: str) -> Access:
        """Leave to read some deliveries (by default all), got in the proper way."""
        names = ids or [r["leverans_id"] for r in self.ledger("select leverans_id from leverans")]
        return AccessLog(self.settings.access_log, self.keys).reading(store, "prov", names)

    def archived(self) -> dict[str, bytes]:
        """Every archived package, by leverans_id."""
        archive, access = Archive(self.settings.archive, self.keys), self.access("arkiv")
        return {archive.leverans_id(path): archive.fetch(archive.name(path), access) for path in archive.files()}

    def set_aside(self) -> list[tuple[Any, ...]]:
        """Every row in quarantine, with its dataset."""
        quarantine, access = Quarantine(self.settings.quarantine, self.keys), self.access("karantan")
        found = []
        for path in quarantine.files():
            dataset, leverans_id = quarantine.dataset(path), quarantine.leverans_id(path)
            found += [(dataset, *r.values()) for r in quarantine.fetch(leverans_id, dataset, access).to_pylist()]
        return sorted(found, key=str)

    # -- out -----------------------------------------------------------------------------------------------------

    def ledger(self, query: str, **values: Any) -> list[Cells]:
        """Rows of a query to the ledger."""
        with self.engine.connect() as connection:
            return [dict(row) for row in connection.execute(text(query), values).mappings()]

    def landing(self, dataset: str, delivery: Parcel | None = None) -> list[Cells]:
        """Landed rows, by delivery and line."""
        rows = [row for file in sorted((self.settings.landing / dataset).glob("*.parquet")) for row in self._rows(file)]
        leverans_id = delivery and delivery.leverans_id
        wanted = [r for r in rows if delivery is None or r["leverans_id"] == leverans_id]
        return sorted(wanted, key=lambda r: (r["leverans_id"], r["rad_nr"]))

    def _rows(self, file: Path) -> list[Cells]:
        key = (file, file.stat().st_mtime_ns)
        if key not in self._read:
            self._read[key] = pq.read_table(file).to_pylist()
        return self._read[key]

    def verdict(self, delivery: Parcel) -> tuple[str, str | None]:
        """(status, stopping rule) of a delivery that kept its identity."""
        query = "select status, stoppande_regel from leverans where leverans_id = :id"
        (row,) = self.ledger(query, id=delivery.leverans_id)
        return row["status"], row["stoppande_regel"]

    def findings(self, delivery: Parcel) -> set[tuple[str, int, str | None, str]]:
        """(dataset, line, column, rule) of every row that broke a rule."""
        query = "select dataset, rad_nr, kolumn, regel_id from fynd where leverans_id = :id"
        return {tuple(r.values()) for r in self.ledger(query, id=delivery.leverans_id)}

    def counts(self, delivery: Parcel) -> dict[str, tuple[int, int, int, int, int]]:
        """Per dataset: received, loaded, in quarantine, protected, rejected."""
        query = (
            "select dataset, mottagna, lasta, i_karantan, skyddade, avvisade from leverans_utfall "
            "where leverans_id = :id"
        )
        rows = [list(r.values()) for r in self.ledger(query, id=delivery.leverans_id)]
        return {name: tuple(numbers) for name, *numbers in rows}

    def faults(self, delivery: Parcel) -> list[Cells]:
        """Broken rules of a delivery as they stand in the ledger."""
        query = "select dataset, regel_id, allvar, antal_rader, detalj from regelutfall where leverans_id = :id"
        return self.ledger(query, id=delivery.leverans_id)

    def receipts(self) -> list[Cells]:
        """Every receipt in the outbox."""
        return [json.loads(p.read_text()) for p in sorted(self.settings.outbox.glob("*/*.json"))]

    def receipt(self, delivery: Parcel) -> Cells:
        """A delivery's receipt."""
        (found,) = [r for r in self.receipts() if r["leverans_id"] == delivery.leverans_id]
        return found

    def in_force(self) -> dict[tuple[str, str, str], str]:
        """(kommun, dataset, period) → leverans_id."""
        rows = self.ledger("select kommun_kod, dataset, period, leverans_id from i_kraft")
        return {(r["kommun_kod"], r["dataset"], r["period"]): r["leverans_id"] for r in rows}

    def content_in_force(self) -> str:
        """A hash of the landed rows of the deliveries in force, whatever the files they lie in."""
        query = "select dataset, period, leverans_id from i_kraft"
        owners = {(r["dataset"], r["period"], r["leverans_id"]) for r in self.ledger(query)}
        rows = [
            json.dumps([name, row], default=str, sort_keys=True)
            for name in DATASETS
            for row in self.landing(name)
            if (name, row["period"], row["leverans_id"]) in owners
        ]
        return hashlib.sha256("\n".join(sorted(rows)).encode()).hexdigest()

    def state(self) -> Cells:
        """Everything a later room reads, without what may differ between runs (file names, serial numbers)."""
        tables = {
            "leverans": "select * from leverans order by leverans_id",
            "leverans_utfall": "select * from leverans_utfall order by 1, 2",
            "leverans_manad": "select * from leverans_manad order by 1, 2, 3",
            "i_kraft": "select * from i_kraft order by 1, 2, 3, 4, 5",
            "varning": "select * from varning order by 1, 2, 3, 4",
            "regelutfall": "select leverans_id, dataset, regel_id, allvar, antal_rader, detalj from regelutfall "
            "order by 1, 2, 3, 6",
            "fynd": "select leverans_id, dataset, rad_nr, kolumn, regel_id from fynd order by 1, 2, 3, 5, 4",
            "undanhallen": "select * from undanhallen order by 1, 2",
        }
        found: Cells = {name: self.ledger(query) for name, query in tables.items()}
        found |= {name: self.landing(name) for name in self.contracts.datasets}
        found["kvittenser"] = {p.name: p.read_text() for p in sorted(self.settings.outbox.glob("*/*.json"))}
        return found
