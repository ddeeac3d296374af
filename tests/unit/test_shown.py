"""What Dagster shows of the ledger: the packages, rules and rows of a few deliveries whose fate is known."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from pipelines.contracts.model import get_contracts
from pipelines.landing.shown import counts, ledger_tables
from tests.support.delivery import Delivery, hushall, person
from tests.support.reception import House

TOLD = {"GEN-02", "EB-03", "EB-04", "EB-05"}
GOOD = Delivery(hushall=[hushall()], person=[person()])
FAULTY = Delivery(hushall=[hushall(), hushall("H2", belopp_kr="-5,00")], person=[person()])


@pytest.fixture
def told(house: House) -> dict[str, Any]:
    """March: one in time, corrected late; one late from the start; one stopped. April: one in time."""
    house.receive(
        FAULTY.but(kommun="0114"),
        GOOD.but(kommun="0114", version=2, mottagen="2019-05-02T10:00:00"),
        GOOD.but(kommun="0115", mottagen="2019-04-15T22:30:00"),  # half past midnight of the 16th in Sweden
        GOOD.but(kommun="0117", manifest={"kommun_kod": "0180"}),
        GOOD.but(kommun="0114", period="2019-04", mottagen="2019-05-15T21:30:00"),
    )
    with house.engine.begin() as connection:
        ids = {
            (r.kommun_kod, r.version): r.leverans_id
            for r in connection.execute(text("select * from leverans where period = '2019-03'"))
        }
        for sender in (("0114", 1), ("0115", 1)):  # the first has been replaced since
            values = {"id": ids[sender]}
            connection.execute(
                text(
                    "insert into regelutfall (leverans_id, dataset, regel_id, allvar, antal_rader) "
                    "values (:id, 'eb_hushall', 'EB-05', 'WARNING', 3)"
                ),
                values,
            )
        return {"tables": ledger_tables(connection, get_contracts()), **counts(connection, ["eb_hushall"])}


def rows(told: dict[str, Any], asset: str, name: str) -> list[dict[str, Any]]:
    return [dict(record.data) for record in told["tables"][asset][name].records]


def test_packages_are_counted_by_period_and_late_is_the_first_approved_after_the_deadline(told: dict[str, Any]) -> None:
    assert rows(told, "leverans", "paket per period") == [
        {"period": "2019-04", "mottagna": 1, "godkända": 1, "stoppade": 0, "sena": 0, "kommuner": 1, "källa": "eb"},
        {"period": "2019-03", "mottagna": 4, "godkända": 3, "stoppade": 1, "sena": 1, "kommuner": 3, "källa": "eb"},
    ]


def test_rows_are_counted_by_rule_the_gravest_first_and_a_warning_is_open_while_in_force(told: dict[str, Any]) -> None:
    found = [r for r in rows(told, "regelutfall", "rader per regel") if r["regel"] in TOLD]
    assert [(r["regel"], r["allvar"], r["rader"], r["leveranser"], r["öppna"]) for r in found] == [
        ("GEN-02", "FATAL", 0, 1, 0),
        ("EB-03", "ERROR_RAD", 1, 1, 0),  # the second household has no adult
        ("EB-04", "ERROR_RAD", 1, 1, 0),  # and an amount below zero
        ("EB-05", "WARNING", 6, 2, 1),
    ]


def test_what_became_of_every_row_can_be_read_as_a_sum(told: dict[str, Any]) -> None:
    sentence = "mottagna 6 = lästa 4 + i karantän 1 + skyddade 0 + avvisade 1"
    assert told["eb_hushall"]["rader"] == sentence
    assert told["tables"]["leverans_dataset"]["eb_hushall"].text == sentence
    (row,) = [r for r in rows(told, "leverans_dataset", "rader per datamängd") if r["datamängd"] == "eb_hushall"]
    assert row["mottagna"] == row["lästa"] + row["i karantän"] + row["skyddade"] + row["avvisade"] == 6
    assert told["eb_hushall"]["dagster/row_count"] == 4


def test_a_ledger_without_deliveries_has_empty_tables(house: House) -> None:
    with house.engine.connect() as connection:
        tables = ledger_tables(connection, get_contracts())
        assert counts(connection, ["eb_person"])["eb_person"]["rader"].startswith("mottagna 0 = ")
    assert tables["leverans"]["paket per period"].records == []
