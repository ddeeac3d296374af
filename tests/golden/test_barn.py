"""Barn och unga from the inbox to the release, told as stories whose numbers are worked out by hand.

Belongs here: what the warehouse, the release and the receipts say of each story. Does not belong here: the deliveries
(`tests/support/barnstories.py`), their order (test_stories.py), and rules one by one (tests/unit).
"""

from __future__ import annotations

import duckdb
import pytest

from tests.support import barnstories as barn
from tests.support.canary import leaks
from tests.support.lager import Lager
from tests.support.stories import ONE_RUN, delivery_status, number, people, published, receipt

pytestmark = pytest.mark.xdist_group("stories")
NOTHING = (None, None, None)


# -- the stories ---------------------------------------------------------------------------------------------------


def test_t1_a_child_whose_law_changes_is_one_person_of_two_kinds_and_one_episode(
    now: duckdb.DuckDBPyConnection,
) -> None:
    place, all_of_them = barn.VALLENTUNA, people(barn.VALLENTUNA)
    assert number(now, "BU10", place) == (1, all_of_them, "rapporterad")
    kinds = {kod: number(now, "BU11", place, kod=kod)[0] for kod in ("SOL", "LVU_VARD", "LVU_6")}
    assert kinds == {"SOL": 1, "LVU_VARD": 1, "LVU_6": 0}
    assert number(now, "BU12", place) == (365, 365, "rapporterad")
    assert number(now, "BU13", place)[1] == 1, "the same home goes on: one episode began"
    assert number(now, "BU15", place) == (0, 1, "rapporterad"), "and one ended, by its last reason"


def test_three_years_together_are_the_sum_of_each_years_own(now: duckdb.DuckDBPyConnection) -> None:
    """2017: two children, 334 + 123 days; 2018: one, 334; 2019: one, 365."""
    place = barn.VALLENTUNA
    assert [number(now, "BU10", place, year)[0] for year in ("2017", "2018", "2019")] == [2, 1, 1]
    assert number(now, "BU10", place, "2017-2019") == (4, 3 * people(place), "rapporterad")
    assert number(now, "BU12", place, "2017-2019") == (1156, 1156, "rapporterad")
    taljare, _, _, status, *shown = published(now, "BU10", place, "2017-2019")
    assert (taljare, status, *shown) in ((None, "rapporterad", "skyddad", "X"), (0, "rapporterad", "noll", "–"))
    assert number(now, "BU10", barn.OSTERAKER, "2017-2019") == (None, None, "ej_rapporterad"), "one year of three"


def test_t2_an_overlap_is_remarked_on_and_its_days_are_counted_once(
    told: Lager, now: duckdb.DuckDBPyConnection
) -> None:
    place = barn.OSTERAKER
    assert receipt(told, barn.OVERLAP) == ("godkand", None, 0, {"BU-02": [2, 3]})
    assert delivery_status(now, place, "bu") == {
        ("bu_barn", "Österåker", "mottagen_godkand"),
        ("bu_insats", "Österåker", "mottagen_godkand"),
        ("bu_placering", "Österåker", "mottagen_med_varning"),
        ("bu_oppenvard_mangd", "Österåker", "mottagen_godkand"),  # confirmed empty, which is not told of a year
    }
    assert number(now, "BU12", place) == (85, 181, "rapporterad")
    assert number(now, "BU21", place) == (96, 181, "rapporterad"), "who began last has the days: HVB in another county"
    assert number(now, "BU13", place)[1] == number(now, "BU15", place)[1] == 2


def test_t5_a_municipality_without_a_delivery_has_no_numbers_and_the_country_has_its_estimate(
    now: duckdb.DuckDBPyConnection,
) -> None:
    """Reported: Vallentuna 1, Österåker 1, Järfälla 1, Ekerö 1, Nacka 2. Estimated: Värmdö's 3 of the year before, and
    Tyresö's 2 of two years before."""
    for place in (barn.VARMDO, barn.TYRESO):
        assert number(now, "BU10", place) == (None, None, "ej_rapporterad")
        assert published(now, "BU10", place) == (*NOTHING, "ej_rapporterad", "ej_rapporterad", "..")
    status = delivery_status(now, barn.VARMDO, "bu")
    assert {row[1:] for row in status} == {("Värmdö", "ej_rapporterad")}
    assert len(status) == 4
    reported = people(barn.VALLENTUNA, barn.OSTERAKER, barn.JARFALLA, barn.EKERO, barn.NACKA)
    estimated = people(barn.VARMDO, barn.TYRESO)
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
        [barn.JARFALLA, barn.EKERO],
    ).fetchall()
    assert [row[:2] for row in persons] == [(barn.JARFALLA, 2018), (barn.JARFALLA, 2019), (barn.EKERO, 2019)]
    assert len({person for *_, person in persons}) == 3
    assert [number(now, "BU10", place)[0] for place in (barn.JARFALLA, barn.EKERO)] == [1, 1]
    assert number(now, "BU14", barn.JARFALLA) == (0, 0, "rapporterad"), "nobody can be followed"
    assert number(now, "BU14", barn.JARFALLA, kod="uppfoljda") == (0, 1, "rapporterad"), "and that is to be seen"


