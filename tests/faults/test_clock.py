"""The clock: shifts to and from summer time, deadlines to the second, the year's end, a leap day, and a clock put back.

Belongs here: instants worked out by hand, as UTC, beside what a Swedish wall clock shows. Does not belong here: which
month counts as in time in the warehouse (dbt).
"""

from __future__ import annotations

import os
import re
from datetime import UTC, date, datetime, tzinfo
from pathlib import Path
from typing import ClassVar

import dagster as dg
import pyarrow.parquet as pq
import pytest

from pipelines import settings as settings_room
from pipelines.contracts.periods import Calendar
from pipelines.contracts.retention import first_kept_month
from pipelines.landing import assets
from pipelines.landing.inbox import scan
from pipelines.landing.ledger.export import expected_periods
from pipelines.publish.provenance import read_provenance
from pipelines.settings import PROJECT_ROOT, get_settings, today
from tests.support.delivery import Delivery, avslut, families, senders
from tests.support.reception import House

SOUND = Delivery(**families(2), avslut=[])


def local(house: House, delivery: Delivery) -> str:
    query = "select mottagen_lokal from leverans where leverans_id = :id"
    return str(house.ledger(query, id=delivery.leverans_id)[0]["mottagen_lokal"])[:19]


def is_late(house: House, delivery: Delivery) -> bool:
    return "GEN-06" in {fault["regel_id"] for fault in house.faults(delivery)}


# period, UTC of the package's file, what a clock in Sweden shows, whether the 15th has passed
ARRIVALS = [
    ("2019-02", "2019-03-31T00:59:59", "2019-03-31 01:59:59", True),  # the last second of winter time
    ("2019-02", "2019-03-31T01:00:00", "2019-03-31 03:00:00", True),  # two o'clock never comes
    ("2019-09", "2019-10-27T00:30:00", "2019-10-27 02:30:00", True),  # half past two, in summer time
    ("2019-09", "2019-10-27T01:30:00", "2019-10-27 02:30:00", True),  # half past two again, an hour later
    ("2019-03", "2019-04-15T21:59:59", "2019-04-15 23:59:59", False),  # the last second in summer time
    ("2019-03", "2019-04-15T22:00:00", "2019-04-16 00:00:00", True),
    ("2019-10", "2019-11-15T22:59:59", "2019-11-15 23:59:59", False),  # and in winter time
    ("2019-10", "2019-11-15T23:00:00", "2019-11-16 00:00:00", True),
    ("2019-12", "2019-12-31T22:59:59", "2019-12-31 23:59:59", False),  # the old year in both
    ("2019-12", "2019-12-31T23:00:00", "2020-01-01 00:00:00", False),  # the new year here, the old one in UTC
    ("2020-01", "2019-12-31T23:00:00", "2020-01-01 00:00:00", False),  # and so January has begun
    ("2020-01", "2020-02-29T10:00:00", "2020-02-29 11:00:00", True),  # a leap day
    ("2020-02", "2020-03-15T22:59:59", "2020-03-15 23:59:59", False),
]


def test_a_package_came_when_a_swedish_clock_says_and_is_late_from_midnight_after_the_fifteenth(house: House) -> None:
    sent = [
        SOUND.but(kommun=kommun, period=period, mottagen=utc)
        for kommun, (period, utc, *_) in zip(senders(), ARRIVALS, strict=False)
    ]
    house.receive(*sent)
    assert {house.verdict(delivery) for delivery in sent} == {("godkand", None)}
    found = [(d.period, d.mottagen, local(house, d), is_late(house, d)) for d in sent]
    assert found == ARRIVALS
    assert [house.receipt(delivery)["mottagen"] for delivery in sent] == [shown for _, _, shown, _ in ARRIVALS]


@pytest.mark.parametrize(("period", "utc"), [("2020-01", "2019-12-31T22:59:59"), ("2019-04", "2019-03-31T21:59:59")])
def test_a_month_that_has_not_begun_in_sweden_is_not_received(house: House, period: str, utc: str) -> None:
    house.receive(SOUND.but(period=period, mottagen=utc))
    assert [(r["status"], r["stoppande_regel"]) for r in house.ledger("select * from leverans")] == [
        ("stoppad", "GEN-03")
    ]


