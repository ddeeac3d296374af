"""Dagster's event log with its files kept open: the same files as Dagster's own, opened once.

Belongs here: what others can read of it, meanwhile and afterwards. Does not belong here: what a run says.
"""

from __future__ import annotations

import json
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.storage.event_log import SqliteEventLogStorage

from pipelines import handelselogg

NAMES = [f"tabell_{number}" for number in range(20)]
STANDARD = "telemetry:\n  enabled: false\n"


@dg.multi_asset(specs=[dg.AssetSpec(name) for name in NAMES], check_specs=[dg.AssetCheckSpec("finns", asset=NAMES[0])])
def tables():  # type: ignore[no-untyped-def]
    for name in NAMES:
        yield dg.MaterializeResult(asset_key=name, metadata={"rader": 7})
    yield dg.AssetCheckResult(check_name="finns", asset_key=NAMES[0], passed=True)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = json.dumps(str(tmp_path / "history" / "runs"))
    own = "event_log_storage:\n  module: pipelines.handelselogg\n  class: Handelselogg\n"
    (tmp_path / "dagster.yaml").write_text(f"{STANDARD}{own}  config:\n    base_dir: {folder}\n")
    return tmp_path


def ran(instance: dg.DagsterInstance) -> str:
    done = dg.materialize([tables], instance=instance)
    assert done.success
    return done.run_id


def told(instance: dg.DagsterInstance, run_id: str) -> tuple[list[str], set[str]]:
    events = [str(r.event_log_entry.dagster_event_type) for r in instance.get_records_for_run(run_id).records]
    latest = {name: instance.get_latest_materialization_event(dg.AssetKey(name)) for name in NAMES}
    return events, {name for name, event in latest.items() if event is not None and event.run_id == run_id}


def test_dagsters_own_class_reads_the_same_log_afterwards(home: Path) -> None:
    with dg.DagsterInstance.from_config(str(home)) as instance:
        run_id = ran(instance)
        mine = told(instance, run_id)
    assert not list(home.rglob("*-wal")), "a closed log leaves one file a run"
    (home / "dagster.yaml").write_text(STANDARD)
    with dg.DagsterInstance.from_config(str(home)) as instance:
        theirs = told(instance, run_id)
    assert theirs == mine
    assert mine[1] == set(NAMES)
    assert mine[0].count("DagsterEventType.ASSET_MATERIALIZATION") == len(NAMES)


def test_another_process_of_dagsters_reads_it_while_it_is_open(home: Path, tmp_path: Path) -> None:
    with (
        dg.DagsterInstance.from_config(str(home)) as writing,
        dg.DagsterInstance.from_config(str(home)) as reading,
    ):
        assert told(reading, ran(writing))[1] == set(NAMES)
        assert told(reading, ran(writing))[1] == set(NAMES)


def test_a_run_opens_each_file_once(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    once = handelselogg._opened
    monkeypatch.setattr(handelselogg, "_opened", lambda address: opened.append(address) or once(address))
    with dg.DagsterInstance.from_config(str(home)) as instance:
        ran(instance)
    assert len(opened) == len(set(opened)) == 2, "the run's own file and the index"


def test_a_run_looks_for_a_table_once(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    own = SqliteEventLogStorage.has_table
    monkeypatch.setattr(SqliteEventLogStorage, "has_table", lambda log, name: asked.append(name) or own(log, name))
    with dg.DagsterInstance.from_config(str(home)) as instance:
        ran(instance)
    assert "asset_check_executions" in asked
    assert len(asked) == len(set(asked))


def test_many_runs_do_not_stay_open_and_are_all_there(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handelselogg, "MAX_OPEN", 2)
    with dg.DagsterInstance.from_config(str(home)) as instance:
        runs = [ran(instance) for _ in range(3)]
        assert len(instance.event_log_storage._open) <= 2  # type: ignore[attr-defined]
        assert all(len(told(instance, run_id)[0]) > len(NAMES) for run_id in runs)


def test_a_wiped_log_begins_anew(home: Path) -> None:
    with dg.DagsterInstance.from_config(str(home)) as instance:
        run_id = ran(instance)
        instance.wipe()
        assert instance.get_records_for_run(run_id).records == []
        assert told(instance, ran(instance))[1] == set(NAMES)
