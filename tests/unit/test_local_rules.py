"""The rules of the local sources: each falls on the row that breaks it, and is silent on the one just inside.

Belongs here: AKT-01–05, UTR-01–05, BBIC-01–07, BU-15, 16, 18 and GEN-15 as docs/reference/barn_och_unga.md
(section 5) states them, through one real reception. Does not belong here: the rules of every delivery, and agreements.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from pipelines.contracts.model import get_contracts
from tests.support.delivery import Delivery, Row, number, senders
from tests.support.lokal import (
    NEW,
    OLD,
    Aktualiseringar,
    Bbic,
    agree,
    aktualisering,
    assessed,
    barn,
    insats,
    pagaende,
    uppfoljning,
    utredning,
)
from tests.support.reception import House


def akt(**cells: str) -> Delivery:
    return Aktualiseringar(aktualisering=[aktualisering(**cells)])


def utr(*rows: Row) -> Delivery:
    return Bbic(sammanfattning=list(rows))


def ins(**cells: str) -> Delivery:
    return Bbic(insats=[insats(**cells)])


def upp(**cells: str) -> Delivery:
    return Bbic(uppfoljning=[uppfoljning(**cells)])


def gammal(year: str = "2019", **cells: str) -> Row:
    """An investigation of the year in the old edition."""
    return utredning(bbic_version_kod="gamla", **{**assessed(NEW, ""), **assessed(OLD), **cells})


def other_target(**cells: str) -> Row:
    return utredning("U2", malgrupp_kod="familj", **cells)


UNDECIDED = {"beslut_datum": "", "utfall_kod": ""}
TWO = [barn(), barn("B2", 1)]
LATER = {"utredning_start_datum": "2019-04-30", "utredning_slut_datum": "2019-06-30"}
SAME_DAY = {"utredning_start_datum": "2019-04-29", "utredning_slut_datum": "2019-06-30"}
# rule → delivery that breaks it, the lines it falls on, and the nearest that does not break it
CASES: dict[str, tuple[str, Delivery, set[tuple[str, int]], Delivery]] = {
    "decided before it came": (
        "AKT-01", akt(beslut_datum="2019-02-28"), {("aktualisering", 2)}, akt(beslut_datum="2019-03-01"),
    ),
    "fifteen days": ("AKT-02", akt(beslut_datum="2019-03-16"), {("aktualisering", 2)}, akt()),
    "fifteen days, a report only": (
        "AKT-02", akt(beslut_datum="2019-03-16"), {("aktualisering", 2)},
        akt(beslut_datum="2019-03-16", aktualisering_typ_kod="ansokan"),
    ),
    "no reason": ("AKT-03", akt(orsak_kod=""), {("aktualisering", 2)}, akt(orsak_kod="annat")),
    "unknown reason": ("AKT-03", akt(orsak_kod="okand"), {("aktualisering", 2)}, akt()),
    "undecided for sixty-one days": (
        "AKT-04", akt(mottagen_datum="2019-10-31", **UNDECIDED), {("aktualisering", 2)},
        akt(mottagen_datum="2019-11-01", **UNDECIDED),
    ),
    "decided after the year is undecided": (
        "AKT-04", akt(mottagen_datum="2019-10-31", beslut_datum="2020-01-02"), {("aktualisering", 2)},
        akt(mottagen_datum="2019-10-31", beslut_datum="2019-12-31"),
    ),
    "came after the year": (
        "AKT-05", akt(mottagen_datum="2020-01-01", **UNDECIDED), {("aktualisering", 2)},
        akt(mottagen_datum="2019-12-31", **UNDECIDED),
    ),
    "decided before the year": (
        "AKT-05", akt(mottagen_datum="2018-12-20", beslut_datum="2018-12-31"), {("aktualisering", 2)},
        akt(mottagen_datum="2018-12-20", beslut_datum="2019-01-01"),
    ),
    "an outcome without its day": ("GEN-25", akt(beslut_datum=""), {("aktualisering", 2)}, akt(**UNDECIDED)),
    "a day without its outcome": ("GEN-14", akt(utfall_kod=""), {("aktualisering", 2)}, akt()),
    "begun before it was known": (
        "UTR-01", utr(utredning(aktualisering_datum="2019-02-02")), {("bbic_sammanfattning", 2)},
        utr(utredning(aktualisering_datum="2019-02-01")),
    ),
    "ended before it began": (
        "UTR-01", utr(utredning(utredning_slut_datum="2019-01-31")), {("bbic_sammanfattning", 2)},
        utr(utredning(utredning_slut_datum="2019-02-01")),
    ),
    "more than four months": (
        "UTR-02", utr(utredning(utredning_slut_datum="2019-06-02")), {("bbic_sammanfattning", 2)},
        utr(utredning(utredning_slut_datum="2019-06-01")),
    ),
    "more than four months, prolonged": (
        "UTR-02", utr(utredning(utredning_slut_datum="2019-06-02")), {("bbic_sammanfattning", 2)},
        utr(utredning(utredning_slut_datum="2019-06-02", forlangd_utredning="1")),
    ),
    "ended without a decision": (
        "UTR-03", utr(utredning(beslut_kod="")), {("bbic_sammanfattning", 2)}, utr(pagaende()),
    ),
    "two at a time": (
        "UTR-04", utr(utredning(), utredning("U2", **SAME_DAY)),
        {("bbic_sammanfattning", 2), ("bbic_sammanfattning", 3)}, utr(utredning(), utredning("U2", **LATER)),
    ),
    "two at a time for one target": (
        "UTR-04", utr(utredning(), utredning("U2", **SAME_DAY)),
        {("bbic_sammanfattning", 2), ("bbic_sammanfattning", 3)}, utr(utredning(), other_target(**SAME_DAY)),
    ),
    "begun after the year": (
        "UTR-05", utr(pagaende(utredning_start_datum="2020-01-01")), {("bbic_sammanfattning", 2)},
        utr(pagaende(utredning_start_datum="2019-12-31")),
    ),
    "over before the year": (
        "UTR-05", utr(utredning(aktualisering_datum="2018-11-01", utredning_start_datum="2018-12-01",
                                utredning_slut_datum="2018-12-31")), {("bbic_sammanfattning", 2)},
        utr(utredning(aktualisering_datum="2018-11-01", utredning_start_datum="2018-12-01",
                      utredning_slut_datum="2019-01-01")),
    ),
    "a need that is no code": (
        "BBIC-01", utr(utredning(behov_ff3="3")), {("bbic_sammanfattning", 2)}, utr(utredning(behov_ff3="9")),
    ),
    "an area left out": (
        "BBIC-01", utr(utredning(behov_fm4="")), {("bbic_sammanfattning", 2)}, utr(pagaende(behov_bu1="1")),
    ),
    "an area of the other edition": (
        "BBIC-01", utr(utredning(behov_g01="1")), {("bbic_sammanfattning", 2)}, utr(gammal()),
    ),
    "an old area left out": ("BBIC-01", utr(gammal(behov_g19="")), {("bbic_sammanfattning", 2)}, utr(gammal())),
    "a new area in an old one": ("BBIC-01", utr(gammal(behov_bu1="1")), {("bbic_sammanfattning", 2)}, utr(gammal())),
    "an area not followed up": (
        "BBIC-01", upp(behov_bu2_nu=""), {("bbic_uppfoljning", 2)}, upp(behov_bu2_nu="9"),
    ),
    "an unknown edition": (
        "BBIC-03", utr(utredning(bbic_version_kod="2021")), {("bbic_sammanfattning", 2)}, utr(utredning()),
    ),
    "no edition": ("BBIC-03", upp(bbic_version_kod=""), {("bbic_uppfoljning", 2)}, upp(bbic_version_kod="2015")),
    "no such child": ("BBIC-04", utr(utredning(barn_id="B2")), {("bbic_sammanfattning", 2)}, utr(utredning())),
    "a child set aside takes all with it": (
        "BBIC-04", Bbic(barn=[barn(ensamkommande="2")]),
        {("bbic_sammanfattning", 2), ("bbic_insats", 2), ("bbic_uppfoljning", 2)}, Bbic(),
    ),
    "the intervention of another child": (
        "BBIC-04", Bbic(barn=TWO, uppfoljning=[uppfoljning(barn_id="B2")]), {("bbic_uppfoljning", 2)}, Bbic(barn=TWO),
    ),
    "more goals met than set": (
        "BBIC-05", upp(mal_uppfyllda="2", mal_delvis="2"), {("bbic_uppfoljning", 2)},
        upp(mal_uppfyllda="2", mal_delvis="1"),
    ),
    "goals met and none set": (
        "BBIC-05", upp(mal_antal="", mal_uppfyllda="0"), {("bbic_uppfoljning", 2)}, upp(mal_antal="", mal_uppfyllda=""),
    ),
    "goals that cannot be read are another fault": (
        "GEN-25", upp(mal_antal="x"), {("bbic_uppfoljning", 2)}, upp(mal_antal="1"),
    ),
    "followed up before it began": (
        "BBIC-06", Bbic(insats=[insats(insats_start_datum="2019-06-02")]), {("bbic_uppfoljning", 2)},
        Bbic(insats=[insats(insats_start_datum="2019-06-01")]),
    ),
    "followed up another year": (
        "BBIC-07", upp(uppfoljning_datum="2018-12-31"), {("bbic_uppfoljning", 2)}, upp(uppfoljning_datum="2019-12-31"),
    ),
    "followed up the year after": (
        "BBIC-07", upp(uppfoljning_datum="2020-01-01"), {("bbic_uppfoljning", 2)}, upp(uppfoljning_datum="2019-01-01"),
    ),
    "followed up the year after it ended, without its row": (
        "BBIC-04", Bbic(insats=[]), {("bbic_uppfoljning", 2)},
        Bbic(insats=[insats(insats_start_datum="2018-01-01", insats_slut_datum="2018-12-31")]),
    ),
    "planned beyond all measure": (
        "GEN-25", upp(nasta_uppfoljning_datum="2045-01-21"), {("bbic_uppfoljning", 2)},
        upp(nasta_uppfoljning_datum="2045-01-20"),
    ),
    "an intervention after the year": (
        "BU-15", ins(insats_start_datum="2020-01-01"), {("bbic_insats", 2)}, ins(insats_start_datum="2019-12-31"),
    ),
    "an intervention over before the year": (
        "BU-16", ins(insats_start_datum="2018-01-01", insats_slut_datum="2018-12-31"), {("bbic_insats", 2)},
        ins(insats_start_datum="2018-01-01", insats_slut_datum="2019-01-01"),
    ),
    "an end before the start": (
        "GEN-15", ins(insats_start_datum="2019-02-02", insats_slut_datum="2019-02-01"), {("bbic_insats", 2)},
        ins(insats_start_datum="2019-02-01", insats_slut_datum="2019-02-01"),
    ),
    "one person as two": (
        "BU-18", Bbic(barn=[barn(), barn("B2", personnummer=number(0, born="2010-01-01"))]),
        {("bbic_barn", 2), ("bbic_barn", 3)}, Bbic(barn=TWO),
    ),
}  # fmt: skip
# what a case breaks beside its own rule: the same row by another rule, the rows that follow it, or what it follows
ALSO = {
    "a day without its outcome": {"AKT-04"},
    "a child set aside takes all with it": {"GEN-14"},
    "followed up another year": {"BBIC-06"},
    "an intervention after the year": {"BBIC-04", "BBIC-06"},
    "an end before the start": {"BBIC-04"},
}


@dataclass
class Sent:
    house: House
    breaks: dict[str, Delivery]
    keeps: dict[str, Delivery]


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Sent:
    """Every case from two municipalities of its own, received at once."""
    house, codes = House(tmp_path_factory.mktemp("lokal") / "hem"), iter(senders())
    breaks = {name: case[1].but(kommun=next(codes)) for name, case in CASES.items()}
    keeps = {name: case[3].but(kommun=next(codes)) for name, case in CASES.items()}
    deliveries = [*breaks.values(), *keeps.values()]
    agree(house, *(d.kommun for d in deliveries))
    house.receive(*deliveries)
    return Sent(house, breaks, keeps)


@pytest.mark.parametrize("name", CASES)
def test_a_rule_falls_on_the_row_that_breaks_it_and_on_no_other(sent: Sent, name: str) -> None:
    rule, _, lines, _ = CASES[name]
    found = sent.house.findings(sent.breaks[name])
    assert {(dataset, line) for dataset, line, _, broken in found if broken == rule} == lines
    assert {broken for *_, broken in found} - {rule} == ALSO.get(name, set())
    assert sent.house.verdict(sent.breaks[name]) == ("godkand", None)


@pytest.mark.parametrize("name", CASES)
def test_a_rule_is_silent_just_inside_its_limit(sent: Sent, name: str) -> None:
    rule = CASES[name][0]
    assert rule not in {broken for *_, broken in sent.house.findings(sent.keeps[name])}


@pytest.mark.parametrize("name", CASES)
def test_the_severity_says_whether_the_row_is_loaded(sent: Sent, name: str) -> None:
    rule, _, lines, _ = CASES[name]
    aside = get_contracts().rules[rule].allvar == "ERROR_RAD"
    landed = {
        (dataset, row["rad_nr"])
        for dataset in sent.breaks[name].columns
        for row in sent.house.landing(dataset, sent.breaks[name])
    }
    assert landed.isdisjoint(lines) if aside else landed >= lines


def test_every_rule_of_the_local_sources_has_a_case() -> None:
    """BBIC-02 is asked of a whole municipality's year, below."""
    own = {rule for rule in get_contracts().rules if rule.split("-")[0] in ("AKT", "UTR", "BBIC")} - {"BBIC-02"}
    assert own <= {case[0] for case in CASES.values()}


