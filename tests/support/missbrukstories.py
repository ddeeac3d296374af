"""Missbruk och beroende told as stories: small municipalities, each with what it sent for 2017-2019.

Belongs here: the deliveries of every story. Does not belong here: the orders they come in (`stories.py`), what is asked
of the warehouse (tests/golden/test_missbruk.py), and any use of the product's code.

Whoever is not named in a sentence here sent nothing. Areas of ASI that are not named stand at 2 each time.
"""

from __future__ import annotations

from typing import Any, TypeVar

from tests.support.barnstories import sent
from tests.support.delivery import Parcel, Row, YearParcel
from tests.support.missbruk import (
    Asi,
    Isu,
    Lvm,
    Missbruk,
    ansokan,
    born,
    ej,
    foljd,
    grund,
    insats,
    matning,
    omhandertagande,
    person,
    reserv,
    utredning,
    utskrivning,
)
from tests.support.vendor import System
from tests.support.vendor_missbruk import DELTA, EPSILON, MODELS

UPPLANDS_VASBY, SOLLENTUNA, SUNDBYBERG, SOLNA, LIDINGO = "0114", "0163", "0183", "0184", "0186"
NORRTALJE, VAXHOLM, SIGTUNA, HALMSTAD, GOTLAND = "0188", "0187", "0191", "1380", "0980"
AGREED = (UPPLANDS_VASBY, SOLLENTUNA, SUNDBYBERG, SOLNA, LIDINGO, NORRTALJE, VAXHOLM, SIGTUNA, HALMSTAD)
YEARS = ("2017", "2018", "2019")
Sent = TypeVar("Sent", bound=YearParcel)


def year(delivery: Sent, kommun: str, period: str, version: int = 1) -> Sent:
    """A municipality's package of a year."""
    return delivery.but(kommun=kommun, period=period, version=version, mottagen=sent(period, version))


def interviews(kommun: str, period: str, *rows: Row, version: int = 1) -> Asi:
    return year(Asi(list(rows)), kommun, period, version)


def first(letter: str, day: str, **cells: str) -> Row:
    """The Grund of the person with a letter: of its own number, and called after both."""
    return grund(f"G{letter}{day}", f"K{letter}", ord(letter), intervju_datum=day, **cells)


def after(letter: str, day: str, of: str, **cells: str) -> Row:
    """A follow-up that names the Grund of a day."""
    who = person(f"K{letter}", ord(letter), **cells)
    return foljd(f"F{letter}{day}", f"G{letter}{of}", intervju_datum=day, **who)


def missed(letter: str, day: str, of: str, why: str) -> Row:
    who = person(f"K{letter}", ord(letter))
    return ej(f"E{letter}{day}", f"G{letter}{of}", intervju_datum=day, bortfall_kod=why, **who)


# -- Upplands Väsby: the cohort of 2019, T10 (b), and a closed year's late correction -------------------------------

BETTER = {"asi3_klient_oro": "1", "asi3_intervjuare": "3", "dagar_alkohol_30": "4", "dagar_berusning_30": "4"}
COHORT_2017 = interviews(UPPLANDS_VASBY, "2017", first("h", "2017-06-30"), first("c", "2017-11-30"))
FORGOTTEN = after("e", "2018-12-01", "2018-03-01")
COHORT_2018 = interviews(
    *(UPPLANDS_VASBY, "2018"),
    first("e", "2018-01-10"),
    first("e", "2018-03-01"),
    *(first("a", "2018-03-15"), first("b", "2018-03-15")),
    *(after("c", "2018-02-27", "2017-11-30"), missed("c", "2018-10-01", "2017-11-30", "avbojt")),
    first("d", "2018-01-15"),
    *(missed("d", "2018-05-01", "2018-01-15", "ej_nadd"), missed("d", "2018-04-01", "2018-01-15", "avliden")),
    first("f", "2018-07-01"),
    first("g", "2018-03-15", **reserv()),
)
COHORT_2018_AGAIN = interviews(UPPLANDS_VASBY, "2018", *COHORT_2018.intervju, FORGOTTEN, version=2)
COHORT_2019 = interviews(
    *(UPPLANDS_VASBY, "2019"),
    after("a", "2019-09-15", "2018-03-15", **BETTER, dagar_narkotika_30="0"),
    after("b", "2019-10-15", "2018-03-15", **BETTER),
    after("g", "2019-03-15", "2018-03-15", **reserv()),
)

# -- Sollentuna: those who began with a method in the window of 2019 -----------------------------------------------


