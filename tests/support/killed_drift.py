"""Operations killed in the middle, each in a process of its own.

Belongs here: where an operation can be killed, and doing it with SIGKILL. Does not belong here: what holds afterwards.
Run as a module with a JSON object {point: home}; answers with {point: signal that ended it, or null}.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.support.killed import ROOT, _at

Kill = Callable[[], None]


def _name(place: Any) -> str:
    return str(place)


def _key_file(source: Any, target: Any, **_: Any) -> bool:
    return Path(_name(target)).name == "huvudnyckel"


def _lies(*parts: str) -> Callable[..., bool]:
    return lambda path, *_, **__: all(part in _name(path) for part in parts)


def _rotate() -> dict[str, Kill]:
    from pipelines.landing import opening, rotation
    from pipelines.landing.archive import Store

    return {
        "rotate: when the new key is written": lambda: _at(rotation, "write_key", after=True),
        "rotate: half through the archive": lambda: _at(Store, "reseal", after=True),
        "rotate: half through quarantine": lambda: _at(
            Store, "reseal", after=True, when=lambda s, *_: s.use == "karantan"
        ),
        "rotate: after the first landing file": lambda: _at(rotation, "write", after=True),
        "rotate: before the ledger": lambda: _at(rotation, "swap"),
        "rotate: in the ledger's transaction": lambda: _at(rotation, "take_into_use", after=True),
        "rotate: after the ledger, before the old key is kept": lambda: _at(opening, "write_durably"),
        "rotate: after the log, before the key takes its place": lambda: _at(os, "replace", when=_key_file),
        "rotate: when the key has taken its place": lambda: _at(os, "replace", after=True, when=_key_file),
    }


def _retain() -> dict[str, Kill]:
    from pipelines.landing import retention

    return {
        "retain: in the protocol's transaction": lambda: _at(retention, "_protocol", after=True),
        "retain: after the protocol, before the first file": lambda: _at(
            Path, "unlink", when=_lies("archive", ".lager")
        ),
        "retain: half through quarantine": lambda: _at(Path, "unlink", after=True, when=_lies("quarantine", ".lager")),
        "retain: after the new landing file, before the ledger": lambda: _at(retention, "swap"),
        "retain: after the ledger, before the old landing file": lambda: _at(
            Path, "unlink", when=_lies("landing", ".parquet")
        ),
    }


def _rebuild() -> dict[str, Kill]:
    from pipelines.landing import rebuild
    from pipelines.landing.reception import Receiver

    return {
        "rebuild: when the second home stands": lambda: _at(rebuild, "_second_home", after=True),
        "rebuild: half through the reception": lambda: _at(Receiver, "_pass_gate", after=True),
        "rebuild: before anything is moved": lambda: _at(rebuild, "_promote"),
        "rebuild: after landing, before the ledger": lambda: _at(rebuild, "_take_over"),
        "rebuild: after the ledger": lambda: _at(rebuild, "_take_over", after=True),
        "rebuild: half through quarantine": lambda: _at(os, "replace", after=True, when=_lies(".aterskapar", ".lager")),
        "rebuild: before the second home is removed": lambda: _at(rebuild.shutil, "rmtree", when=_lies(".aterskapar")),
    }


def _back_up() -> dict[str, Kill]:
    from pipelines.landing import backup

    return {
        "back up: half a file": lambda: _at(backup.shutil, "copyfile", after=True),
        "back up: after the first file": lambda: _at(backup, "_taken", after=True),
        "back up: before the manifest": lambda: _at(backup, "_write_manifest"),
        "back up: after the manifest": lambda: _at(backup, "_prune"),
    }


def _restore() -> dict[str, Kill]:
    from pipelines.landing import restore

    return {
        "restore: after the first file": lambda: _at(restore, "_put", after=True),
        "restore: before the receipts": lambda: _at(restore, "_write_receipts"),
        "restore: before anything is in place": lambda: _at(restore, "_into_place"),
        "restore: half in place": lambda: _at(os, "rename", after=True, when=_lies(".aterstaller")),
        "restore: all in place": lambda: _at(Path, "rmdir", when=_lies(".aterstaller")),
    }


def points() -> dict[str, Kill]:
    """Every point, by operation."""
    return _rotate() | _retain() | _rebuild() | _back_up() | _restore()


def operate(home: Path, operation: str) -> None:
    """One operation as the command makes it, without the lock."""
    from pipelines.contracts.model import get_contracts
    from pipelines.landing import backup, rebuild, restore, retention, rotation
    from pipelines.landing.opening import finish, open_keys
    from pipelines.settings import Settings
    from tests.support.drift import Drift
    from tests.support.reception import ASOF

    if operation == "restore":
        restore.restore(Settings(home=home, asof=ASOF), get_contracts(), home.parent / "kopia", home.parent / "nyckel")
        return
    house = Drift(home)
    finish(house.settings, house.engine)
    if operation == "rotate":
        rotation.rotate(house.settings, get_contracts(), house.engine)
    elif operation == "retain":
        retention.retain(house.settings, house.engine)
    elif operation == "rebuild":
        keys = open_keys(house.settings, house.engine)
        rebuild.rebuild(house.settings, get_contracts(), keys, house.engine)
    else:
        backup.back_up(house.settings, house.engine, home.parent / "kopia")


def kill_all(homes: dict[str, Path]) -> dict[str, int | None]:
    """Make an operation in each home and kill it at its point."""
    command = [sys.executable, "-m", "tests.support.killed_drift"]
    sent = json.dumps({point: str(home) for point, home in homes.items()})
    done = subprocess.run(command, input=sent, capture_output=True, text=True, cwd=ROOT, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _main() -> None:
    kills, ended = points(), {}
    for point, home in json.load(sys.stdin).items():
        child = os.fork()
        if child == 0:
            try:
                kills[point]()
                operate(Path(home), point.partition(":")[0].replace("back up", "back_up"))
            finally:
                os._exit(3)
        status = os.waitpid(child, 0)[1]
        ended[point] = os.WTERMSIG(status) if os.WIFSIGNALED(status) else None
    print(json.dumps(ended))


if __name__ == "__main__":
    _main()
