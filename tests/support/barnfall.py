"""Row rules of barn och unga as pairs of small deliveries: one that breaks the rule, and its twin that does not.

Belongs here: one pair per sentence, with the findings worked out by hand from the definitions. Does not belong here:
any use of the product's code, and what is asked of the pairs (tests/unit/test_landing_barn.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from tests.support.barn import Ar, barn, insats, oppen, placering, reservbarn
from tests.support.cases import Case, Found
from tests.support.delivery import Row, number

B, I, P, O = "bu_barn", "bu_insats", "bu_placering", "bu_oppenvard_mangd"  # noqa: E741
START, END = "placering_start_datum", "placering_slut_datum"
WRONG = number(born="2010-01-01")[:-1] + str((int(number(born="2010-01-01")[-1]) + 1) % 10)


def case(
    sentence: str, make: Callable[[str], Ar], bad: str, good: str, *found: Found, twin: Iterable[Found] = ()
) -> Case:
    """One value set wrong and right."""
    return Case(sentence, make(bad), set(found), make(good), set(twin))


def two(first: tuple[str, str], second: tuple[str, str], **cells: str) -> Ar:
    """Two placements in the same care, from and to."""
    rows = [placering(nr=nr, **{START: a, END: b}, **cells) for nr, (a, b) in enumerate((first, second), 1)]
    return Ar(placering=rows)


def alone(**cells: str) -> Ar:
    """A second care without placements."""
    return Ar(insats=[insats(), insats("I2", **cells)])


def both(rule: str) -> tuple[Found, Found]:
    return (P, 2, START, rule), (P, 3, START, rule)


def of_age(born: str, **cells: str) -> Ar:
    """A young person's care by LVU; the placement ends with it."""
    whole = insats(insatstyp_kod="LVU_VARD", lvu_grund_kod="LVU3", **cells)
    end = cells.get("insats_slut_datum", "")
    rows = [placering(**{START: cells.get("insats_start_datum", "2019-01-01"), END: end})]
    return Ar([barn(personnummer=number(born=born))], [whole], rows)


def reserv_of(year: str) -> Ar:
    return Ar([reservbarn(fodelsear=year)])


def long_stay(start: str, child: Row | None = None) -> Ar:
    care = [insats(insats_start_datum="2015-01-01")]
    return Ar([child or barn(personnummer=number(born="2001-12-31"))], care, [placering(**{START: start})])


def follows(*found: tuple[str, int, str]) -> tuple[Found, ...]:
    return tuple((table, line, column, "BU-14") for table, line, column in found)


def urgent(end: str, *, then: str | None = None) -> Ar:
    rows = [insats("I2", insatstyp_kod="LVU_6", lvu_grund_kod="LVU6", insats_slut_datum=end)]
    if then:
        rows.append(insats("I3", insatstyp_kod="LVU_VARD", lvu_grund_kod="LVU3", insats_start_datum=then))
    return Ar(insats=[insats(), *rows])


def twice(day: str) -> list[Row]:
    """A placement to the end of March, and one of a single day on two rows."""
    return [placering(**{START: "2019-01-01", END: "2019-03-31"}), *[placering(nr=2, **{START: day, END: day})] * 2]


