"""What starts a run by itself: packages in the inbox, and the passing of deadlines.

Belongs here: the sensor, the schedule and the run request for a set of months. Does not belong here: the assets.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime

import dagster as dg

from pipelines.contracts.periods import months_of
from pipelines.landing.inbox import Waiting, scan
from pipelines.settings import get_settings

START, END = "dagster/asset_partition_range_start", "dagster/asset_partition_range_end"


def month_range(periods: Iterable[str]) -> dict[str, str]:
    """Run tags for the months from the first to the last of some periods; a year is its months, whatever the source."""
    months = sorted(m for p in periods for m in (months_of(p) if len(p) == 4 else [p]))
    return {START: months[0], END: months[-1]}


def run_tags(waiting: Waiting, further: Iterable[str] = ()) -> dict[str, str]:
    """Tags of a run over what waits, and over further periods: its months, senders and packages."""
    periods = [f.envelope.period for f in waiting.packages]
    senders = {f.envelope.kommun_kod for f in waiting.packages}
    return {
        **month_range([*periods, *further]),
        "avsandare": str(len(senders)),
        "paket": str(len(waiting.packages)),
    }


def _hour() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H")


def _run_key(waiting: Waiting) -> str:
    """Of what waits, and of the hour: what a run that fell left waiting is asked for again."""
    names = (f"{f.envelope.kommun_kod}/{f.envelope.paket_namn}/{f.envelope.mottagen}" for f in waiting.packages)
    return hashlib.sha256("\n".join([_hour(), *names]).encode()).hexdigest()


def triggers(
    job: dg.UnresolvedAssetJobDefinition, rebuild: dg.UnresolvedAssetJobDefinition
) -> tuple[dg.SensorDefinition, dg.ScheduleDefinition]:
    """The inbox sensor for the whole job, and the daily schedule for the rebuild."""

    @dg.sensor(
        name="inkorg",
        job=job,
        minimum_interval_seconds=60,
        description=(
            "Startar jobbet lager när paket väntar i inkorgen: en körning för alla, aldrig en per kommun. Körningens "
            "taggar säger antal avsändare och paket. Ligger paketen kvar en timme senare, som när en körning fallit, "
            "startar den en ny. Är den avslagen väntar de kvar; inget går förlorat."
        ),
    )
    def inbox_sensor() -> dg.RunRequest | dg.SkipReason:
        waiting = scan(get_settings().inbox)
        if not waiting.packages:
            return dg.SkipReason("Inkorgen är tom.")
        return dg.RunRequest(run_key=_run_key(waiting), tags=run_tags(waiting))

    daily = dg.ScheduleDefinition(
        name="dagligen",
        job=rebuild,
        cron_schedule="30 6 * * *",
        execution_timezone="Europe/Stockholm",
        description=(
            "Startar jobbet ombyggnad varje morgon 06.30 svensk tid, så att leveranser vars frist gått ut visas som "
            "sena eller saknade samma dag."
        ),
    )
    return inbox_sensor, daily
