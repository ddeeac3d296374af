"""The canary where the house itself falls: what errors of libraries quote is in no log, event, trace or answer.

Belongs here: faults inside the reception as Dagster runs it, and commands that refuse. Does not belong here: faults of
a delivery (test_canary.py) and of a whole run (test_canary_run.py).
"""

from __future__ import annotations

import io
import logging
import signal
import sqlite3
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import pyarrow as pa
import pytest
from dagster._serdes import serialize_value
from dagster._utils.error import serializable_error_info_from_exc_info
from rich.console import Console
from rich.traceback import Traceback
from sqlalchemy import insert, text

from pipelines.cli.run import dagster_yaml
from pipelines.landing import assets, reception, settle
from pipelines.landing.archive import Archive, Quarantine
from pipelines.landing.gate import Gate
from pipelines.landing.ledger import store
from pipelines.landing.ledger import tables as t
from pipelines.landing.remedy import remedy
from pipelines.landing.triggers import month_range
from tests.support.canary import leaks, leaks_in
from tests.support.drift import Drift
from tests.support.stops import planted, sound

Fault = Callable[[str], Any]


def _asks(query: str) -> Fault:
    """DuckDB's own error, which quotes what it met."""
    return lambda digits: lambda gate, *_, **__: gate._db.execute(query)


def _raises(make: Callable[[str], BaseException]) -> Fault:
    def fault(digits: str) -> Any:
        def fall(*_: Any, **__: Any) -> Any:
            raise make(digits)

        return fall

    return fault


def _noted(digits: str) -> BaseException:
    error = ValueError(digits)
    error.add_note(f"raden var {digits}")
    return error


def _chained(digits: str) -> Any:
    def fall(*_: Any, **__: Any) -> Any:
        try:
            raise ValueError(digits)
        except ValueError as error:
            raise RuntimeError(digits) from error

    return fall


def _ledger_refuses(digits: str) -> Any:
    def fall(connection: Any, *_: Any) -> None:
        row = {"leverans_id": digits, "sha256": digits, "paket_namn": digits}
        connection.execute(insert(t.leverans), [row, row])

    return fall


def _sql_is_wrong(digits: str) -> Any:
    return lambda connection, *_: connection.execute(text("select * from ingen where a = :a"), {"a": digits})


def _signal(number: int) -> Fault:
    return lambda digits: lambda *_, **__: (signal.raise_signal(number), sum(range(10**6)), [][1])


UNIQUE = (
    "create or replace temp table u (a varchar unique); insert into u select personnummer from r_eb_person; "
    "insert into u select personnummer from r_eb_person"
)
# stops the delivery alone: the gate's own faults
AT_THE_GATE: dict[str, Fault] = {
    "a conversion": _asks("select cast(personnummer as date) from r_eb_person"),
    "an overflow": _asks("select cast(personnummer as smallint) from r_eb_person"),
    "a constraint": _asks(UNIQUE),
    "DuckDB's error()": _asks("select error('x' || personnummer) from r_eb_person"),
    "Arrow cannot convert": lambda d: lambda _: pa.array([d]).cast(pa.int8()),
    "a pattern": _asks("select regexp_matches('', '[' || personnummer) from r_eb_person"),
    "a column": lambda d: lambda gate: gate._db.execute(f'select "{d}" from r_eb_person'),
    "more memory than there is": _asks(
        "select list(personnummer || i || repeat('x', 900)) from r_eb_person, range(5000000) as r(i)"
    ),
}
# stops the step: what is not the delivery's fault
IN_THE_STEP: dict[str, tuple[Any, str, Fault]] = {
    "Arrow cannot build": (Quarantine, "keep", lambda d: lambda *_: pa.array([1, d], pa.int8())),
    "memory is out": (Gate, "run", _raises(MemoryError)),
    "a key is missing": (Gate, "run", _raises(KeyError)),
    "a text is no UTF-8": (Gate, "run", lambda d: lambda *_: (d.encode() + b"\xff").decode()),
    "an error with a note": (Gate, "run", _raises(_noted)),
    "an error with a cause": (Gate, "run", _chained),
    "a group of errors": (Gate, "run", _raises(lambda d: ExceptionGroup(d, [ValueError(d)]))),
    "an assertion": (Gate, "positions", _raises(AssertionError)),
    "DuckDB outside the gate's own door": (Gate, "positions", lambda d: lambda _: duckdb.sql(f"select date '{d}'")),
    "a disk is full": (Archive, "keep", _raises(lambda d: OSError(28, "No space left on device", f"{d}.zip"))),
    "a file is gone": (reception, "_take_out", _raises(lambda d: FileNotFoundError(2, "No such file", f"{d}.zip"))),
    "a folder is shut": (Gate, "write_loaded", _raises(lambda d: PermissionError(13, "Permission denied", d))),
    "SQLite is locked": (store, "add_outcomes", _raises(lambda d: sqlite3.OperationalError(f"locked: {d}"))),
    "SQLite cannot read": (store, "add_outcomes", _raises(lambda d: sqlite3.OperationalError(f"disk I/O error {d}"))),
    "the ledger refuses a row": (store, "add_outcomes", _ledger_refuses),
    "the ledger is asked wrongly": (store, "set_gate_results", _sql_is_wrong),
    "a receipt cannot be written": (settle, "write_receipts", _raises(ValueError)),
    "Ctrl-C": (Gate, "run", _signal(signal.SIGINT)),
    "an exit": (Gate, "run", _raises(lambda _: SystemExit(3))),
}
# by itself SIGTERM ends a process at once; Dagster makes an interrupt of it
UNDER_DAGSTER = {**IN_THE_STEP, "SIGTERM": (Gate, "run", _signal(signal.SIGTERM))}


