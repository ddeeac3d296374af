"""A yearly source from package to ledger, Parquet and receipt: periods, deadlines, versions, and rules over the years.

Belongs here: what is another for a year than for a month, and BU-07, BU-17, GEN-18 and GEN-20 on years. Does not belong
here: rules about rows (test_landing_barn.py).
"""

from __future__ import annotations

import json
from datetime import date
from itertools import permutations
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from pipelines.cli import report
from pipelines.contracts.model import get_contracts
from pipelines.contracts.periods import Calendar
from pipelines.contracts.retention import first_kept_month, is_kept
from pipelines.landing.ledger.export import expected_periods
from pipelines.landing.ledger.summary import by_period, late_periods, missing
from pipelines.landing.rebuild import rebuild
from pipelines.landing.triggers import month_range
from tests.support.barn import Ar, barn, insats, oppen, placering
from tests.support.delivery import Delivery, Row, avslut, families, number
from tests.support.reception import House

YEARLY = Calendar("ar", "03-31")
START, END = "placering_start_datum", "placering_slut_datum"


def year(period: str, placed: list[Row] | None = None, **fields: Any) -> Ar:
    """One child in care since 2015, with its placements; received the January after."""
    rows = [placed_from("2015-01-01")] if placed is None else placed
    after = f"{int(period) + 1}-01-20T10:00:00"
    care = [insats(insats_start_datum="2015-01-01")]
    return Ar(**{"insats": care, "placering": rows, "period": period, "mottagen": after, **fields})


def placed_from(start: str, end: str = "", nr: int = 1, **cells: str) -> Row:
    return placering(nr=nr, **{START: start, END: end, **cells})


def moved(year_: str, day: str) -> list[Row]:
    """Moved from one home to another on a day."""
    return [placed_from("2015-01-01", f"{year_}-06-{day}"), placed_from(f"{year_}-06-{day}", nr=2)]


# -- one year, all the way ------------------------------------------------------------------------------------------


def test_a_year_goes_from_package_to_ledger_parquet_and_receipt_under_its_own_period(house: House) -> None:
    delivery = year("2019")
    house.receive(delivery)
    assert house.verdict(delivery) == ("godkand", None)
    assert set(house.in_force()) == {("0114", name, "2019") for name in Ar.columns}
    assert {r["period"] for name in Ar.columns for r in house.landing(name, delivery)} == {"2019"}
    assert [r["period"] for r in house.ledger("select distinct period from leverans_manad")] == ["2019"]
    told = house.receipt(delivery)
    assert (told["period"], told["nasta_steg"]) == ("2019", "Ni behöver inte göra något.")
    house.export()
    folder = house.settings.landing / "huvudbok"
    for name in ("leverans", "leverans_manad", "i_kraft"):
        assert set(pq.read_table(folder / f"{name}.parquet").column("period").to_pylist()) == {"2019"}, name


def test_the_landed_columns_are_the_contracts_with_the_number_replaced(house: House) -> None:
    house.receive(year("2019"))
    for dataset in get_contracts().source("bu"):
        (row,) = house.landing(dataset.id)
        names = ["person_id" if c.name == "personnummer" else c.name for c in dataset.columns if c.name != "skyddad"]
        assert list(row) == ["leverans_id", "rad_nr", *names]


def test_landed_rows_have_the_types_of_the_file_without_rows(house: House) -> None:
    """Arrow writes the one, DuckDB the other, and all are read as one table."""
    house.receive(year("2019"))
    for dataset in get_contracts().source("bu"):
        files = sorted((house.settings.landing / dataset.id).glob("*.parquet"))
        described = {str(duckdb.sql(f"describe from read_parquet('{file}')").fetchall()) for file in files}
        assert (len(files), len(described)) == (2, 1)


@pytest.mark.parametrize(
    "delivery",
    [
        year("2019", leveranstyp="slutlig"),
        Ar(period="2019-03", mottagen="2019-04-20T10:00:00"),
        Delivery(**families(1), period="2018", leveranstyp="ordinarie", mottagen="2019-02-20T10:00:00"),
        Delivery(**families(1), leveranstyp="slutlig"),
        year("2021", mottagen="2020-12-31T10:00:00"),
        year("2019", oppenvard_mangd=[oppen(period="2018")]),
        year("2019", oppenvard_mangd=[oppen(period="2019-01")]),
    ],
    ids=[
        *("a year delivered again", "a month of a yearly source", "a year of a monthly source that is ordinary"),
        *("a month delivered again", "a year that has not begun", "a row of another year", "a row of a month"),
    ],
)
def test_a_period_that_the_source_does_not_have_stops_the_package(house: House, delivery: Any) -> None:
    house.receive(delivery)
    assert [r["stoppande_regel"] for r in house.ledger("select stoppande_regel from leverans")] == ["GEN-03"]


