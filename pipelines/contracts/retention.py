"""The retention rules: how long what is kept may be kept.

Belongs here: reading `data_contracts/shared/gallring.yaml` and what its times mean on a given day. Does not belong
here: destroying anything (`landing/retention.py`).
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from pipelines.contracts.files import read_yaml
from pipelines.contracts.model import CONTRACTS

FIRST_MONTH = "0001-01"
LAST_MONTH = "-12"  # written behind a year it is the year's last month; behind a month it changes no order
Slag = Literal["paket", "karantan", "landning"]


class Time(BaseModel):
    """Days or whole years; one of them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    dagar: Annotated[int, Field(ge=1)] | None = None
    ar: Annotated[int, Field(ge=1)] | None = None

    @model_validator(mode="after")
    def _one(self) -> Time:
        if (self.dagar is None) == (self.ar is None):
            raise ValueError("a retention time is in days or in years")
        return self

    def before(self, day: date) -> date:
        """The day this long before another; the last day of February where there is no 29th."""
        if self.ar is None:
            return day - timedelta(days=self.dagar or 0)
        leap = day.month == 2 and day.day == 29
        return day.replace(year=day.year - self.ar, day=28 if leap else day.day)


class RetentionRule(BaseModel):
    """One rule, with its basis, owner and date."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Annotated[str, Field(pattern=r"^GAL-\d{2}$")]
    vad: str
    slag: Slag
    tid: Time
    raknas_fran: Literal["mottagen", "period"]
    grund: str
    agare: str
    datum: date

    @model_validator(mode="after")
    def _counted_from_what_it_has(self) -> RetentionRule:
        if (self.slag == "landning") != (self.raknas_fran == "period"):
            raise ValueError("rows are counted from their month, packages and quarantine from the day of arrival")
        return self

    def limit(self, asof: date) -> date:
        """What arrived on this day or before it, or lies in a month that ended before it, may no longer be kept."""
        return self.tid.before(asof)


def load_retention(root: Path = CONTRACTS) -> dict[Slag, RetentionRule]:
    """One rule per kind. Raises ValueError where a kind has none or two."""
    content = read_yaml(root / "shared" / "gallring.yaml")
    rules = [RetentionRule.model_validate(entry) for entry in content["regler"]]
    found = {rule.slag: rule for rule in rules}
    if len(found) != len(rules) or len(found) != 3 or len({rule.id for rule in rules}) != 3:
        raise ValueError("gallring.yaml: each kind has exactly one rule, and each rule its own id")
    return found


@lru_cache(maxsize=1)
def get_retention() -> dict[Slag, RetentionRule]:
    """The project's own rules, read once per process."""
    return load_retention()


def first_kept_month(asof: date) -> str:
    """The earliest month (YYYY-MM) whose rows may be kept, and so the earliest that any build shows."""
    limit = get_retention()["landning"].limit(asof)
    return f"{limit:%Y-%m}" if limit.year > 1 else FIRST_MONTH


def is_kept(period: str, first: str) -> bool:
    """Whether rows of a period may be kept when `first` is the earliest month that may; a year ends with its last."""
    return f"{period}{LAST_MONTH}" >= first
