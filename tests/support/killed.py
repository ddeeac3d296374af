"""Receptions killed in the middle, each in a process of its own.

Belongs here: where a reception can be killed, and doing it with SIGKILL. Does not belong here: what holds afterwards.
Run as a module with a JSON object {point: home}; it imports the product once and forks for every point, so that a kill
costs little. Answers with {point: signal that ended it, or null}.
"""

from __future__ import annotations

import json
import os
import shutil
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


def _in_inbox(path: Path, *_: Any, **__: Any) -> bool:
    return path.suffix == ".zip" and "inbox" in path.parts


def _points() -> dict[str, Callable[[], None]]:
    from pipelines.landing import reception, settle
    from pipelines.landing.archive import Archive, Quarantine
    from pipelines.landing.gate import Gate
    from pipelines.landing.ledger import store

    return {
        "while the last empty file is written": lambda: _half_a_file(Gate),
        "after one package is archived": lambda: _at(Archive, "keep", after=True),
        "after archive, before ledger": lambda: _at(store, "add_received"),
        "in the ledger's transaction": lambda: _at(store, "add_received", after=True),
        "after ledger, before unlink": lambda: _at(Path, "unlink", when=_in_inbox),
        "after the first unlink": lambda: _at(Path, "unlink", after=True, when=_in_inbox),
        "half through a folder": lambda: setattr(shutil, "rmtree", _half_a_folder),
        "after unlink, before gate": lambda: _at(reception.Receiver, "_pass_gate"),
        "while the last Parquet is written": lambda: _half_a_file(Gate),
        "after the first Parquet, before quarantine": lambda: _at(Quarantine, "keep"),
        "after the first quarantine": lambda: _at(Quarantine, "keep", after=True, when=lambda s, d, r: r.num_rows),
        "after Parquet, before the ledger's outcome": lambda: _at(store, "set_gate_results"),
        "in the outcome's transaction": lambda: _at(store, "add_outcomes"),
        "after outcome, before judgement": lambda: _at(reception, "settle"),
        "in the judgement's transaction": lambda: _at(settle, "write_receipts"),
        "after receipts, before the judgement is committed": lambda: _at(settle, "write_receipts", after=True),
    }


POINTS = (
    "while the last empty file is written",
    "after one package is archived",
    "after archive, before ledger",
    "in the ledger's transaction",
    "after ledger, before unlink",
    "after the first unlink",
    "half through a folder",
    "after unlink, before gate",
    "while the last Parquet is written",
    "after the first Parquet, before quarantine",
    "after the first quarantine",
    "after Parquet, before the ledger's outcome",
    "in the outcome's transaction",
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
