"""What depends on when and from whom a package came: its deadline (GEN-06), its sender (GEN-21), and trying it again.

Belongs here: the instants around a deadline, municipalities at the borders of their time, and packages tried anew from
the archive. Does not belong here: which month counts as in time (dbt).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pipelines.contracts.model import get_contracts
from pipelines.landing.precheck import check_path
from tests.support.delivery import Delivery, avslut, families, hushall, person, year
from tests.support.reception import House

SOUND = Delivery(**families(3), avslut=[avslut()])


def notices(house: House, delivery: Delivery) -> list[dict[str, Any]]:
    return [fault for fault in house.faults(delivery) if fault["regel_id"] == "GEN-06"]


@pytest.mark.parametrize(
    ("period", "mottagen", "last_day"),
    [
        ("2019-03", "2019-04-15T21:59:59", None),  # one second to midnight, summer time
        ("2019-03", "2019-04-15T22:00:00", "15 april 2019"),
        ("2019-10", "2019-11-15T22:59:59", None),  # winter time
        ("2019-10", "2019-11-15T23:00:00", "15 november 2019"),
        ("2018-12", "2019-01-15T22:59:59", None),
        ("2018-12", "2019-01-15T23:00:00", "15 januari 2019"),
    ],
)
def test_a_month_is_late_from_the_first_instant_after_its_deadline(
    house: House, period: str, mottagen: str, last_day: str | None
) -> None:
    delivery = SOUND.but(period=period, mottagen=mottagen, avslut=[])
    house.receive(delivery)
    assert house.verdict(delivery) == ("godkand", None)
    assert bool(notices(house, delivery)) == bool(last_day)
    if last_day:
        (notice,) = notices(house, delivery)
        assert (notice["dataset"], notice["allvar"], notice["antal_rader"]) == (None, "WARNING", 0)
        assert notice["detalj"] == f"Sista dag var den {last_day}."


LATE = {"mottagen": "2019-06-01T10:00:00"}


def test_only_an_ordinary_month_has_a_deadline_and_a_stopped_one_has_it_too(house: House) -> None:
    stopped = SOUND.but(**LATE, entry={"eb_avslut": {"schema_version": "9"}})
    refused = SOUND.but(**LATE, kommun="0115", avslut=[avslut("ring 070-174 06 05")])
    corrected = SOUND.but(**LATE, kommun="0117", version=2)
    whole = year(period="2018", kommun="0120", **LATE)
    nothing = SOUND.but(**LATE, kommun="0123", manifest={"filer": None})
    house.receive(stopped, refused, corrected, whole, nothing)
    assert len(notices(house, stopped)) == len(notices(house, refused)) == 1
    assert notices(house, corrected) == notices(house, whole) == []
    found = house.ledger("select leverans_id from regelutfall where regel_id = 'GEN-06'")
    assert {row["leverans_id"] for row in found} == {stopped.leverans_id, refused.leverans_id}


def test_a_late_month_is_approved_and_its_receipt_says_so_without_asking_for_it_again(house: House) -> None:
    delivery = SOUND.but(**LATE)
    house.receive(delivery)
    receipt = house.receipt(delivery)
    assert (receipt["besked"], receipt["nasta_steg"]) == (
        "Leveransen är godkänd. Leveransen kom efter fristen den 15 april 2019.",
        "Ni behöver inte göra något.",
    )
    (rule,) = receipt["regler"]
    assert (rule["regel"], rule["verkan"]) == ("GEN-06", "gäller hela leveransen; ingen rad är satt åt sidan")
    page = next(house.settings.outbox.glob("*/*.html")).read_text(encoding="utf-8")
    assert "Om hela leveransen" in page
    assert "Rader som bör kontrolleras" not in page
    assert "Godkänd, men se över" not in page


def test_rows_to_check_are_asked_for_also_when_the_month_is_late(house: House) -> None:
    delivery = SOUND.but(**LATE, hushall=[*SOUND.hushall[:2], hushall("H2", "9", belopp_kr="60001")])
    house.receive(delivery)
    receipt = house.receipt(delivery)
    assert {r["regel"]: r["verkan"] for r in receipt["regler"]} == {
        "GEN-06": "gäller hela leveransen; ingen rad är satt åt sidan",
        "EB-05": "raden är inläst men bör kontrolleras",
    }
    assert receipt["nasta_steg"].startswith("Kontrollera raderna nedan.")


@pytest.mark.parametrize("first", ["late", "early"])
def test_the_same_package_also_in_time_is_in_time_in_whatever_order_it_came(house: House, first: str) -> None:
    late, early = SOUND.but(**LATE), SOUND
    for delivery in (late, early) if first == "late" else (early, late):
        house.receive(delivery)
    assert notices(house, SOUND) == []
    assert house.receipt(SOUND)["regler"] == []
    assert house.receipt(SOUND)["mottagen"] == "2019-04-10 12:00:00"


def test_a_trial_has_no_deadline(tmp_path: Path) -> None:
    found = check_path(SOUND.put(tmp_path / "prov"), get_contracts())
    assert found["regler"] == []


# -- the sender ----------------------------------------------------------------------------------------------------


def test_a_sender_is_a_municipality_on_the_first_day_of_its_month_and_the_last_of_its_year(house: House) -> None:
    """Knivsta was formed on 1 January 2003."""
    fields: dict[str, Any] = {"kommun": "0330", "avslut": [], "mottagen": "2019-04-10T10:00:00"}
    before, since = (SOUND.but(period=p, **fields) for p in ("2002-12", "2003-01"))
    years = [year(period=p, kommun="0330", mottagen="2019-04-10T10:00:00") for p in ("2002", "2003")]
    house.receive(before, since, *years)
    assert house.verdict(before) == house.verdict(years[0]) == ("stoppad", "GEN-21")
    assert house.verdict(since) == house.verdict(years[1]) == ("godkand", None)
    (fault,) = [f for f in house.faults(before) if f["regel_id"] == "GEN-21"]
    assert (fault["allvar"], fault["dataset"]) == ("ERROR", None)


# -- tried anew ----------------------------------------------------------------------------------------------------


def test_a_delivery_that_is_tried_anew_from_the_archive_ends_in_the_same_state(house: House) -> None:
    odd = SOUND.but(kommun="0115", person=[*SOUND.person[:2], person("H2", personnummer="fel")], **LATE)
    house.receive(SOUND, odd)
    house.receive(SOUND.but(kommun="0117"))
    before = house.state()
    with house.engine.begin() as connection:
        for table in ("i_kraft", "fynd", "regelutfall", "leverans_manad", "leverans_dataset", "landningsfil"):
            connection.exec_driver_sql(f"delete from {table}")
        connection.exec_driver_sql(
            "update leverans set provad = 0, gate_regel = null, status = 'mottagen', stoppande_regel = null"
        )
    done = house.run()
    assert done.mottagna == 0
    assert house.state() == before
