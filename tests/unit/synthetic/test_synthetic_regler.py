"""The truth about each further rule, on both sides of its limit, from rows small enough to judge by hand.

Belongs here: GEN-06, GEN-08, GEN-09, GEN-11, GEN-13, EB-05, EB-08, EB-09, EB-10 (readings R32-R40). Does not belong
here: the demo as a whole (test_synthetic_text, test_synthetic_gransfall).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from pipelines.synthetic.facit_paket import rule_rows, verdict
from pipelines.synthetic.facit_rader import Utfall, judge
from pipelines.synthetic.koder import FRITEXT_NARA, FRITEXT_STOPP
from pipelines.synthetic.plan import UNDECLARED, Paket
from tests.support.fritext import suspect, written
from tests.support.smatt import MARCH, avslut, hushall, leveranser, person

NUMBER, KON, YEAR = "198112189876", "1", "1981"  # a man born 1981-12-18
CHILD = {"roll": "barn", "fu": "", "fh": "", "ins": ""}
PACKAGE = Paket(MARCH, 1, "eb_2017-03", 1_492_000_000)


def places(rule: str, dataset: str, **rows: Any) -> list[int]:
    """Rows the rule falls on."""
    return [i for i, fell in enumerate(outcome(**rows)[dataset].regler[rule]) if fell]


def outcome(**rows: Any) -> dict[str, Utfall]:
    return judge(leveranser(**rows))


def test_an_amount_is_large_above_sixty_thousand() -> None:
    ore = [6_000_000, 6_000_001, 5_999_999, 60_000_000]
    rows = [hushall(f"H{i}", n) for i, n in enumerate(ore)] + [hushall("H8", 9_000_000, 2), hushall("H9", 0, 3)]
    assert places("EB-05", "eb_hushall", hushall=rows) == [1, 3]
    end = outcome(hushall=rows[:2], person=[person("H0", NUMBER), person("H1", "198112789873", "samordning")])
    assert end["eb_hushall"].lastad.tolist() == [True, True]


@pytest.mark.parametrize(
    ("day", "month", "falls"),
    [
        ("2016-11-01", MARCH, False),
        ("2016-10-31", MARCH, True),
        ("2017-03-31", MARCH, False),
        ("1817-03-05", MARCH, True),
        ("2016-09-01", 0, False),
        ("2016-08-31", 0, True),
    ],
)
def test_a_closing_is_late_when_its_month_is_more_than_four_before(day: str, month: int, falls: bool) -> None:
    paket = (Paket(month, 1, "eb", 1_492_000_000),)
    assert places("EB-10", "eb_avslut", avslut=[avslut("H1", day, t=month)], paket=paket) == [0] * falls


def test_a_day_that_is_none_is_not_late() -> None:
    assert places("EB-10", "eb_avslut", avslut=[avslut("H1", "2010-01-01", n) for n in (1, 2, 3)]) == []


@pytest.mark.parametrize(
    ("number", "idt", "fodelsear", "month", "falls"),
    [
        ("199903319806", "pnr", "", MARCH, True),  # eighteen on the month's last day
        ("199904019806", "pnr", "", MARCH, False),  # and on the first of the next
        ("199904019806", "pnr", "", MARCH + 1, True),
        ("199903919806", "samordning", "", MARCH, True),  # day 91 is the 31st
        ("199904619806", "samordning", "", MARCH, False),
        ("199812319806", "pnr", "", MARCH, True),
        ("199902289806", "pnr", "", MARCH - 1, True),
        ("199912319806", "pnr", "", 11, True),
        ("200001019806", "pnr", "", 11, False),
        ("R00001", "reserv", "1998", MARCH, True),  # nineteen this year
        ("R00001", "reserv", "1999", MARCH, False),
        ("R00001", "reserv", "1999", MARCH + 12, True),
        ("R00001", "reserv", "", MARCH, False),
        ("R00001", "reserv", "19x5", MARCH, False),
        ("R00001", "reserv", "1900", MARCH, True),
        ("R00001", "reserv", "1899", MARCH, False),  # GEN-25 has said that it is no birth year
    ],
)
def test_a_child_is_one_until_the_month_it_turns_eighteen(
    number: str, idt: str, fodelsear: str, month: int, falls: bool
) -> None:
    child = person("H1", number, idt, fa=fodelsear, kk="2", t=month, **CHILD)
    paket = (Paket(month, 1, "eb", 1_600_000_000),)
    assert places("EB-09", "eb_person", person=[child], paket=paket) == [0] * falls
    adult = {**child, "roll": "medsokande"}
    assert places("EB-09", "eb_person", person=[adult], paket=paket) == []


def test_the_age_of_a_broken_number_is_not_known() -> None:
    child = person("H1", "198112189875", **CHILD)
    assert places("EB-09", "eb_person", person=[child], broken=("198112189875",)) == []
    assert places("EB-09", "eb_person", person=[child]) == [0]


@pytest.mark.parametrize(
    ("cells", "falls"),
    [
        ({}, False),
        ({"kk": "1", "fa": "1981"}, False),
        ({"kk": "2"}, True),
        ({"kk": "1", "fa": "1982"}, True),
        ({"fa": "1980"}, True),
        ({"kk": "3"}, False),  # an unknown code is GEN-14's
        ({"fa": "19x5"}, False),  # and what is no year GEN-25's
        ({"fa": "1899"}, False),
        ({"fa": "1900"}, True),
        ({"kk": "3", "fa": "1982"}, True),
    ],
)
def test_sex_and_year_are_held_against_a_sound_number(cells: dict[str, str], falls: bool) -> None:
    assert places("GEN-11", "eb_person", person=[person("H1", NUMBER, **cells)]) == [0] * falls
    assert places("GEN-11", "eb_person", person=[person("H1", NUMBER, **cells)], broken=(NUMBER,)) == []
    assert places("GEN-11", "eb_person", person=[person("H1", "R00001", "reserv", **cells)]) == []


def test_misstating_flags_and_does_not_set_aside() -> None:
    end = outcome(hushall=[hushall("H1")], person=[person("H1", NUMBER, kk="2")])
    assert end["eb_person"].lastad.tolist() == [True]


RESERV = person("H1", "R00001", "reserv", fa=YEAR, kk=KON)


@pytest.mark.parametrize(
    ("reserv", "falls"),
    [
        (RESERV, True),
        ({**RESERV, "t": MARCH + 1}, True),  # whatever month
        ({**RESERV, "nr": ""}, True),
        ({**RESERV, "hid": "H2"}, False),
        ({**RESERV, "roll": "medsokande"}, False),
        ({**RESERV, "fa": "1982"}, False),
        ({**RESERV, "kk": "2"}, False),
        ({**RESERV, "fa": "19x5"}, False),
        ({**RESERV, "kk": ""}, False),
        ({**RESERV, "pkg": 1}, False),
    ],
)
def test_one_person_with_two_kinds_of_identity_is_a_candidate(reserv: dict[str, Any], falls: bool) -> None:
    given = {"person": [person("H1", NUMBER), reserv], "paket": (PACKAGE, replace(PACKAGE, version=2))}
    assert places("GEN-13", "eb_person", **given) == [1] * falls
    assert places("GEN-13", "eb_person", **given, broken=(NUMBER,)) == []


def test_a_role_that_is_none_makes_no_candidate() -> None:
    rows = [person("H1", NUMBER, roll="sambo"), {**RESERV, "roll": "sambo"}]
    assert places("GEN-13", "eb_person", person=rows) == []


def test_a_person_in_two_households_is_flagged_in_both() -> None:
    rows = [person("H1", NUMBER), person("H2", NUMBER, roll="medsokande"), person("H2", "198112789873", "samordning")]
    assert places("EB-08", "eb_person", person=rows) == [0, 1]
    assert places("EB-08", "eb_person", person=[rows[0], {**rows[1], "t": MARCH + 1}]) == []
    assert places("EB-08", "eb_person", person=[rows[0], {**rows[1], "hid": "H1"}]) == []
    assert places("EB-08", "eb_person", person=rows, broken=(NUMBER,)) == []
    two = (PACKAGE, replace(PACKAGE, version=2))
    assert places("EB-08", "eb_person", person=[rows[0], {**rows[1], "pkg": 1}], paket=two) == []


def test_a_reservnummer_in_two_households_is_one_person_unless_it_is_empty() -> None:
    rows = [{**RESERV, "hid": "H2", "roll": "barn"}, RESERV]
    assert places("EB-08", "eb_person", person=rows) == [0, 1]
    assert places("EB-08", "eb_person", person=[{**r, "nr": ""} for r in rows]) == []
    other = [person("H1", "1234", "reserv"), person("H2", "1234", "pnr")]
    assert places("EB-08", "eb_person", person=other) == []


def test_rows_set_aside_count_too_when_households_are_compared() -> None:
    rows = [person("H1", NUMBER, sky="J"), person("H2", NUMBER)]
    assert places("EB-08", "eb_person", person=rows) == [0, 1]


def test_an_undeclared_protected_person_is_set_aside_and_hides_the_household() -> None:
    given = {
        "hushall": [hushall("H1", typ="7"), hushall("H2")],
        "person": [
            person("H1", NUMBER, sky="1"),
            person("H1", "198112789873", "samordning", roll="medsokande"),
            person("H2", "R00001", "reserv", fa="1990", kk="1"),
        ],
        "avslut": [avslut("H1", "2017-03-01")],
    }
    found = outcome(**given, paket=(replace(PACKAGE, brist=UNDECLARED),))
    assert found["eb_person"].regler["GEN-09"].tolist() == [True, False, False]
    assert found["eb_person"].karantan.tolist() == [True, False, False]
    assert found["eb_person"].skyddad.tolist() == [False, True, False]
    assert [found[d].skyddad.tolist() for d in ("eb_hushall", "eb_avslut")] == [[True, False], [True]]
    found = outcome(**given)
    assert not found["eb_person"].regler["GEN-09"].any()
    assert found["eb_person"].skyddad.tolist() == [True, True, False]


def stopped(**rows: Any) -> list[str]:
    lev = leveranser(**rows)
    return verdict(lev, judge(lev)).regel


@pytest.mark.parametrize("text", [t for texts in FRITEXT_STOPP.values() for t in texts])
def test_what_a_person_wrote_stops_the_package_wherever_it_stands(text: str) -> None:
    assert suspect(text)
    for rows in (
        {"hushall": [hushall("H1"), hushall("H2", typ=text)]},
        {"person": [person("H1", NUMBER, roll=text)]},
        {"avslut": [avslut("H1", "2017-03-01", orsak=text)]},
    ):
        assert stopped(**rows) == ["GEN-08"]


@pytest.mark.parametrize("text", FRITEXT_NARA)
def test_what_comes_close_is_an_unknown_code(text: str) -> None:
    assert not suspect(text)
    assert stopped(hushall=[hushall("H1", typ=text)]) == [""]
    assert places("EB-01", "eb_hushall", hushall=[hushall("H1", typ=text)]) == [0]
    assert places("GEN-14", "eb_person", person=[person("H1", NUMBER, roll=text)]) == [0]
    assert places("GEN-25", "eb_person", person=[person("H1", NUMBER, roll=text)]) == []
    assert places("GEN-14", "eb_avslut", avslut=[avslut("H1", "2017-03-01", orsak=text)]) == [0]


def test_an_identity_number_as_the_name_of_a_household_stops_only_its_own_package() -> None:
    rows = [hushall("H1"), hushall("198112189876", pkg=1, t=MARCH + 1)]
    paket = (PACKAGE, Paket(MARCH + 1, 1, "eb_2017-04", 1_495_000_000))
    assert stopped(hushall=rows, paket=paket, fri=("198112189876",)) == ["", "GEN-08"]


def test_ten_digits_are_a_number_when_most_of_a_columns_values_hold_as_such() -> None:
    right, wrong = ["8112189876", "8112789873"], ["8112189875", "8113189876"]
    assert not written({*right, *wrong, "H1"})
    assert written({*right, wrong[0]})
    assert not written({wrong[0]})


def local(*moment: int) -> int:
    return int(datetime(*moment, tzinfo=ZoneInfo("Europe/Stockholm")).timestamp())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("moment", "version", "falls"),
    [
        (local(2017, 4, 15, 23, 59, 59), 1, False),
        (local(2017, 4, 16), 1, True),
        (local(2017, 4, 16), 2, False),
        (local(2018, 1, 1), 1, True),
    ],
)
def test_a_delivery_is_late_from_the_first_instant_of_the_sixteenth(moment: int, version: int, falls: bool) -> None:
    lev = leveranser(hushall=[hushall("H1")], paket=(Paket(MARCH, version, "eb_2017-03", moment),))
    utfall = judge(lev)
    rows = rule_rows("0114", lev, verdict(lev, utfall), utfall)
    late = [r for r in rows if r[-2] == "GEN-06"]
    assert [(r[-3], r[-1]) for r in late] == [(None, 0)] * falls


def test_a_late_delivery_that_is_stopped_is_not_among_the_outcomes() -> None:
    lev = leveranser(hushall=[hushall("H1")], paket=(replace(PACKAGE, mottagen=1_600_000_000, brist="sha"),))
    utfall = judge(lev)
    assert rule_rows("0114", lev, verdict(lev, utfall), utfall) == []
