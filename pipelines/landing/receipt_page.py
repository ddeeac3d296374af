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

from pipelines.contracts.model import get_contracts
from pipelines.contracts.periods import day_name, period_name

STATUS = {
    "godkand": "Godkänd",
    "godkand_med_fynd": "Godkänd, men se över raderna nedan",
    "godkand_med_varning": "Godkänd, men se över varningarna nedan",
    "godkand_sen": "Godkänd, men kom efter fristen",
    "stoppad": "Stoppad",
}
TRIED = {
    "godkand": "Skulle godkännas",
    "godkand_med_fynd": "Skulle godkännas, men se över raderna nedan",
    "godkand_sen": "Skulle godkännas, men efter fristen",
    "stoppad": "Skulle stoppas",
}
COLOUR = {"godkand_med_varning": "godkand_med_fynd", "godkand_sen": "godkand_med_fynd"}


def number(value: int) -> str:
    """A count with a space between thousands."""
    return f"{value:,}".replace(",", "\u00a0")


def time_name(local: str) -> str:
    """`2019-04-10 12:00:00` as 10 april 2019 kl. 12.00."""
    day, _, clock = local.partition(" ")
    return f"{day_name(day)} kl. {clock[:5].replace(':', '.')}"


def places(examples: list[Mapping[str, Any]]) -> dict[str | None, list[int]]:
    """Rows by column, in the order the columns were met; None stands for the whole row."""
    found: dict[str | None, list[int]] = {}
    for place in examples:
        found.setdefault(place["kolumn"], []).append(place["rad"])
    return found


def remaining(rule: Mapping[str, Any]) -> int:
    """How many rows broke the rule beyond those whose places are shown."""
    return int(rule["antal_rader"]) - len({place["rad"] for place in rule["exempel"]})


def signed(value: int) -> str:
    """A change in number with its sign; nothing has none."""
    return f"{'+' if value > 0 else '−' if value < 0 else ''}{number(abs(value))}"


def percent(value: float | None) -> str:
    """`66.7` as +66,7 %; a change from nothing has no per cent."""
    if value is None:
        return "–"
    return f"{'+' if value > 0 else '−' if value < 0 else ''}{abs(value):.1f} %".replace(".", ",")


def _look(receipt: Mapping[str, Any]) -> str:
    """What the page says at the top: the worst of what an approved delivery carries."""
    if receipt["status"] != "godkand":
        return str(receipt["status"])
    if any(rule["antal_rader"] for rule in receipt["regler"]):
        return "godkand_med_fynd"
    if any(not warning["ar_kvitterad"] for warning in receipt["varningar"]):
        return "godkand_med_varning"
    return "godkand_sen" if receipt["regler"] else "godkand"


def _warnings(receipt: Mapping[str, Any]) -> dict[str, list[Mapping[str, Any]]]:
    """Warnings by their rule."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for warning in receipt["varningar"]:
        found.setdefault(warning["regel"], []).append(warning)
    return found


def _groups(receipt: Mapping[str, Any]) -> dict[str, list[Mapping[str, Any]]]:
    """Rules by what they did: stopped the delivery, set rows aside, flagged rows, spoke of the whole delivery."""
    found: dict[str, list[Mapping[str, Any]]] = {"stoppar": [], "at_sidan": [], "ovriga": [], "hela": []}
    aside = "ovriga" if receipt["status"] == "stoppad" else "at_sidan"
    home = {"FATAL": "stoppar", "ERROR": "stoppar", "ERROR_RAD": aside}
    for rule in receipt["regler"]:
        found[home.get(rule["allvar"], "ovriga" if rule["antal_rader"] else "hela")].append(rule)
    stop = receipt["stoppad_av"]
    if stop and stop["regel"] not in {rule["regel"] for rule in found["stoppar"]}:
        found["stoppar"].insert(0, {**stop, "antal_rader": 0, "verkan": "stoppar leveransen"})
    return found


def _by_household(receipt: Mapping[str, Any]) -> bool:
    """Whether a protected person keeps the whole household back in the package's source."""
    source = get_contracts().source(receipt["paket_namn"].partition("_")[0])
    return any("hushall_id" in d.protection.nyckel for d in source if d.protection)


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
    environment.filters |= {"platser": places, "resten": remaining, "procent": percent, "andring": signed}
    return environment.get_template("kvittens.html.j2")


def receipt_page(receipt: Mapping[str, Any]) -> str:
    """The page of a receipt, or of what `lager check` found (which has no time of arrival)."""
    look, tried = _look(receipt), "mottagen" not in receipt
    return _template().render(
        k=receipt,
        prov=tried,
        utseende=COLOUR.get(look, look),
        status=(TRIED if tried else STATUS)[look],
        grupper=_groups(receipt),
        varningar=_warnings(receipt),
        hela_hushallet=_by_household(receipt),
    )
