"""Row rules of barn och unga: each falls on exactly the row it speaks of, and is silent in the twin.

Belongs here: what is asked of every case (tests/support/barnfall.py), what stops a package or keeps rows at the gate,
and T1, T2, T7 and T19 of the definitions. Does not belong here: rules over the years (test_landing_ar.py).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pipelines.landing.precheck import check_path
from tests.support.barn import Ar, barn, insats, oppen, placering, reservbarn
from tests.support.barnfall import CASES, START
from tests.support.cases import Found
from tests.support.delivery import Parcel, number, senders
from tests.support.reception import House

pytestmark = pytest.mark.xdist_group("landing_barn")  # one fixture for the whole module
SENDERS = senders()
FLAGS = {*(f"BU-{n:02d}" for n in (2, 3, 6, 8, 9, 11, 12, 16, 18, 19))}
"""Findings that leave the row where it is."""


@pytest.fixture(scope="module")
def received(tmp_path_factory: pytest.TempPathFactory) -> House:
    """All broken deliveries and their twins in one reception, each from a sender of its own."""
    house = House(tmp_path_factory.mktemp("barn"))
    house.receive(*(case.broken.but(kommun=SENDERS[i]) for i, case in enumerate(CASES)))
    house.receive(*(case.twin.but(kommun=SENDERS[len(CASES) + i]) for i, case in enumerate(CASES)))
    return house


def asked(house: House, delivery: Parcel, found: set[Found]) -> None:
    """The findings, and that every row without one that sets it aside has landed."""
    assert house.verdict(delivery) == ("godkand", None)
    assert house.findings(delivery) == found
    for dataset, counts in house.counts(delivery).items():
        rows = len(delivery.rows(dataset))
        aside = {line for name, line, _, rule in found if name == dataset and rule not in FLAGS}
        assert counts == (rows, rows - len(aside), len(aside), 0, 0), dataset
        assert {r["rad_nr"] for r in house.landing(dataset, delivery)} == set(range(2, rows + 2)) - aside, dataset


@pytest.mark.parametrize("place", range(len(CASES)), ids=[c.sentence for c in CASES])
def test_falls_on_exactly_the_broken_row_and_is_silent_in_the_twin(received: House, place: int) -> None:
    case = CASES[place]
    asked(received, case.broken.but(kommun=SENDERS[place]), case.found)
    asked(received, case.twin.but(kommun=SENDERS[len(CASES) + place]), case.twin_found)


def test_every_row_rule_of_the_definitions_has_a_case() -> None:
    fallen = {rule for case in CASES for *_, rule in case.found}
    assert fallen >= {f"BU-{n:02d}" for n in range(2, 20)} - {"BU-07", "BU-10", "BU-17"} | {"GEN-15"}


@pytest.mark.parametrize(
    ("delivery", "dataset"),
    [
        (Ar(insats=[insats(), insats("I2", "B9")]), "bu_insats"),
        (Ar(placering=[placering(), placering("I9")]), "bu_placering"),
        (Ar([barn(), barn("B2", 1)], placering=[placering(), placering("I1", "B2", 2)]), "bu_placering"),
    ],
    ids=["care of no child", "a placement in no care", "a placement in another child's care"],
)
def test_a_parent_that_is_nowhere_stops_the_package(house: House, delivery: Ar, dataset: str) -> None:
    house.receive(delivery)
    assert house.verdict(delivery) == ("stoppad", "BU-01")
    (fault,) = [f for f in house.faults(delivery) if f["regel_id"] == "BU-01"]
    assert (fault["dataset"], fault["allvar"], fault["antal_rader"]) == (dataset, "ERROR", 1)
    assert house.receipt(delivery)["stoppad_av"]["regel"] == "BU-01"
    assert house.landing("bu_barn", delivery) == []


def test_a_name_that_is_itself_broken_is_set_aside_and_stops_nothing(house: House) -> None:
    delivery = Ar(insats=[insats(), insats("I2", "B1\u200b"), insats("I3", "")])
    house.receive(delivery)
    assert house.verdict(delivery) == ("godkand", None)
    assert house.findings(delivery) == {("bu_insats", 3, "barn_id", "GEN-25"), ("bu_insats", 4, "barn_id", "GEN-25")}


def test_everything_of_a_protected_child_stays_at_the_gate(house: House) -> None:
    hidden = Ar(
        [barn(), barn("B2", 1, skyddad="1")],
        [insats(), insats("I2", "B2")],
        [placering(), placering("I2", "B2")],
        [oppen()],
    )
    house.receive(hidden)
    counts = house.counts(hidden)
    assert {name: c[3] for name, c in counts.items()} == {
        **dict.fromkeys(("bu_barn", "bu_insats", "bu_placering"), 1),
        "bu_oppenvard_mangd": 0,
    }
    rows = house.ledger("select distinct period, skyddade_hushall, skyddade_personer from leverans_manad")
    assert [tuple(r.values()) for r in rows] == [("2019", 0, 1)]
    undeclared = hidden.but(version=2, manifest={"skyddade_deklarerade": False})
    house.receive(undeclared)
    assert house.findings(undeclared) == {
        ("bu_barn", 3, "skyddad", "GEN-09"),
        ("bu_insats", 3, "barn_id", "BU-14"),
        ("bu_placering", 3, "insats_id", "BU-14"),
    }
    assert {r["barn_id"] for r in house.landing("bu_placering", undeclared)} == {"B1"}


def test_t1_care_by_sol_and_then_by_lvu_lands_whole(house: House) -> None:
    care = [
        insats(insats_slut_datum="2019-03-31"),
        insats("I2", insatstyp_kod="LVU_VARD", lvu_grund_kod="LVU2", insats_start_datum="2019-04-01"),
    ]
    rows = [
        placering(placering_slut_datum="2019-03-31", placering_avslut_orsak_kod="PA4"),
        placering("I2", nr=1, **{START: "2019-04-01"}),
    ]
    delivery = Ar(insats=care, placering=rows)
    house.receive(delivery)
    assert (house.verdict(delivery), house.findings(delivery)) == (("godkand", None), set())
    assert [r["insatstyp_kod"] for r in house.landing("bu_insats", delivery)] == ["SOL", "LVU_VARD"]


def test_t7_a_reservnummer_is_a_person_of_one_municipality_and_one_year(house: House) -> None:
    sent = [
        Ar([reservbarn()], kommun="0114"),
        Ar([reservbarn()], kommun="0115"),
        Ar(
            [reservbarn()],
            [insats(insats_start_datum="2018-01-01")],
            [placering(**{START: "2018-01-01"})],
            kommun="0114",
            period="2018",
            mottagen="2019-01-20T10:00:00",
        ),
        Ar([barn("B7", 3)], [insats("I7", "B7")], [placering("I7", "B7")], kommun="0117"),
    ]
    house.receive(*sent)
    people = [house.landing("bu_barn", d)[0]["person_id"] for d in sent]
    assert len(set(people)) == 4


class Smuggled(Ar):
    """A year whose placements have a column that no contract knows."""

    columns = Ar.columns | {"bu_placering": Ar.columns["bu_placering"] + " anteckning"}


@pytest.mark.parametrize("form", ["csv", "xlsx", "xml"])
@pytest.mark.parametrize(
    ("text", "rule"), [("ring 070-174 06 05", "GEN-08"), (number(1), "GEN-08"), ("lugnt", "GEN-04")]
)
def test_t19_an_unknown_column_is_searched_before_it_is_refused(house: House, text: str, rule: str, form: Any) -> None:
    delivery = Smuggled(placering=[placering(nr=1), placering(nr=2) | {"anteckning": text}], format=form)
    house.receive(delivery)
    assert house.verdict(delivery) == ("stoppad", rule)
    assert (delivery.leverans_id in house.archived()) == (rule == "GEN-04")
    told = {f["regel_id"]: f["detalj"] for f in house.faults(delivery)}
    assert ("först på rad" if (form, rule) == ("xml", "GEN-04") else "plats 14") in told[rule]
    assert text not in str(house.receipts())


@pytest.mark.parametrize("form", ["csv", "xlsx", "xml"])
def test_a_child_file_without_its_number_is_no_header_to_search_under(house: House, form: Any) -> None:
    """The numbers stand in some other column, as they should have in their own: the package is only stopped."""
    renamed = Ar([barn() | {"nummer": number(1)}], format=form)
    renamed = renamed.but(order={"bu_barn": Ar.columns["bu_barn"].replace("personnummer", "nummer")})
    house.receive(renamed)
    assert house.verdict(renamed) == ("stoppad", "GEN-04")


def test_a_lone_file_is_tried_by_its_own_rules(tmp_path: Path) -> None:
    delivery = Ar(placering=[placering(nr=1), placering("I9", "B9", 1)])
    path = tmp_path / "bu_placering.csv"
    path.write_text(delivery.text("bu_placering"))
    from pipelines.contracts.model import get_contracts

    answer = check_path(path, get_contracts())
    assert (answer["status"], answer["period"], answer["regler"]) == ("godkand", "2019", [])
