"""Receipts (kvittenser): what came, what was set aside, by which rule, where, and what to do. In Swedish.

Belongs here: the receipt's content and its files in the outbox. Does not belong here: finding faults, and how the
HTML page looks (`receipt_page.py`). A receipt holds counts, rule ids and positions, never a value from a row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic_core import to_json
from sqlalchemy import Connection, bindparam, text

from pipelines.contracts.geography import name_of
from pipelines.contracts.model import Contracts
from pipelines.landing.files import write_whole
from pipelines.landing.ledger.acknowledged import standing
from pipelines.landing.package import NO_AGREEMENT
from pipelines.landing.receipt_page import number, receipt_page
from pipelines.landing.receipt_remarks import DEVIATES, WHOLE, late_day, of_the_whole, open_in, warning_entry
from pipelines.settings import Settings

EXAMPLES = 20
CHUNK = 500
SUMMARY = {
    "godkand": "Leveransen är godkänd.",
    "at_sidan": "Leveransen är godkänd. {aside}",
    "flaggad": "Leveransen är godkänd. Ingen rad är satt åt sidan, men några bör kontrolleras.",
    "stoppad": "Leveransen är stoppad och ingen rad är inläst. En tidigare godkänd version gäller om den finns.",
}
FAULTY = "Paketet skulle godkännas, men rader bryter mot reglerna. Ingenting är sänt eller sparat."
TRIED = {
    "godkand": "Paketet håller reglerna. Ingenting är sänt eller sparat.",
    "at_sidan": FAULTY,
    "flaggad": FAULTY,
    "stoppad": "Paketet skulle stoppas, och ingen rad skulle läsas in. Ingenting är sänt eller sparat.",
}
NEXT_STEP = {
    "godkand": "Ni behöver inte göra något.",
    "flaggad": (
        "Kontrollera raderna nedan. Är något fel, rätta det och sänd hela perioden igen som nästa version, "
        "med leveranstyp {typ}."
    ),
    "at_sidan": (
        "Rätta raderna nedan i verksamhetssystemet och sänd hela perioden igen som nästa version, med leveranstyp "
        "{typ}. Till dess räknas raderna som är satta åt sidan inte med i statistiken."
    ),
    "varning": (
        "Kontrollera varningarna nedan. Stämmer talen, svara med ett skäl så kvitteras varningarna; annars rätta och "
        "sänd hela perioden igen som nästa version, med leveranstyp {typ}."
    ),
    "stoppad": (
        "Rätta felet och sänd hela perioden igen som nästa version, med leveranstyp {typ}. Har en senare version redan "
        "godkänts behöver ni inte göra något."
    ),
    NO_AGREEMENT: (
        "Hör av er till mottagaren om ett avtal ska gälla. När det är inskrivet, sänd hela året igen som nästa version."
    ),
}
ANSWER = " Svara också på varningarna nedan: stämmer talen, lämna ett skäl utan personuppgifter så kvitteras de."
TRIED_NEXT_STEP = {
    "godkand": "Paketet kan sändas.",
    "flaggad": "Kontrollera raderna nedan före sändningen.",
    "at_sidan": "Rätta raderna nedan i verksamhetssystemet före sändningen.",
    "stoppad": "Rätta felet nedan före sändningen.",
}
STOPS = {"FATAL": "stoppar leveransen", "ERROR": "stoppar leveransen"}
EFFECT = {
    "godkand": {
        "ERROR_RAD": "raden är satt åt sidan",
        "WARNING": "raden är inläst men bör kontrolleras",
        "INFO": "upplysning",
    },
    "stoppad": {
        "ERROR_RAD": "raden hade satts åt sidan om leveransen inte stoppats",
        "WARNING": "raden hade lästs in om leveransen inte stoppats, men bör kontrolleras",
        "INFO": "upplysning",
    },
}
TRIED_EFFECT = {
    "godkand": {
        "ERROR_RAD": "raden skulle sättas åt sidan",
        "WARNING": "raden skulle läsas in men bör kontrolleras",
        "INFO": "upplysning",
    },
    "stoppad": {
        "ERROR_RAD": "raden skulle sättas åt sidan om leveransen inte stoppades",
        "WARNING": "raden skulle läsas in om leveransen inte stoppades, men bör kontrolleras",
        "INFO": "upplysning",
    },
}
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Findings:
    """Everything known of one delivery, as rows of the ledger: per dataset, months, rules, positions, warnings."""

    datasets: Rows = field(default_factory=list)
    months: Rows = field(default_factory=list)
    rules: Rows = field(default_factory=list)
    positions: Rows = field(default_factory=list)
    warnings: Rows = field(default_factory=list)


def _rule_entry(contracts: Contracts, rule: Mapping[str, Any], positions: Rows, effect: Mapping[str, str]) -> Any:
    """One broken rule as the sender reads it."""
    text_of = contracts.rules.get(rule["regel_id"])
    own = [p for p in positions if (p["dataset"], p["regel_id"]) == (rule["dataset"], rule["regel_id"])]
    places = sorted(own, key=lambda place: place["rad_nr"])[:EXAMPLES]
    entry = {
        "regel": rule["regel_id"],
        "datamangd": rule["dataset"],
        "innebord": text_of.regel if text_of else "",
        "allvar": rule["allvar"],
        "verkan": WHOLE if of_the_whole(rule) else effect[rule["allvar"]],
        "antal_rader": rule["antal_rader"],
        "detalj": rule["detalj"],
        "gor_sa_har": text_of.meddelande if text_of else "",
        "exempel": [{"rad": place["rad_nr"], "kolumn": place["kolumn"]} for place in places],
    }
    return {key: value for key, value in entry.items() if value not in (None, "", [])}


def _in_own_words(contracts: Contracts, profil: str | None, positions: Rows) -> Rows:
    """Columns as the sender's own file names them, with the contract's name behind: `Hushållstyp (hushallstyp_kod)`."""

    def words(place: Mapping[str, Any]) -> str | None:
        column = place["kolumn"]
        own = column and contracts.own_name(profil, place["dataset"], column)
        return column if own == column else f"{own} ({column})"

    return [{**place, "kolumn": words(place)} for place in positions]


def receipt(
    contracts: Contracts,
    delivery: Mapping[str, Any],
    found: Findings,
    effects: Mapping[str, Mapping[str, str]] = EFFECT,
) -> dict[str, Any]:
    """The whole receipt of one delivery. `delivery` is its row in the ledger."""
    status, stop = delivery["status"], delivery["stoppande_regel"]
    rows = sorted(found.datasets, key=lambda entry: str(entry["dataset"]))
    effect = {**STOPS, **effects[status]}
    positions = _in_own_words(contracts, delivery["profil"], found.positions)
    head = {name: delivery[name] for name in ("leverans_id", "paket_namn", "kommun_kod", "period", "version")}
    return {
        "kvittens_version": 1,
        **head,
        "kommun_namn": name_of(delivery["kommun_kod"]),
        "stadsdel_kod": delivery["stadsdel_kod"] or None,
        "mottagen": str(delivery["mottagen_lokal"])[:19],
        "status": status,
        "besked": _summary(contracts, delivery, found, SUMMARY),
        "nasta_steg": _next_step(contracts, delivery, found),
        "stoppad_av": _stop(contracts, stop) if stop else None,
        "tomma_utan_bekraftelse": _empty(contracts, delivery, found.months) if stop == "GEN-05" else None,
        "datamangder": [_dataset_entry(contracts, entry) for entry in rows],
        "regler": [_rule_entry(contracts, rule, positions, effect) for rule in found.rules],
        "varningar": [warning_entry(contracts, warning) for warning in found.warnings],
    }


def _dataset_entry(contracts: Contracts, entry: Mapping[str, Any]) -> dict[str, Any]:
    title = contracts.datasets[entry["dataset"]].titel
    kept = {name: value for name, value in entry.items() if name != "leverans_id"}
    return {**kept, "ar_nolleverans": bool(entry["ar_nolleverans"]), "titel": title}


def trial_answer(contracts: Contracts, delivery: Mapping[str, Any], found: Findings) -> dict[str, Any]:
    """The receipt the delivery would get, in the words of a trial: nothing has been received."""
    whole = receipt(contracts, delivery, found, TRIED_EFFECT)
    said = {
        "besked": _summary(contracts, delivery, found, TRIED),
        "nasta_steg": _next_step(contracts, delivery, found, TRIED_NEXT_STEP),
    }
    return {name: value for name, value in (whole | said).items() if name not in ("leverans_id", "mottagen")}


def _has_rows(rules: Rows) -> bool:
    return any(rule["antal_rader"] for rule in rules)


def _became(delivery: Mapping[str, Any], found: Findings) -> str:
    """What became of the delivery and its rows: the worst of it."""
    if delivery["status"] == "stoppad":
        return "stoppad"
    if any(rule["allvar"] == "ERROR_RAD" for rule in found.rules):
        return "at_sidan"
    return "flaggad" if _has_rows(found.rules) else "godkand"


def _aside(found: Findings) -> str:
    """How many rows were set aside, and that others only are to be looked at."""
    rows = sum(entry["i_karantan"] for entry in found.datasets)
    said = "1 rad är satt åt sidan." if rows == 1 else f"{number(rows)} rader är satta åt sidan."
    others = _has_rows([rule for rule in found.rules if rule["allvar"] != "ERROR_RAD"])
    return f"{said} Andra rader är inlästa men bör kontrolleras." if others else said


def _summary(contracts: Contracts, delivery: Mapping[str, Any], found: Findings, words: Mapping[str, str]) -> str:
    """What became of the delivery, that it came late, and that numbers in it deviate."""
    said = [words[_became(delivery, found)].format(aside=_aside(found))]
    if any(rule["regel_id"] == "GEN-06" for rule in found.rules):
        said.append(late_day(contracts, delivery))
    return " ".join([*said, DEVIATES] if open_in(found.warnings) else said)


def _next_step(
    contracts: Contracts, delivery: Mapping[str, Any], found: Findings, words: Mapping[str, str] = NEXT_STEP
) -> str:
    """What the sender should do now, whatever the single rules say."""
    key = _became(delivery, found)
    if delivery["stoppande_regel"] == NO_AGREEMENT:
        key = NO_AGREEMENT
    warned = open_in(found.warnings)
    said = words["varning" if warned and key == "godkand" else key]
    said += ANSWER if warned and key in ("flaggad", "at_sidan") else ""
    return said.format(typ=contracts.calendar(delivery["kalla"]).corrected_by(delivery["period"]))


def _stop(contracts: Contracts, regel_id: str) -> dict[str, str]:
    rule = contracts.rules[regel_id]
    return {"regel": regel_id, "innebord": rule.regel, "gor_sa_har": rule.meddelande}


def _empty(contracts: Contracts, delivery: Mapping[str, Any], months: Rows) -> list[str]:
    """What came without rows and was not confirmed empty, in the words of the manifest's `nolleverans`."""
    fine = {(entry["dataset"], entry["period"]) for entry in months if entry["mottagna"] or entry["ar_nolleverans"]}
    period, names = delivery["period"], sorted(d.id for d in contracts.source(delivery["kalla"]))
    covered = contracts.calendar(delivery["kalla"]).covers(period)
    if covered == [period]:
        return [name for name in names if (name, period) not in fine]
    return [f"{name}/{month}" for name in names for month in covered if (name, month) not in fine]


