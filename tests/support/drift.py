"""A house with something of everything that operations touch, and what must hold of it afterwards.

Belongs here: the house's story, its key file, and pseudonyms made by the standard library from that file alone. Does
not belong here: any operation, and any expectation.
"""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from pipelines.contracts.model import get_contracts
from pipelines.landing.keys import Keys, load_keys
from pipelines.landing.opening import finish, open_keys
from pipelines.landing.reception import Receiver
from tests.support.delivery import Delivery, avslut, families, hushall, number, person, reserv
from tests.support.reception import MASTER, House

OLD = Delivery(**families(2), period="2009-06", mottagen="2009-07-10T10:00:00")
FLAWED = Delivery(
    [hushall("Q", "9"), hushall("R", "2"), hushall("S", "9")],
    [person("Q", personnummer="=1+1"), person("Q", 2), reserv("Q", "R9"), person("R", 3), person("S", 4, skyddad="1")],
    [avslut("R")],
    period="2019-03",
)
LATE = FLAWED.but(kommun="0115", period="2019-12", mottagen="2020-01-10T10:00:00")
STOPPED = Delivery(**families(2), kommun="0117", period="2019-04", avslut=[avslut(kommun_kod="0114")])
NEWER = Delivery(**families(3), kommun="0120", period="2019-12", mottagen="2020-01-20T10:00:00")
STORY = (OLD, FLAWED, LATE, STOPPED)
NUMBERS = (number(2), number(3), number(4))


class Drift(House):
    """A house whose key lies in a file, as in operation."""

    def __post_init__(self) -> None:
        super().__post_init__()
        path = self.settings.master_key
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(MASTER.hex() + "\n")
            path.chmod(0o400)

    @property
    def keys(self) -> Keys:
        """What the key file holds now, and nothing else."""
        return load_keys(self.settings.master_key)

    def run(self, periods: set[str] | None = None) -> Any:
        """One reception, opened as the run opens it."""
        finish(self.settings, self.engine)
        keys = open_keys(self.settings, self.engine, create=True)
        return Receiver(self.settings, get_contracts(), keys, self.engine).run(periods)

    def outcome(self) -> dict[str, Any]:
        """Everything later rooms read and everything sealed, pseudonyms told apart only by who they are of."""
        found = self.state()
        for dataset in (d for d in self.contracts.datasets.values() if d.identity_column):
            people = {k: self.who(k, dataset.andamal) for k in {row["kommun_kod"] for row in found[dataset.id]}}
            found[dataset.id] = [r | {"person_id": people[r["kommun_kod"]][r["person_id"]]} for r in found[dataset.id]]
        return found | {"karantan": self.set_aside(), "arkiv": self.archived()}

    def who(self, kommun: str, andamal: str) -> dict[int, str]:
        """Pseudonym → identity, by the key file and the standard library."""
        master, *roots = [bytes.fromhex(line) for line in self.settings.master_key.read_text().split()]
        people = [number(i, born=born) for born in ("1980-01-01", "2010-01-01") for i in range(10)]
        texts = [*(f"pnr|{digits}" for digits in people), "reserv|R9|2019"]
        return {_pseudonym(text, f"{kommun}|{andamal}", roots or [master]): text for text in texts}

    def left(self) -> list[str]:
        """What a kill may have left behind."""
        marks = ("delvis", ".aterskapar", ".aterstaller", ".ny")
        return [p.name for p in self.home.rglob("*") if any(mark in p.name for mark in marks)]


def _pseudonym(text: str, whose: str, roots: list[bytes]) -> int:
    message = text.encode()
    for root in roots:
        key = HKDF(SHA256(), 32, None, f"person|{whose}".encode()).derive(root)
        message = hmac.new(key, message, hashlib.sha256).digest()[:8]
    return int.from_bytes(message, "big", signed=True)


def stocked(home: Path) -> Drift:
    """A house in which the whole story has been received, in two receptions."""
    house = Drift(home)
    house.receive(*STORY[:2])
    house.receive(*STORY[2:])
    house.export()
    return house
