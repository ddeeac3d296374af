"""Receptions killed in the middle, each in a process of its own.

Belongs here: where a reception can be killed, and doing it with SIGKILL. Does not belong here: what holds afterwards.
Run as a module with a JSON object {point: home}; it imports the product once and forks for every point, so that a kill
costs little. Answers with {point: signal that ended it, or null}.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _at(owner: Any, name: str, *, after: bool = False, when: Callable[..., bool] = lambda *a, **k: True) -> None:
    """Die when `owner.name` is called, or once it has returned."""
    whole = getattr(owner, name)

    def wrapped(*args: Any, **kwargs: Any) -> Any:
        hit = when(*args, **kwargs)
        if hit and not after:
            die()
        result = whole(*args, **kwargs)
        if hit:
            die()
        return result

    setattr(owner, name, wrapped)


def _half_a_file(gate: Any) -> None:
    """Die while the last dataset's file is written, when the others are whole."""
    whole = gate.write_loaded

    def wrapped(self: Any, dataset: Any, path: Path) -> Any:
        if dataset.id == self.datasets[-1].id:
            path.write_bytes(b"PAR1")
            die()
        return whole(self, dataset, path)

    gate.write_loaded = wrapped


def _half_a_folder(path: Path) -> None:
    next(p for p in sorted(Path(path).iterdir()) if p.suffix == ".csv").unlink()
    die()


def _from_inbox(*names: str) -> Callable[..., bool]:
    """Whether a path is one of these packages of the inbox, said as `0114/eb_2019-01.zip`; without names any zip."""

    def is_one(path: Path, *_: Any, **__: Any) -> bool:
        own = "/".join(path.parts[-2:])
        return path.suffix == ".zip" and "inbox" in path.parts and (not names or own in names)

    return is_one


def _points() -> dict[str, Callable[[], None]]:
    from pipelines.landing import reception, settle
    from pipelines.landing.archive import Archive, Quarantine
    from pipelines.landing.gate import Gate
    from pipelines.landing.ledger import store

    return {
        "while the last empty file is written": lambda: _half_a_file(Gate),
        "in the transaction of the known": lambda: _at(store, "add_received", after=True),
        "before a known package leaves the inbox": lambda: _at(Path, "unlink", when=_from_inbox(KNOWN)),
        "before the gate": lambda: _at(reception.Receiver, "_pass_gate"),
        "in the gate": lambda: _at(Gate, "run", after=True, when=lambda gate, sent: len(sent) > 0),
        "after the gate, before the archive": lambda: _at(Archive, "keep"),
        "after one package is archived": lambda: _at(Archive, "keep", after=True),
        "while the last Parquet is written": lambda: _half_a_file(Gate),
        "after the first Parquet, before quarantine": lambda: _at(Quarantine, "keep"),
        "after the first quarantine": lambda: _at(Quarantine, "keep", after=True, when=lambda s, d, r: r.num_rows),
        "after Parquet, before the sync": lambda: _at(reception, "sync_all"),
        "after the sync, before the ledger": lambda: _at(reception, "sync_all", after=True),
        "in the ledger's transaction, before the outcome": lambda: _at(store, "set_gate_results"),
        "in the ledger's transaction, the outcome half entered": lambda: _at(store, "add_outcomes"),
        "in the ledger's transaction, the outcome entered": lambda: _at(store, "add_outcomes", after=True),
        "after the ledger, before unlink": lambda: _at(Path, "unlink", when=_from_inbox(FIRST)),
        "after the first unlink": lambda: _at(Path, "unlink", after=True, when=_from_inbox(FIRST)),
        "after the ledger, before a refused package is gone": lambda: _at(Path, "unlink", when=_from_inbox(REFUSED)),
        "half through a folder": lambda: setattr(reception, "remove_folder", _half_a_folder),
        "after outcome, before judgement": lambda: _at(reception, "settle"),
        "in the judgement's transaction": lambda: _at(settle, "write_receipts"),
        "after receipts, before the judgement is committed": lambda: _at(settle, "write_receipts", after=True),
    }


# packages of the story in tests/faults/test_killed_reception.py
KNOWN, FIRST, REFUSED = "0114/eb_2019-01.zip", "0114/eb_2019-02.zip", "0123/eb_2019-02.zip"
POINTS = (
    "while the last empty file is written",
    "in the transaction of the known",
    "before a known package leaves the inbox",
    "before the gate",
    "in the gate",
    "after the gate, before the archive",
    "after one package is archived",
    "while the last Parquet is written",
    "after the first Parquet, before quarantine",
    "after the first quarantine",
    "after Parquet, before the sync",
    "after the sync, before the ledger",
    "in the ledger's transaction, before the outcome",
    "in the ledger's transaction, the outcome half entered",
    "in the ledger's transaction, the outcome entered",
    "after the ledger, before unlink",
    "after the first unlink",
    "after the ledger, before a refused package is gone",
    "half through a folder",
    "after outcome, before judgement",
    "in the judgement's transaction",
    "after receipts, before the judgement is committed",
)


def kill_all(homes: dict[str, Path]) -> dict[str, int | None]:
    """Run a reception in each home and kill it at its point."""
    command = [sys.executable, "-m", "tests.support.killed"]
    sent = json.dumps({point: str(home) for point, home in homes.items()})
    done = subprocess.run(command, input=sent, capture_output=True, text=True, cwd=ROOT, timeout=300, check=True)
    return dict(json.loads(done.stdout))


def _main() -> None:
    from tests.support.reception import House

    points, ended = _points(), {}
    assert tuple(points) == POINTS
    for point, home in json.load(sys.stdin).items():
        child = os.fork()
        if child == 0:
            house = House(Path(home))
            points[point]()
            house.run()
            os._exit(3)
        status = os.waitpid(child, 0)[1]
        ended[point] = os.WTERMSIG(status) if os.WIFSIGNALED(status) else None
    print(json.dumps(ended))


if __name__ == "__main__":
    _main()
