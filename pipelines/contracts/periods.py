"""Periods: how often a source is delivered, which periods the rows of a package have, and when each is due.

Belongs here: the calendar of a source, as its contracts say it (`periodicitet`, `frist_dag` or `frist`), and periods
and days in Swedish words. Does not belong here: what is expected of whom and for how long (`landing/ledger/export.py`,
`contracts/retention.py`).

A period is a month, `YYYY-MM`, or a year, `YYYY`. A year of a monthly source is its twelve months delivered again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

MONTHS = (
    *("januari", "februari", "mars", "april", "maj", "juni"),
    *("juli", "augusti", "september", "oktober", "november", "december"),
)


def period_name(period: str) -> str:
    """`2019-03` as mars 2019, `2019` as hela året 2019."""
    year, _, month = period.partition("-")
    return f"{MONTHS[int(month) - 1]} {year}" if month else f"hela året {year}"


def day_name(day: str) -> str:
    """`2019-04-15` as 15 april 2019, `04-15` as 15 april."""
    *year, month, number = day.split("-")
    return " ".join([str(int(number)), MONTHS[int(month) - 1], *year])


def months_of(year: str) -> list[str]:
    """The twelve months of a year as YYYY-MM."""
    return [f"{year}-{month:02d}" for month in range(1, 13)]


def year_before(period: str) -> str:
    """`2019-03` as 2018-03, `2019` as 2018."""
    return f"{int(period[:4]) - 1}{period[4:]}"


def asked_on(period: str) -> str:
    """The day on which a sender must be a municipality: a month's first, a year's last."""
    return f"{period}-12-31" if len(period) == 4 else f"{period}-01"


@dataclass(frozen=True)
class Calendar:
    """A source's periods. `frist` is the last day: of the following month (DD), or of the following year (MM-DD)."""

    periodicitet: Literal["manad", "ar"]
    frist: str
    slutlig_frist: str | None = None

    @property
    def yearly(self) -> bool:
        """Whether a row's period is a year."""
        return self.periodicitet == "ar"

    def own(self, period: str) -> str:
        """The source's first period in what may be a longer one."""
        return period[:4] if self.yearly else period if len(period) == 7 else f"{period}-01"

    def covers(self, period: str) -> list[str]:
        """The periods that rows of a package may have: its own, or the months of a year that is delivered again."""
        return months_of(period) if len(period) == 4 and not self.yearly else [period]

    def takes(self, period: str, leveranstyp: str) -> bool:
        """Whether a package may be of this period and kind: a monthly source's year, and only that, is `slutlig`."""
        if self.yearly:
            return len(period) == 4 and leveranstyp != "slutlig"
        return (len(period) == 4) == (leveranstyp == "slutlig")

    def corrected_by(self, period: str) -> str:
        """The kind of delivery that replaces one of this period."""
        return "slutlig" if len(self.covers(period)) > 1 else "rattelse"

    def next(self, period: str) -> str:
        """The period after."""
        if self.yearly:
            return str(int(period) + 1)
        year, month = int(period[:4]), int(period[5:])
        return f"{year + month // 12}-{month % 12 + 1:02d}"

    def deadline(self, period: str) -> datetime:
        """The first instant after a period's deadline, Swedish time."""
        return _after(f"{self.next(period)}-{self.frist}")

    def final_deadline(self, period: str, asof: date) -> datetime | None:
        """The first instant after the deadline for a period's year to be delivered again, once it has passed."""
        if self.slutlig_frist is None:
            return None
        passed = _after(f"{int(period[:4]) + 1}-{self.slutlig_frist}")
        return passed if passed.date() <= asof else None


NO_SOURCE = Calendar("manad", "")
"""Of a source that no contract knows: its packages are stopped, and nothing is ever due."""


def _after(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), datetime.min.time()) + timedelta(days=1)
