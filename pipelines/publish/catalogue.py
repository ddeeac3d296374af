"""The catalogue as a page: what every number means, which rules hold, which codes and tables there are.

Belongs here: how definitions are shown: order, headings, which columns of an example matter. Does not belong here: any
definition; all of them are read from the contracts and the models' own yml (`contracts/catalogue.py`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from pipelines.contracts.catalogue import Catalogue, Row, RuleEntry, get_catalogue
from pipelines.contracts.model import PURPOSES, get_contracts
from pipelines.contracts.periods import day_name

CATALOGUE_FILE = "katalog.html"
LABELS = {
    "definition": "Definition",
    "taljare": "Täljare",
    "namnare": "Nämnare",
    "omrade": "Område",
    "typ": "Slag",
    "matt": "Mått",
    "enhet": "Visas i",
    "polaritet": "Önskvärt",
    "nivaer": "Nivåer",
    "perioder": "Perioder",
    "fonster_ar": "Antal år som behövs",
    "datamangder": "Behöver datamängderna",
    "kallor": "Räknas ur",
    "additiv_over": "Får summeras över",
    "extern_id": "Liknande mått",
    "ar_personuppgift": "Uppgifter om enskilda (små tal skyddas)",
    "taljare_slag": "Täljaren räknar",
    "namnare_slag": "Nämnaren räknar",
    "ar_kanslig": "Känslig, också 5–9 döljs",
    "rangordning": "Kommuner får rangordnas",
    "pool": "Visas också för tre år tillsammans",
    "kommun_bara_pool": "Kommunen visas bara för tre år tillsammans, och färre än tio händelser döljs",
    "forsta_ar": "Visas från år",
    "medel_skala": "Summan flyttas per steg i skyddet",
    "medel_storsta": "Största möjliga förändring",
}
APART = {"indikator_id", "version", "namn", "celler", "skattas", "fordelning"}
WORDS = {
    "purpose": "Ändamål",
    "usage": "Användning",
    "limitations": "Begränsningar",
    "kalla": "Källa",
    "andamal": "Rättsligt ändamål",
    "periodicitet": "Periodicitet",
    "frist_dag": "Frist, dag i månaden efter",
    "frist": "Frist, året efter",
    "slutlig_frist": "Frist för hela året, året efter",
    "kraver_avtal": "Kräver avtal",
    "format": "Format",
    "modell": "Modell",
    "malgrupp": "Målgrupp",
    "licens": "Licens",
    "skydd": "Skydd",
}
DAY = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")  # of any year
IN_WORDS = {
    **PURPOSES,
    "BU": "barn och unga",
    "EB": "ekonomiskt bistånd",
    "MB": "missbruk och beroende",
    "SU": "systematisk uppföljning",
    "True": "ja",
    "allmanhet": "allmänhet",
    "ar": "år",
    "avslutad_period": "avslutade perioder",
    "forslag": "förslag",
    "handelse": "händelser",
    "hog": "högt",
    "hushall": "hushåll",
    "hushallsmanad": "hushållsmånader",
    "ingen": "ingenting",
    "kommungrupp": "kommungrupp (SKR 2023)",
    "lag": "lågt",
    "lan": "län",
    "leverans": "leveranser",
    "manad": "månad",
    "mangd": "antal ur mängdstatistik",
    "medel": "medelvärde",
    "person": "personer",
    "personmanad": "personmånader",
    "rss": "RSS",
    "vardygn": "vårddygn",
    "villkor": "när uppföljningsandelen räcker i hela kommungruppen",
}
SEVERITIES = {
    "FATAL": (
        "Stoppar leveransen genast",
        "Hela leveransen stoppas. En tidigare godkänd version gäller.",
    ),
    "ERROR": ("Stoppar leveransen", "Hela leveransen stoppas. En tidigare godkänd version gäller."),
    "ERROR_RAD": (
        "Sätter raden åt sidan",
        "Raden sätts åt sidan i karantän och räknas inte med. Resten av leveransen läses in.",
    ),
    "WARNING": ("Varning", "Inget stoppas och ingen rad sätts åt sidan, men uppgiften bör kontrolleras."),
    "INFO": ("Upplysning", "Bara en upplysning. Inget stoppas och ingen rad sätts åt sidan."),
}
MARKS = {
    "A": "Koder lästa i källan",
    "B": "Egen kod, som ska bekräftas mot källan. Ingen officiell kod",
    "C": "Egen kod i vårt leveransformat. Ingen officiell kod",
}


@dataclass(frozen=True)
class Shown:
    """Rows as a small table: what is the same on every row is said once."""

    title: str
    same: tuple[tuple[str, Any], ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


def shown(title: str, rows: Sequence[Row]) -> Shown:
    """A table of the columns in which rows differ; a single row is shown whole."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    alike = [n for n in names if len(rows) > 1 and len({repr(row.get(n)) for row in rows}) == 1]
    varying = tuple(name for name in names if name not in alike)
    if not varying and names:  # rows that are all the same are still rows
        alike, varying = [], tuple(names)
    same = tuple((name, rows[0].get(name)) for name in alike)
    return Shown(title, same, varying, tuple(tuple(row.get(name) for name in varying) for row in rows))