def _by_delivery(connection: Connection, query: str, ids: list[str]) -> dict[str, Rows]:
    found: dict[str, Rows] = {}
    statement = text(query).bindparams(bindparam("ids", expanding=True))
    for row in connection.execute(statement, {"ids": ids}).mappings():
        entry = dict(row)
        found.setdefault(entry.pop("leverans_id"), []).append(entry)
    return found


def _warned(connection: Connection) -> dict[str, Rows]:
    """The warnings that stand on deliveries in force, in order."""
    found: dict[str, Rows] = {}
    for warning in sorted(standing(connection), key=lambda w: (w.key[5], w.key[3], w.key[4])):
        _, _, _, dataset, period, regel_id = warning.key
        entry = {"dataset": dataset, "period": period, "regel_id": regel_id, **vars(warning)}
        found.setdefault(warning.leverans_id, []).append(entry)
    return found


def _chunk_receipts(connection: Connection, contracts: Contracts, ids: list[str], warned: Mapping[str, Rows]) -> Rows:
    deliveries = text("select * from leverans where leverans_id in :ids").bindparams(bindparam("ids", expanding=True))
    tables = {
        "datasets": "select * from leverans_utfall where leverans_id in :ids",
        "months": "select m.leverans_id, m.dataset, m.period, m.mottagna, m.ar_nolleverans from leverans_manad as m "
        "join leverans as l using (leverans_id) where l.stoppande_regel = 'GEN-05' and leverans_id in :ids",
        "rules": "select leverans_id, dataset, regel_id, allvar, antal_rader, detalj from regelutfall "
        "where leverans_id in :ids order by dataset, regel_id, detalj",
        "positions": "select leverans_id, dataset, regel_id, rad_nr, kolumn from (select f.*, row_number() over "
        "(partition by leverans_id, dataset, regel_id order by rad_nr) as plats from fynd as f "
        f"where leverans_id in :ids) where plats <= {EXAMPLES} order by leverans_id, dataset, regel_id, rad_nr",
    }
    rows = {name: _by_delivery(connection, query, ids) for name, query in tables.items()} | {"warnings": warned}
    return [
        receipt(
            contracts,
            dict(delivery),
            Findings(**{name: found.get(delivery["leverans_id"], []) for name, found in rows.items()}),
        )
        for delivery in connection.execute(deliveries, {"ids": ids}).mappings()
    ]


def write_receipts(connection: Connection, contracts: Contracts, settings: Settings, ids: Iterable[str]) -> int:
    """Write `outbox/<kommun>/<package>.<id>.kvittens.json` and `.html` for the deliveries; their number."""
    wanted, written = sorted(set(ids)), 0
    warned = _warned(connection) if wanted else {}
    for start in range(0, len(wanted), CHUNK):
        for entry in _chunk_receipts(connection, contracts, wanted[start : start + CHUNK], warned):
            name = f"{entry['paket_namn']}.{entry['leverans_id'][:8]}.kvittens"
            path = settings.outbox / entry["kommun_kod"] / name
            entry["kontakt"] = settings.kontakt
            content = to_json(entry, indent=2) + b"\n"
            write_whole(path.with_name(f"{path.name}.json"), content)
            write_whole(path.with_name(f"{path.name}.html"), receipt_page(entry).encode())
            written += 1
    return written
