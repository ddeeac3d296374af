"""Outcomes as ledger rows.

Belongs here: one tried batch to the rows of each ledger table. Does not belong here: the tables and the writing.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from pipelines.contracts.model import Contracts
from pipelines.contracts.periods import Calendar
from pipelines.landing.gate import DatasetOutcome, Outcome
from pipelines.landing.ledger.store import MANIFEST_COLUMNS
from pipelines.landing.package import NEVER_KEPT, Fault, Package
from pipelines.landing.readers.csv import decode
from pipelines.landing.readers.file import READ_IN_THE_CHILD, format_of
from pipelines.landing.trial import Tried, data_lines

LedgerRows = dict[str, list[dict[str, Any]]]


def stopping_rule(outcome: Outcome) -> str | None:
    """The rule a stopped delivery is said to be stopped by: the first in the order of the gate.

    One that is refused is said so whatever else is wrong: it tells that the archive never had the package.
    """
    broken = {fault.regel_id for fault in outcome.faults}
    refused = next((rule for rule in NEVER_KEPT if rule in broken), None)
    return refused or min(broken, key=_order, default=None)


def _order(regel_id: str) -> tuple[bool, str]:
    return not regel_id.startswith("GEN"), regel_id


def _received(package: Package, outcome: Outcome, dataset: str) -> DatasetOutcome:
    """The dataset's rows; where the gate never read them, those counted, a CSV file's data lines, or those declared."""
    if dataset in outcome.datasets:
        return outcome.datasets[dataset]
    for fault in outcome.faults:
        if fault.dataset == dataset and fault.mottagna is not None:
            return DatasetOutcome(mottagna=fault.mottagna)
    for entry in package.manifest.filer if package.manifest else ():
        if entry.dataset == dataset:
            content = package.files.get(entry.namn)
            lines = content is not None and format_of(entry.namn) not in READ_IN_THE_CHILD
            unread = not lines or isinstance(decode(entry, content or b""), Fault)
            return DatasetOutcome(mottagna=entry.antal_rader if unread else data_lines(content or b""))
    return DatasetOutcome()


def _dataset_rows(package: Package, outcome: Outcome, known: set[str], calendar: Calendar) -> LedgerRows:
    manifest = package.manifest
    if manifest is None:
        return {}
    versions = {entry.dataset: entry.schema_version for entry in manifest.filer if entry.dataset in known}
    confirmed = {name.partition("/")[0] for name in manifest.nolleverans} & known
    rows: LedgerRows = {"leverans_dataset": [], "leverans_manad": []}
    for dataset in sorted(set(versions) | confirmed):
        found, stopped = _received(package, outcome, dataset), bool(outcome.faults)
        rows["leverans_dataset"].append(
            {
                "leverans_id": package.leverans_id,
                "dataset": dataset,
                "schema_version": versions.get(dataset),
                "mottagna": found.mottagna,
                "lasta": 0 if stopped else found.lasta,
                "i_karantan": 0 if stopped else found.i_karantan,
                "skyddade": 0 if stopped else found.skyddade,
                "avvisade": found.mottagna if stopped else 0,
                "ar_nolleverans": dataset in confirmed,
            }
        )
        rows["leverans_manad"] += _period_rows(package, outcome, dataset, found, calendar)
    return rows


def _period_rows(
    package: Package, outcome: Outcome, dataset: str, found: DatasetOutcome, calendar: Calendar
) -> list[dict[str, Any]]:
    """One row for the package's own period, whatever came; of a year of months one for each with rows or confirmed."""
    manifest, periods = package.manifest, calendar.covers(package.envelope.period)
    confirmed = set(manifest.nolleverans) if manifest else set()
    rows, single = [], len(periods) == 1
    for month in periods:
        empty = (dataset if single else f"{dataset}/{month}") in confirmed
        received, loaded = outcome.months.get((dataset, month), (0, 0))
        if single:
            received = found.mottagna
        households, persons = outcome.protected.get(month, (0, 0))
        if single or received or empty:
            rows.append(
                {
                    "leverans_id": package.leverans_id,
                    "dataset": dataset,
                    "period": month,
                    "mottagna": received,
                    "lasta": 0 if outcome.faults else loaded,
                    "skyddade_hushall": households,
                    "skyddade_personer": persons,
                    "ar_nolleverans": empty,
                }
            )
    return rows


def _rule_rows(package: Package, outcome: Outcome, contracts: Contracts) -> list[dict[str, Any]]:
    """Package faults as they were found, then the rows' rules; a rule that escalated is entered once."""
    rows: list[tuple[str | None, str, str, int, str | None]] = []
    escalated = set()
    for fault in outcome.faults:
        rule = contracts.rules[fault.regel_id]
        escalated.add((fault.dataset, fault.regel_id))
        allvar = rule.allvar if rule.stops else "ERROR"
        rows.append((fault.dataset, fault.regel_id, allvar, fault.antal_rader, fault.detalj))
    for notice in outcome.notices:
        allvar = contracts.rules[notice.regel_id].allvar
        rows.append((notice.dataset, notice.regel_id, allvar, notice.antal_rader, notice.detalj))
    for dataset, result in outcome.datasets.items():
        for regel_id, count in sorted(result.per_regel.items()):
            if (dataset, regel_id) not in escalated:
                rows.append((dataset, regel_id, contracts.rules[regel_id].allvar, count, None))
    names = ("dataset", "regel_id", "allvar", "antal_rader", "detalj")
    # a manifest may name a dataset twice and so break a rule twice in the same words
    return [{"leverans_id": package.leverans_id, **dict(zip(names, row, strict=True))} for row in dict.fromkeys(rows)]


def ledger_rows(contracts: Contracts, kalla: str, tried: Tried) -> LedgerRows:
    """Rows per ledger table for a tried batch; `leverans` holds the updates of deliveries already entered."""
    rows: LedgerRows = defaultdict(list)
    known = {d.id for d in contracts.source(kalla)}
    for package in tried.packages:
        outcome = tried.outcomes[package.leverans_id]
        manifest = package.manifest
        facts = {f"b_{c}": getattr(manifest, c) if manifest else None for c in MANIFEST_COLUMNS}
        rows["leverans"].append({"b_id": package.leverans_id, "b_regel": stopping_rule(outcome), **facts})
        for table, entries in _dataset_rows(package, outcome, known, contracts.calendar(kalla)).items():
            rows[table] += entries
        rows["regelutfall"] += _rule_rows(package, outcome, contracts)
    rows["fynd"] = [vars(position) for position in tried.positions]
    return rows
