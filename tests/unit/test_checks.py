"""What the checks promise: numbers only, nothing that errs counts as passed, nothing unsafe is published."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import pytest
import yaml

from pipelines.checks import Outcome, Suite, SuiteError, load_suites, run_suite, run_suites
from pipelines.checks.assets import make_checks

ROOT = Path(__file__).resolve().parents[2]
CANARY = "199001019802"


def expectation(**changes: Any) -> dict[str, Any]:
    return {
        "id": "TST-001",
        "beskrivning": "Talet är högst fem",
        "typ": "expect_column_values_to_be_between",
        "kwargs": {"column": "antal", "max_value": 5},
        "allvar": "ERROR",
        "blockerande": True,
        "basis": "expert, egen",
        "agare": "statistikansvarig",
        "datum": "2026-11-23",
        "atgard": "Gör något.",
    } | changes


def suite(query: str, *expectations: dict[str, Any], asset: str = "core/fct_prov") -> Suite:
    return Suite.model_validate(
        {
            "tabell": "core.fct_prov",
            "tillgang": asset,
            "fraga": query,
            "forvantningar": expectations or (expectation(),),
        }
    )


def outcome(query: str, **changes: Any) -> Outcome:
    with duckdb.connect() as con:
        [only] = run_suite(con, suite(query, expectation(**changes)))
    return only


@pytest.fixture
def build(tmp_path: Path) -> Path:
    path = tmp_path / "lager.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute("CREATE TABLE prov AS SELECT 7 AS antal")
    return path


def test_a_suite_is_found_by_its_file_alone(tmp_path: Path) -> None:
    one = {
        "tabell": "core.fct_prov",
        "tillgang": "core/fct_prov",
        "fraga": "SELECT 1 AS antal",
        "forvantningar": [expectation()],
    }
    (tmp_path / "fct_prov.yaml").write_text(yaml.safe_dump(one), encoding="utf-8")
    [found] = load_suites(tmp_path)
    assert found.asset_path == ["core", "fct_prov"]
    (tmp_path / "fct_igen.yaml").write_text(yaml.safe_dump(one), encoding="utf-8")
    with pytest.raises(SuiteError, match="TST-001"):
        load_suites(tmp_path)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"extra": 1}, "extra"),
        ({"basis": ""}, "basis"),
        ({"allvar": "WARN"}, "blockerande"),
        ({"id": "tst1"}, "id"),
        ({"typ": "os.system"}, "typ"),
        ({"datum": "igår"}, "datum"),
    ],
)
def test_a_suite_that_breaks_the_form_is_refused_with_file_and_field(
    tmp_path: Path, changes: dict[str, Any], named: str
) -> None:
    bad = {"tabell": "a.b", "tillgang": "a/b", "fraga": "SELECT 1", "forvantningar": [expectation(**changes)]}
    (tmp_path / "fel.yaml").write_text(yaml.safe_dump(bad), encoding="utf-8")
    with pytest.raises(SuiteError, match=rf"fel\.yaml: .*{named}"):
        load_suites(tmp_path)


def test_an_outcome_carries_the_numbers_and_the_threshold() -> None:
    found = outcome("SELECT unnest([1, 7, 9]) AS antal")
    assert (found.status, found.rows, found.unexpected) == ("fel", 3, 2)
    assert found.observed == {"lagsta": 1.0, "hogsta": 9.0}
    assert found.threshold == {"max_value": 5}


@pytest.mark.parametrize(
    ("query", "changes", "status"),
    [
        ("SELECT 1 AS antal", {}, "ok"),
        ("SELECT 6 AS antal", {"allvar": "WARN", "blockerande": False}, "varning"),
        (
            "SELECT unnest([1, 1, 9]) AS antal",
            {"kwargs": {"column": "antal", "max_value": 5, "mostly": 0.6}},
            "ok_med_traffar",
        ),
        ("SELECT 1 AS antal WHERE false", {}, "ej_tillamplig"),
        ("SELECT NULL::INT AS antal", {}, "ej_tillamplig"),
        ("SELECT 1 AS antal WHERE false", {"tom": "fel"}, "fel"),
        (
            "SELECT NULL::INT AS antal",
            {"typ": "expect_column_values_to_not_be_null", "kwargs": {"column": "antal"}},
            "fel",
        ),
    ],
)
def test_each_state_has_its_own_name(query: str, changes: dict[str, Any], status: str) -> None:
    assert outcome(query, **changes).status == status


@pytest.mark.parametrize(
    ("query", "changes", "error"),
    [
        (f"SELECT '{CANARY}x'::INT AS antal", {}, "ConversionException"),
        ("SELECT antal FROM finns_inte", {}, "CatalogException"),
        ("SELECT 1 AS annat", {}, "UtvarderingsFel"),
        ("SELECT 1 AS antal", {"typ": "expect_no_such_thing"}, "AttributeError"),
        (f"SELECT {CANARY} AS person_id, 1 AS antal", {}, "RamMedPersonkolumn"),
        ("SELECT range AS antal FROM range(50001)", {}, "RamForStor"),
        (f"SELECT '{CANARY}' AS antal", {}, "UtvarderingsFel"),
    ],
)
def test_what_cannot_be_tried_has_failed_and_says_only_what_kind_of_fault(
    query: str, changes: dict[str, Any], error: str
) -> None:
    found = outcome(query, **changes)
    assert (found.passed, found.status, found.error) == (False, "ej_korbar", error)
    assert CANARY not in repr(found)


def test_a_value_that_breaks_a_set_is_counted_and_not_shown() -> None:
    found = outcome(
        f"SELECT '{CANARY}' AS kod",
        typ="expect_column_values_to_be_in_set",
        kwargs={"column": "kod", "value_set": ["a"]},
    )
    assert (found.status, found.unexpected) == ("fel", 1)
    assert CANARY not in repr(found)


def test_without_a_build_file_every_expectation_has_failed(tmp_path: Path) -> None:
    outcomes = list(run_suites(tmp_path / "saknas.duckdb", load_suites(ROOT / "expectations")))
    assert outcomes
    assert {o.status for o in outcomes} == {"ej_korbar"}


def test_the_connection_cannot_write_and_is_closed_afterwards(build: Path) -> None:
    [found] = run_suites(build, [suite("SELECT antal FROM prov")])
    assert found.status == "fel"
    with duckdb.connect(str(build)) as writer:
        writer.execute("UPDATE prov SET antal = 1")


def test_great_expectations_is_not_imported_until_a_check_runs() -> None:
    code = (
        "import sys; from pathlib import Path; from pipelines.checks import load_suites; "
        "load_suites(Path('expectations')); sys.exit(bool({'great_expectations', 'pandas'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, timeout=60).returncode == 0


@dg.multi_asset(
    specs=[
        dg.AssetSpec(["core", "fct_prov"]),
        dg.AssetSpec(["published", "pub_prov"], deps=[["core", "fct_prov"]]),
    ]
)
def dbt_like() -> Iterator[dg.MaterializeResult[Any]]:
    yield dg.MaterializeResult(asset_key=["core", "fct_prov"])
    yield dg.MaterializeResult(asset_key=["published", "pub_prov"])


@dg.asset(deps=[["published", "pub_prov"]])
def slapp() -> None:
    """The release, as far as Dagster is concerned."""


def run(build: Path, *suites: Suite) -> tuple[dg.ExecuteInProcessResult, dict[str, dg.AssetCheckEvaluation]]:
    result = dg.materialize([dbt_like, slapp, *make_checks(suites, lambda: build)], raise_on_error=False)
    return result, {e.check_name: e for e in result.get_asset_check_evaluations()}


def test_a_failed_blocking_check_stops_the_release_and_shows_numbers_basis_and_action(build: Path) -> None:
    published = suite("SELECT antal FROM prov", asset="published/pub_prov")
    result, checks = run(build, published)
    assert not result.success
    assert result.asset_materializations_for_node("slapp") == []
    found = checks["TST_001"]
    assert not found.passed
    assert found.severity == dg.AssetCheckSeverity.ERROR
    shown = {key: value.value for key, value in found.metadata.items()}
    assert (shown["observerat lagsta"], shown["observerat hogsta"], shown["tröskel max_value"]) == (7.0, 7.0, 5.0)
    assert (shown["utanför"], shown["rader"]) == (1, 1)
    assert (shown["basis"], shown["ägare"], shown["datum"]) == (
        "expert, egen",
        "statistikansvarig",
        "2026-11-23",
    )


def test_a_warning_is_shown_and_lets_the_release_through(build: Path) -> None:
    result, checks = run(build, suite("SELECT antal FROM prov", expectation(allvar="WARN", blockerande=False)))
    assert result.success
    assert not checks["TST_001"].passed
    assert checks["TST_001"].severity == dg.AssetCheckSeverity.WARN
    assert len(result.asset_materializations_for_node("slapp")) == 1


def test_a_warning_that_cannot_be_tried_is_shown_as_an_error(build: Path) -> None:
    _, checks = run(build, suite("SELECT antal FROM finns_inte", expectation(allvar="WARN", blockerande=False)))
    assert not checks["TST_001"].passed
    assert checks["TST_001"].severity == dg.AssetCheckSeverity.ERROR


def test_a_check_that_errs_counts_as_failed_and_leaks_nothing_into_the_events(build: Path) -> None:
    result, checks = run(build, suite(f"SELECT '{CANARY}x'::INT AS antal", expectation(), asset="published/pub_prov"))
    assert not checks["TST_001"].passed
    assert result.asset_materializations_for_node("slapp") == []
    assert CANARY not in "".join(repr(event) for event in result.all_events)


def test_a_blocking_check_on_core_does_not_tie_a_knot_with_the_one_dbt_step(build: Path) -> None:
    result, checks = run(build, suite("SELECT 1 AS antal"), suite("SELECT 1 AS antal", expectation(id="TST-002")))
    assert result.success
    assert set(checks) == {"TST_001", "TST_002"}


def test_the_projects_own_checks_become_specs_without_touching_settings_or_build() -> None:
    suites = load_suites(ROOT / "expectations")

    def never() -> Path:
        raise AssertionError("opened at definition time")

    [step] = make_checks(suites, never)
    assert len(list(step.check_specs)) == sum(len(s.forvantningar) for s in suites)
    blocking = {s.asset_key.path[0] for s in step.check_specs if s.blocking}
    assert blocking == {"indicators", "published"}
    assert all({"basis", "ägare", "datum", "åtgärd"} <= set(s.metadata) for s in step.check_specs)


def test_without_suites_there_is_no_step() -> None:
    assert make_checks([], Path) == []
