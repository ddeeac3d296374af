"""Barn och unga from the inbox to the release, told as stories whose numbers are worked out by hand.

Belongs here: what the warehouse, the release and the receipts say of each story, and that the order of arrival changes
nothing. Does not belong here: the deliveries (`tests/support/barnstories.py`), and rules one by one (tests/unit).
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.landing.keys import create_master_key
from tests.support import barnstories as told
from tests.support.canary import leaks
from tests.support.delivery import Parcel
from tests.support.lager import Lager, copy_home
from tests.support.lokal import agree
from tests.support.reception import House
from tests.support.warm import Run, Warm, warm

pytestmark = pytest.mark.xdist_group("barn")
REFERENCE = Path(__file__).parents[2] / "dbt_project" / "seeds" / "reference"
NOTHING = (None, None, None)


# -- the homes -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def process() -> Iterator[Warm]:
    """Everything imported once."""
    with warm() as started:
        yield started


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the agreements, and the key that makes two homes' pseudonyms comparable."""
    home = tmp_path_factory.mktemp("tomt") / "hem"
    agree(House(home), *told.AGREED)
    create_master_key(home / "nycklar" / "huvudnyckel")
    return home


def delivered(home: Path, process: Warm, runs: Iterable[Sequence[Parcel]], *arguments: str) -> Lager:
    """The home when each run's packages have come, and `lager run` has answered each time."""
    for parcels in runs:
        for parcel in parcels:
            parcel.put(home / "inbox")
        ended = process.run(Run(home, told.ASOF, light=True, arguments=("run", *arguments)))
        assert ended.code == 0, ended.said
    return Lager(home)


@pytest.fixture(scope="module")
def first(empty: Path, process: Warm, tmp_path_factory: pytest.TempPathFactory) -> Lager:
    """The home after the first run; the second is made in it."""
    return delivered(copy_home(empty, tmp_path_factory.mktemp("tva")), process, told.TWO_RUNS[:1])


@pytest.fixture(scope="module")
def before(first: Lager) -> duckdb.DuckDBPyConnection:
    """The release of the first run, which stands beside that of the second."""
    return first.warehouse()


@pytest.fixture(scope="module")
def house(first: Lager, before: duckdb.DuckDBPyConnection, process: Warm) -> Lager:
    """The home when everything has come, the last of it in a run that built on another."""
    return delivered(first.home, process, told.TWO_RUNS[1:])


@pytest.fixture(scope="module")
def now(house: Lager) -> duckdb.DuckDBPyConnection:
    return house.warehouse()


# -- what is asked -------------------------------------------------------------------------------------------------


def number(db: duckdb.DuckDBPyConnection, indikator: str, place: str, period: str = "2019", kod: str = "") -> Any:
    """A cell's numerator and denominator before protection, and its status; of all sexes and ages."""
    query = (
        "select cast(taljare as integer), cast(namnare as integer), status from indicators.fct_indikatorvarde "
        "where indikator_id = ? and geo_kod = ? and period = ? and kon_kod = 'T' and aldersgrupp_kod = 'T' "
        "and case when ? = '' then uppdelning = '-' else uppdelning_kod = ? end"
    )
    (row,) = db.execute(query, [indikator, place, period, kod, kod]).fetchall()
    return row


def published(db: duckdb.DuckDBPyConnection, indikator: str, place: str, period: str = "2019") -> Any:
    """What the release says of a cell: numerator, denominator and value, and why they are as they are."""
    query = (
        "select taljare, namnare, varde, status, varde_status, tecken from published.pub_indikatorvarde "
        "where indikator_id = ? and geo_kod = ? and period = ? and kon_kod = 'T' and aldersgrupp_kod = 'T' "
        "and uppdelning = '-'"
    )
    (row,) = db.execute(query, [indikator, place, period]).fetchall()
    return row


def delivery_status(db: duckdb.DuckDBPyConnection, kommun: str, kalla: str, period: str = "2019") -> set[Any]:
    """Each dataset of a source as the published table of deliveries has it, with the municipality's name."""
    query = (
        "select dataset, kommun_namn, leverans_status from published.pub_leveransstatus "
        "where kommun_kod = ? and kalla = ? and period = ?"
    )
    return set(db.execute(query, [kommun, kalla, period]).fetchall())