def _told(house: Drift, receive: Callable[[], object]) -> str:
    """What Dagster, a terminal and a log would have of an error that stops the step."""
    try:
        with remedy("Mottagningen"):
            receive()
    except BaseException as error:
        kept = serializable_error_info_from_exc_info((type(error), error, error.__traceback__))
        shown = io.StringIO()
        Console(file=shown, width=200).print(Traceback.from_exception(type(error), error, error.__traceback__))
        logging.getLogger("pipelines").error("fell", exc_info=error)
        facts = {k: v.value for k, v in getattr(error, "metadata", {}).items()}
        return "\n".join((serialize_value(kept), *traceback.format_exception(error), shown.getvalue(), str(facts)))
    raise AssertionError("nothing fell")


def test_the_gates_own_faults_stop_the_delivery_and_quote_nothing(
    tmp_path: Path,
    scratch: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    house, secrets = Drift(tmp_path / "hem"), [planted(i) for i in range(len(AT_THE_GATE))]
    monkeypatch.setattr("pipelines.landing.gate.MEMORY_LIMIT", "300MB")
    house.run()
    for version, (digits, (name, fault)) in enumerate(zip(secrets, AT_THE_GATE.items(), strict=True), 1):
        sent = sound(digits, version=version)
        with monkeypatch.context() as patch:
            patch.setattr(Gate, "_apply_checks", fault(digits))
            house.receive(sent)
        assert house.verdict(sent) == ("stoppad", "GEN-01"), name
    _nothing_is_told(house, scratch, secrets, list(AT_THE_GATE), caplog.text + "".join(capfd.readouterr()))


def test_what_stops_the_step_is_told_without_what_it_met(
    tmp_path: Path,
    scratch: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    house, secrets, told = Drift(tmp_path / "hem"), [planted(i) for i in range(len(IN_THE_STEP))], []
    house.run()
    for version, (digits, (owner, method, fault)) in enumerate(zip(secrets, IN_THE_STEP.values(), strict=True), 1):
        sound(digits, version=version).put(house.settings.inbox)
        with monkeypatch.context() as patch:
            patch.setattr(owner, method, fault(digits))
            told.append(_told(house, house.run))
    said = "\n".join(told) + caplog.text + "".join(capfd.readouterr())
    house.run()
    assert len(house.ledger("select 1 from leverans where provad")) == len(IN_THE_STEP), "undisturbed it goes well"
    _nothing_is_told(house, scratch, secrets, list(IN_THE_STEP), said)


def _nothing_is_told(house: Drift, scratch: Path, secrets: list[str], names: list[str], said: str) -> None:
    found = leaks(house.home, secrets, also=[scratch], key_file=house.settings.master_key)
    assert [(names[leak.secret], leak) for leak in found] == []
    assert [(names[leak.secret], leak.form) for leak in leaks_in(said.encode(), secrets)] == []


@pytest.mark.parametrize(
    "names",
    [
        pytest.param(("an error with a cause", "a disk is full", "Ctrl-C", "SIGTERM"), id="some"),
        pytest.param(tuple(UNDER_DAGSTER), id="all", marks=pytest.mark.slow),
    ],
)
def test_what_stops_the_step_is_in_nothing_that_dagster_keeps(
    names: tuple[str, ...],
    tmp_path: Path,
    scratch: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    house, secrets = Drift(tmp_path / "hem"), [planted(i) for i in range(len(names))]
    house.run()
    with _dagster(house, monkeypatch) as run:
        for version, (digits, name) in enumerate(zip(secrets, names, strict=True), 1):
            sound(digits, version=version).put(house.settings.inbox)
            owner, method, fault = UNDER_DAGSTER[name]
            with monkeypatch.context() as patch:
                patch.setattr(owner, method, fault(digits))
                assert not run(), name
        assert run(), "undisturbed it goes well"
    assert b"STEP_UP_FOR_RETRY" in b"".join(p.read_bytes() for p in house.settings.dagster_home.rglob("*.db"))
    _nothing_is_told(house, scratch, secrets, list(names), caplog.text + "".join(capfd.readouterr()))


@contextmanager
def _dagster(house: Drift, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], bool]]:
    """The reception as Dagster runs it, with its lock, its retry (at once) and its storage in the home."""
    policy = dg.RetryPolicy(max_retries=1)
    monkeypatch.setattr(assets, "get_settings", lambda: house.settings)
    with monkeypatch.context() as patch:
        patch.setattr(assets.dg, "RetryPolicy", lambda **_: policy)
        received = assets.landing_assets()[0]
    home = house.settings.dagster_home
    home.mkdir(parents=True)
    (home / "dagster.yaml").write_text(dagster_yaml(home))
    with dg.DagsterInstance.from_config(str(home)) as instance:

        def once() -> bool:
            try:
                tags, resources = month_range(["2019-03"]), {"kor": assets.RunLock()}
                run = dg.materialize(
                    [received], instance=instance, resources=resources, tags=tags, raise_on_error=False
                )
            except BaseException:  # an interrupt goes through
                return False
            return run.success

        yield once
