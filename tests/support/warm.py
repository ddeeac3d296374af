"""A process that has imported everything once, and gives every run a child of its own.

Belongs here: starting `lager` in a forked child in a home, killing its whole group -9, and what it said. Does not
belong here: where it is killed (`run_points.py`) and what holds afterwards.

Importing Dagster, dbt and Great Expectations costs more than a reception. The process forks while it has one thread of
its own and no DuckDB connection; the child goes the way of the command, from its arguments to its exit code. Run as a
module it reads one JSON object per line, a `Run` or the number of one to wait for, and answers each with one line.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
SAID, COUNTS, LONGEST = "sagt.txt", "antal.json", 400


@dataclass(frozen=True)
class Run:
    """One `lager` in a home. `at` is a point of `run_points`; `memory` lets dbt's build be remembered; `alone` kills
    the process and lets what it has started live; on the `desk` lies what it said (by default beside the home)."""

    home: Path
    asof: str | None
    at: str | None = None
    arguments: tuple[str, ...] = ("run",)
    memory: Path | None = None
    light: bool = False
    alone: bool = False
    desk: Path | None = None
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Ended:
    """How a run ended: its exit code, or minus the signal; what it said; events seen in each step; seconds it took."""

    code: int
    said: str
    counts: dict[str, int]
    seconds: float


class Warm:
    """The client of the process."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def start(self, run: Run) -> int:
        """Begin a run; the number to wait for."""
        return int(self._ask(asdict(run)))

    def wait(self, child: int, run: Run) -> Ended:
        """The end of a run that was started."""
        code, seconds = self._ask(child)
        beside = run.desk or run.home.parent
        counts = json.loads((beside / COUNTS).read_text()) if (beside / COUNTS).exists() else {}
        return Ended(code, (beside / f"{child}.{SAID}").read_text(), counts, seconds)

    def run(self, run: Run) -> Ended:
        """A run from beginning to end."""
        return self.wait(self.start(run), run)

    def _ask(self, question: Any) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(question, default=str) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())


@contextmanager
def warm() -> Iterator[Warm]:
    """The process, ready; it ends with the block."""
    command = [sys.executable, "-m", "tests.support.warm"]
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("LAGER_", "DAGSTER_", "DBT_"))}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=kept
    ) as process:
        yield Warm(process)
        assert process.stdin is not None
        process.stdin.close()


# -- in the process ------------------------------------------------------------------------------------------------


def _import_everything() -> None:
    import great_expectations  # noqa: F401
    import matplotlib.figure  # noqa: F401

    from pipelines import cli  # noqa: F401
    from pipelines.definitions import defs
    from pipelines.settings import get_settings
    from pipelines.transform.prepare import prepare

    prepare()
    for job in ("lager", "ombyggnad"):
        defs.resolve_job_def(job)
    get_settings.cache_clear()


def _begin(run: dict[str, Any]) -> int:
    """Fork the child that is the run; the parent's answer is its number."""
    child = os.fork()
    if child:
        return child
    code = 70
    try:
        os.setsid()
        signal.alarm(LONGEST)  # a child that hangs is ended too
        said = Path(run["desk"] or Path(run["home"]).parent) / f"{os.getpid()}.{SAID}"
        out = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        silent = os.open(os.devnull, os.O_RDONLY)
        for stream, target in ((0, silent), (1, out), (2, out)):
            os.dup2((stream and out) or target, stream)
        code = _lager(run)
    except BaseException:
        traceback.print_exc()
    finally:
        with suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _lager(run: dict[str, Any]) -> int:
    from pipelines.cli import app
    from tests.support import run_points

    os.environ["LAGER_HOME"] = run["home"]
    os.environ.pop("LAGER_ASOF", None)
    os.environ.update(run["extra"] | ({"LAGER_ASOF": run["asof"]} if run["asof"] else {}))
    (Path(run["home"]).parent / "tmp").mkdir(exist_ok=True)
    os.environ["TMPDIR"] = str(Path(run["home"]).parent / "tmp")
    run_points.prepare(run, Path(run["desk"] or Path(run["home"]).parent) / COUNTS)
    try:
        app(run["arguments"], standalone_mode=True)
    except SystemExit as end:
        run_points.finish()
        return int(end.code or 0)
    return 0


def _end(child: int, alone: bool, started: float) -> tuple[int, float]:
    status = os.waitpid(child, 0)[1]
    if not alone:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child, signal.SIGKILL)  # dbt runs in the group
    return os.waitstatus_to_exitcode(status), round(time.monotonic() - started, 2)


def _main() -> None:
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what the imports say is no answer
    _import_everything()
    running: dict[int, tuple[bool, float]] = {}
    for line in sys.stdin:
        asked = json.loads(line)
        if isinstance(asked, int):
            found: Any = _end(asked, *running.pop(asked))
        else:
            found = _begin(asked)
            running[found] = (asked["alone"], time.monotonic())
        answers.write(json.dumps(found) + "\n")
        answers.flush()


if __name__ == "__main__":
    _main()