def receipt(house: Lager, parcel: Parcel) -> Any:
    """(the answer, what stopped it, rows set aside, each broken rule with its lines)"""
    (path,) = (house.home / "outbox" / parcel.kommun).glob(f"{parcel.name}.{parcel.leverans_id[:8]}.kvittens.json")
    told_them = json.loads(path.read_text(encoding="utf-8"))
    rules = {r["regel"]: [place["rad"] for place in r.get("exempel", [])] for r in told_them["regler"]}
    stopped = told_them["stoppad_av"] and told_them["stoppad_av"]["regel"]
    aside = sum(d["i_karantan"] + d["avvisade"] for d in told_them["datamangder"])
    return told_them["status"], stopped, aside, rules


def people(*kommuner: str) -> int:
    """The inhabitants of 0-20 years, as the file of inhabitants has them."""
    with (REFERENCE / "befolkning.csv").open(encoding="utf-8", newline="") as handle:
        rows = [r for r in csv.DictReader(handle) if r["kommun_kod"] in kommuner and int(r["alder"]) <= 20]
    return sum(int(row["antal"]) for row in rows)


def differing(one: Lager, other: Lager) -> dict[str, int]:
    """Rows that only one of two warehouses has, by table, for every table of either."""
    with duckdb.connect() as db:
        for name, house in (("a", one), ("b", other)):
            db.execute(f"attach '{house.home}/release/CURRENT/intern/lager.duckdb' as {name} (read_only)")
        tables = db.execute(
            "select distinct schema_name || '.' || table_name from duckdb_tables() where database_name in ('a', 'b')"
        ).fetchall()
        found = {
            table: db.execute(
                f"select count(*) from ((from a.{table} except all from b.{table}) "
                f"union all (from b.{table} except all from a.{table}))"
            ).fetchall()[0][0]
            for (table,) in tables
        }
    assert len(found) > 100
    return {table: rows for table, rows in found.items() if rows}


# -- the stories ---------------------------------------------------------------------------------------------------


def test_t1_a_child_whose_law_changes_is_one_person_of_two_kinds_and_one_episode(
    now: duckdb.DuckDBPyConnection,
) -> None:
    place, all_of_them = told.VALLENTUNA, people(told.VALLENTUNA)
    assert number(now, "BU10", place) == (1, all_of_them, "rapporterad")
    kinds = {kod: number(now, "BU11", place, kod=kod)[0] for kod in ("SOL", "LVU_VARD", "LVU_6")}
    assert kinds == {"SOL": 1, "LVU_VARD": 1, "LVU_6": 0}
    assert number(now, "BU12", place) == (365, 365, "rapporterad")
    assert number(now, "BU13", place)[1] == 1, "the same home goes on: one episode began"
    assert number(now, "BU15", place) == (0, 1, "rapporterad"), "and one ended, by its last reason"


def test_three_years_together_are_the_sum_of_each_years_own(now: duckdb.DuckDBPyConnection) -> None:
    """2017: two children, 334 + 123 days; 2018: one, 334; 2019: one, 365."""
    place = told.VALLENTUNA
    assert [number(now, "BU10", place, year)[0] for year in ("2017", "2018", "2019")] == [2, 1, 1]
    assert number(now, "BU10", place, "2017-2019") == (4, 3 * people(place), "rapporterad")
    assert number(now, "BU12", place, "2017-2019") == (1156, 1156, "rapporterad")
    taljare, _, _, status, *shown = published(now, "BU10", place, "2017-2019")
    assert (taljare, status, *shown) in ((None, "rapporterad", "skyddad", "X"), (0, "rapporterad", "noll", "–"))
    assert number(now, "BU10", told.OSTERAKER, "2017-2019") == (None, None, "ej_rapporterad"), "one year of three"


def test_t2_an_overlap_is_remarked_on_and_its_days_are_counted_once(
    house: Lager, now: duckdb.DuckDBPyConnection
) -> None:
    place = told.OSTERAKER
    assert receipt(house, told.OVERLAP) == ("godkand", None, 0, {"BU-02": [2, 3]})
    assert delivery_status(now, place, "bu") == {
        ("bu_barn", "Österåker", "mottagen_godkand"),
        ("bu_insats", "Österåker", "mottagen_godkand"),
        ("bu_placering", "Österåker", "mottagen_med_varning"),
        ("bu_oppenvard_mangd", "Österåker", "nolleverans_bekraftad"),
    }
    assert number(now, "BU12", place) == (85, 181, "rapporterad")
    assert number(now, "BU21", place) == (96, 181, "rapporterad"), "who began last has the days: HVB in another county"
    assert number(now, "BU13", place)[1] == number(now, "BU15", place)[1] == 2