# -- a whole municipality's year -----------------------------------------------------------------------------------


def assessments(number_of: int, same: int) -> Delivery:
    """Ended investigations, of which some have the same value in every area; half of them in the old edition."""
    rows = []
    for i in range(number_of):
        names = (NEW, OLD)[i % 2]
        row = (utredning(f"U{i}"), {**gammal(), "utredning_id": f"U{i}"})[i % 2]
        rows.append(row if i < same else row | {names[-1]: "2"})
    return utr(*rows, pagaende("P1"), pagaende("P2"))


def test_too_many_alike_in_every_area_is_a_warning_on_the_municipality(tmp_path: Path) -> None:
    """More than a fifth, of at least thirty; what goes on is not counted (BBIC-02)."""
    house = House(tmp_path / "hem")
    over, fifth, few = assessments(30, 7), assessments(30, 6).but(kommun="0115"), assessments(29, 29).but(kommun="0117")
    agree(house, "0114", "0115", "0117")
    house.receive(over, fifth, few)
    assert house.ledger("select leverans_id, dataset, period, regel_id, antal, jamfort_med from varning") == [
        {
            "leverans_id": over.leverans_id,
            "dataset": "bbic_sammanfattning",
            "period": "2019",
            "regel_id": "BBIC-02",
            "antal": 7,
            "jamfort_med": 30,
        }
    ]
    (warning,) = house.receipt(over)["varningar"]
    assert (warning["regel"], warning["ar_kvitterad"]) == ("BBIC-02", False)
