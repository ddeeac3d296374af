"""Row rules: each falls on exactly the row it speaks of, and is silent in the twin where the cell is right.

Belongs here: what is asked of every case (tests/support/cases.py); all of them go through two receptions. Does not
belong here: shares that stop a delivery, protection and packages.
"""

from __future__ import annotations

import pytest

from tests.support.cases import CASES, Found
from tests.support.delivery import Delivery, barn, hushall, number, person, reserv, senders, year
from tests.support.reception import House

pytestmark = pytest.mark.xdist_group("landing_rules")  # one fixture for the whole module
SENDERS = senders()
WARNINGS = {"GEN-11", "GEN-13", "EB-05", "EB-08", "EB-09", "EB-10", "EB-15"}
"""Findings that leave the row where it is."""


def sent(delivery: Delivery, place: int) -> Delivery:
    """Every case has a sender of its own, so that nothing in the ledger touches it."""
    return delivery.but(kommun=SENDERS[place])


@pytest.fixture(scope="module")
def received(tmp_path_factory: pytest.TempPathFactory) -> House:
    """All broken deliveries in one reception, all twins in the next."""
    house = House(tmp_path_factory.mktemp("regler"))
    house.receive(*(sent(case.broken, i) for i, case in enumerate(CASES)))
    house.receive(*(sent(case.twin, len(CASES) + i) for i, case in enumerate(CASES)))
    return house


def conserved(house: House, delivery: Delivery, found: set[Found]) -> None:
    """Rows per dataset: those with a finding lie in quarantine, the others are landed under their own line."""
    for dataset, counts in house.counts(delivery).items():
        rows = len(delivery.rows(dataset))
        aside = {line for name, line, _, rule in found if name == dataset and rule not in WARNINGS}
        assert counts == (rows, rows - len(aside), len(aside), 0, 0), dataset
        landed = {row["rad_nr"] for row in house.landing(dataset, delivery)}
        assert landed == set(range(2, rows + 2)) - aside, dataset


@pytest.mark.parametrize("place", range(len(CASES)), ids=[c.sentence for c in CASES])
def test_falls_on_exactly_the_broken_row(received: House, place: int) -> None:
    delivery = sent(CASES[place].broken, place)
    assert received.verdict(delivery) == ("godkand", None)
    assert received.findings(delivery) == CASES[place].found
    conserved(received, delivery, CASES[place].found)


@pytest.mark.parametrize("place", range(len(CASES)), ids=[c.sentence for c in CASES])
def test_is_silent_in_the_twin(received: House, place: int) -> None:
    delivery = sent(CASES[place].twin, len(CASES) + place)
    assert received.verdict(delivery) == ("godkand", None)
    assert received.findings(delivery) == CASES[place].twin_found
    conserved(received, delivery, CASES[place].twin_found)


def test_every_rule_of_the_gate_has_a_case(received: House) -> None:
    fallen = {rule for case in CASES for *_, rule in case.found}
    assert fallen == {row["regel_id"] for row in received.ledger("select distinct regel_id from fynd")}
    assert fallen == {
        *("GEN-10", "GEN-11", "GEN-12", "GEN-13", "GEN-14", "GEN-16", "GEN-25"),
        *(f"EB-{n:02d}" for n in (1, 2, 3, 4, 5, 6, 8, 9, 10, 13, 14, 15)),
    }


def test_the_warehouse_keeps_what_the_number_says(house: House) -> None:
    """GEN-11 flags; it is the number that counts."""
    delivery = Delivery([hushall("Q", "9")], [person("Q", 50, kon_kod="1", fodelsear="1950")])
    house.receive(delivery)
    (row,) = house.landing("eb_person", delivery)
    assert (row["kon_kod"], row["fodelsear"]) == ("2", 1980)


def test_the_same_person_under_two_numbers_is_found_in_whatever_month(house: House) -> None:
    """GEN-13 looks through the whole package; EB-08 and EB-09 look at the row's own month."""
    whole = year(
        hushall=[
            hushall("Q", "9", 1, period="2018-01"),
            hushall("Q", "9", period="2018-07"),
            hushall("Z", "9", period="2018-07"),
        ],
        person=[
            reserv("Q", "R1", fodelsear="1980", kon_kod="2", period="2018-01"),
            person("Q", 50, period="2018-07"),
            barn("Q", personnummer=number(born="2000-07-01"), period="2018-01"),
            barn("Z", personnummer=number(born="2000-07-01"), period="2018-07"),
        ],
        nolleverans=[f"{name}/2018-{m:02d}" for name in ("eb_hushall", "eb_person", "eb_avslut") for m in range(1, 13)],
    )
    house.receive(whole)
    assert house.findings(whole) == {
        ("eb_person", 2, "personnummer", "GEN-13"),
        ("eb_person", 5, "roll_kod", "EB-09"),
        ("eb_hushall", 4, "antal_barn", "EB-15"),
    }