@pytest.mark.parametrize(("nanoseconds", "late"), [(999_999_999, False), (1_000_000_000, True)])
def test_the_last_second_is_in_time_to_its_end(house: House, nanoseconds: int, late: bool) -> None:
    delivery = SOUND.but(period="2019-03", mottagen="2019-04-15T21:59:59")
    path = delivery.put(house.settings.inbox)
    os.utime(path, ns=(int(delivery.received.timestamp()) * 10**9 + nanoseconds,) * 2)
    house.run()
    assert is_late(house, delivery) == late


def test_of_two_that_share_an_hour_in_autumn_the_earlier_is_the_one_that_came_first(house: House) -> None:
    """The same version with other content (GEN-24): 02:30 in summer time came before 02:10 in winter time."""
    first = SOUND.but(period="2019-09", mottagen="2019-10-27T00:30:00")
    second = SOUND.but(period="2019-09", mottagen="2019-10-27T01:10:00", **families(3))
    assert first.leverans_id != second.leverans_id
    for delivery in (second, first):
        house.receive(delivery)
    assert (local(house, first), local(house, second)) == ("2019-10-27 02:30:00", "2019-10-27 02:10:00")
    assert house.verdict(first) == ("godkand", None)
    assert house.verdict(second) == ("stoppad", "GEN-24")


def test_the_same_package_keeps_the_time_it_came_first_also_when_the_clock_was_put_back(house: House) -> None:
    later = SOUND.but(period="2019-09", mottagen="2019-10-27T01:10:00")
    earlier = SOUND.but(period="2019-09", mottagen="2019-10-27T00:30:00")
    assert later.leverans_id == earlier.leverans_id
    for delivery in (later, earlier, later):
        house.receive(delivery)
        shown = local(house, delivery)
    assert shown == "2019-10-27 02:30:00"


def test_a_correction_that_seems_older_than_what_it_corrects_is_still_in_force(house: House) -> None:
    """The sender's clock, or ours, was put back between the two: the version decides."""
    first = SOUND.but(period="2019-03", mottagen="2019-04-10T10:00:00")
    correction = SOUND.but(period="2019-03", mottagen="2019-04-09T10:00:00", version=2, **families(3))
    for delivery in (first, correction):
        house.receive(delivery)
    assert set(house.in_force().values()) == {correction.leverans_id}


def test_a_package_from_before_1970_is_left_and_listed_and_stops_nobody(house: House) -> None:
    path = SOUND.put(house.settings.inbox)
    os.utime(path, (-1.5, -1.5))
    neighbour = SOUND.but(kommun="0115")
    house.receive(neighbour)
    assert house.verdict(neighbour) == ("godkand", None)
    assert scan(house.settings.inbox).other == [f"{SOUND.kommun}/{SOUND.name}.zip"]


# -- what day it is ------------------------------------------------------------------------------------------------


class Clock(datetime):
    """Gives the instants it is told to, one at a time, and the last one ever after."""

    instants: ClassVar[list[str]] = []

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        text = cls.instants.pop(0) if len(cls.instants) > 1 else cls.instants[0]
        return datetime.fromisoformat(text).replace(tzinfo=UTC).astimezone(tz)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> type[Clock]:
    monkeypatch.setattr(settings_room, "datetime", Clock)
    return Clock