def care(nr: str, letter: str, start: str, end: str = "", **cells: str) -> Row:
    return insats(nr, f"K{letter}", insats_start_datum=start, insats_slut_datum=end, **cells)


def package(kommun: str, period: str, letters: str, *rows: Row, **tables: Any) -> Missbruk:
    """A year of those with a letter; r has a number of the municipality's own."""
    people = [person(f"K{x}", ord(x), **(reserv() if x == "r" else {})) for x in letters]
    return year(Missbruk(people, **{"utredning": [], **tables, "insats": list(rows)}), kommun, period)


LONG = care("Ia", "a", "2018-01-10")
METHODS: list[Parcel] = [
    package(
        *(SOLLENTUNA, "2017", "cd"),
        care("Ic", "c", "2017-08-01", "2017-12-31"),
        care("Id1", "d", "2017-06-01", "2017-12-31"),
    ),
    package(
        *(SOLLENTUNA, "2018", "abdefir"),
        LONG,
        care("Ib", "b", "2018-05-01", "2018-12-31"),
        care("Id2", "d", "2018-02-01", "2018-12-31"),
        care("Ie1", "e", "2018-01-10", "2018-12-31"),
        care("Ie2", "e", "2018-03-01", "2018-12-31", metod_kod="MET"),
        care("If", "f", "2018-03-15", "2018-12-31"),
        care("Ii", "i", "2018-01-10", "2018-12-31", metod_kod="CRAFT", malgrupp_kod="anhorig"),
        care("Ir", "r", "2018-01-10", "2018-12-31"),
    ),
    package(SOLLENTUNA, "2019", "a", LONG),
    interviews(SOLLENTUNA, "2017", first("a", "2017-11-11", asi3_klient_oro="0"), first("c", "2017-10-01")),
    interviews(
        *(SOLLENTUNA, "2018"),
        first("a", "2018-02-01", asi3_klient_oro="3"),
        *(first("b", "2018-06-30"), first("d", "2018-02-10"), first("e", "2018-02-01"), first("f", "2018-03-15")),
    ),
    interviews(
        *(SOLLENTUNA, "2019"),
        after("a", "2019-01-20", "2018-02-01", asi3_klient_oro="1"),
        missed("b", "2019-03-01", "2018-06-30", "ej_nadd"),
        after("e", "2019-02-01", "2018-02-01", asi3_klient_oro="3"),
        after("f", "2019-10-15", "2018-03-15", asi3_klient_oro="1"),
    ),
]

# -- Sundbyberg and Solna: T16, the same person in both ------------------------------------------------------------

MOVED: list[Parcel] = [
    *(interviews(SUNDBYBERG, "2017"), interviews(SUNDBYBERG, "2018", first("a", "2018-01-10"))),
    interviews(SUNDBYBERG, "2019"),
    interviews(SOLNA, "2019", after("a", "2019-01-10", "2018-01-10")),
    *(package(kommun, "2019", "a", LONG) for kommun in (SUNDBYBERG, SOLNA)),
]
APPLIED = ansokan(klient_id="Ka", place=ord("a"))
LVM_TWICE: list[Parcel] = [
    *(year(Lvm([], [], []), SUNDBYBERG, period) for period in ("2017", "2018")),
    *(year(Lvm([APPLIED], [], []), kommun, "2019") for kommun in (SUNDBYBERG, SOLNA)),
]

# -- Gotland: LVM, and T18 -----------------------------------------------------------------------------------------


def applications(period: str, count: int) -> list[Row]:
    return [ansokan(f"A{i}", f"K{i}", i, ansokan_datum=f"{period}-06-01") for i in range(count)]


EIGHTEEN = ansokan("A99", "K99", **born("2001-05-01"))
GOTLAND_FIRST = year(Lvm(applications("2017", 25), [], []), GOTLAND, "2017")
GOTLAND_LAST = year(
    Lvm(
        [*applications("2019", 30), EIGHTEEN],
        [omhandertagande(klient_id="K0")],
        [utskrivning(klient_id="K0"), utskrivning("S2", "K1", 1, boende_efter_kod="bostadslos")],
    ),
    *(GOTLAND, "2019"),
)
ISLAND: list[Parcel] = [year(Lvm(applications("2018", 28), [], []), GOTLAND, "2018"), GOTLAND_LAST]

# -- Lidingö: who comes back, and what is asked of investigations --------------------------------------------------


