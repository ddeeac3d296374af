"""`lager run` in this process, with what each step costs: the same run, only watched.

Belongs here: which functions a step is made of, and the clock. Does not belong here: any change of what they do.

A step's cost is its own: what a step within it costs is that one's. CPU is the process's (DuckDB works in threads of
its own), in a thread of a pool that thread's; dbt's is that of its own process.
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any

REST = "start och övrigt"
STEPS: dict[str, tuple[str, ...]] = {
    "uppackning": ("landing.reception:read_wrapped", "landing.reception:open_package"),
    "avkodning": ("landing.trial:read_bodies",),
    "grind, inläsning": ("landing.gate_load:Loader.load",),
    "grind, fritext": ("landing.free_text:find",),
    "grind, regler": ("landing.gate:Gate.run", "landing.gate:Gate.positions"),
    "pseudonymer": ("landing.identities:Identities.learn",),
    "arkiv": ("landing.archive:Archive.keep",),
    "Parquet": ("landing.gate:Gate.write_loaded",),
    "karantän": ("landing.gate:Gate.set_aside", "landing.archive:Quarantine.keep"),
    "synkning": ("landing.reception:sync_all",),
    "huvudbok": (
        "landing.reception:ledger_rows",
        "landing.ledger.store:add_received",
        "landing.ledger.store:set_gate_results",
        "landing.ledger.store:add_outcomes",
    ),
    "dom": ("landing.reception:settle", "landing.assets:settle", "landing.settle:settle"),
    "kvittenser": ("landing.settle:write_receipts",),
    "utläsning": ("landing.assets:export_ledger", "landing.assets:ledger_tables"),
    "dbt": ("transform.assets:_held",),
    "dbt, fakta": ("transform.assets:read_facts",),
    "kontroller": ("checks.assets:_run", "checks.kommuner:_results"),
    "utgåva, läsning": ("publish.release:read_tables",),
    "utgåva, Parquet": ("publish.formats:write_parquet",),
    "utgåva, CSV": ("publish.formats:write_csv",),
    "utgåva, texter": ("publish.release:write_texts", "publish.release:write_catalogue"),
    "utgåva, analyskopia": ("publish.release:write_internal",),
    "utgåva, manifest": ("publish.release:write_manifest", "publish.release:fsync_tree"),
    "utgåva, prövning": ("publish.release:verify_release",),
}


def _cpu() -> float:
    if threading.current_thread() is threading.main_thread():
        return time.process_time() + _children()
    return time.thread_time()


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class Clock:
    """Own CPU and wall seconds by step."""

    def __init__(self) -> None:
        self.cpu: dict[str, float] = defaultdict(float)
        self.wall: dict[str, float] = defaultdict(float)
        self._local = threading.local()

    @contextmanager
    def step(self, name: str) -> Any:
        stack = self._local.__dict__.setdefault("stack", [])
        within = [0.0, 0.0]
        stack.append(within)
        cpu, wall = _cpu(), time.monotonic()
        try:
            yield
        finally:
            used, passed = _cpu() - cpu, time.monotonic() - wall
            stack.pop()
            self.cpu[name] += used - within[0]
            self.wall[name] += passed - within[1]
            if stack:
                stack[-1][0] += used
                stack[-1][1] += passed

    def watched(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, timed; a generator is timed while it works, not while others do."""

        @wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            with self.step(name):
                result = function(*args, **kwargs)
            return self._resumed(name, result) if hasattr(result, "__next__") else result

        return call

    def _resumed(self, name: str, generator: Any) -> Any:
        while True:
            try:
                with self.step(name):
                    value = next(generator)
            except StopIteration:
                return
            yield value


def watch(clock: Clock) -> None:
    """Let every step's functions be timed, under each name they are called by."""
    for step, places in STEPS.items():
        for place in places:
            module_name, _, path = place.partition(":")
            owner: Any = importlib.import_module(f"pipelines.{module_name}")
            *inside, name = path.split(".")
            for part in inside:
                owner = getattr(owner, part)
            setattr(owner, name, clock.watched(step, getattr(owner, name)))


def main() -> None:
    """`python -m benchmarks.steg UT.json`: run, and write what each step cost."""
    clock = Clock()
    began = time.monotonic()
    watch(clock)
    from pipelines.cli.run import run

    with clock.step(REST):
        run(as_json=False)
    clock.cpu[REST] += time.process_time() + _children() - sum(clock.cpu.values())
    found = {
        "steg": {name: {"cpu": clock.cpu[name], "vagg": clock.wall[name]} for name in (*STEPS, REST)},
        "cpu": time.process_time() + _children(),
        "vagg": time.monotonic() - began,
        "minne_mb": max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        / 1024,
        "trådar": os.cpu_count(),
    }
    Path(sys.argv[1]).write_text(json.dumps(found, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