def test_t5_a_municipality_without_a_delivery_has_no_numbers_and_the_country_has_its_estimate(
    now: duckdb.DuckDBPyConnection,
) -> None:
    """Reported: Vallentuna 1, Österåker 1, Järfälla 1, Ekerö 1, Nacka 2. Estimated: Värmdö's 3 of the year before, and
    Tyresö's 2 of two years before."""
    for place in (told.VARMDO, told.TYRESO):
        assert number(now, "BU10", place) == (None, None, "ej_rapporterad")
        assert published(now, "BU10", place) == (*NOTHING, "ej_rapporterad", "ej_rapporterad", "..")
    status = delivery_status(now, told.VARMDO, "bu")
    assert {row[1:] for row in status} == {("Värmdö", "ej_rapporterad")}
    assert len(status) == 4
    reported = people(told.VALLENTUNA, told.OSTERAKER, told.JARFALLA, told.EKERO, told.NACKA)
    estimated = people(told.VARMDO, told.TYRESO)
    assert number(now, "BU10", "00") == (6 + 3 + 2, reported + estimated, "rapporterad")
    assert now.execute(
        "select antal_kommuner_med, imputerad_andel from indicators.fct_indikatorvarde where indikator_id = 'BU10' "
        "and geo_kod = '00' and period = '2019' and kon_kod = 'T' and aldersgrupp_kod = 'T' and uppdelning = '-'"
    ).fetchall() == [(5, pytest.approx(estimated / (reported + estimated)))]


def test_t7_a_number_of_the_municipalitys_own_is_a_person_only_there_and_that_year(
    now: duckdb.DuckDBPyConnection,
) -> None:
    persons = now.execute(
        "select kommun_kod, ar, person_id from core.fct_placering where kommun_kod in (?, ?) order by 1, 2",
        [told.JARFALLA, told.EKERO],
    ).fetchall()
    assert [row[:2] for row in persons] == [(told.JARFALLA, 2018), (told.JARFALLA, 2019), (told.EKERO, 2019)]
    assert len({person for *_, person in persons}) == 3
    assert [number(now, "BU10", place)[0] for place in (told.JARFALLA, told.EKERO)] == [1, 1]
    assert number(now, "BU14", told.JARFALLA) == (0, 0, "rapporterad"), "nobody can be followed"
    assert number(now, "BU14", told.JARFALLA, kod="uppfoljda") == (0, 1, "rapporterad"), "and that is to be seen"


def test_t11_t12_the_fifteenth_day_is_too_late_and_no_fault_and_what_goes_on_counts_as_investigated(
    house: Lager, now: duckdb.DuckDBPyConnection
) -> None:
    place = told.HUDDINGE
    assert receipt(house, told.REPORTS) == ("godkand", None, 0, {"AKT-02": [3]})
    assert delivery_status(now, place, "aktualisering") == {("aktualisering", "Huddinge", "mottagen_med_varning")}
    assert number(now, "BU01", place) == (3, people(place), "rapporterad")
    assert number(now, "BU02", place) == (2, 3, "rapporterad")
    assert number(now, "BU03", place) == (2, 3, "rapporterad")


def test_t19_a_column_that_slipped_in_stops_the_package_and_what_was_written_there_is_kept_nowhere(
    house: Lager, now: duckdb.DuckDBPyConnection
) -> None:
    assert receipt(house, told.NOTED)[:3] == ("stoppad", "GEN-08", 3)
    assert receipt(house, told.WIDER) == ("stoppad", "GEN-04", 3, {"GEN-04": []}), "where nobody wrote in it"
    archived = {path.name.split(".")[0] for path in (house.home / "archive").rglob("*.lager")}
    assert len(archived) == len(told.ONE_RUN[0]) - 2, "all but what was written in and what nobody had agreed to"
    assert leaks(house.home, [told.NOTE], also=[house.home.parent / "tmp"]) == []
    assert list((house.home / "inbox").glob("*/*")) == []
    for place, name in ((told.BOTKYRKA, "Botkyrka"), (told.SALEM, "Salem")):
        assert {row[1:] for row in delivery_status(now, place, "bu")} == {(name, "underkand")}
        assert published(now, "BU10", place) == (*NOTHING, "ej_rapporterad", "ej_rapporterad", "..")


