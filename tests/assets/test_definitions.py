"""The code location as the Dagster UI meets it."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import pytest

from pipelines import settings as settings_module
from pipelines.contracts.model import get_contracts
from pipelines.definitions import defs
from pipelines.landing import assets, reception, triggers
from pipelines.landing.settle import settle
from pipelines.landing.triggers import END, START, month_range
from pipelines.settings import Settings, get_settings
from tests.support.delivery import Delivery, hushall


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LAGER_HOME", str(tmp_path / "hem"))
    settings_module.get_settings.cache_clear()
    yield get_settings().home
    settings_module.get_settings.cache_clear()


def specs() -> dict[str, dg.AssetSpec]:
    return {spec.key.to_user_string(): spec for spec in defs.resolve_all_asset_specs()}


def test_every_asset_is_named_by_layer_and_name_and_says_what_it_is_and_whose() -> None:
    layers = {"landing", "seeds", "staging", "core", "indicators", "published", "release"}
    for key, spec in specs().items():
        assert spec.key.path[0] in layers, key
        assert len(spec.key.path) == 2, key
        assert spec.group_name == spec.key.path[0], key
        assert spec.description, key
        assert spec.owners, key
        assert spec.kinds, key


def test_only_the_reception_is_partitioned_and_by_month_never_by_municipality() -> None:
    partitioned = {key for key, spec in specs().items() if spec.partitions_def is not None}
    assert partitioned == {f"landing/{dataset}" for dataset in get_contracts().datasets}
    months = specs()["landing/eb_person"].partitions_def
    assert isinstance(months, dg.MonthlyPartitionsDefinition)


def test_the_rebuild_job_is_everything_but_the_reception() -> None:
    whole = set(defs.resolve_job_def("lager").asset_layer.executable_asset_keys)
    rebuild = set(defs.resolve_job_def("ombyggnad").asset_layer.executable_asset_keys)
    reception = {f"landing/{dataset}" for dataset in get_contracts().datasets}
    assert {key.to_user_string() for key in whole - rebuild} == reception


def test_the_release_waits_for_every_blocking_check() -> None:
    graph = defs.resolve_asset_graph()
    before = graph.get(dg.AssetKey(["release", "utgava"])).parent_keys
    blocking = {key.asset_key for key in graph.asset_check_keys if graph.get(key).blocking}
    assert blocking
    assert {key for key in blocking if key.path[0] != "staging" and key.path[0] != "landing"} <= before


def test_many_packages_from_many_senders_give_one_run_over_their_months_and_another_when_they_lie_there_the_next_hour(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(triggers, "_hour", lambda: "2019-04-10T08")
    for kommun in ("0114", "0115"):
        for period in ("2019-03", "2019-01"):
            Delivery(kommun=kommun, period=period).put(home / "inbox")
    sensor = defs.get_sensor_def("inkorg")
    result = sensor.evaluate_tick(dg.build_sensor_context())
    (request,) = result.run_requests or []
    assert request.tags["avsandare"] == "2"
    assert request.tags["paket"] == "4"
    assert (request.tags[START], request.tags[END]) == ("2019-01", "2019-03")
    (same,) = sensor.evaluate_tick(dg.build_sensor_context()).run_requests or []
    monkeypatch.setattr(triggers, "_hour", lambda: "2019-04-10T09")
    (later,) = sensor.evaluate_tick(dg.build_sensor_context()).run_requests or []
    assert same.run_key == request.run_key != later.run_key


def test_an_empty_inbox_starts_nothing(home: Path) -> None:
    assert not defs.get_sensor_def("inkorg").evaluate_tick(dg.build_sensor_context()).run_requests


def test_a_yearly_delivery_spans_its_twelve_months() -> None:
    assert month_range(["2018", "2019-02"]) == {START: "2018-01", END: "2019-02"}


def test_settings_are_frozen_and_the_home_is_absolute() -> None:
    found = Settings(home=Path("var"))
    assert found.home.is_absolute()
    with pytest.raises(ValueError, match="frozen"):
        found.asof = found.asof  # type: ignore[misc]


def test_the_ledgers_step_judges_what_no_reception_of_its_run_has_judged(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged: list[str] = []
    monkeypatch.setattr(reception, "settle", lambda *a: judged.append("reception") or settle(*a))
    monkeypatch.setattr(assets, "settle", lambda *a: judged.append("ledger") or settle(*a))
    sent = Delivery(hushall=[hushall()])
    sent.put(home / "inbox")
    both, lock = assets.landing_assets(), {"kor": assets.RunLock()}
    dg.materialize(both, resources=lock, tags=month_range([sent.period]))
    assert judged == ["reception"]
    (receipt,) = (home / "outbox").rglob("*.json")
    (ledger,) = [asset for asset in both if not asset.partitions_def]
    dg.materialize([ledger], resources=lock, selection=list(ledger.keys))
    assert judged == ["reception", "ledger"]
    assert list((home / "outbox").rglob("*.json")) == [receipt]