def investigated(nr: str, letter: str, start: str, end: str, **cells: str) -> Row:
    days = {"aktualisering_datum": start, "utredning_start_datum": start, "utredning_slut_datum": end}
    return utredning(f"U{nr}", f"K{letter}", **days, **cells)


GOES_ON = care("Id", "d", "2018-02-01", metod_kod="")
RETURNING: list[Parcel] = [
    package(
        *(LIDINGO, "2018", "abcder"),
        care("Ia", "a", "2018-02-11", "2018-06-30"),
        care("Ib", "b", "2018-02-11", "2018-06-30"),
        care("Ic", "c", "2018-01-02", "2018-03-01", insats_avslut_kod="avliden"),
        GOES_ON,
        care("Ir", "r", "2018-01-02", "2018-03-01"),
        utredning=[
            investigated("a", "a", "2018-01-10", "2018-02-10"),
            investigated("b", "b", "2018-01-10", "2018-02-10"),
            investigated("d", "d", "2018-01-10", "2018-04-01"),
            investigated("e", "e", "2018-01-10", "2018-03-31"),
            investigated("e2", "e", "2018-08-01", "2018-10-31", malgrupp_kod="anhorig"),
        ],
    ),
    package(
        *(LIDINGO, "2019", "abd", GOES_ON),
        utredning=[
            investigated("a3", "a", "2019-06-30", "2019-09-30", barn_under_18="1", barn_uppmarksammat="1"),
            investigated("b3", "b", "2019-07-01", "2019-09-30", barn_under_18="1", barn_uppmarksammat="0"),
        ],
    ),
    interviews(LIDINGO, "2018"),
    interviews(LIDINGO, "2019", first("a", "2019-08-29"), first("b", "2019-08-31")),
]

# -- Norrtälje, Halmstad, Vaxholm: who was followed up, and who was not --------------------------------------------


def selected(kommun: str, began: int, better: int, same: int) -> list[Asi]:
    """As many began in 2017 as began, and a year later as many were better or the same; with the others nothing came of
    it. In 2019 all began anew."""
    who = [person(f"K{i}", i) for i in range(began)]

    def second(i: int) -> Row:
        if i < better + same:
            oro = "1" if i < better else "2"
            return foljd(f"F{i}", f"G{i}", intervju_datum="2018-09-01", asi3_klient_oro=oro, **who[i])
        return ej(f"E{i}", f"G{i}", intervju_datum="2018-09-01", **who[i])

    return [
        interviews(kommun, "2017", *(grund(f"G{i}", f"K{i}", i, intervju_datum="2017-09-01") for i in range(began))),
        interviews(kommun, "2018", *(second(i) for i in range(began))),
        interviews(kommun, "2019", *(grund(f"H{i}", f"K{i}", i, intervju_datum="2019-09-01") for i in range(began))),
    ]


def with_method(kommun: str, metod_kod: str) -> list[Missbruk]:
    """A hundred who began with a method in August 2017 and go on."""
    numbers = range(100)
    rows = [insats(f"I{i}", f"K{i}", metod_kod=metod_kod, insats_start_datum="2017-08-15") for i in numbers]
    people = [person(f"K{i}", i) for i in numbers]
    return [year(Missbruk(people, [], rows), kommun, period) for period in YEARS]


def exported(system: System, packages: list[Asi]) -> list[Asi]:
    return [system.send(delivery) for delivery in packages]


SELECTED: list[Parcel] = [
    *exported(DELTA, selected(NORRTALJE, 100, 40, 10)),
    *with_method(NORRTALJE, "CRA"),
    *exported(EPSILON, selected(HALMSTAD, 100, 45, 45)),
    *with_method(HALMSTAD, "MET"),
    *selected(VAXHOLM, 40, 8, 2),
]

# -- Sigtuna: each year by another tool ----------------------------------------------------------------------------

TOOLS: list[Parcel] = [
    system.send(
        year(
            Isu(
                [
                    matning("start", f"{period}-03-01", uppfoljningsmodell_kod=model),
                    matning("slut", f"{period}-11-01", uppfoljningsmodell_kod=model, matt_varde="7"),
                ]
            ),
            *(SIGTUNA, period),
        )
    )
    for period, (model, system) in zip(YEARS, MODELS.items(), strict=True)
]

TOLD: list[Parcel] = [
    *(COHORT_2017, COHORT_2019, *METHODS, *MOVED, *LVM_TWICE, *ISLAND),
    *(*RETURNING, *SELECTED, *TOOLS),
]
