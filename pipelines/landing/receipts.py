"""Receipts (kvittenser): what came, what was set aside, by which rule, where, and what to do. In Swedish, as JSON.

Belongs here: the receipt's content and its files in the outbox. Does not belong here: finding faults. A receipt holds
counts, rule ids and positions, never a value from a row.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, bindparam, text

from pipelines.contracts.model import Contracts
from pipelines.landing.files import write_whole

EXAMPLES = 20
CHUNK = 500
SUMMARY = {
    "godkand": "Leveransen är godkänd.",
    "godkand_med_fynd": "Leveransen är godkänd. Rader som bryter mot reglerna är satta åt sidan eller flaggade.",
    "stoppad": "Leveransen är stoppad och ingen rad är inläst. En tidigare godkänd version gäller om den finns.",
}
SEVERITY = {
    "FATAL": "stoppar leveransen",
    "ERROR": "stoppar leveransen",
    "ERROR_RAD": "raden är satt åt sidan",
    "WARNING": "raden är inläst men bör kontrolleras",
    "INFO": "upplysning",
}


def rule_entry(
    contracts: Contracts,
    rule: Mapping[str, Any],
    positions: Iterable[tuple[int, str | None]],
) -> dict[str, Any]:
    """One broken rule as the sender reads it."""
    text_of = contracts.rules.get(rule["regel_id"])
    places = sorted(positions, key=lambda place: place[0])[:EXAMPLES]
    entry = {
        "regel": rule["regel_id"],
        "datamangd": rule["dataset"],
        "innebord": text_of.regel if text_of else "",
        "verkan": SEVERITY[rule["allvar"]],
        "antal_rader": rule["antal_rader"],
        "detalj": rule["detalj"],
        "gor_sa_har": text_of.meddelande if text_of else "",
        "exempel": [{"rad": row, "kolumn": column} for row, column in places],
    }
    return {key: value for key, value in entry.items() if value not in (None, "", [])}


def receipt(
    contracts: Contracts,
    delivery: Mapping[str, Any],
    datasets: list[dict[str, Any]],
    rules: list[dict[str, Any]],
) -> dict[str, Any]:
    """The whole receipt of one delivery."""
    status = delivery["status"]
    key = "godkand_med_fynd" if status == "godkand" and rules else status
    head = {name: delivery[name] for name in ("leverans_id", "paket_namn", "kommun_kod", "period", "version")}
    stop = delivery["stoppande_regel"]
    return {
        "kvittens_version": 1,
        **head,
        "stadsdel_kod": delivery["stadsdel_kod"] or None,
        "mottagen": str(delivery["mottagen_lokal"])[:19],
        "status": status,
        "besked": SUMMARY[key],
        "stoppad_av": {"regel": stop, "gor_sa_har": contracts.rules[stop].meddelande} if stop else None,
        "tomma_utan_bekraftelse": _empty(contracts, delivery["kalla"], datasets) if stop == "GEN-05" else None,
        "datamangder": [{**entry, "ar_nolleverans": bool(entry["ar_nolleverans"])} for entry in datasets],
        "regler": rules,
    }


def _empty(contracts: Contracts, kalla: str, datasets: list[dict[str, Any]]) -> list[str]:
    """The datasets of a source that came without rows and were not confirmed empty."""
    fine = {entry["dataset"] for entry in datasets if entry["mottagna"] or entry["ar_nolleverans"]}
    return sorted(d.id for d in contracts.source(kalla) if d.id not in fine)


def _by_delivery(connection: Connection, query: str, ids: list[str]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    statement = text(query).bindparams(bindparam("ids", expanding=True))
    for row in connection.execute(statement, {"ids": ids}).mappings():
        entry = dict(row)
        found.setdefault(entry.pop("leverans_id"), []).append(entry)
    return found


def _chunk_receipts(connection: Connection, contracts: Contracts, ids: list[str]) -> list[dict[str, Any]]:
    deliveries = text("select * from leverans where leverans_id in :ids").bindparams(bindparam("ids", expanding=True))
    datasets = _by_delivery(connection, "select * from leverans_utfall where leverans_id in :ids", ids)
    rules = _by_delivery(
        connection,
        "select leverans_id, dataset, regel_id, allvar, antal_rader, detalj from regelutfall "
        "where leverans_id in :ids order by dataset, regel_id",
        ids,
    )
    places: dict[tuple[str, str, str], list[tuple[int, str | None]]] = {}
    for leverans_id, rows in _by_delivery(
        connection,
        "select leverans_id, dataset, regel_id, rad_nr, kolumn from fynd where leverans_id in :ids",
        ids,
    ).items():
        for row in rows:
            key = (leverans_id, row["dataset"], row["regel_id"])
            places.setdefault(key, []).append((row["rad_nr"], row["kolumn"]))
    written = []
    for delivery in connection.execute(deliveries, {"ids": ids}).mappings():
        leverans_id = delivery["leverans_id"]
        entries = [
            rule_entry(contracts, rule, places.get((leverans_id, rule["dataset"], rule["regel_id"]), []))
            for rule in rules.get(leverans_id, [])
        ]
        written.append(receipt(contracts, dict(delivery), datasets.get(leverans_id, []), entries))
    return written


def write_receipts(connection: Connection, contracts: Contracts, outbox: Path, ids: Iterable[str]) -> int:
    """Write `outbox/<kommun>/<package>.<id>.kvittens.json` for the deliveries; their number."""
    wanted, written = sorted(set(ids)), 0
    for start in range(0, len(wanted), CHUNK):
        for entry in _chunk_receipts(connection, contracts, wanted[start : start + CHUNK]):
            name = f"{entry['paket_namn']}.{entry['leverans_id'][:8]}.kvittens.json"
            content = json.dumps(entry, ensure_ascii=False, indent=2, default=str) + "\n"
            write_whole(outbox / entry["kommun_kod"] / name, content.encode())
            written += 1
    return written