def test_t11_t12_the_fifteenth_day_is_too_late_and_no_fault_and_what_goes_on_counts_as_investigated(
    told: Lager, now: duckdb.DuckDBPyConnection
) -> None:
    place = barn.HUDDINGE
    assert receipt(told, barn.REPORTS) == ("godkand", None, 0, {"AKT-02": [3]})
    assert delivery_status(now, place, "aktualisering") == {("aktualisering", "Huddinge", "mottagen_med_varning")}
    assert number(now, "BU01", place) == (3, people(place), "rapporterad")
    assert number(now, "BU02", place) == (2, 3, "rapporterad")
    assert number(now, "BU03", place) == (2, 3, "rapporterad")


def test_t19_a_column_that_slipped_in_stops_the_package_and_what_was_written_there_is_kept_nowhere(
    told: Lager, now: duckdb.DuckDBPyConnection
) -> None:
    assert receipt(told, barn.NOTED)[:3] == ("stoppad", "GEN-08", 3)
    assert receipt(told, barn.WIDER) == ("stoppad", "GEN-04", 3, {"GEN-04": []}), "where nobody wrote in it"
    archived = {path.name.split(".")[0] for path in (told.home / "archive").rglob("*.lager")}
    assert len(archived) == len(ONE_RUN[0]) - 2, "all but what was written in and what nobody had agreed to"
    assert leaks(told.home, [barn.NOTE], also=[told.home.parent / "tmp"]) == []
    assert list((told.home / "inbox").glob("*/*")) == []
    for place, name in ((barn.BOTKYRKA, "Botkyrka"), (barn.SALEM, "Salem")):
        assert {row[1:] for row in delivery_status(now, place, "bu")} == {(name, "underkand")}
        assert published(now, "BU10", place) == (*NOTHING, "ej_rapporterad", "ej_rapporterad", "..")


def test_without_an_agreement_nothing_is_received_and_nothing_is_missed(
    told: Lager, now: duckdb.DuckDBPyConnection
) -> None:
    assert receipt(told, barn.UNASKED)[:3] == ("stoppad", "GEN-26", 3)
    statuses = {"Haninge": barn.HANINGE, "Danderyd": barn.DANDERYD, "Täby": barn.TABY}
    for name, place in statuses.items():
        expected = "ej_rapporterad" if place == barn.TABY else "avtal_saknas"
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
    place = barn.NACKA
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
    place = barn.NACKA
    assert number(before, "BU10", place, "2017-2019") == (None, None, "ej_rapporterad")
    assert number(before, "BU14", place, "2018") == (None, None, "ej_rapporterad"), "the year before is asked for"
    assert number(now, "BU10", place, "2017-2019") == (1 + 3 + 2, 3 * people(place), "rapporterad")
    assert number(now, "BU14", place, "2018") == (0, 1, "rapporterad")


def test_who_was_placed_when_a_year_ended_must_be_in_the_next(told: Lager, now: duckdb.DuckDBPyConnection) -> None:
    assert receipt(told, barn.LOST)[:2] == ("stoppad", "BU-07")
    assert receipt(told, barn.WHOLE) == ("godkand", None, 0, {})
    assert number(now, "BU15", barn.NACKA) == (1, 2, "rapporterad"), "two ended, one in a breakdown"


def test_an_earlier_version_that_comes_later_changes_nothing(
    before: duckdb.DuckDBPyConnection, now: duckdb.DuckDBPyConnection
) -> None:
    """B2 is investigated anew within twelve months, B3 (only in the correction) and B4 are not; B1 is followed up."""
    for db in (before, now):
        expected = {"BU01": (1, people(barn.NACKA)), "BU05": (1, 1), "BU06": (91, 1), "BU16": (1, 2), "BU17": (1, 1)}
        expected |= {"BU19": (1, 1), "SU03": (1, 1)}
        assert {i: number(db, i, barn.NACKA)[:2] for i in expected} == expected
        assert number(db, "BU01", barn.NACKA, "2018")[0] == 2
        assert number(db, "BU20", barn.NACKA, kod="BU1_forbattrat") == (1, 1, "rapporterad")
        assert number(db, "SU04", barn.NACKA, kod="helt") == (1, 1, "rapporterad")