def test_a_correction_is_asked_for_by_its_right_name(house: House) -> None:
    flawed = year("2019", [placed_from("2015-01-01", placeringsform_kod="HEM")])
    house.receive(flawed)
    assert "med leveranstyp rattelse" in house.receipt(flawed)["nasta_steg"]


# -- versions and order ---------------------------------------------------------------------------------------------


def test_the_highest_version_is_in_force_in_whatever_order_they_come(tmp_path_factory: pytest.TempPathFactory) -> None:
    first = year("2018")
    lacking = year("2019", version=1, oppenvard_mangd=[], nolleverans=[])
    whole, again = year("2019", version=2), year("2019", version=3, mottagen="2020-05-01T10:00:00")
    states = []
    for order in list(permutations([first, lacking, whole, again]))[::7]:
        house = House(tmp_path_factory.mktemp("ordning"))
        for delivery in order:
            house.receive(delivery)
        states.append((house.in_force(), [house.verdict(d) for d in (first, lacking, whole, again)]))
    assert all(state == states[0] for state in states)
    in_force, verdicts = states[0]
    assert verdicts == [("godkand", None), ("stoppad", "GEN-05"), ("godkand", None), ("godkand", None)]
    assert in_force["0114", "bu_barn", "2019"] == again.leverans_id


def test_the_same_package_again_does_nothing_and_the_same_version_otherwise_is_refused(house: House) -> None:
    delivery = year("2019")
    house.receive(delivery)
    before = house.ledger("select * from leverans")
    house.receive(delivery.but(mottagen="2020-02-20T10:00:00"))
    assert house.ledger("select * from leverans") == before
    other = year("2019", oppenvard_mangd=[oppen(antal=11)], mottagen="2020-02-21T10:00:00")
    house.receive(other)
    assert (house.verdict(delivery), house.verdict(other)) == (("godkand", None), ("stoppad", "GEN-24"))


def test_an_unconfirmed_empty_table_is_compared_with_the_nearest_earlier_year(house: House) -> None:
    early, late = year("2017"), year("2019", oppenvard_mangd=[], nolleverans=[])
    house.receive(late)
    assert house.verdict(late) == ("godkand", None)
    house.receive(early)
    assert house.verdict(late) == ("stoppad", "GEN-05")
    assert house.receipt(late)["tomma_utan_bekraftelse"] == ["bu_oppenvard_mangd"]
    confirmed = late.but(version=2, nolleverans=["bu_oppenvard_mangd"])
    house.receive(confirmed)
    assert house.verdict(confirmed) == ("godkand", None)


# -- deadlines and what is expected -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mottagen", "late"), [("2020-03-31T21:59:59", False), ("2020-03-31T22:00:00", True)], ids=["before", "after"]
)
def test_the_deadline_is_the_last_of_march_swedish_time(house: House, mottagen: str, late: bool) -> None:
    delivery = year("2019", mottagen=mottagen)
    house.receive(delivery)
    assert [f["regel_id"] for f in house.faults(delivery)] == ["GEN-06"] * late
    assert ("Leveransen kom efter fristen den 31 mars 2020." in house.receipt(delivery)["besked"]) == late
    with house.engine.connect() as connection:
        assert late_periods(connection, get_contracts()) == ({("bu", "2019"): 1} if late else {})


def test_a_late_correction_is_not_late(house: House) -> None:
    house.receive(year("2019"), year("2019", version=2, mottagen="2020-09-01T10:00:00"))
    assert house.ledger("select * from regelutfall") == []


@pytest.mark.parametrize(("asof", "last"), [("2020-03-31", "2018"), ("2020-04-01", "2019"), ("2021-03-31", "2019")])
def test_a_year_is_expected_from_the_first_of_april_and_from_the_earliest_anyone_has_sent(asof: str, last: str) -> None:
    years = [period for period, _ in expected_periods(YEARLY, "2014", date.fromisoformat(asof))]
    assert years == [str(y) for y in range(2014, int(last) + 1)]


def test_every_municipality_is_expected_and_who_lacks_is_named(house: House) -> None:
    house.receive(year("2017"), year("2018"))
    house.export()
    rows = pq.read_table(house.settings.landing / "huvudbok" / "forvantad.parquet").to_pylist()
    assert {(r["dataset"], r["period"], str(r["frist_lokal"])[:10]) for r in rows} == {
        (name, year_, f"{int(year_) + 1}-04-01") for name in Ar.columns for year_ in ("2017", "2018")
    }
    assert len(rows) == 4 * 2 * 290
    with house.engine.connect() as connection:
        told = by_period(connection, get_contracts(), date(2019, 5, 1))
        assert [(r["period"], r["i_kraft"], r["saknas"]) for r in told] == [("2017", 1, 289), ("2018", 1, 289)]
        assert "0114" not in missing(connection, get_contracts(), {"bu": "2018"})["bu"]


