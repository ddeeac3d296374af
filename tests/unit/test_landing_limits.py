"""Shares that stop a delivery, and protected households that never pass the gate.

Belongs here: escalation at its exact limits, and protection (R11) with its counts. Does not belong here: single rules.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.delivery import Delivery, Row, avslut, barn, families, hushall, number, person, senders, year
from tests.support.reception import House

pytestmark = pytest.mark.xdist_group("landing_limits")  # one fixture for the whole module
WRONG = number(0)[:-1] + str((int(number(0)[-1]) + 1) % 10)


def wrong_numbers(count: int, of: int) -> Delivery:
    rows = families(of)
    for i in range(count):
        digits = rows["person"][i]["personnummer"]
        rows["person"][i]["personnummer"] = digits[:-1] + str((int(digits[-1]) + 1) % 10)
    return Delivery(**rows)


def doubled(pairs: int, of: int) -> Delivery:
    """`of` closing rows of which 2 * `pairs` share their key two and two."""
    rows = [avslut(f"X{i}") for i in range(of - 2 * pairs)]
    return Delivery(**families(1), avslut=rows + [avslut(f"D{i}") for i in range(pairs) for _ in (1, 2)])


def unknown_codes(count: int, of: int) -> Delivery:
    rows: dict[str, list[Row]] = families(of)
    for i in range(count):
        rows["hushall"][i]["utrikes_fodd_kod"] = "7"
    return Delivery(**rows)


LIMITS = {
    "GEN-10: ten of a thousand is one per cent, not more": (wrong_numbers(10, 1000), None),
    "GEN-10: eleven of a thousand stop the delivery": (wrong_numbers(11, 1000), ("GEN-10", 11)),
    "GEN-10: ten of 999 stop the delivery": (wrong_numbers(10, 999), ("GEN-10", 10)),
    "GEN-10: nine rows never stop it, whatever their share": (wrong_numbers(9, 9), None),
    "GEN-12: ten of a thousand is one per cent, not more": (doubled(5, 1000), None),
    "GEN-12: ten of 999 stop the delivery": (doubled(5, 999), ("GEN-12", 10)),
    "GEN-12: eight rows never stop it": (doubled(4, 8), None),
    "GEN-14: ten of two thousand is half a per cent, not more": (unknown_codes(10, 2000), None),
    "GEN-14: ten of 1999 stop the delivery": (unknown_codes(10, 1999), ("GEN-14", 10)),
    "GEN-14: nine rows never stop it": (unknown_codes(9, 9), None),
    "a rule without a limit never stops": (
        Delivery(**{**families(20), "hushall": [hushall(f"H{i}", "2") for i in range(20)]}),
        None,
    ),
    "the share is of the dataset's rows, not of the package's": (
        Delivery(**families(2000), avslut=[avslut(f"X{i}", avslutsorsak_kod="?") for i in range(10)]),
        ("GEN-14", 10),
    ),
    "the share is of the package's rows, not of the batch's": (unknown_codes(10, 10), ("GEN-14", 10)),
}


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> tuple[House, dict[str, Delivery]]:
    house = House(tmp_path_factory.mktemp("granser"))
    sent = {name: d.but(kommun=senders()[i]) for i, (name, (d, _)) in enumerate(LIMITS.items())}
    house.receive(*sent.values())
    return house, sent


@pytest.mark.parametrize("sentence", LIMITS)
def test_escalates_strictly_above_its_share_and_from_ten_rows(
    judged: tuple[House, dict[str, Delivery]], sentence: str
) -> None:
    house, sent = judged
    delivery, stop = sent[sentence], LIMITS[sentence][1]
    counts = house.counts(delivery)
    if stop is None:
        assert house.verdict(delivery) == ("godkand", None)
        assert all(n[4] == 0 for n in counts.values())
        return
    assert house.verdict(delivery) == ("stoppad", stop[0])
    assert all(n == (n[0], 0, 0, 0, n[0]) and n[0] == len(delivery.rows(name)) for name, n in counts.items())
    assert [(f["regel_id"], f["allvar"], f["antal_rader"]) for f in house.faults(delivery) if f["detalj"]] == [
        (stop[0], "ERROR", stop[1])
    ]
    assert all(house.landing(name, delivery) == [] for name in counts)


# -- protection ----------------------------------------------------------------------------------------------------

FREE = {"hushall": [hushall("F", "5")], "person": [person("F", 0)], "avslut": [avslut("F")]}


def beside(**rows: list[Row]) -> dict[str, Any]:
    """Household F, which nothing is wrong with, and the given rows."""
    return {name: FREE[name] + rows.get(name, []) for name in FREE}


COUPLE = [person("S", 10, skyddad="1"), person("S", 11, roll_kod="medsokande"), barn("S")]
PROTECTED: dict[str, tuple[Delivery, dict[str, tuple[int, int, int]], tuple[int, int]]] = {
    # sentence: delivery, (loaded, quarantined, protected) per dataset, (households, persons) of the month
    "one protected member keeps the whole household at the gate, the closing too": (
        Delivery(**beside(hushall=[hushall("S", "8", 1)], person=COUPLE, avslut=[avslut("S")])),
        {"eb_hushall": (1, 0, 1), "eb_person": (1, 0, 3), "eb_avslut": (1, 0, 1)},
        (1, 3),
    ),
    "a broken row of a protected household counts as quarantined, the others as protected": (
        Delivery(
            **beside(
                hushall=[hushall("S", "8", 1)],
                person=[COUPLE[0], {**COUPLE[1], "fodd_utrikes": "7"}, COUPLE[2]],
                avslut=[avslut("S", avslutsorsak_kod="?")],
            )
        ),
        {"eb_hushall": (1, 0, 1), "eb_person": (1, 1, 2), "eb_avslut": (1, 1, 0)},
        (1, 2),
    ),
    "a protected row protects its household even when the row itself is broken": (
        Delivery(
            **beside(
                hushall=[hushall("S", "8", 1)],
                person=[{**COUPLE[0], "personnummer": WRONG}, *COUPLE[1:]],
                avslut=[avslut("S")],
            )
        ),
        {"eb_hushall": (1, 0, 1), "eb_person": (1, 1, 2), "eb_avslut": (1, 0, 1)},
        (1, 2),
    ),
    "a protected household set aside as a whole counts as quarantined": (
        Delivery(**beside(hushall=[hushall("S", "2", 1)], person=COUPLE, avslut=[avslut("S")])),
        {"eb_hushall": (1, 1, 0), "eb_person": (1, 3, 0), "eb_avslut": (1, 1, 0)},
        (0, 0),
    ),
    "a protected person without household protects the closing of that household": (
        Delivery(**beside(person=[COUPLE[0]], avslut=[avslut("S")])),
        {"eb_hushall": (1, 0, 0), "eb_person": (1, 1, 0), "eb_avslut": (1, 0, 1)},
        (0, 0),
    ),
    "the same hushall_id of another sender is another household": (
        Delivery(**beside(hushall=[hushall("S", "5")], person=[person("S", 10)], avslut=[avslut("S")])),
        {"eb_hushall": (2, 0, 0), "eb_person": (2, 0, 0), "eb_avslut": (2, 0, 0)},
        (0, 0),
    ),
    "protection holds in every month of a yearly package": (
        year(
            hushall=[hushall("F", "5", period=f"2018-{m:02d}") for m in range(1, 13)]
            + [hushall("S", "5", period="2018-01"), hushall("S", "5", period="2018-07")],
            person=[person("F", 0, period=f"2018-{m:02d}") for m in range(1, 13)]
            + [person("S", 10, period="2018-01"), person("S", 10, period="2018-07", skyddad="1")],
        ),
        {"eb_hushall": (12, 0, 2), "eb_person": (12, 0, 2), "eb_avslut": (0, 0, 0)},
        (1, 1),
    ),
}


@pytest.fixture(scope="module")
def shielded(tmp_path_factory: pytest.TempPathFactory) -> tuple[House, dict[str, Delivery]]:
    house = House(tmp_path_factory.mktemp("skydd"))
    sent = {name: d.but(kommun=senders()[i]) for i, (name, (d, *_)) in enumerate(PROTECTED.items())}
    house.receive(*sent.values())
    return house, sent


@pytest.mark.parametrize("sentence", PROTECTED)
def test_protected_households_stay_at_the_gate(shielded: tuple[House, dict[str, Delivery]], sentence: str) -> None:
    house, sent = shielded
    delivery, expected, (households, persons) = sent[sentence], *PROTECTED[sentence][1:]
    assert house.verdict(delivery) == ("godkand", None)
    for name, (loaded, aside, protected) in expected.items():
        assert house.counts(delivery)[name] == (loaded + aside + protected, loaded, aside, protected, 0), name
        landed = [row["hushall_id"] for row in house.landing(name, delivery)]
        if protected or aside:
            assert set(landed) <= {"F"}, name
        assert len(landed) == loaded, name
    months = house.ledger(
        "select distinct period, skyddade_hushall as h, skyddade_personer as p from leverans_manad "
        "where leverans_id = :id and skyddade_personer > 0 order by period",
        id=delivery.leverans_id,
    )
    want = ["2018-01", "2018-07"] if delivery.period == "2018" else ["2019-03"]
    assert [(m["period"], m["h"], m["p"]) for m in months] == [(w, households, persons) for w in want if persons]


UNDECLARED = {"skyddade_deklarerade": False}


def test_an_undeclared_protected_row_is_set_aside_and_its_household_stays_at_the_gate(house: House) -> None:
    """GEN-09; the declared twin keeps the row among the protected. A package without any is silent."""
    delivery = Delivery(**beside(hushall=[hushall("S", "8", 1)], person=COUPLE, avslut=[avslut("S")]))
    undeclared = delivery.but(kommun="0115", manifest=UNDECLARED)
    without = Delivery(**FREE, kommun="0120", manifest=UNDECLARED)
    house.receive(delivery, undeclared, without)
    assert house.findings(delivery) == house.findings(without) == set()
    assert house.findings(undeclared) == {("eb_person", 3, "skyddad", "GEN-09")}
    assert house.verdict(undeclared) == ("godkand", None)
    assert house.counts(delivery)["eb_person"] == (4, 1, 0, 3, 0)
    assert house.counts(undeclared) == {
        "eb_hushall": (2, 1, 0, 1, 0),
        "eb_person": (4, 1, 1, 2, 0),
        "eb_avslut": (2, 1, 0, 1, 0),
    }
    (month,) = house.ledger(
        "select skyddade_hushall as h, skyddade_personer as p from leverans_manad "
        "where leverans_id = :id and dataset = 'eb_person'",
        id=undeclared.leverans_id,
    )
    assert (month["h"], month["p"]) == (1, 2)


def test_only_the_mark_itself_is_undeclared(house: House) -> None:
    """What is no mark is GEN-14 or GEN-25, whatever the manifest says."""
    rows = [person("S", 10, skyddad="J"), person("S", 11, skyddad="", roll_kod="medsokande")]
    delivery = Delivery([hushall("S", "9")], rows, manifest=UNDECLARED)
    house.receive(delivery)
    assert house.findings(delivery) == {("eb_person", 2, "skyddad", "GEN-14"), ("eb_person", 3, "skyddad", "GEN-25")}


def test_the_mark_of_protection_is_in_no_landed_table(shielded: tuple[House, dict[str, Delivery]]) -> None:
    house, _ = shielded
    for name in ("eb_hushall", "eb_person", "eb_avslut"):
        columns = set(house.landing(name)[0])
        assert not columns & {"skyddad", "personnummer", "ar_skyddad_rad"}, name
