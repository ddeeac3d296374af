"""The canary after the gate: what dbt, the checks and the release say when they fall holds no household and no person.

Belongs here: the rooms that read pseudonymised rows, as Dagster runs them. Does not belong here: the gate
(test_canary_faults.py), and a run that goes well (tests/golden).
"""

from __future__ import annotations

import json
import tempfile
from datetime import date
from pathlib import Path

import dagster as dg
import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from dagster._serdes import serialize_value
from dagster._utils.error import serializable_error_info_from_exc_info

from pipelines.cli.run import dagster_yaml
from pipelines.landing import assets
from pipelines.publish import ReleaseBusyError
from pipelines.publish import assets as release
from pipelines.settings import Settings
from pipelines.transform import assets as transform
from tests.support.canary import leaks, leaks_in
from tests.support.delivery import Delivery, avslut, families
from tests.support.reception import House

SECRET = "HEMLIGT-HUSHALL-17"


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "scratch"
    folder.mkdir()
    for name in ("TMPDIR", "HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def _spoil(path: Path, column: str, values: pa.Array) -> None:
    """A landing file in which a column holds other things than it should."""
    table = pq.read_table(path)
    at = table.column_names.index(column)
    pq.write_table(table.set_column(at, column, values), path)


def _stopped(house: House, said: str) -> dict[str, list[str]]:
    """What dbt itself says fell, by status."""
    assert "dbt-bygget stannade" in said
    results = json.loads((house.home / "dbt" / "target" / "run_results.json").read_text())["results"]
    found: dict[str, list[str]] = {}
    for result in results:
        found.setdefault(result["status"], []).append(str(result["message"]))
    return found


@pytest.mark.slow
@pytest.mark.parametrize(
    ("status", "column", "values"),
    [
        ("error", "avslut_datum", pa.array([SECRET, SECRET])),
        ("fail", "avslut_datum", pa.array([date(2019, 2, 27)] * 2)),
    ],
)
def test_what_dbt_stops_at_is_told_without_the_rows_it_met(
    status: str,
    column: str,
    values: pa.Array,
    tmp_path: Path,
    scratch: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    house = House(tmp_path / "hem")
    house.receive(Delivery(**families(2), avslut=[avslut(SECRET), avslut(SECRET, avslut_datum="2019-02-27")]))
    house.export()
    (landed,) = [p for p in (house.settings.landing / "eb_avslut").glob("*.parquet") if p.name != "tom.parquet"]
    _spoil(landed, column, values)
    run = _run(house, monkeypatch)
    said = caplog.text + "".join(capfd.readouterr())
    assert not run.success
    fell = _stopped(house, said)
    assert fell[status], fell
    found = leaks(house.home, [SECRET], also=[scratch])
    outside = {Path(leak.file).relative_to(house.home).parts[0] for leak in found}
    assert outside == {"landing", "dbt" if status == "error" else "build"}, "dbt's own words stay in its log"
    assert leaks_in(said.encode(), [SECRET]) == []


def _run(house: House, monkeypatch: pytest.MonkeyPatch) -> dg.ExecuteInProcessResult:
    """dbt as Dagster runs it, of staging and one table of core."""
    for module in (assets, transform):
        monkeypatch.setattr(module, "get_settings", lambda: house.settings)
    home = house.settings.dagster_home
    home.mkdir(parents=True)
    (home / "dagster.yaml").write_text(dagster_yaml(home))
    wanted = [key for key in transform.warehouse.keys if key.path[0] == "staging" or key.path[-1] == "fct_eb_avslut"]
    with dg.DagsterInstance.from_config(str(home)) as instance:
        return dg.materialize(
            [transform.warehouse],
            selection=wanted,
            instance=instance,
            resources={"kor": assets.RunLock()},
            raise_on_error=False,
        )


@pytest.mark.parametrize(
    "error",
    [
        duckdb.ConversionException(f"Could not convert string '{SECRET}' to INT32"),
        duckdb.OutOfMemoryException(SECRET),
        OSError(28, "No space left on device", SECRET),
        ReleaseBusyError(SECRET),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_release_that_is_not_made_says_only_what_kind_of_fault_it_was(
    error: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fall(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(release, "build_release", fall)
    monkeypatch.setattr(release, "read_provenance", lambda settings: None)
    with pytest.raises(dg.Failure) as caught:
        release._built(Settings(home=tmp_path))
    kept = serializable_error_info_from_exc_info((dg.Failure, caught.value, caught.tb))
    assert type(error).__name__ in str(caught.value.description)
    assert leaks_in(serialize_value(kept).encode(), [SECRET]) == []
