"""What a receipt says of the delivery as a whole: that it came late, and the warnings that look at history.

Belongs here: their wording and their numbers. Does not belong here: rules that fall on rows, and the rest of the
receipt (`receipts.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from pipelines.contracts.model import Contracts
from pipelines.contracts.periods import day_name, year_before

DEVIATES = "Några tal avviker och behöver kvitteras eller rättas, se varningarna nedan."
WHOLE = "gäller hela leveransen; ingen rad är satt åt sidan"


def late_day(contracts: Contracts, delivery: Mapping[str, Any]) -> str:
    """`Leveransen kom efter fristen den 15 april 2019.`"""
    last = contracts.calendar(delivery["kalla"]).deadline(delivery["period"]) - timedelta(days=1)
    return f"Leveransen kom efter fristen den {day_name(str(last.date()))}."


def of_the_whole(rule: Mapping[str, Any]) -> bool:
    """Whether a rule flags no rows but the delivery (GEN-06), and stops nothing."""
    return not rule["antal_rader"] and rule["allvar"] in ("WARNING", "INFO")


def open_in(warnings: Iterable[Mapping[str, Any]]) -> bool:
    """Whether a warning waits for an answer."""
    return any(not warning["ar_kvitterad"] for warning in warnings)


def change(now: int, then: int | None) -> float | None:
    """The change in per cent, one decimal; None from nothing."""
    return round(100 * (now - then) / then, 1) if then else None


def warning_entry(contracts: Contracts, warning: Mapping[str, Any]) -> dict[str, Any]:
    """One warning as the sender reads it. GEN-18 has the period it is compared with.

    The two numbers are rows then and now (GEN-18), parts of the kommun (GEN-22), or rows that the rule fell on and rows
    that it was tried on.
    """
    rule, now, then = contracts.rules[warning["regel_id"]], warning["antal"], warning["jamfort_med"]
    entry = {
        "regel": rule.id,
        "datamangd": warning["dataset"],
        "period": warning["period"],
        "innebord": rule.regel,
        "allvar": rule.allvar,
        "antal": now,
        "jamfort_med": then,
        "ar_kvitterad": warning["ar_kvitterad"],
        "gor_sa_har": rule.meddelande,
    }
    if rule.id == "GEN-18":
        entry |= {"jamfort_period": year_before(warning["period"]), "andring_procent": change(now, then)}
    return entry