@pytest.mark.parametrize(
    ("utc", "day"),
    [
        ("2019-12-31T22:59:59", "2019-12-31"),
        ("2019-12-31T23:00:00", "2020-01-01"),
        ("2019-06-30T21:59:59", "2019-06-30"),
        ("2019-06-30T22:00:00", "2019-07-01"),
        ("2019-03-31T00:59:59", "2019-03-31"),
        ("2019-10-26T22:00:00", "2019-10-27"),
        ("2019-10-27T22:59:59", "2019-10-27"),  # a day of twenty-five hours
        ("2020-02-28T23:00:00", "2020-02-29"),
        ("2020-02-29T23:00:00", "2020-03-01"),
    ],
)
def test_today_is_the_day_in_sweden(clock: type[Clock], utc: str, day: str) -> None:
    clock.instants = [utc]
    assert today() == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("asof", "last"),
    [
        ("2019-04-15", "2019-02"),
        ("2019-04-16", "2019-03"),
        ("2019-12-31", "2019-11"),
        ("2020-01-15", "2019-11"),
        ("2020-01-16", "2019-12"),
        ("2020-02-29", "2020-01"),
        ("2020-03-16", "2020-02"),
    ],
)
def test_a_month_is_expected_from_the_day_after_its_deadline(asof: str, last: str) -> None:
    months = [period for period, _ in expected_periods(Calendar("manad", "15"), "2018-11", date.fromisoformat(asof))]
    assert months[0] == "2018-11"
    assert months[-1] == last
    assert len(months) == 12 * (int(last[:4]) - 2018) + int(last[5:]) - 10


@pytest.mark.parametrize(
    ("period", "first_instant"),
    [("2019-12", "2020-01-16"), ("2019-11", "2019-12-16"), ("2020-01", "2020-02-16"), ("2020-02", "2020-03-16")],
)
def test_a_deadline_passes_at_midnight_after_the_fifteenth(period: str, first_instant: str) -> None:
    assert Calendar("manad", "15").deadline(period) == datetime.fromisoformat(first_instant)


def test_ten_years_back_from_a_leap_day_is_a_month_that_was() -> None:
    assert first_kept_month(date(2020, 2, 29)) == "2010-02"
    assert first_kept_month(date(2020, 3, 1)) == "2010-03"


def test_a_closing_on_a_leap_day_is_loaded_and_one_on_a_day_that_never_was_is_set_aside(house: House) -> None:
    closings = [avslut("H0", avslut_datum="2020-02-29"), avslut("H1", avslut_datum="2019-02-29")]
    delivery = SOUND.but(period="2020-02", mottagen="2020-03-10T10:00:00", avslut=closings)
    house.receive(delivery)
    assert house.counts(delivery)["eb_avslut"] == (2, 1, 1, 0, 0)
    assert [str(row["avslut_datum"])[:10] for row in house.landing("eb_avslut", delivery)] == ["2020-02-29"]


def test_a_run_over_midnight_has_one_day_from_beginning_to_end(
    house: House, clock: type[Clock], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It begins a second before March is expected and ends when it is."""
    house.receive(SOUND.but(period="2019-01"))
    monkeypatch.setenv("LAGER_HOME", str(house.home))
    clock.instants = ["2019-04-15T21:59:59", "2019-04-15T22:00:01"]
    get_settings.cache_clear()
    try:
        (ledger,) = [asset for asset in assets.landing_assets() if not asset.partitions_def]
        dg.materialize([ledger], resources={"kor": assets.RunLock()}, selection=list(ledger.keys))
        assert today() == date(2019, 4, 16), "midnight has passed"
        found = read_provenance(get_settings())
    finally:
        get_settings.cache_clear()
    expected = pq.read_table(house.settings.landing / "huvudbok" / "forvantad.parquet", columns=["period"])
    assert max(expected.column("period").to_pylist()) == "2019-02"
    assert found.asof == date(2019, 4, 15)


def test_no_query_asks_the_machine_what_day_it_is() -> None:
    """dbt and the checks know the day by what the ledger expects, so one run never has two."""
    asks = re.compile(r"\b(current_date|current_timestamp|now\s*\(|today\s*\(|get_current_time|run_started_at)", re.I)
    rooms = [PROJECT_ROOT / "dbt_project" / part for part in ("models", "macros", "tests")]
    rooms += [PROJECT_ROOT / "expectations", PROJECT_ROOT / "pipelines" / "transform"]
    files: list[Path] = [p for room in rooms for p in room.rglob("*") if p.suffix in {".sql", ".yml", ".yaml"}]
    assert len(files) > 100
    assert [p.name for p in files if asks.search(p.read_text(encoding="utf-8"))] == []