def test_the_status_names_who_lacks_for_each_source_in_its_own_latest_period(
    house: House, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    house.receive(
        year("2018"), Delivery(**families(1), kommun="0115", period="2019-12", mottagen="2020-01-10T10:00:00")
    )
    monkeypatch.setattr(report, "get_settings", lambda: house.settings)
    report.status(as_json=True)
    told = {row["kalla"]: row for row in json.loads(capsys.readouterr().out)["saknas_senaste_perioden"]}
    assert {kalla: row["period"] for kalla, row in told.items()} == {"bu": "2018", "eb": "2019-12"}
    assert [code in told["bu"]["kommuner"] for code in ("0114", "0115")] == [False, True]
    assert [code in told["eb"]["kommuner"] for code in ("0114", "0115")] == [True, False]
    report.status()
    said = capsys.readouterr().out
    assert "bu, 2018: 289 kommuner saknas, 0115" in said
    assert "eb, 2019-12: 289 kommuner saknas, 0114" in said


def test_a_stadsdel_that_is_silent_all_the_year_is_missed_where_the_others_send(house: House) -> None:
    """R18 for a year: 03 is known by what it has sent to another source, stopped or not. Not if all is sent as one."""
    monthly = Delivery(**families(1), kommun="0180", period="2018-05", mottagen="2018-06-10T10:00:00")
    parts = [year("2018", kommun="0180", stadsdel=part) for part in ("01", "02")]
    house.receive(
        *parts, monthly.but(stadsdel="01"), monthly.but(kommun="1480", stadsdel="03"), year("2018", kommun="1480")
    )

    def told() -> tuple[list[str], set[tuple[Any, ...]]]:
        with house.engine.connect() as connection:
            lacks = set(missing(connection, get_contracts(), {"bu": "2018"})["bu"]) & {"0180", "1480"}
        rows = house.ledger(
            "select l.kommun_kod, l.stadsdel_kod, v.antal, v.jamfort_med from varning as v "
            "join leverans as l using (leverans_id) where regel_id = 'GEN-22' and l.kalla = 'bu'"
        )
        return sorted(lacks), {tuple(row.values()) for row in rows}

    assert told() == ([], set())
    house.receive(monthly.but(stadsdel="03", avslut=[avslut(kommun_kod="0114")]))
    assert told() == (["0180"], {("0180", "01", 2, 3), ("0180", "02", 2, 3)})
    assert "GEN-22" in json.dumps(house.receipt(parts[0]))
    house.receive(year("2018", kommun="0180", stadsdel="03"))
    assert told() == ([], set())


def test_a_run_over_a_year_is_over_its_months() -> None:
    tags = month_range(["2019"])
    assert sorted(tags.values()) == ["2019-01", "2019-12"]


@pytest.mark.parametrize(
    ("period", "kept"), [("2016", True), ("2015", False), ("2016-11", True), ("2016-10", False), ("2017", True)]
)
def test_a_year_may_be_kept_as_long_as_its_last_month(period: str, kept: bool) -> None:
    assert is_kept(period, first_kept_month(date(2026, 11, 28))) == kept


# -- over the years ---------------------------------------------------------------------------------------------------


def test_bu_07_a_placement_that_was_ongoing_must_come_again(house: House) -> None:
    left_out = year("2019", [placed_from("2019-02-01", nr=2)])
    house.receive(left_out)
    assert house.verdict(left_out) == ("godkand", None)  # the year before is not in force
    house.receive(year("2018"))
    assert house.verdict(left_out) == ("stoppad", "BU-07")
    assert house.receipt(left_out)["stoppad_av"]["regel"] == "BU-07"
    assert {k: v for k, v in house.in_force().items() if k[2] == "2019"} == {}
    house.receive(year("2018", [placed_from("2015-01-01", "2018-12-31")], version=2))
    assert house.verdict(left_out) == ("godkand", None)  # tried again when the year before is another


@pytest.mark.parametrize(
    "rows",
    [
        [placed_from("2015-01-01")],
        [placed_from("2015-01-01", "2018-11-30")],
        [placed_from("2015-01-01", placeringsform_kod="HEM")],
    ],
    ids=["it goes on", "it ended before the year (BU-16)", "it is set aside"],
)
def test_bu_07_is_silent_when_the_key_was_received(house: House, rows: list[Row]) -> None:
    now = year("2019", rows)
    house.receive(year("2018"), now)
    assert house.verdict(now) == ("godkand", None)


def test_bu_07_is_silent_when_the_child_has_become_protected(house: House) -> None:
    now = year("2019", barn=[barn(skyddad="1")])
    house.receive(year("2018"), now)
    assert (house.verdict(now), house.landing("bu_placering", now)) == (("godkand", None), [])
    held = house.ledger("select period, nyckel from undanhallen")
    assert [(r["period"], len(r["nyckel"])) for r in held] == [("2019", 32)]


@pytest.mark.parametrize(
    ("rows", "falls"),
    [([], True), ([placed_from("2015-01-01", nr=2)], True)],
    ids=["confirmed empty", "another number"],
)
def test_bu_07_a_single_one_is_enough(house: House, rows: list[Row], falls: bool) -> None:
    now = year("2019", rows)
    house.receive(year("2018"), now)
    assert (house.verdict(now) == ("stoppad", "BU-07")) == falls


def test_bu_07_an_end_in_the_year_after_was_ongoing_and_other_senders_are_others(house: House) -> None:
    before = year("2018", [placed_from("2015-01-01", "2019-01-10")])
    now = year("2019", [])
    part = year("2019", [], stadsdel="01", kommun="0115")
    house.receive(before, now, part, year("2017", kommun="0115", stadsdel="01"))
    assert (house.verdict(now), house.verdict(part)) == (("stoppad", "BU-07"), ("godkand", None))


def test_bu_17_a_placement_that_had_ended_is_another_this_year(house: House) -> None:
    before = year("2018", moved("2018", "15"))
    same, other = year("2019", moved("2018", "15")), year("2019", moved("2018", "20"), version=2)
    house.receive(before, same)
    assert house.ledger("select * from varning") == []
    house.receive(other)
    (warning,) = house.ledger("select leverans_id, dataset, period, regel_id, antal, jamfort_med from varning")
    assert tuple(warning.values()) == (other.leverans_id, "bu_placering", "2019", "BU-17", 1, 1)
    assert [w["regel"] for w in house.receipt(other)["varningar"]] == ["BU-17"]


def crowd(count: int, without: int, period: str = "2019", **fields: Any) -> Ar:
    """Children each with a placement in the year; of the first, the home's municipality is not told."""
    names = range(count)
    care = {"insats_start_datum": f"{period}-01-01"}
    place = {START: f"{period}-01-01", END: f"{period}-12-31"}
    return Ar(
        [barn(f"B{i}", i) for i in names],
        [insats(f"I{i}", f"B{i}", **care) for i in names],
        [placering(f"I{i}", f"B{i}", vistelsekommun_kod="" if i < without else "0114", **place) for i in names],
        **{"period": period, "mottagen": f"{int(period) + 1}-01-20T10:00:00", **fields},
    )


@pytest.mark.parametrize(
    ("count", "without", "told"),
    [(40, 5, [(5, 40)]), (40, 4, []), (29, 29, []), (30, 4, [(4, 30)])],
    ids=["more than a tenth", "a tenth", "too few rows", "thirty rows"],
)
def test_gen_20_where_too_many_homes_lie_nowhere(house: House, count: int, without: int, told: list[Any]) -> None:
    house.receive(crowd(count, without))
    rows = house.ledger("select antal, jamfort_med from varning where regel_id = 'GEN-20'")
    assert [tuple(r.values()) for r in rows] == told


def test_gen_18_compares_a_year_with_the_year_before(house: House) -> None:
    now = crowd(14, 0)
    house.receive(crowd(40, 0, "2018"), now)
    rows = house.ledger("select dataset, period, antal, jamfort_med from varning where regel_id = 'GEN-18'")
    assert {tuple(r.values()) for r in rows} == {(n, "2019", 14, 40) for n in ("bu_barn", "bu_insats", "bu_placering")}
    told = next(w for w in house.receipt(now)["varningar"] if w["regel"] == "GEN-18")
    assert (told["jamfort_period"], told["andring_procent"]) == ("2018", -65.0)


def test_what_is_rebuilt_from_the_archive_is_as_it_was(house: House) -> None:
    hidden = year("2019", barn=[barn(skyddad="1", personnummer=number(born="2010-01-01"))])
    house.receive(year("2018"), hidden, year("2020", [placed_from("2020-02-01", nr=2)]))
    house.export()
    before = house.state()
    done = rebuild(house.settings, get_contracts(), house.keys, house.engine)
    assert done.lika
    assert house.state()["leverans"] == before["leverans"]
