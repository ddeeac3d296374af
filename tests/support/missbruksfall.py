"""Row rules of missbruk and asi, and all four together: a delivery that breaks each, and the nearest that does not.

Belongs here: one pair per sentence, with lines and dates worked out by hand from docs/reference/missbruk.md. Does not
belong here: any use of the product's code, and what is asked of the pairs (tests/unit/test_missbruk_rules.py).
"""

from __future__ import annotations

from tests.support.delivery import Row, number
from tests.support.lvmfall import ISU, LVM
from tests.support.missbruk import (
    Asi,
    Fall,
    Missbruk,
    born,
    ej,
    foljd,
    grund,
    insats,
    person,
    reserv,
    utredning,
)

P, U, I, A = "missbruk_person", "missbruk_utredning", "missbruk_insats", "asi_intervju"  # noqa: E741


def utr(*rows: Row) -> Missbruk:
    return Missbruk(utredning=list(rows))


def ins(**cells: str) -> Missbruk:
    return Missbruk(insats=[insats(**cells)])


def asi(*rows: Row) -> Asi:
    return Asi(intervju=list(rows))


def first(**cells: str) -> Asi:
    return asi(grund(**cells))


def begins(day: str, **who: str) -> Missbruk:
    """One whose care and investigation are of different days: only the care is asked."""
    return Missbruk([person(**who)], utredning=[], insats=[insats(insats_start_datum=day)])


def begins_2018(day: str) -> Missbruk:
    """One born on the leap day of 2000, in the package of 2018."""
    sent = begins(day, **born("2000-02-29"))
    return sent.but(period="2018", mottagen="2019-01-20T10:00:00")


def investigated(day: str, **who: str) -> Missbruk:
    dates = {"aktualisering_datum": day, "utredning_start_datum": day, "utredning_slut_datum": "", "beslut_kod": ""}
    return Missbruk([person(**who)], [utredning(**dates)], [])