COPIED: set[Found] = {(P, line, "placering_nr", "GEN-12") for line in (3, 4)}
OVERLAPS = [
    case(
        "BU-02: two days is too much, one is the day of the move",
        lambda start: two(("2019-01-01", "2019-03-31"), (start, "")),
        "2019-03-30",
        "2019-03-31",
        *both("BU-02"),
    ),
    Case(
        "BU-02: the five days of T2",
        two(("2019-01-01", "2019-03-31"), ("2019-03-27", "2019-06-30")),
        set(both("BU-02")),
        two(("2019-01-01", "2019-03-26"), ("2019-03-27", "2019-06-30")),
    ),
    case(
        "BU-13: thirty-one days, and then BU-02 is not said of the pair",
        lambda start: two(("2019-01-01", "2019-03-31"), (start, "")),
        "2019-03-01",
        "2019-03-02",
        *both("BU-13"),
        twin=both("BU-02"),
    ),
    Case(
        "BU-02, BU-13: a rule is a pair's, so a row may have both",
        Ar(
            placering=[
                placering(nr=1, **{START: "2019-01-01", END: "2019-06-30"}),
                placering(nr=2, **{START: "2019-03-01", END: "2019-04-30"}),
                placering(nr=3, **{START: "2019-06-29"}),
            ]
        ),
        {(P, 2, START, "BU-13"), (P, 3, START, "BU-13"), (P, 2, START, "BU-02"), (P, 4, START, "BU-02")}
        | {(P, 4, START, "BU-11")},
        Ar(
            placering=[
                placering(nr=1, **{START: "2019-01-01", END: "2019-02-28"}),
                placering(nr=2, **{START: "2019-03-01", END: "2019-06-28"}),
                placering(nr=3, **{START: "2019-06-29"}),
            ]
        ),
    ),
    case(
        "BU-02: an end after the year is none, whatever day the extract was made",
        lambda start: two(("2019-01-01", "2020-01-10"), (start, "2020-01-10")),
        "2019-12-30",
        "2019-12-31",
        *both("BU-02"),
    ),
    case(
        "GEN-15: a placement that ends before it begins is not compared with others",
        lambda end: two(("2019-06-01", end), ("2019-01-01", "2019-06-01")),
        "2019-05-31",
        "2019-06-01",
        (P, 2, END, "GEN-15"),
    ),
    case(
        "BU-11: two days between placements of the same care",
        lambda start: two(("2019-01-01", "2019-03-31"), (start, "")),
        "2019-04-03",
        "2019-04-02",
        (P, 3, START, "BU-11"),
    ),
    Case(
        "BU-11: a row that stands twice is twice the placement after the same one, and never after itself",
        Ar(placering=twice("2019-04-03")),
        {(P, line, START, "BU-11") for line in (3, 4)} | COPIED,
        Ar(placering=twice("2019-04-02")),
        COPIED,
    ),
]
WITHIN = [
    case(
        "BU-03: the placement begins before the care",
        lambda start: Ar(placering=[placering(**{START: start})]),
        "2018-12-31",
        "2019-01-01",
        (P, 2, START, "BU-03"),
    ),
    case(
        "BU-03: the care has ended and the placement has not",
        lambda end: Ar(insats=[insats(insats_slut_datum="2019-06-30")], placering=[placering(**{END: end})]),
        "",
        "2019-06-30",
        (P, 2, START, "BU-03"),
    ),
    case(
        "BU-03: care that ends after the year has not ended in it",
        lambda end: Ar(insats=[insats(insats_slut_datum=end)]),
        "2019-12-31",
        "2020-01-01",
        (P, 2, START, "BU-03"),
    ),
    case(
        "BU-08: a particular home under SoL is remarked on",
        lambda typ: Ar(
            insats=[insats(insatstyp_kod=typ, lvu_grund_kod="" if typ == "SOL" else "LVU3")],
            placering=[placering(placeringsform_kod="SIS")],
        ),
        "SOL",
        "LVU_VARD",
        (P, 2, "placeringsform_kod", "BU-08"),
    ),
    case(
        "BU-12: two years ongoing, and eighteen on the last day of the year",
        long_stay,
        "2017-12-31",
        "2018-01-01",
        (P, 2, END, "BU-12"),
    ),
    case(
        "BU-12: of a reservnummer the year of birth is what is known",
        lambda year: long_stay("2017-01-01", reservbarn(fodelsear=year)),
        "2001",
        "2002",
        (P, 2, END, "BU-12"),
    ),
    case(
        "BU-12: not yet eighteen when the year ends",
        lambda born: long_stay("2017-01-01", barn(personnummer=number(born=born))),
        "2001-12-31",
        "2002-01-01",
        (P, 2, END, "BU-12"),
    ),
]
GROUNDS = [
    case(
        f"BU-04: {typ} with the ground {bad or 'left out'}",
        lambda ground, typ=typ: alone(insatstyp_kod=typ, lvu_grund_kod=ground, insats_slut_datum="2019-01-20"),  # type: ignore[misc]
        bad,
        good,
        (I, 3, "lvu_grund_kod", "BU-04"),
    )
    for typ, bad, good in (
        ("LVU_VARD", "", "LVU2_3"),
        ("LVU_VARD", "LVU6", "LVU2"),
        ("LVU_VARD", "LVU24", "LVU3"),
        ("LVU_VARD", "XX", "LVU3"),
        ("LVU_6", "LVU3", "LVU6"),
        ("LVU_6", "", "LVU6"),
        ("SOL", "LVU2", ""),
    )
]
AGES = [
    case(
        "BU-05: twenty-one on the first day, by the exact date of birth",
        lambda born: of_age(born, insats_start_datum="2019-06-01"),
        "1998-06-01",
        "1998-06-02",
        (I, 2, "insats_start_datum", "BU-05"),
        *follows((P, 2, "insats_id")),
    ),
    case(
        "BU-05: care by LVU ends at the latest on the twenty-first birthday",
        lambda end: of_age("1998-06-01", insats_slut_datum=end),
        "2019-06-02",
        "2019-06-01",
        (I, 2, "insats_start_datum", "BU-05"),
        *follows((P, 2, "insats_id")),
    ),
    case(
        "BU-05: of a reservnummer the years are counted",
        reserv_of,
        "1998",
        "1999",
        (I, 2, "insats_start_datum", "BU-05"),
        *follows((P, 2, "insats_id")),
    ),
    case(
        "BU-05: is not tried when the number has fallen",
        lambda nr: Ar([barn(personnummer=nr)], [insats(insats_start_datum="2019-01-01")]),
        WRONG,
        number(born="2010-01-01"),
        (B, 2, "personnummer", "GEN-10"),
        *follows((I, 2, "barn_id"), (P, 2, "insats_id")),
    ),
    case(
        "BU-06: twenty-nine days without care by LVU",
        urgent,
        "2019-01-29",
        "2019-01-28",
        (I, 3, "insats_slut_datum", "BU-06"),
    ),
    case(
        "BU-06: the care may begin the day after",
        lambda then: urgent("2019-02-15", then=then),
        "2019-02-17",
        "2019-02-16",
        (I, 3, "insats_slut_datum", "BU-06"),
    ),
]
YEARS = [
    case(
        f"{rule}: care that {says}",
        lambda day, cells=cells, column=column: alone(**{**cells, column: day}),  # type: ignore[misc]
        bad,
        good,
        (I, 3, column, rule),
    )
    for rule, says, cells, column, bad, good in (
        ("BU-15", "begins after the year", {}, "insats_start_datum", "2020-01-01", "2019-12-31"),
        (
            *("BU-16", "ended before the year", {"insats_start_datum": "2018-01-01"}, "insats_slut_datum"),
            *("2018-12-31", "2019-01-01"),
        ),
        ("GEN-15", "ends before it begins", {}, "insats_slut_datum", "2018-12-31", "2019-01-01"),
    )
]
YEARS[2].found.add((I, 3, "insats_slut_datum", "BU-16"))
PLACED_YEARS = [
    case(
        "BU-15: a placement that begins after the year",
        lambda day: Ar(placering=[placering(**{START: day})]),
        "2020-01-01",
        "2019-12-31",
        (P, 2, START, "BU-15"),
    ),
    case(
        "BU-16: a placement that ended before the year",
        lambda day: Ar(
            insats=[insats(insats_start_datum="2018-01-01")],
            placering=[placering(**{START: "2018-01-01", END: day})],
        ),
        "2018-12-31",
        "2019-01-01",
        (P, 2, END, "BU-16"),
    ),
]
CHILDREN = [
    case(
        "BU-09: alone in the country, and two guardians in it",
        lambda who: Ar([barn(ensamkommande="1", vardnadshavare_kod=who)]),
        "VH1",
        "VH4",
        (B, 2, "vardnadshavare_kod", "BU-09"),
    ),
    case(
        "BU-14: a child set aside takes its care and its placements, and they are said so whatever else they broke",
        lambda who: Ar([barn(vardnadshavare_kod=who)], placering=[placering(vistelsekommun_kod="9999")]),
        "VH7",
        "VH9",
        (B, 2, "vardnadshavare_kod", "GEN-14"),
        *follows((I, 2, "barn_id"), (P, 2, "insats_id")),
    ),
    case(
        "BU-14: a placement set aside leaves its care where it is",
        lambda form: Ar(placering=[placering(placeringsform_kod=form)]),
        "HEM",
        "HVB",
        (P, 2, "placeringsform_kod", "GEN-14"),
    ),
    Case(
        "BU-18: one number under two names",
        Ar([barn(), barn("B2")]),
        {(B, 2, "barn_id", "BU-18"), (B, 3, "barn_id", "BU-18")},
        Ar([barn(), barn("B2", 1)]),
    ),
]
CELLS = [
    case(
        "GEN-14: an ongoing placement has no reason for its end",
        lambda why: Ar(placering=[placering(placering_avslut_orsak_kod=why)]),
        "PA1",
        "",
        (P, 2, "placering_avslut_orsak_kod", "GEN-14"),
    ),
    case(
        "GEN-25: an ended one has",
        lambda why: Ar(placering=[placering(**{END: "2019-06-30", "placering_avslut_orsak_kod": why})]),
        "",
        "PA9",
        (P, 2, "placering_avslut_orsak_kod", "GEN-25"),
    ),
    case(
        "GEN-14: where a sheltered home lies is not told",
        lambda where: Ar(
            placering=[placering(placeringsform_kod="SKYDD", vistelsekommun_kod=where)],
            period="2024",
            mottagen="2025-01-20T10:00:00",
        ),
        "0114",
        "",
        (P, 2, "vistelsekommun_kod", "GEN-14"),
    ),
]
AMOUNTS = [
    case(
        "BU-19: more girls with one kind of help than with any",
        lambda antal: Ar(oppenvard_mangd=[oppen(), oppen("OV1", antal=int(antal))]),
        "11",
        "10",
        (O, 3, "antal", "BU-19"),
    ),
    case(
        "BU-19: no row is none",
        lambda antal: Ar(oppenvard_mangd=[oppen(), oppen("OV2", antal=int(antal), kon_kod="1")]),
        "1",
        "0",
        (O, 3, "antal", "BU-19"),
    ),
    Case(
        "BU-19: is not tried against a number that cannot be read",
        Ar(oppenvard_mangd=[oppen(antal=10) | {"antal": "tio"}, oppen("OV1", 11)]),
        {(O, 2, "antal", "GEN-25")},
        Ar(oppenvard_mangd=[oppen(antal=11), oppen("OV1", 11)]),
    ),
]
CASES = [
    *(*OVERLAPS, *WITHIN, *GROUNDS, *AGES, *YEARS),
    *(*PLACED_YEARS, *CHILDREN, *CELLS, *AMOUNTS),
]