def cell(value: Any) -> str:
    """A value of an example as it is read in Swedish."""
    if value is None:
        return "tomt"
    if isinstance(value, bool):
        return "ja" if value else "nej"
    return str(value).replace(".", ",") if isinstance(value, float) else str(value)


def said(value: Any) -> str:
    """A field of an indicator's meta in words."""
    if isinstance(value, list | tuple):
        return ", ".join(map(said, value)) or "inga"
    if value is None:
        return "inget känt"
    if not isinstance(value, str):
        return cell(value)
    return day_name(value) if DAY.fullmatch(value) else IN_WORDS.get(value, value)


def facts(meta: Mapping[str, Any]) -> list[tuple[str, str]]:
    """An indicator's fields with their labels; one without a label keeps its own name, so none is lost."""
    known = [(LABELS[name], said(meta[name])) for name in LABELS if name in meta]
    return known + [(name, said(value)) for name, value in meta.items() if name not in LABELS and name not in APART]


def missing(meta: Mapping[str, Any]) -> str:
    """What it means that a municipality did not report, by the fields that decide it."""
    if not meta["datamangder"]:
        return "Alla kommuner räknas alltid: indikatorn mäter själva leveranserna. Inget skattas."
    datasets = [get_contracts().datasets[name] for name in meta["datamangder"]]
    needs = _needed(meta["fonster_ar"], yearly=any(dataset.calendar.yearly for dataset in datasets))
    month = " En månad räknas när den är godkänd." if "manad" in meta["perioder"] else ""
    agreed = any(dataset.kraver_avtal for dataset in datasets)
    without = " Saknar kommunen avtal för året är status avtal_saknas." if agreed else ""
    guess = (
        "I län och riket skattas den med sitt eget värde ett eller två år tidigare, och den skattade andelen visas."
        if meta["skattas"]
        else "Inget skattas i dess ställe."
    )
    return (
        f"En kommun räknas för ett år när {needs} för alla datamängder som behövs.{month} Annars är "
        f"kommunens värde tomt med status ej_rapporterad, aldrig noll.{without} {guess}"
    )


def _needed(years: int, yearly: bool) -> str:
    if yearly:
        return "årets leverans är godkänd" if years == 1 else f"de {years} senaste årens leveranser är godkända"
    return ("årets tolv månader" if years == 1 else f"alla månader av de {years} senaste åren") + " är godkända"


def limit(entry: RuleEntry) -> str:
    """When a rule about rows stops the whole delivery."""
    rule = entry.rule
    if rule.eskalering_andel is None:
        return ""
    return (
        f"Faller fler än {rule.eskalering_procent} procent av raderna, och minst {rule.eskalering_minst}, "
        "stoppas hela leveransen."
    )


@lru_cache(maxsize=1)
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"cell": cell, "ord": said, "fakta": facts, "saknas": missing, "troskel": limit}
    environment.globals |= {"tabell": shown, "slag": SEVERITIES, "marken": MARKS, "etiketter": WORDS}
    return environment.get_template("katalog.html.j2")


def catalogue_page(catalogue: Catalogue, version: str | None = None) -> str:
    """The page, of a release or of the project as it stands."""
    return _template().render(k=catalogue, version=version)


def write_catalogue(folder: Path, version: str) -> Path:
    """Write the page of a release into `folder`."""
    path = folder / CATALOGUE_FILE
    path.write_text(catalogue_page(get_catalogue(), version), encoding="utf-8")
    path.chmod(0o644)
    return path
