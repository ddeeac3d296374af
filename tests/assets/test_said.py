"""What the UI says: every check and step that can fall says what to do, and every job what it is for."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import dagster as dg
import pytest

from pipelines import konsol
from pipelines.checks.assets import stop_message
from pipelines.checks.suites import load_suites
from pipelines.definitions import defs
from pipelines.landing.gate import GateError
from pipelines.landing.keys import KeyFileError
from pipelines.landing.remedy import remedy
from pipelines.landing.rewrite import LandingError
from pipelines.landing.shown import conservation
from pipelines.settings import PROJECT_ROOT
from pipelines.transform.assets import fallen, warehouse
from pipelines.transform.prepare import MANIFEST
from pipelines.transform.translator import DO, MEANING, QUERY


def test_every_dbt_test_is_a_check_that_says_what_it_holds_and_what_to_do() -> None:
    nodes = json.loads(MANIFEST.read_text(encoding="utf-8"))["nodes"].values()
    tests = [node for node in nodes if node["resource_type"] == "test"]
    specs = list(warehouse.check_specs)
    assert len(specs) == len(tests)
    assert {spec.name for spec in specs if f"{DO} om den faller: " not in str(spec.description)} == set()
    assert {spec.name for spec in specs if str(spec.description).startswith(f"\n\n{DO}")} == set()


def test_every_kind_of_dbt_test_in_use_is_described() -> None:
    nodes = json.loads(MANIFEST.read_text(encoding="utf-8"))["nodes"].values()
    kinds = {n["test_metadata"]["name"] for n in nodes if n["resource_type"] == "test" and n.get("test_metadata")}
    assert kinds == set(MEANING)


def test_the_query_that_a_check_points_at_is_where_dbt_puts_it() -> None:
    (spec,) = [s for s in warehouse.check_specs if s.name == "riket_is_the_sum_of_kommuner"]
    path = "dbt/target/compiled/socialtjanstlagret/tests/riket_is_the_sum_of_kommuner.sql"
    assert path in str(spec.metadata[QUERY])
    (spec,) = [s for s in warehouse.check_specs if s.name.startswith("unik_kombination_fct_leverans")]
    path = "compiled/socialtjanstlagret/models/core/fct_leverans.yml/unik_kombination_fct_leverans"
    assert path in str(spec.metadata[QUERY])


def test_a_fault_in_a_seed_points_at_the_file_and_one_in_a_model_at_the_model() -> None:
    def said(start: str) -> str:
        return next(str(s.description) for s in warehouse.check_specs if s.name.startswith(start))

    assert "dbt_project/seeds/codes/roll.csv" in said("ifyllda_och_unika_roll")
    assert "core.fct_leverans" in said("unik_kombination_fct_leverans")


def test_jobs_sensor_and_schedule_say_what_they_are_for() -> None:
    said = [job.description for job in (defs.resolve_job_def("lager"), defs.resolve_job_def("ombyggnad"))]
    said += [defs.get_sensor_def("inkorg").description, defs.get_schedule_def("dagligen").description]
    assert all(words and len(words) > 80 for words in said)


@pytest.mark.parametrize(
    ("error", "advice"),
    [
        (KeyFileError("x"), "LAGER_KEY_FILE"),
        (GateError("x"), "inte hos en avsändare"),
        (LandingError("x"), "lager aterskapa"),
        (OSError(28, "x"), "df -h"),
        (ZeroDivisionError("19900101-9802"), "felanmäl"),
    ],
)
def test_a_step_that_stops_says_what_to_do_and_never_the_text_it_met(error: Exception, advice: str) -> None:
    with pytest.raises(dg.Failure) as caught, remedy("Mottagningen"):
        raise error
    words = str(caught.value.description)
    assert words.startswith(f"Mottagningen stannade ({type(error).__name__}). Gör så här: ")
    assert advice in words
    assert "19900101" not in words
    assert caught.value.__cause__ is None  # Dagster keeps the text of a cause
    assert "test_a_step_that_stops" in str(caught.value.metadata["var"])


def test_a_stopped_release_names_each_blocking_check_with_its_remedy() -> None:
    known = [e for suite in load_suites(PROJECT_ROOT / "expectations") for e in suite.forvantningar if e.blockerande][
        :2
    ]
    words = stop_message(known)
    assert all(e.id in words and e.atgard.rstrip(".") in words for e in known)
    assert words.startswith("Ingen ny utgåva: 2 blockerande kontroller föll. Gör så här: ")


def test_what_dbt_stopped_at_is_named_without_dbts_own_words(tmp_path: Path) -> None:
    assert fallen(tmp_path) == "dbt kom inte igång"
    (tmp_path / "run_results.json").write_text("", encoding="utf-8")
    assert fallen(tmp_path) == "dbt hann inte skriva vad"
    results = [
        {"unique_id": "model.lager.fct_x", "status": "error", "message": "Could not convert string '199001019802'"},
        {"unique_id": "test.lager.unik_y.abc", "status": "fail", "message": "Got 3 results"},
        {"unique_id": "model.lager.fct_z", "status": "success", "message": "OK"},
    ]
    (tmp_path / "run_results.json").write_text(json.dumps({"results": results}), encoding="utf-8")
    assert fallen(tmp_path) == "fct_x, unik_y"
    check = dg.AssetCheckSpec(
        "unik_y", asset=["core", "fct_x"], metadata={"dagster_dbt/unique_id": "test.lager.unik_y.abc"}
    )
    assert fallen(tmp_path, [check]) == "fct_x, core/fct_x: unik_y"


def test_a_terminal_is_told_of_the_step_that_fell_and_not_of_all_that_waited_for_it() -> None:
    def told(words: str) -> bool:
        said = {"msg": f"lager - 1f3a - {words}", "dagster_meta": {"orig_message": words}}
        record = logging.makeLogRecord({**said, "levelno": logging.ERROR})
        return konsol._Worth().filter(record)

    assert told("3 paket mottagna, varav 1 redan kända")
    assert not told("Dependencies for step rimlighet failed: ['dbt_bygge', 'dbt_bygge']. Not executing.")


def test_the_sum_of_rows_can_be_read_at_a_glance() -> None:
    row = {"mottagna": 13155, "lästa": 12515, "i karantän": 52, "skyddade": 28, "avvisade": 560}
    assert conservation(row).replace("\u00a0", " ") == (
        "mottagna 13 155 = lästa 12 515 + i karantän 52 + skyddade 28 + avvisade 560"
    )
