"""GEN-08: free text stops a package before anything of it is written; a ledger row and a receipt are all it leaves.

Belongs here: which cells fall, at each border, and where the package then is (nowhere). Does not belong here: a
reception that is killed (tests/faults).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pipelines.contracts.model import get_contracts
from pipelines.landing.precheck import check_path
from tests.support.canary import leaks
from tests.support.delivery import Delivery, Row, avslut, families, hushall, number, person, quoted, senders
from tests.support.reception import House
from tests.support.vendor import ALFA, BETA, GAMMA

pytestmark = pytest.mark.xdist_group("landing_text")  # one fixture for the whole module
NR = number(0, born="1985-06-15")
SAMORDNING = number(0, born="1985-06-15", coordination=True)
WRONG = NR[:-1] + str((int(NR[-1]) + 1) % 10)
FALLS = {
    "sixty-five signs": "x" * 65,
    "an e-mail address": "anna@kommun.example",
    "an e-mail address in a sentence": "skriv till anna.b@ex.se!",
    "a number abroad": "+46701740605",
    "a number abroad with a trunk zero": "ring +46 (0)70-174 06 05",
    "a number abroad with spaces": "+46 8 123 45 67",
    "a telephone number": "08-12345",
    "a telephone number of eight digits": "070-12345678",
    "a telephone number with a stroke": "0171/123456",
    "a telephone number with a space": "0171 123456",
    "a telephone number in groups": "tfn 070-174 06 05.",
    "a mobile number alone": "0701740605",
    "twelve digits": NR,
    "twelve digits of a coordination number": SAMORDNING,
    "twelve digits with a hyphen": f"{NR[:8]}-{NR[8:]}",
    "twelve digits with a plus": f"{NR[:8]}+{NR[8:]}",
    "twelve digits in a word": f"Anna{NR}B",
    "twelve digits behind others": f"{WRONG} {NR}",
    "ten digits with a hyphen": f"{NR[2:8]}-{NR[8:]}",
    "ten digits with a plus": f"{NR[2:8]}+{NR[8:]}",
    "ten digits with a hyphen in a sentence": f"maken {NR[2:8]}-{NR[8:]}",
    "ten digits, the only ones of the column": NR[2:],
}
SILENT = {
    "forty signs": "x" * 40,
    "an at-sign alone": "a @ b.se",
    "an address without a domain": "anna@kommun",
    "an address with a domain of one letter": "anna@kommun.x",
    "a year and a number": "2010-12345",
    "four digits behind the area code": "08-1234",
    "nine digits behind the area code": "08-123456789",
    "a number that does not begin with zero": "18-12345",
    "a mobile number with a letter": "0701740605a",
    "a mobile number of another series": "0751740605",
    "twelve digits whose check digit is wrong": WRONG,
    "twelve digits of a day that is not": "19850231" + NR[8:],
    "twelve digits of another century": "21" + NR[2:],
    "thirteen digits": NR + "1",
    "ten digits with a hyphen whose check digit is wrong": f"{WRONG[2:8]}-{WRONG[8:]}",
    "ten digits, the only ones, that are no number": WRONG[2:],
    "a running number": "H1000001",
}
Q = Delivery([hushall("Q", "9")], [person("Q", 50)])


def named(text: str) -> Delivery:
    """A household whose id is the text."""
    return Delivery([hushall(text, "9")], [person(text, 50)])


def ids(*texts: str) -> Delivery:
    return Delivery([hushall(t, "9") for t in texts], [person(t, i) for i, t in enumerate(texts)])


OTHER = [number(i, born="1990-01-01") for i in range(1, 6)]
MAJORITY = {
    "more than half of the ten-digit values are numbers": (ids(NR[2:], OTHER[0][2:], WRONG[2:]), True),
    "half of the ten-digit values are numbers": (ids(NR[2:], WRONG[2:]), False),
    "a value that stands many times is one value": (
        ids(NR[2:], WRONG[2:]).but(person=[person(NR[2:], i) for i in range(5)] + [person(WRONG[2:], 6)]),
        False,
    ),
    "values of other lengths have no say": (ids(NR[2:], "12345", "A1000001"), True),
}
Case = tuple[Delivery, bool]


def with_line(dataset: str, line: str) -> Delivery:
    """A line at the end of a file, which will not split into its columns."""
    return Q.but(content={dataset: f"{Q.text(dataset)}{line}\n".encode()})


CASES: dict[str, Case] = {
    **{f"falls: {name}": (named(text), True) for name, text in FALLS.items() if len(text) <= 40},
    **{f"silent: {name}": (named(text), False) for name, text in SILENT.items()},
    **MAJORITY,
    "sixty-four signs are no text": (Q.but(avslut=[avslut("X", avslutsorsak_kod="x" * 64)]), False),
    "sixty-five signs are": (Q.but(avslut=[avslut("X", avslutsorsak_kod="x" * 65)]), True),
    "in a coded column": (Q.but(person=[person("Q", 50, forsorjningshinder_kod="bor hos 070-174 06 05")]), True),
    "in the column of protection": (Q.but(person=[person("Q", 50, skyddad="se anna@ex.se")]), True),
    "in the column of the month": (Q.but(avslut=[avslut(period="ring 070-174 06 05")]), True),
    "in the column of the municipality": (Q.but(avslut=[avslut(kommun_kod="ring 070-174 06 05")]), True),
    "not in the identity's own column": (Q.but(person=[person("Q", personnummer=f"{NR[:8]}-{NR[8:]}")]), False),
    "not in a column of numbers or dates": (
        Q.but(hushall=[hushall("Q", "9", belopp_kr="070-174 06 05")], avslut=[avslut(avslut_datum=NR)]),
        False,
    ),
    "in a cell in quotes, with a semicolon": (
        Q.but(
            content={
                "eb_avslut": quoted(Q.but(avslut=[avslut("A")]).text("eb_avslut"))
                .replace('"A"', '"se; anna@ex.se"')
                .encode()
            }
        ),
        True,
    ),
    "on a line that will not split": (with_line("eb_hushall", f"0114;;2019-03;maken {NR[2:8]}-{NR[8:]}"), True),
    "on a line without any separator": (with_line("eb_avslut", "frågor: anna@kommun.example"), True),
    "a long line that will not split is no text for its length": (with_line("eb_hushall", "-" * 100), False),
    "a line of persons that will not split may hold its number": (
        with_line("eb_person", f"0114;;2019-03;Q;{NR}"),
        False,
    ),
    "in a system's own column": (GAMMA.send(named("070-174 06 05")), True),
    "in a code the mapping does not know": (ALFA.send(Q.but(person=[person("Q", 50, roll_kod=NR)])), True),
    "a marked cell of sixty-four signs is no longer for its mark": (
        ALFA.send(Q.but(person=[person("Q", 50, roll_kod="x" * 64)])),
        False,
    ),
}


@dataclass(frozen=True)
class Sent:
    house: House
    deliveries: dict[str, Delivery]


@pytest.fixture(scope="module")
def received(tmp_path_factory: pytest.TempPathFactory) -> Sent:
    house = House(tmp_path_factory.mktemp("fritext"))
    sent = {}
    for i, (name, (delivery, _)) in enumerate(CASES.items()):
        sent[name] = moved(delivery, senders()[i])
    house.receive(*sent.values())
    return Sent(house, sent)


def moved(delivery: Delivery, kommun: str) -> Delivery:
    """A delivery under another sender, in its ready-made files too."""
    encode = {"utf-8-sig": "utf-8"}.get(delivery.encoding, delivery.encoding)
    files = {n: c.replace("0114".encode(encode), kommun.encode(encode)) for n, c in delivery.content.items()}
    return delivery.but(kommun=kommun, content=files)


@pytest.mark.parametrize("name", CASES)
def test_text_stops_the_package_and_what_only_looks_like_it_does_not(received: Sent, name: str) -> None:
    house, delivery, falls = received.house, received.deliveries[name], CASES[name][1]
    rules = {fault["regel_id"] for fault in house.faults(delivery)}
    assert ("GEN-08" in rules) == falls
    if not falls:
        assert len(list(house.settings.archive.rglob(f"{delivery.leverans_id}*"))) == 1
        return
    assert house.verdict(delivery) == ("stoppad", "GEN-08")
    assert list(house.settings.archive.rglob(f"{delivery.leverans_id}*")) == []
    assert all(n == (n[0], 0, 0, 0, n[0]) for n in house.counts(delivery).values())
    assert house.receipt(delivery)["stoppad_av"]["regel"] == "GEN-08"


# -- nothing of it is anywhere -------------------------------------------------------------------------------------

SECRET = "Anna Kanariefågel 070-174 06 05"


def with_text(**fields: Any) -> Delivery:
    rows: dict[str, list[Row]] = families(3)
    rows["hushall"][1]["hushall_id"] = rows["person"][1]["hushall_id"] = SECRET
    return Delivery(**rows, **fields)


@pytest.mark.parametrize("folder", [False, True], ids=["zip", "folder"])
def test_a_refused_package_is_nowhere_but_in_the_ledger_and_on_its_receipt(house: House, folder: bool) -> None:
    refused, neighbour = with_text(), Delivery(**families(3), kommun="0115")
    house.receive(refused, neighbour, folder=folder)
    assert house.verdict(neighbour) == ("godkand", None)
    assert house.counts(neighbour)["eb_person"] == (3, 3, 0, 0, 0)
    (row,) = house.ledger("select * from leverans where kommun_kod = '0114'")
    assert (row["leverans_id"], row["gate_regel"], row["provad"]) == (refused.leverans_id, "GEN-08", 1)
    assert list((house.settings.inbox / "0114").iterdir()) == []
    assert len([p for p in house.settings.archive.rglob("*") if p.is_file()]) == 1
    assert list(house.settings.quarantine.iterdir()) == []
    assert leaks(house.home, [SECRET, "Kanariefågel", "070-174 06 05"]) == []


def test_it_is_told_where_the_text_stands_and_never_what_it_says(house: House) -> None:
    refused = with_text()
    house.receive(refused)
    (hushall_fault, person_fault) = sorted(house.faults(refused), key=lambda f: f["dataset"])
    assert hushall_fault["antal_rader"] == person_fault["antal_rader"] == 1
    assert hushall_fault["detalj"] == "1 rader i eb_hushall, kolumnen hushall_id, den första på rad 3."
    places = {("eb_hushall", 3, "hushall_id", "GEN-08"), ("eb_person", 3, "hushall_id", "GEN-08")}
    assert places == house.findings(refused)
    receipt = house.receipt(refused)
    assert {r["datamangd"]: r["exempel"] for r in receipt["regler"]} == {
        "eb_hushall": [{"rad": 3, "kolumn": "hushall_id"}],
        "eb_person": [{"rad": 3, "kolumn": "hushall_id"}],
    }
    assert "inte sparats" in receipt["stoppad_av"]["gor_sa_har"]


def test_the_same_package_again_is_known_and_still_never_kept(house: House) -> None:
    house.receive(with_text())
    before = house.state()
    house.receive(with_text())
    assert house.state() == before
    assert [p for p in house.settings.archive.rglob("*") if p.is_file()] == []


def test_the_next_version_without_the_text_is_received_and_the_same_version_is_not(house: House) -> None:
    again = Delivery(**families(3), mottagen="2019-04-11T10:00:00")
    corrected = again.but(version=2)
    house.receive(with_text())
    house.receive(again, corrected)
    assert house.verdict(again) == ("stoppad", "GEN-24")
    assert house.verdict(corrected) == ("godkand", None)


def test_text_in_a_column_that_the_mapping_leaves_out_is_found_too(house: House) -> None:
    plain = BETA.send(Delivery(**families(2)))
    noted = plain.but(kommun="0115", content=moved(plain, "0115").content)
    noted.content["eb_person"] = noted.content["eb_person"].replace(b"E12", b"ring 070-174 06 05", 1)
    house.receive(plain, noted)
    assert house.verdict(plain) == ("godkand", None)
    assert house.verdict(noted) == ("stoppad", "GEN-08")
    assert house.findings(noted) == {("eb_person", 2, "HANDLAGGARENHET", "GEN-08")}


def test_a_package_that_is_stopped_for_something_else_is_searched_in_what_can_be_read(house: House) -> None:
    """It is stopped under GEN-08: the ledger tells by that rule that the archive never had the package."""
    unreadable = with_text(entry={"eb_avslut": {"schema_version": "9"}})
    foreign = with_text(kommun="0115", avslut=[avslut(kommun_kod="0114")])
    fine = Delivery(**families(2), kommun="0117", entry={"eb_avslut": {"schema_version": "9"}})
    house.receive(unreadable, foreign, fine)
    for delivery, other in ((unreadable, "GEN-01"), (foreign, "GEN-02")):
        assert house.verdict(delivery) == ("stoppad", "GEN-08")
        assert {f["regel_id"] for f in house.faults(delivery)} == {"GEN-08", other}
    assert house.verdict(fine) == ("stoppad", "GEN-01")
    (kept,) = [p for p in house.settings.archive.rglob("*") if p.is_file()]
    assert kept.name.startswith(fine.leverans_id)
    assert leaks(house.home, [SECRET]) == []


def test_the_check_before_sending_finds_the_text(tmp_path: Path) -> None:
    found = check_path(with_text().put(tmp_path / "prov"), get_contracts())
    assert (found["status"], found["stoppad_av"]["regel"]) == ("stoppad", "GEN-08")
    alone = tmp_path / "eb_hushall.csv"
    alone.write_bytes(with_text().bytes_of("eb_hushall"))
    found = check_path(alone, get_contracts())
    assert (found["status"], found["stoppad_av"]["regel"]) == ("stoppad", "GEN-08")
    assert SECRET not in str(found)


@pytest.mark.parametrize(
    ("kommun", "falls"), [("0140", [False, True, True]), ("0114", [True, True, True])], ids=["own code", "another's"]
)
def test_a_running_number_behind_the_senders_own_code_is_no_telephone(
    house: House, kommun: str, falls: list[bool]
) -> None:
    texts = ("0140-12345", "ring 0140-12345", "0140-12345 eller 08-12345")
    sent = [named(t).but(kommun=kommun, period=f"2019-0{i}") for i, t in enumerate(texts, 1)]
    house.receive(*sent)
    assert [house.verdict(d) == ("stoppad", "GEN-08") for d in sent] == falls
