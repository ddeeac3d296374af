"""A real small disk: a tmpfs of some megabytes in a mount namespace of its own, filled so that a little is left.

Belongs here: the disk, and the work that is tried on it with less and more room. Does not belong here: what must hold
(tests/faults/test_full_disk.py). Run as a module with the name of the work and a folder to mount in, it answers with
one line of JSON. Nobody outside the namespace sees the disk, and it is gone with the process.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import dagster as dg

ROOT = Path(__file__).parents[2]
FILLER = "fyllnad"
ROOM, HISTORY = (0, 100, 400, 1_000, 4_000, 9_000, 16_000, 24_000, 32_000), 1_000  # kB; Dagster's own needs no more
UNSHARE = ("unshare", "--mount") if os.geteuid() == 0 else ("unshare", "--mount", "--map-root-user")


def why_not() -> str | None:
    """Why this machine allows no disk of one's own, or None."""
    if shutil.which("unshare") is None:
        return "unshare is not installed"
    tried = subprocess.run([*UNSHARE, "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True, check=False)
    return None if tried.returncode == 0 else "mounting a tmpfs in a namespace is not permitted"


def on_small_disk(work: str, folder: Path, *arguments: str) -> Any:
    """Do the work in a process that has the disk mounted on `folder`; its answer."""
    command = [*UNSHARE, sys.executable, "-m", "tests.support.small_disk", work, str(folder), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


# -- in the namespace ----------------------------------------------------------------------------------------------


def _mount(folder: Path, megabytes: int) -> None:
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "none", str(folder)], check=True)


def _fill(disk: Path, kilobytes: int) -> None:
    """Leave this much room."""
    free = shutil.disk_usage(disk).free - kilobytes * 1024
    with (disk / FILLER).open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(1, free))


def _tried(disk: Path, kilobytes: int, work: Callable[[], object]) -> str | None:
    """What the work says when this much room is left; None when it was enough. The room is then given back."""
    _fill(disk, kilobytes)
    try:
        work()
    except dg.Failure as failure:
        return str(failure.description)
    finally:
        (disk / FILLER).unlink()
    return None


def receptions(disk: Path, step: str) -> dict[str, Any]:
    """The same packages received with more and more room, each time in a home of its own, and once more with enough."""
    from pipelines.landing.remedy import remedy
    from tests.support.drift import STORY, Drift

    _mount(disk, 24)
    found: dict[str, Any] = {"sagt": {}, "efter": [], "platser": [], "kvar": []}
    for kilobytes in range(0, 4000, int(step)):
        house = Drift(disk / "hem")
        for delivery in STORY:
            delivery.put(house.settings.inbox)

        def work(house: Drift = house) -> None:
            with remedy("Mottagningen"):
                house.run()
                house.export()

        said = _tried(disk, kilobytes, work)
        found["sagt"][kilobytes] = said
        found["platser"].append(_reached(house))
        work()
        found["efter"].append(digest(house.outcome()))
        found["kvar"] += house.left()
        house.engine.dispose()
        shutil.rmtree(disk / "hem")
        if said is None:
            return found
    return found


def _reached(house: Any) -> str:
    """The last thing that was written before there was no more room."""
    settings = house.settings
    places = (
        ("export", settings.landing / "huvudbok", "*.parquet"),
        ("kvittenser", settings.outbox, "*/*.json"),
        ("karantan", settings.quarantine, "*.lager"),
        ("landning", settings.landing, "*/[0-9a-f]*.parquet"),
        ("arkiv", settings.archive, "*/*.lager"),
    )
    return next((name for name, folder, pattern in places if any(folder.glob(pattern))), "inget")


def digest(outcome: dict[str, Any]) -> str:
    """One text for everything later rooms read."""
    import hashlib

    outcome = {**outcome, "arkiv": sorted(outcome["arkiv"])}
    return hashlib.sha256(json.dumps(outcome, default=str, sort_keys=True).encode()).hexdigest()


def releases(disk: Path, step: str) -> dict[str, Any]:
    """A new release with more and more room, the former one standing."""
    from dataclasses import replace

    from pipelines.publish import assets, build_release, verify_release
    from pipelines.settings import Settings
    from tests.unit.test_publish import PROVENANCE, make_build

    _mount(disk, 24)
    settings = Settings(home=disk / "hem")
    settings.build_path.parent.mkdir(parents=True)
    make_build(settings.build_path, rows=50_000)
    first = build_release(settings.build_path, settings.release, PROVENANCE).version
    assets.read_provenance = lambda _: replace(PROVENANCE, underlag="ny")  # type: ignore[assignment]
    found: dict[str, Any] = {"sagt": {}, "fel": [], "versioner": [], "forsta": first, "kvar": []}
    for kilobytes in range(0, 8000, int(step)):
        said = _tried(disk, kilobytes, lambda: assets._built(settings))
        found["sagt"][kilobytes] = said
        found["fel"] += verify_release(settings.release)
        found["versioner"].append(os.readlink(settings.release / "CURRENT"))
        found["kvar"] += [p.name for p in settings.release.glob(".bygger-*")]
        if said is None:
            return found
    return found


def runs(disk: Path, beside: str) -> dict[str, Any]:
    """Whole runs of what waits in a house with more and more room, then one with enough."""
    from tests.support.small_house import SmallHouse
    from tests.support.warm import warm

    _mount(disk, 900)
    with warm() as process, TemporaryDirectory() as desk:
        waiting = sorted((Path(beside) / "vantar").glob("*/*"))
        house = SmallHouse(Path(beside) / "hem", process, Path(desk), waiting).copied(disk)
        house.feed()
        found: dict[str, Any] = {"slut": [], "fel": [], "versioner": []}
        for kilobytes in ROOM:
            _fill(disk, kilobytes)
            ended = house.run(light=kilobytes > HISTORY, desk=Path(desk))
            (disk / FILLER).unlink()
            found["slut"].append((kilobytes, ended.code, ended.said))
            found["fel"] += house.faults()
            found["versioner"] = sorted({*found["versioner"], house.version()})
        last = house.run(memory=None)
        return {**found, "sist": last.code, "tabeller": house.hashes()}


if __name__ == "__main__":
    with redirect_stdout(sys.stderr):
        answer = globals()[sys.argv[1]](Path(sys.argv[2]), *sys.argv[3:])
    print(json.dumps(answer))
