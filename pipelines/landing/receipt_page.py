"""The receipt as a page for a municipality's officer.

Belongs here: how a receipt is shown: order, headings, dates and numbers in Swedish. Does not belong here: any content;
the page is made of the very object that is written as JSON (`receipts.py`), so the two cannot differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

MONTHS = (
    *("januari", "februari", "mars", "april", "maj", "juni"),
    *("juli", "augusti", "september", "oktober", "november", "december"),
)
STATUS = {
    "godkand": "Godkänd",
    "godkand_med_fynd": "Godkänd, men se över raderna nedan",
    "stoppad": "Stoppad",
}
TRIED = {
    "godkand": "Skulle godkännas",
    "godkand_med_fynd": "Skulle godkännas, men se över raderna nedan",
    "stoppad": "Skulle stoppas",
}


def number(value: int) -> str:
    """A count with a space between thousands."""
    return f"{value:,}".replace(",", "\u00a0")


def period_name(period: str) -> str:
    """`2019-03` as mars 2019, `2019` as hela året 2019."""
    year, _, month = period.partition("-")
    return f"{MONTHS[int(month) - 1]} {year}" if month else f"hela året {year}"


def time_name(local: str) -> str:
    """`2019-04-10 12:00:00` as 10 april 2019 kl. 12.00."""
    day, _, clock = local.partition(" ")
    return f"{int(day[8:10])} {period_name(day[:7])} kl. {clock[:5].replace(':', '.')}"


def places(examples: list[Mapping[str, Any]]) -> dict[str | None, list[int]]:
    """Rows by column, in the order the columns were met; None stands for the whole row."""
    found: dict[str | None, list[int]] = {}
    for place in examples:
        found.setdefault(place["kolumn"], []).append(place["rad"])
    return found


def remaining(rule: Mapping[str, Any]) -> int:
    """How many rows broke the rule beyond those whose places are shown."""
    return int(rule["antal_rader"]) - len({place["rad"] for place in rule["exempel"]})


def _groups(receipt: Mapping[str, Any]) -> dict[str, list[Mapping[str, Any]]]:
    """Rules by what they did: stopped the delivery, set rows aside, anything else; or said of no row at all."""
    found: dict[str, list[Mapping[str, Any]]] = {"stoppar": [], "at_sidan": [], "ovriga": [], "om_paketet": []}
    aside = "ovriga" if receipt["status"] == "stoppad" else "at_sidan"
    home = {"FATAL": "stoppar", "ERROR": "stoppar", "ERROR_RAD": aside}
    for rule in receipt["regler"]:
        rest = "ovriga" if rule["antal_rader"] else "om_paketet"
        found[home.get(rule["allvar"], rest)].append(rule)
    stop = receipt["stoppad_av"]
    if stop and stop["regel"] not in {rule["regel"] for rule in found["stoppar"]}:
        found["stoppar"].insert(0, {**stop, "antal_rader": 0, "verkan": "stoppar leveransen"})
    return found


@lru_cache(maxsize=1)
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"tal": number, "period": period_name, "tid": time_name}
    environment.filters |= {"platser": places, "resten": remaining}
    return environment.get_template("kvittens.html.j2")


def receipt_page(receipt: Mapping[str, Any]) -> str:
    """The page of a receipt, or of what `lager check` found (which has no time of arrival)."""
    approved = receipt["status"] == "godkand"
    broken = any(rule["antal_rader"] for rule in receipt["regler"])
    look = "godkand_med_fynd" if approved and broken else receipt["status"]
    tried = "mottagen" not in receipt
    said = (TRIED if tried else STATUS)[look]
    return _template().render(k=receipt, prov=tried, utseende=look, status=said, grupper=_groups(receipt))