WRONG = number(born="2010-01-01")[:-1] + str((int(number(born="2010-01-01")[-1]) + 1) % 10)
SAME_DAY = {"utredning_start_datum": "2019-04-29", "utredning_slut_datum": "2019-06-30"}
LATER = {"utredning_start_datum": "2019-04-30", "utredning_slut_datum": "2019-06-30"}
WITH_CHILD = {"barn_under_18": "1"}
CS = {"asi1_cs": "500", "cs_formelversion": "US5"}
OTHER = {"personnummer": number(1)}
MISSBRUK = {
    "no such person": Fall("MIS-01", utr(utredning(klient_id="K2")), {(U, 2)}, utr(utredning())),
    "a person set aside takes all": Fall(
        "MIS-01", Missbruk([person(skyddad="2")]), {(U, 2), (I, 2)}, Missbruk(), {"GEN-14"}
    ),
    "care after the year": Fall(
        "MIS-02", ins(insats_start_datum="2020-01-01"), {(I, 2)}, ins(insats_start_datum="2019-12-31")
    ),
    "care over before the year": Fall(
        "MIS-03",
        ins(insats_start_datum="2018-01-01", insats_slut_datum="2018-12-31"),
        {(I, 2)},
        ins(insats_start_datum="2018-01-01", insats_slut_datum="2019-01-01"),
    ),
    "one number under two names": Fall(
        "MIS-04", Missbruk([person(), person("K2")]), {(P, 2), (P, 3)}, Missbruk([person(), person("K2", 1)])
    ),
    "the day before eighteen": Fall(
        "MIS-05", begins("2019-06-14", **born("2001-06-15")), {(I, 2)}, begins("2019-06-15", **born("2001-06-15"))
    ),
    "born on a leap day": Fall("MIS-05", begins_2018("2018-02-27"), {(I, 2)}, begins_2018("2018-02-28")),
    "a reservnummer by the years": Fall(
        "MIS-05",
        begins("2019-12-31", **reserv(fodelsear="2002")),
        {(I, 2)},
        begins("2019-01-01", **reserv(fodelsear="2001")),
    ),
    "investigated before eighteen": Fall(
        "MIS-05",
        investigated("2019-06-14", **born("2001-06-15")),
        {(U, 2)},
        investigated("2019-06-15", **born("2001-06-15")),
    ),
    "a number that has fallen says no age": Fall(
        "GEN-10", begins("2019-06-14", personnummer=WRONG), {(P, 2)}, begins("2019-06-14"), {"MIS-01"}
    ),
    "begun before it was known": Fall(
        "UTR-01",
        utr(utredning(aktualisering_datum="2019-02-02")),
        {(U, 2)},
        utr(utredning(aktualisering_datum="2019-02-01")),
    ),
    "ended before it began": Fall(
        "UTR-01",
        utr(utredning(utredning_slut_datum="2019-01-31")),
        {(U, 2)},
        utr(utredning(utredning_slut_datum="2019-02-01")),
    ),
    "ended without a decision": Fall(
        "UTR-03",
        utr(utredning(utredning_slut_datum="2019-12-31", beslut_kod="")),
        {(U, 2)},
        utr(utredning(utredning_slut_datum="2020-01-01", beslut_kod="")),
    ),
    "two at a time": Fall(
        "UTR-04",
        utr(utredning(), utredning("U2", **SAME_DAY)),
        {(U, 2), (U, 3)},
        utr(utredning(), utredning("U2", **LATER)),
    ),
    "two at a time for one target": Fall(
        "UTR-04",
        utr(utredning(), utredning("U2", **SAME_DAY)),
        {(U, 2), (U, 3)},
        utr(utredning(), utredning("U2", malgrupp_kod="spel", **SAME_DAY)),
    ),
    "begun after the year": Fall(
        "UTR-05",
        utr(utredning(utredning_start_datum="2020-01-01", utredning_slut_datum="", beslut_kod="")),
        {(U, 2)},
        utr(utredning(utredning_start_datum="2019-12-31", utredning_slut_datum="", beslut_kod="")),
    ),
    "over before the year": Fall(
        "UTR-05",
        utr(
            utredning(
                aktualisering_datum="2018-11-01", utredning_start_datum="2018-12-01", utredning_slut_datum="2018-12-31"
            )
        ),
        {(U, 2)},
        utr(
            utredning(
                aktualisering_datum="2018-11-01", utredning_start_datum="2018-12-01", utredning_slut_datum="2019-01-01"
            )
        ),
    ),
    "nothing said of the child": Fall(
        "GEN-25", utr(utredning(**WITH_CHILD)), {(U, 2)}, utr(utredning(**WITH_CHILD, barn_uppmarksammat="9"))
    ),
    "of a child nothing is said before the end": Fall(
        "GEN-25",
        utr(utredning(**WITH_CHILD, utredning_slut_datum="2019-12-31")),
        {(U, 2)},
        utr(utredning(**WITH_CHILD, utredning_slut_datum="2020-01-01")),
    ),
    "a child seen where there is none": Fall(
        "GEN-14", utr(utredning(barn_uppmarksammat="0")), {(U, 2)}, utr(utredning())
    ),
    "an end without how": Fall(
        "GEN-25",
        ins(insats_slut_datum="2019-06-30", insats_avslut_kod=""),
        {(I, 2)},
        ins(insats_slut_datum="2019-06-30", insats_avslut_kod="okand"),
    ),
    "how it ended, and it has not": Fall("GEN-14", ins(insats_avslut_kod="flyttat"), {(I, 2)}, ins()),
    "care that ends before it begins": Fall(
        "GEN-15",
        ins(insats_start_datum="2019-02-02", insats_slut_datum="2019-02-01"),
        {(I, 2)},
        ins(insats_start_datum="2019-02-01", insats_slut_datum="2019-02-01"),
    ),
}
SCALES = {
    f"{column} {bad}": Fall("ASI-01", first(**{column: bad}, **more), {(A, 2)}, first(**{column: good}, **more))
    for column, bad, good, more in (
        ("asi1_klient_oro", "5", "4", {}),
        ("asi7_klient_oro", "-1", "0", {}),
        ("asi4_klient_hjalp", "5", "4", {}),
        ("asi1_klient_hjalp", "-1", "0", {}),
        ("asi7_intervjuare", "10", "9", {}),
        ("asi2_intervjuare", "-1", "0", {}),
        ("asi6_cs", "1001", "1000", {"cs_formelversion": "KALLANS"}),
        ("asi7_cs", "-1", "0", {"cs_formelversion": "US5"}),
    )
}
DAYS = {
    f"{column} {bad}": Fall("ASI-04", first(**{column: bad}), {(A, 2)}, first(**{column: good}))
    for column, bad, good in (
        ("dagar_alkohol_30", "31", "30"),
        ("dagar_narkotika_30", "-1", "0"),
        ("dagar_psykisk_30", "31", "30"),
    )
}
ASI = {
    **SCALES,
    **DAYS,
    "the first interview of another": Fall(
        "ASI-02", asi(grund(), foljd(**OTHER)), {(A, 3)}, asi(grund(), foljd(grund_intervju_id="G0", **OTHER))
    ),
    "a first interview by another kind of number": Fall(
        "ASI-02",
        asi(grund(), foljd(id_typ="reserv", fodelsear="1980", kon_kod="2")),
        {(A, 3)},
        asi(grund(), foljd(fodelsear="1980", kon_kod="2")),
    ),
    "followed up the same day": Fall(
        "ASI-02",
        asi(grund(intervju_datum="2019-11-01"), foljd()),
        {(A, 3)},
        asi(grund(intervju_datum="2019-10-31"), foljd()),
    ),
    "not followed up before the first": Fall(
        "ASI-02",
        asi(ej(), grund(intervju_datum="2019-11-02")),
        {(A, 2)},
        asi(ej(), grund(intervju_datum="2019-10-31")),
    ),
    "a first interview set aside is one": Fall(
        "ASI-02",
        asi(grund(skyddad="2"), foljd(**OTHER)),
        {(A, 3)},
        asi(grund(skyddad="2"), foljd()),
        {"GEN-14"},
    ),
    "the day before eighteen": Fall(
        "ASI-03",
        first(**born("2001-03-02"), intervju_datum="2019-03-01"),
        {(A, 2)},
        first(**born("2001-03-02"), intervju_datum="2019-03-02"),
    ),
    "a reservnummer by the years": Fall(
        "ASI-03",
        first(**reserv(fodelsear="2002"), intervju_datum="2019-12-31"),
        {(A, 2)},
        first(**reserv(fodelsear="2001"), intervju_datum="2019-01-01"),
    ),
    "a number that has fallen says no age": Fall("GEN-10", first(personnummer=WRONG), {(A, 2)}, first()),
    "born after it was sent": Fall("GEN-10", first(**born("2020-01-21")), {(A, 2)}, first()),
    "more days drunk than drinking": Fall(
        "ASI-05",
        first(dagar_alkohol_30="4", dagar_berusning_30="5"),
        {(A, 2)},
        first(dagar_alkohol_30="5", dagar_berusning_30="5"),
    ),
    "days drunk, and the drinking not answered": Fall(
        "ASI-05",
        first(dagar_alkohol_30="0", dagar_berusning_30="1"),
        {(A, 2)},
        first(dagar_alkohol_30="", dagar_berusning_30="1"),
    ),
    "two first ninety days apart": Fall(
        "ASI-06",
        asi(
            grund(intervju_datum="2019-01-01"), foljd(grund_intervju_id="G9"), grund("G2", intervju_datum="2019-04-01")
        ),
        {(A, 2), (A, 4)},
        asi(
            grund(intervju_datum="2019-01-01"), foljd(grund_intervju_id="G9"), grund("G2", intervju_datum="2019-04-02")
        ),
    ),
    "two first of two persons": Fall(
        "ASI-06", asi(grund(), grund("G2")), {(A, 2), (A, 3)}, asi(grund(), grund("G2", "K2", 1))
    ),
    "before the year": Fall("ASI-08", first(intervju_datum="2018-12-31"), {(A, 2)}, first(intervju_datum="2019-01-01")),
    "after the year": Fall("ASI-08", first(intervju_datum="2020-01-01"), {(A, 2)}, first(intervju_datum="2019-12-31")),
    "an answer at an interview that was not": Fall("GEN-14", asi(ej(asi7_klient_oro="0")), {(A, 2)}, asi(ej())),
    "days at an interview that was not": Fall("GEN-14", asi(ej(dagar_arbete_30="0")), {(A, 2)}, asi(ej())),
    "a composite measure of an interview that was not": Fall("GEN-14", asi(ej(**CS)), {(A, 2)}, first(**CS)),
    "an edition of an interview that was not": Fall("GEN-14", asi(ej(asi_version_kod="2017")), {(A, 2)}, asi(ej())),
    "no edition": Fall("GEN-25", first(asi_version_kod=""), {(A, 2)}, first(asi_version_kod="annan")),
    "a formula of nothing": Fall("GEN-14", first(cs_formelversion="US5"), {(A, 2)}, first(**CS)),
    "no formula": Fall("GEN-25", first(asi7_cs="10"), {(A, 2)}, first()),
    "an unknown formula": Fall(
        "GEN-14", first(**CS | {"cs_formelversion": "US6"}), {(A, 2)}, first(**CS | {"cs_formelversion": "KALLANS"})
    ),
    "no reason": Fall("GEN-25", asi(ej(bortfall_kod="")), {(A, 2)}, asi(ej(bortfall_kod="avliden"))),
    "a reason for what was done": Fall("GEN-14", first(bortfall_kod="avbojt"), {(A, 2)}, first()),
    "following nothing": Fall("GEN-25", asi(foljd(grund_intervju_id="")), {(A, 2)}, asi(foljd())),
    "a first that follows": Fall("GEN-14", first(grund_intervju_id="G0"), {(A, 2)}, first()),
    "an answer that cannot be read": Fall("GEN-25", first(asi3_intervjuare="x"), {(A, 2)}, first(asi3_intervjuare="")),
}
CASES = {
    f"{source}: {sentence}": fall
    for source, found in (("missbruk", MISSBRUK), ("asi", ASI), ("lvm", LVM), ("isu", ISU))
    for sentence, fall in found.items()
}
