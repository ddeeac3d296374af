"""The gate of missbruk, asi, lvm and isu: each rule falls on the row that breaks it, and is silent just inside.

Belongs here: what is asked of every case (tests/support/missbruksfall.py), agreements, protection, and T16, T17 and
T18 of the definitions. Does not belong here: formats and profiles (test_missbruk_profiles.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from pipelines.contracts.model import get_contracts
from tests.support.delivery import YearParcel, number, senders
from tests.support.lokal import agree
from tests.support.lvmfall import EVERY, of_age
from tests.support.missbruk import (
    COLUMNS,
    Asi,
    Isu,
    Lvm,
    Missbruk,
    ansokan,
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
from tests.support.missbruksfall import CASES
from tests.support.reception import House

pytestmark = pytest.mark.xdist_group("missbruk_rules")  # one fixture for the whole module


@dataclass
class Sent:
    house: House
    breaks: dict[str, YearParcel]
    keeps: dict[str, YearParcel]


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Sent:
    """Every case from two municipalities of its own, received at once."""
    house, codes = House(tmp_path_factory.mktemp("missbruk") / "hem"), iter(senders())
    breaks = {name: case.breaks.but(kommun=next(codes)) for name, case in CASES.items()}
    keeps = {name: case.keeps.but(kommun=next(codes)) for name, case in CASES.items()}
    deliveries = [*breaks.values(), *keeps.values()]
    agree(house, *(d.kommun for d in deliveries))
    house.receive(*deliveries)
    return Sent(house, breaks, keeps)


@pytest.mark.parametrize("name", CASES)
def test_a_rule_falls_on_the_row_that_breaks_it_and_on_no_other(sent: Sent, name: str) -> None:
    case, found = CASES[name], sent.house.findings(sent.breaks[name])
    assert {(dataset, line) for dataset, line, _, broken in found if broken == case.rule} == case.lines
    assert {broken for *_, broken in found} - {case.rule} == case.also
    assert sent.house.verdict(sent.breaks[name]) == ("godkand", None)


@pytest.mark.parametrize("name", CASES)
def test_a_rule_is_silent_just_inside_its_limit(sent: Sent, name: str) -> None:
    assert CASES[name].rule not in {broken for *_, broken in sent.house.findings(sent.keeps[name])}
    assert sent.house.verdict(sent.keeps[name]) == ("godkand", None)


@pytest.mark.parametrize("name", CASES)
def test_the_severity_says_whether_the_row_is_loaded(sent: Sent, name: str) -> None:
    case, delivery = CASES[name], sent.breaks[name]
    aside = get_contracts().rules[case.rule].allvar == "ERROR_RAD"
    landed = {(d, row["rad_nr"]) for d in delivery.columns for row in sent.house.landing(d, delivery)}
    assert landed.isdisjoint(case.lines) if aside else landed >= case.lines


def test_every_rule_of_the_four_sources_has_a_case() -> None:
    own = {r.id for r in get_contracts().rules.values() if r.id.split("-")[0] in ("MIS", "ASI", "LVM", "ISU")}
    dormant = {"ASI-07", "LVM-05"}
    assert own == {f"MIS-0{n}" for n in range(1, 6)} | {f"ASI-0{n}" for n in range(1, 9)} | {
        *(f"LVM-0{n}" for n in range(1, 8)),
        *(f"ISU-0{n}" for n in range(1, 4)),
    }
    assert own - dormant | {"UTR-01", "UTR-03", "UTR-04", "UTR-05", "GEN-15"} <= {case.rule for case in CASES.values()}


def test_the_layouts_are_those_of_the_definitions() -> None:
    found = get_contracts().datasets
    assert {name: [c.name for c in found[name].columns] for name in COLUMNS} == {
        name: columns.split() for name, columns in COLUMNS.items()
    }


def test_only_lvm_may_be_sent_without_an_agreement(house: House) -> None:
    packages = [Missbruk(), Asi(), Lvm(), Isu()]
    house.receive(*packages)
    stopped = ("stoppad", "GEN-26")
    assert [house.verdict(p) for p in packages] == [stopped, stopped, ("godkand", None), stopped]


def test_t16_one_person_is_two_in_two_municipalities_and_one_in_asi_and_missbruk_of_one(house: House) -> None:
    agree(house, "0114", "0115")
    ids: dict[str, list[str]] = {}
    for kommun in ("0114", "0115"):
        packages = [Missbruk(kommun=kommun), Asi(kommun=kommun), Lvm(kommun=kommun), Isu(kommun=kommun)]
        house.receive(*packages)
        ids[kommun] = [p for d in packages for name in d.columns for p in persons(house, name, d)]
    for missbruk, asi, *lvm, isu in ids.values():
        assert missbruk == asi == isu
        assert len(set(lvm)) == 1
        assert missbruk not in lvm
    assert set(ids["0114"]).isdisjoint(ids["0115"])


def persons(house: House, dataset: str, delivery: YearParcel) -> list[str]:
    """The pseudonyms of a landed table, if it has any."""
    return [row["person_id"] for row in house.landing(dataset, delivery) if "person_id" in row]


def test_a_reservnummer_is_another_person_the_year_after(house: House) -> None:
    agree(house, "0114")
    years = {
        year: Asi(
            [grund(**reserv(), intervju_datum=f"{year}-03-01")], period=year, mottagen=f"{int(year) + 1}-01-20T10:00:00"
        )
        for year in ("2018", "2019")
    }
    house.receive(*years.values())
    assert len({p for sent in years.values() for p in persons(house, "asi_intervju", sent)}) == 2


HIDDEN = {
    "missbruk": Missbruk(
        [person(), person("K2", 1, skyddad="1")],
        [utredning(), utredning("U2", "K2")],
        [insats(), insats("I2", "K2"), insats("I3", "K2")],
    ),
    "asi": Asi(
        [
            grund(),
            grund("G2", "K2", 1, skyddad="1"),
            foljd("F2", "G2", klient_id="K2", personnummer=number(1)),
            foljd("F3", "G2", klient_id="K2", personnummer=number(1), skyddad="1"),
        ]
    ),
    "lvm": Lvm(
        [ansokan(), ansokan("A2", "K2", 1)],
        [omhandertagande(), omhandertagande("O2", "K2", 1, skyddad="1")],
        [utskrivning(), utskrivning("S2", "K2", 1)],
    ),
    "isu": Isu([matning(), matning("under", klient_id="K2", personnummer=number(1), skyddad="1")]),
}


@pytest.mark.parametrize("kalla", HIDDEN)
def test_t17_all_of_a_protected_person_stays_at_the_gate_whichever_row_bears_the_mark(house: House, kalla: str) -> None:
    agree(house, "0114")
    delivery = HIDDEN[kalla]
    house.receive(delivery)
    kept = {name: sum(row["klient_id"] == "K2" for row in delivery.rows(name)) for name in delivery.columns}
    assert {name: counts[3] for name, counts in house.counts(delivery).items()} == kept
    assert {row["klient_id"] for name in delivery.columns for row in house.landing(name, delivery)} == {"K1"}
    rows = house.ledger("select distinct skyddade_hushall as h, skyddade_personer as p from leverans_manad")
    assert rows == [{"h": 0, "p": 1}]


@pytest.mark.parametrize("kalla", HIDDEN)
def test_a_mark_that_the_manifest_does_not_declare_is_set_aside(house: House, kalla: str) -> None:
    agree(house, "0114")
    delivery = HIDDEN[kalla].but(manifest={"skyddade_deklarerade": False})
    house.receive(delivery)
    marked = {(d, i) for d in delivery.columns for i, r in enumerate(delivery.rows(d), 2) if r.get("skyddad") == "1"}
    assert {(d, line) for d, line, _, rule in house.findings(delivery) if rule == "GEN-09"} == marked
    assert {row["klient_id"] for name in delivery.columns for row in house.landing(name, delivery)} == {"K1"}


def test_t18_lvm_at_eighteen_is_received_with_a_remark(tmp_path: Path) -> None:
    house = House(tmp_path / "hem")
    young = of_age("2001-06-01")
    house.receive(young)
    assert house.verdict(young) == ("godkand", None)
    assert {(d, line, rule) for d, line, _, rule in house.findings(young)} == {(*at, "LVM-06") for at in EVERY}
    assert {name: counts[:2] for name, counts in house.counts(young).items()} == dict.fromkeys(Lvm.columns, (1, 1))
    assert get_contracts().rules["LVM-06"].allvar == "INFO"


def test_a_row_that_breaks_the_last_of_many_checks_is_told_by_its_column(house: House) -> None:
    """The interview's contract asks more than sixty-three questions of a row."""
    agree(house, "0114")
    asked = {"asi1_klient_oro": "x", "asi7_cs": "y", "dagar_psykisk_30": "z", "intervju_datum": "2018-12-31"}
    wide = {"asi2_cs": "1001", "cs_formelversion": "US5", "dagar_psykisk_30": "31"}
    delivery = Asi([grund(**asked), grund("G2", "K2", 1), grund("G2", "K3", 2), grund("G4", "K4", 4, **wide)])
    house.receive(delivery)
    assert house.findings(delivery) == {
        ("asi_intervju", 2, "asi1_klient_oro", "GEN-25"),
        ("asi_intervju", 2, "intervju_datum", "ASI-08"),
        ("asi_intervju", 3, "intervju_id", "GEN-12"),
        ("asi_intervju", 4, "intervju_id", "GEN-12"),
        ("asi_intervju", 5, "dagar_psykisk_30", "ASI-04"),
        ("asi_intervju", 5, None, "ASI-01"),  # of twenty-eight columns: the message says which scales
    }
    assert house.landing("asi_intervju", delivery) == []