def test_without_an_agreement_nothing_is_received_and_nothing_is_missed(
    house: Lager, now: duckdb.DuckDBPyConnection
) -> None:
    assert receipt(house, told.UNASKED)[:3] == ("stoppad", "GEN-26", 3)
    statuses = {"Haninge": told.HANINGE, "Danderyd": told.DANDERYD, "Täby": told.TABY}
    for name, place in statuses.items():
        expected = "ej_rapporterad" if place == told.TABY else "avtal_saknas"
        assert delivery_status(now, place, "aktualisering") == {("aktualisering", name, expected)}
        for indikator in ("BU01", "BU03", "BU04", "BU16", "SU03"):
            assert number(now, indikator, place) == (None, None, expected)
            assert published(now, indikator, place) == (*NOTHING, expected, expected, "..")
        assert number(now, "BU10", place)[2] == "ej_rapporterad", "the register asks for no agreement"


# -- Nacka: corrected, late and out of order -----------------------------------------------------------------------


def test_a_closed_year_is_changed_by_its_own_correction_and_by_nothing_else(
    before: duckdb.DuckDBPyConnection, now: duckdb.DuckDBPyConnection
) -> None:
    """The correction of 2018 has a third child; 2019 follows who was placed in 2018, and else stands."""
    place = told.NACKA
    both = ((before, 2, 1), (now, 3, 2))
    for db, placed, new in both:
        assert number(db, "BU10", place, "2018")[0] == placed
        assert number(db, "BU14", place) == (1, new, "rapporterad")
        assert number(db, "BU10", place)[0] == 2
        assert number(db, "BU12", place) == (59 + 73 + 292, 424, "rapporterad")
        assert number(db, "BU21", place) == (292, 424, "rapporterad")


def test_a_year_that_came_last_counts_from_then_on(
    before: duckdb.DuckDBPyConnection, now: duckdb.DuckDBPyConnection
) -> None:
    place = told.NACKA
    assert number(before, "BU10", place, "2017-2019") == (None, None, "ej_rapporterad")
    assert number(before, "BU14", place, "2018") == (None, None, "ej_rapporterad"), "the year before is asked for"
    assert number(now, "BU10", place, "2017-2019") == (1 + 3 + 2, 3 * people(place), "rapporterad")
    assert number(now, "BU14", place, "2018") == (0, 1, "rapporterad")


def test_who_was_placed_when_a_year_ended_must_be_in_the_next(house: Lager, now: duckdb.DuckDBPyConnection) -> None:
    assert receipt(house, told.LOST)[:2] == ("stoppad", "BU-07")
    assert receipt(house, told.WHOLE) == ("godkand", None, 0, {})
    assert number(now, "BU15", told.NACKA) == (1, 2, "rapporterad"), "two ended, one in a breakdown"


def test_an_earlier_version_that_comes_later_changes_nothing(
    before: duckdb.DuckDBPyConnection, now: duckdb.DuckDBPyConnection
) -> None:
    """B2 is investigated anew within twelve months, B3 (only in the correction) and B4 are not; B1 is followed up."""
    for db in (before, now):
        expected = {"BU01": (1, people(told.NACKA)), "BU05": (1, 1), "BU06": (91, 1), "BU16": (1, 2), "BU17": (1, 1)}
        expected |= {"BU19": (1, 1), "SU03": (1, 1)}
        assert {i: number(db, i, told.NACKA)[:2] for i in expected} == expected
        assert number(db, "BU01", told.NACKA, "2018")[0] == 2
        assert number(db, "BU20", told.NACKA, kod="BU1_forbattrat") == (1, 1, "rapporterad")
        assert number(db, "SU04", told.NACKA, kod="helt") == (1, 1, "rapporterad")


# -- in any order --------------------------------------------------------------------------------------------------


def test_what_is_compared_has_something_in_every_indicator(now: duckdb.DuckDBPyConnection) -> None:
    seen = now.execute(
        "select distinct indikator_id from indicators.fct_indikatorvarde where geo_typ = 'kommun' and taljare > 0"
    ).fetchall()
    assert {row[0] for row in seen} == {*(f"BU{n:02d}" for n in range(1, 22)), "SU03", "SU04"}


def test_two_runs_in_another_order_give_every_table_that_one_whole_run_gives(
    house: Lager, empty: Path, process: Warm, tmp_path: Path
) -> None:
    whole = delivered(copy_home(empty, tmp_path), process, told.ONE_RUN)
    assert differing(house, whole) == {}


@pytest.mark.slow
def test_three_runs_in_a_third_order_give_every_table_and_so_does_building_them_all_anew(
    house: Lager, empty: Path, process: Warm, tmp_path: Path
) -> None:
    again = delivered(copy_home(empty, tmp_path), process, told.THREE_RUNS)
    assert differing(house, again) == {}
    anew = delivered(again.home, process, [[]], "--helt")
    assert differing(house, anew) == {}
