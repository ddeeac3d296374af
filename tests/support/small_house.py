"""Three municipalities' demo for faults in whole runs: delivered bit by bit, and what must hold after each fault.

Belongs here: the house, feeding its inbox, and the looks at release and ledger that anyone may take at any moment.
Does not belong here: the faults.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import sqlite3
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from pipelines.publish import verify_release
from pipelines.publish.files import swap_pointer
from pipelines.synthetic import write_demo
from tests.support.reception import give_key
from tests.support.warm import Ended, Run, Warm

ASOF = "2018-04-01"


def delivered_demo(home: Path) -> Path:
    """A home with 38 packages from three municipalities, and the key."""
    home.mkdir(parents=True)
    write_demo(home, kommuner=3, manader=14, skala=0.05, fro=1, asof=date.fromisoformat(ASOF))
    give_key(home)
    return home


@dataclass
class SmallHouse:
    """A home whose packages wait beside it until they are fed, in an order the seed decides."""

    home: Path
    process: Warm
    memory: Path
    waiting: list[Path] = field(default_factory=list)

    @classmethod
    def of(cls, demo: Path, beside: Path, process: Warm, memory: Path, seed: int = 1) -> SmallHouse:
        beside.mkdir(parents=True, exist_ok=True)
        subprocess.run(["cp", "-a", str(demo), str(beside / "hem")], check=True)
        house = cls(beside / "hem", process, memory)
        (house.home / "inbox").rename(beside / "vantar")
        house.waiting = sorted((p for p in (beside / "vantar").glob("*/*")), key=str)
        random.Random(seed).shuffle(house.waiting)
        return house

    def copied(self, beside: Path) -> SmallHouse:
        """The same house elsewhere, with what still waits beside it."""
        subprocess.run(["cp", "-a", *map(str, sorted(self.home.parent.iterdir())), str(beside)], check=True)
        waiting = [beside / path.relative_to(self.home.parent) for path in self.waiting]
        return SmallHouse(beside / "hem", self.process, self.memory, waiting)

    def feed(self, number: int | None = None) -> None:
        """Let some packages arrive, or all that are left; the time of arrival is kept."""
        for package in self.waiting[:number]:
            target = self.home / "inbox" / package.parent.name / package.name
            target.parent.mkdir(parents=True, exist_ok=True)
            package.rename(target)
        del self.waiting[:number]

    def run(self, at: str | None = None, **facts: Any) -> Ended:
        """A run, killed at a point or not."""
        return self.process.run(self.asked(at, **facts))

    def asked(self, at: str | None = None, **facts: Any) -> Run:
        return Run(self.home, ASOF, at, **{"memory": self.memory, "light": True, **facts})

    def version(self) -> str | None:
        pointer = self.home / "release" / "CURRENT"
        return os.readlink(pointer) if pointer.is_symlink() else None

    def back_to(self, version: str | None) -> None:
        """Undo a promotion that a killed run came to, so that the next one has it to do."""
        release = self.home / "release"
        if version and self.version() != version:
            newer = release / str(self.version())
            swap_pointer(release, version)
            shutil.rmtree(newer)

    def hashes(self) -> dict[str, Any]:
        """Rows and hash of every released table."""
        return released(self.home)

    def faults(self) -> list[str]:
        """What is wrong with what a reader sees, and with the sum of rows in the ledger."""
        wrong = verify_release(self.home / "release") if self.version() else []
        return wrong + uneven(self.home / "ledger.sqlite")


def released(home: Path) -> dict[str, Any]:
    """Rows and hash of every table in the current release."""
    manifest = json.loads((home / "release" / "CURRENT" / "MANIFEST.json").read_text())
    return dict(manifest["innehall"]["tabeller"])


def uneven(ledger: Path) -> list[str]:
    """Deliveries of which received is not loaded + quarantined + protected + rejected."""
    if not ledger.exists():
        return []
    query = (
        "select leverans_id, dataset from leverans_dataset where mottagna <> lasta + i_karantan + skyddade + avvisade "
        "union all select leverans_id, 'alla' from leverans_utfall group by leverans_id "
        "having sum(mottagna) <> sum(lasta + i_karantan + skyddade + avvisade)"
    )
    with closing(sqlite3.connect(ledger)) as db:
        try:
            return [f"{row[0]} {row[1]}" for row in db.execute(query)]
        except sqlite3.OperationalError as error:
            return [] if "no such table" in str(error) else [str(error)]


@contextmanager
def watched(home: Path) -> Iterator[tuple[list[str], set[str]]]:
    """A reader who verifies whatever is current, over and over: what it found wrong, and the versions it saw."""
    wrong: list[str] = []
    seen: set[str] = set()
    stop, release = threading.Event(), home / "release"

    def look() -> None:
        version = os.readlink(release / "CURRENT")
        faults = verify_release(release, version)
        if os.readlink(release / "CURRENT") == version:  # a test may take a promotion back
            seen.add(version)
            wrong.extend(f"{version}: {fault}" for fault in faults)

    def watch() -> None:
        ended = False
        while not ended:
            ended = stop.wait(0.3)  # and once more at the end
            if (release / "CURRENT").is_symlink():
                look()

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield wrong, seen
    finally:
        stop.set()
        thread.join()
