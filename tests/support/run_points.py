"""Where a whole run can be killed: named points, and the nth file operation of a step.

Belongs here: the points and the counting, in the child of `warm.py`. Does not belong here: points inside the reception
(`killed.py` has those).

A point is a name of POINTS, or `step:n` for the nth operation Python does on files of the home in that step, or
`dbt+seconds`. A step with fewer operations is killed at its end, so that a seed always gives a kill.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

STEPS = ("reception", "ledger", "dbt", "told", "checks", "release", "end")
EVENTS = {
    "open",
    "os.rename",
    "os.remove",
    "os.mkdir",
    "os.rmdir",
    "os.symlink",
    "os.chmod",
    "os.listdir",
    "os.scandir",
}
DBT = Path(__file__).with_name("remembered_dbt.py")


class _State:
    step = "start"
    counts: ClassVar[Counter[str]] = Counter()
    report: Path | None = None
    at: tuple[str, int] | None = None


def die() -> None:
    """The whole group at once, as when the machine stops; where the run is alone, itself."""
    os.kill(os.getpid(), signal.SIGKILL)


def _before(owner: Any, name: str, act: Callable[..., None]) -> None:
    whole = getattr(owner, name)

    def wrapped(*args: Any, **kwargs: Any) -> Any:
        act(*args, **kwargs)
        return whole(*args, **kwargs)

    setattr(owner, name, wrapped)


def _after(owner: Any, name: str, act: Callable[..., None]) -> None:
    whole = getattr(owner, name)

    def wrapped(*args: Any, **kwargs: Any) -> Any:
        result = whole(*args, **kwargs)
        act(*args, **kwargs)
        return result

    setattr(owner, name, wrapped)


def _nth(number: int) -> Callable[..., None]:
    left = [number]

    def act(*_: Any, **__: Any) -> None:
        left[0] -= 1
        if left[0] == 0:
            die()

    return act


def _enter(step: str) -> Callable[..., None]:
    def act(*_: Any, **__: Any) -> None:
        if _State.at and _State.at[0] == _State.step != step:
            die()  # the step had fewer operations than the seed said
        _State.step = step
        _one_more()

    return act


def _one_more() -> None:
    _State.counts[_State.step] += 1
    if _State.at == (_State.step, _State.counts[_State.step]):
        die()


def _steps() -> None:
    from pipelines.checks import assets as checks
    from pipelines.checks import kommuner
    from pipelines.cli import run
    from pipelines.landing import assets as landing
    from pipelines.publish import assets as publish
    from pipelines.transform import assets as transform

    for owner, name, step in (
        (landing, "open_keys", "reception"),
        (landing, "remove_unnamed", "ledger"),
        (transform, "prepare_build", "dbt"),
        (transform, "read_facts", "told"),
        (kommuner, "ask", "checks"),
        (checks, "run_suites", "checks"),
        (publish, "_built", "release"),
        (run, "_summary", "end"),
    ):
        _before(owner, name, _enter(step))


def _count(home: str) -> None:
    def hook(event: str, args: tuple[Any, ...]) -> None:
        if event in EVENTS and args and home in str(args[0]):
            _one_more()

    sys.addaudithook(hook)


def _dbt_after(seconds: float) -> None:
    def hook(event: str, args: tuple[Any, ...]) -> None:
        if event == "subprocess.Popen" and "build" in args[1]:
            threading.Timer(seconds, die).start()

    sys.addaudithook(hook)


def _ledger_export(number: int) -> None:
    from pipelines.landing.ledger import export

    _before(export, "write_whole", _nth(number))


def _points() -> dict[str, Callable[[], None]]:
    from pipelines.checks import assets as checks
    from pipelines.landing import assets as landing
    from pipelines.landing import reception, settle
    from pipelines.landing.archive import Archive
    from pipelines.landing.gate import Gate
    from pipelines.publish import files, release
    from pipelines.transform import assets as transform

    return {
        "reading the inbox": lambda: _before(reception, "read_wrapped", _nth(2)),
        "decoding": lambda: _before(Gate, "_load", _nth(1)),
        "in the gate": lambda: _before(Gate, "_outcomes", _nth(1)),
        "archiving": lambda: _after(Archive, "keep", _nth(2)),
        "the ledger has committed": lambda: _before(reception, "_take_out", _nth(1)),
        "receipts are written": lambda: _after(settle, "write_receipts", _nth(1)),
        "half of the ledger's export": lambda: _ledger_export(4),
        "the ledger is exported": lambda: _after(landing, "export_ledger", _nth(1)),
        "dbt starts": lambda: _dbt_after(0.0),
        "dbt parses": lambda: _dbt_after(2.0),
        "dbt builds": lambda: _dbt_after(9.0),
        "dbt has just ended": lambda: _before(transform, "read_facts", _nth(1)),
        "the checks begin": lambda: _before(checks, "run_suites", _nth(1)),
        "in the checks": lambda: _before(checks, "run_suites", _nth(4)),
        "the public files are written": lambda: _before(release, "write_texts", _nth(1)),
        "the analysts' copy is written": lambda: _after(release, "write_internal", _nth(1)),
        "before the rename": lambda: _before(release, "_place", _nth(1)),
        "after the rename": lambda: _before(release, "swap_pointer", _nth(1)),
        "in the pointer's swap": lambda: _before(files.os, "replace", _only_in(files.__file__)),
        "after the pointer": lambda: _before(release, "_prune", _nth(1)),
    }


def _only_in(file: str) -> Callable[..., None]:
    def act(*_: Any, **__: Any) -> None:
        if sys._getframe(2).f_code.co_filename == file:
            die()

    return act


POINTS = (
    "reading the inbox",
    "decoding",
    "in the gate",
    "archiving",
    "the ledger has committed",
    "receipts are written",
    "half of the ledger's export",
    "the ledger is exported",
    "dbt starts",
    "dbt parses",
    "dbt builds",
    "dbt has just ended",
    "the checks begin",
    "in the checks",
    "the public files are written",
    "the analysts' copy is written",
    "before the rename",
    "after the rename",
    "in the pointer's swap",
    "after the pointer",
)


def prepare(run: dict[str, Any], report: Path) -> None:
    """Make the child ready to be killed where the run says."""
    _State.report = report
    report.unlink(missing_ok=True)
    if run["memory"]:
        _remember(Path(run["memory"]))
    if run["light"]:
        _light()
    at = run["at"]
    if at is None or ":" in at:
        _steps()
        _State.at = (at.split(":")[0], int(at.split(":")[1])) if at else None
        _count(run["home"])
    elif at.startswith("dbt+"):
        _dbt_after(float(at[4:]))
    else:
        _points()[at]()


def finish() -> None:
    """Say how many operations each step had."""
    if _State.report:
        _State.report.write_text(json.dumps(_State.counts))


def _remember(memory: Path) -> None:
    """dbt's own process is replaced by one that puts back what dbt made of the same bytes."""
    from pipelines.transform import assets as transform

    os.environ["FAULTS_DBT"], os.environ["FAULTS_MEMORY"] = str(transform.DBT), str(memory)
    transform.DBT = DBT


def _light() -> None:
    """Dagster's history in memory: it is told of nothing that a later run reads, and costs ten seconds."""
    import dagster as dg

    from pipelines.cli import run

    dg.DagsterInstance.from_config = lambda *_: dg.DagsterInstance.ephemeral()  # type: ignore[method-assign,assignment]
    del run
