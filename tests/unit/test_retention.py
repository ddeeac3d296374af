"""Retention: what is due goes, the protocol says so, and nothing that is built changes.

Belongs here: `lager gallra`, the rules as data, and the months a build may show. Does not belong here: being killed.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.cli import drift as cli
from pipelines.contracts.periods import Calendar
from pipelines.contracts.retention import RetentionRule, Time, first_kept_month, get_retention, load_retention
from pipelines.landing.ledger.export import expected_periods
from pipelines.landing.retention import Retained, RetentionError, protocol, retain
from pipelines.settings import STOCKHOLM, Settings
from tests.support.delivery import Delivery, families
from tests.support.drift import FLAWED, LATE, NEWER, OLD, Drift, stocked


@pytest.fixture
def drift(tmp_path: Path) -> Drift:
    return stocked(tmp_path / "hem")


def retained(house: Drift, asof: str = "2020-02-01", **how: Any) -> Retained:
    settings = Settings(home=house.home, asof=date.fromisoformat(asof))
    return retain(settings, house.engine, "Test Testsson", **how)


def rows(house: Drift) -> list[dict[str, Any]]:
    with house.engine.connect() as connection:
        return protocol(connection)


def exported(house: Drift, asof: str) -> dict[str, list[Any]]:
    from pipelines.contracts.model import get_contracts
    from pipelines.landing.ledger.export import export_ledger

    folder = house.home / "prov"
    with house.engine.begin() as connection:
        export_ledger(connection, get_contracts(), date.fromisoformat(asof), folder)
    return {path.stem: pq.read_table(path).to_pylist() for path in folder.glob("*.parquet")}


# -- sealed files --------------------------------------------------------------------------------------------------


def test_packages_and_set_aside_rows_go_after_ninety_days_and_younger_ones_stay(drift: Drift) -> None:
    done = retained(drift)
    assert sorted(drift.archived()) == [LATE.leverans_id]
    assert {row[1] for row in drift.set_aside()} == {LATE.leverans_id}
    assert done.antal == {"paket": 3, "karantan": 3, "landning": 2}
    assert done.saknas == []


@pytest.mark.parametrize(("asof", "gone"), [("2019-07-08", False), ("2019-07-09", True), ("2019-07-10", True)])
def test_ninety_days_are_ninety_days(tmp_path: Path, asof: str, gone: bool) -> None:
    """Received on 10 April: the ninetieth day after it is 9 July."""
    house = Drift(tmp_path / "hem")
    house.receive(Delivery(**families(1), mottagen="2019-04-10T21:59:00"))
    assert retained(house, asof).antal["paket"] == int(gone)


def test_a_package_received_after_swedish_midnight_is_of_the_next_day(tmp_path: Path) -> None:
    house = Drift(tmp_path / "hem")
    house.receive(Delivery(**families(1), mottagen="2019-04-10T22:01:00"))
    assert retained(house, "2019-07-09").antal["paket"] == 0
    assert retained(house, "2019-07-10").antal["paket"] == 1


def test_the_protocol_says_what_how_many_by_which_rule_when_and_who(drift: Drift) -> None:
    sealed = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in drift.home.rglob("*.lager")}
    shas = {r["leverans_id"]: r["sha256"] for r in drift.ledger("select leverans_id, sha256 from leverans")}
    retained(drift)
    found = rows(drift)
    assert {(r["regel"], r["slag"]) for r in found} == {
        ("GAL-01", "paket"),
        ("GAL-02", "karantan"),
        ("GAL-03", "landning"),
    }
    for row in (r for r in found if r["slag"] != "landning"):
        name = f"{shas[row['namn']]}.zip.lager" if row["slag"] == "paket" else f"{row['namn']}.lager"
        assert row["sha256"] == sealed[name]
        assert row["utford_av"].startswith("Test Testsson (")
    counted = {r["namn"]: r["antal_rader"] for r in found}
    assert counted[FLAWED.leverans_id] == 3 + 5 + 1
    assert counted[f"eb_person_{FLAWED.leverans_id}"] == drift.counts(FLAWED)["eb_person"][2]


def test_a_second_retention_finds_nothing(drift: Drift) -> None:
    retained(drift)
    before = rows(drift)
    assert retained(drift) == Retained()
    assert rows(drift) == before


def test_a_dry_run_counts_the_same_and_changes_nothing(drift: Drift) -> None:
    files = {p: p.read_bytes() for p in drift.home.rglob("*") if p.is_file() and p.suffix in (".lager", ".parquet")}
    counted = retained(drift, dry=True)
    assert {p: p.read_bytes() for p in files} == files
    assert rows(drift) == []
    done = retained(drift)
    assert (done.antal, done.rader) == (counted.antal, counted.rader)


def test_a_package_sent_again_after_its_end_is_known_and_destroyed_again(drift: Drift) -> None:
    retained(drift)
    before, outcome = rows(drift), drift.outcome()
    drift.receive(FLAWED)
    assert drift.outcome()["leverans"] == outcome["leverans"]
    retained(drift)
    assert sorted(drift.archived()) == [LATE.leverans_id]
    assert rows(drift) == before


def test_a_package_that_is_gone_without_protocol_is_named_and_not_written_off(drift: Drift) -> None:
    sha256 = drift.ledger("select sha256 from leverans where leverans_id = :id", id=FLAWED.leverans_id)[0]["sha256"]
    next(drift.settings.archive.rglob(f"{sha256}*")).unlink()
    assert retained(drift).saknas == [FLAWED.leverans_id]
    assert FLAWED.leverans_id not in {r["namn"] for r in rows(drift)}


@pytest.mark.parametrize(("sealed", "gone"), [("2019-11-03T23:59", True), ("2019-11-04T00:00", False)])
def test_a_package_that_no_ledger_answers_for_goes_ninety_days_after_it_was_sealed(
    drift: Drift, sealed: str, gone: bool
) -> None:
    """Its run was killed, and its sender took it back before the next one. Sent again it is received as new."""
    path = _sealed_only(drift, sealed)
    done = retained(drift)
    assert path.exists() is not gone
    assert done.antal["paket"] == 3 + gone
    name = path.name.removesuffix(".zip.lager")
    assert [row["regel"] for row in rows(drift) if row["namn"] == name] == ["GAL-01"] * gone
    drift.receive(NEWER)
    assert NEWER.leverans_id in drift.archived()
    assert retained(drift).fullfoljda == 0
    assert NEWER.leverans_id in drift.archived()


def test_a_retention_killed_after_the_protocol_goes_through_with_what_no_ledger_answers_for(drift: Drift) -> None:
    path = _sealed_only(drift, "2019-11-01T12:00")
    content = path.read_bytes()
    retained(drift)
    path.write_bytes(content)
    assert retained(drift).fullfoljda == 1
    assert not path.exists()


def _sealed_only(drift: Drift, sealed: str) -> Path:
    """NEWER in the archive since a moment of Swedish time, and nowhere else."""
    other = Drift(drift.home / "annan")
    other.receive(NEWER)
    found = next(other.settings.archive.rglob(f"{NEWER.leverans_id}*"))
    path = drift.settings.archive / found.relative_to(other.settings.archive)
    path.parent.mkdir(exist_ok=True)
    shutil.copyfile(found, path)
    moment = datetime.fromisoformat(sealed).replace(tzinfo=STOCKHOLM).timestamp()
    os.utime(path, (moment, moment))
    return path


def test_nothing_is_destroyed_in_advance(drift: Drift) -> None:
    with pytest.raises(RetentionError, match="framtiden"):
        retained(drift, "2060-01-01")
    assert rows(drift) == []


def test_what_has_not_been_judged_is_not_destroyed(drift: Drift) -> None:
    with drift.engine.begin() as connection:
        connection.exec_driver_sql("update leverans set provad = 0, status = 'mottagen', stoppande_regel = null")
    assert retained(drift).antal["paket"] == 0


# -- what is built -------------------------------------------------------------------------------------------------


def test_what_later_rooms_read_is_the_same_before_and_after(drift: Drift) -> None:
    """A month past its time is out of every build from the day it is so, whether or not its rows are gone yet."""
    before, ledger = drift.content_in_force(), exported(drift, "2020-02-01")
    current = [r for r in drift.landing("eb_person") if r["period"] >= "2010-02"]
    done = retained(drift)
    assert done.antal["landning"] == 2
    assert exported(drift, "2020-02-01") == ledger
    assert drift.landing("eb_person") == current
    assert {r["period"] for r in ledger["i_kraft"]} == {"2019-03", "2019-12"}
    assert before != drift.content_in_force(), "rows of 2009 did lie there"


def test_rows_go_month_by_month_ten_years_after_their_month(tmp_path: Path) -> None:
    house = Drift(tmp_path / "hem")
    house.receive(OLD, OLD.but(period="2009-07", mottagen="2009-08-10T10:00:00"))
    assert retained(house, "2019-06-30").rader["landning"] == 0
    assert retained(house, "2019-07-01").rader["landning"] == 2 * 2
    assert {r["period"] for r in house.landing("eb_person")} == {"2009-07"}
    assert {r["rader"] for r in house.ledger("select rader from landningsfil where dataset = 'eb_person'")} == {2}
    retained(house, "2019-08-01")
    assert house.landing("eb_person") == []
    assert house.ledger("select * from landningsfil where dataset = 'eb_person'") == []


def test_the_landing_file_without_the_rows_is_the_one_the_ledger_names(drift: Drift) -> None:
    retained(drift)
    for row in drift.ledger("select namn, rader, sha256 from landningsfil"):
        path = drift.settings.landing / row["namn"]
        assert hashlib.sha256(path.read_bytes()).hexdigest() == row["sha256"]
        assert pq.read_metadata(path).num_rows == row["rader"]
    drift.run()
    assert {r["period"] for r in drift.landing("eb_person")} == {"2019-03", "2019-12"}


@pytest.mark.parametrize(
    ("asof", "first"), [("2020-02-01", "2010-02"), ("2020-01-31", "2010-01"), ("2020-02-29", "2010-02")]
)
def test_the_first_month_that_may_be_shown(asof: str, first: str) -> None:
    assert first_kept_month(date.fromisoformat(asof)) == first
    assert next(expected_periods(Calendar("manad", "15"), "2001-01", date.fromisoformat(asof)))[0] == first


# -- the rules as data ---------------------------------------------------------------------------------------------


def test_every_rule_has_its_ground_owner_and_date() -> None:
    rules = get_retention()
    assert {rule.id for rule in rules.values()} == {"GAL-01", "GAL-02", "GAL-03"}
    assert all(rule.grund and rule.agare and rule.datum for rule in rules.values())
    assert (rules["paket"].tid.dagar, rules["karantan"].tid.dagar, rules["landning"].tid.ar) == (90, 90, 10)


def test_rules_that_contradict_each_other_are_refused(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    entry = "- {id: GAL-01, vad: x, slag: paket, tid: {dagar: 1}, raknas_fran: mottagen, grund: x, agare: x, "
    entry += "datum: 2026-01-01}"
    (tmp_path / "shared" / "gallring.yaml").write_text(f"regler:\n{entry}\n{entry}\n")
    with pytest.raises(ValueError, match="exactly one rule"):
        load_retention(tmp_path)
    with pytest.raises(ValueError, match="in days or in years"):
        Time(dagar=1, ar=1)
    fields = get_retention()["landning"].model_dump()
    with pytest.raises(ValueError, match="counted from their month"):
        RetentionRule(**fields | {"raknas_fran": "mottagen"})


def test_the_command_shows_the_protocol(drift: Drift, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "get_settings", lambda: drift.settings)
    runner = CliRunner()
    assert runner.invoke(app, ["gallra", "--torrkor"]).exit_code == 0
    assert runner.invoke(app, ["gallra", "--protokoll", "--json"]).output.strip() == "[]"
    assert runner.invoke(app, ["gallra", "--av", "Test Testsson"]).exit_code == 0
    assert FLAWED.leverans_id in runner.invoke(app, ["gallra", "--protokoll", "--json"]).output
