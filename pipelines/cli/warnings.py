"""Warnings from both places they are found in: the ledger, and the current release's warehouse.

Belongs here: reading them side by side. Does not belong here: the rules (landing/history.py, dbt) and acknowledging
(landing/settle.py). The release is opened read-only and may be older than the ledger: what it says of a municipality
whose deliveries have changed since is marked `ar_inaktuell`.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import duckdb
from sqlalchemy import Connection, text

from pipelines.contracts.model import Contracts
from pipelines.landing.ledger.acknowledged import Key, holding, standing
from pipelines.publish import current_release
from pipelines.settings import Settings

LOOKED_BACK = ("GEN-18", "GEN-22")  # of every table
ANSWERED = ("GEN-20", "EB-12")  # of the warehouse's, those that ask for an answer
Row = dict[str, Any]


def _of_the_ledger(contracts: Contracts) -> set[tuple[str, str]]:
    """(rule, dataset) of the warnings that are the ledger's own; a release has them as they stood when it was built."""
    found: set[tuple[str, str]] = set()
    for dataset in contracts.datasets.values():
        of_rows = [share.regel for share in dataset.shares]
        if dataset.history:
            of_rows.append(dataset.history.oforandrad.regel)
        found |= {(rule, dataset.id) for rule in (*LOOKED_BACK, *of_rows)}
    return found


def key_of(row: Row) -> Key:
    """The warning an acknowledgement answers; GEN-20's variables are answered together."""
    return row["kommun_kod"], row["stadsdel_kod"], row["kalla"], row["dataset"], row["period"], row["regel_id"]


def _query(settings: Settings, query: str, *values: object) -> list[Row]:
    """Rows of the current release's warehouse; none where there is no release, or one from before the warnings."""
    current = current_release(settings.release)
    if current is None:
        return []
    with duckdb.connect(str(current.database), read_only=True) as db:
        known = db.execute("select count(*) from duckdb_tables() where table_name = 'fct_varning'").fetchone()
        if known == (0,):
            return []
        answer = db.execute(query, list(values))
        names = [column[0] for column in answer.description or []]
        return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


def _stale(connection: Connection, settings: Settings, kommun_kod: str) -> bool:
    """Whether a municipality's deliveries are others, or otherwise judged, than when the release was built."""
    found = _query(
        settings,
        "select leverans_id, mottagningsstatus from core.dim_leverans where kommun_kod = ? order by 1",
        kommun_kod,
    )
    query = text("select leverans_id, status from leverans where provad and kommun_kod = :kommun order by 1")
    now = [tuple(row) for row in connection.execute(query, {"kommun": kommun_kod})]
    return now != [tuple(row.values()) for row in found]


def open_warnings(connection: Connection, settings: Settings, contracts: Contracts, kommun_kod: str) -> list[Row]:
    """A municipality's warnings that make values uncertain and nobody has acknowledged."""
    names = ("kommun_kod", "stadsdel_kod", "kalla", "dataset", "period", "regel_id")
    rows = [
        {**dict(zip(names, w.key, strict=True)), "kolumn": "", "antal": w.antal, "jamfort_med": w.jamfort_med}
        for w in standing(connection, kommun_kod)
    ]
    computed = _query(
        settings,
        "select kommun_kod, stadsdel_kod, dataset, period, regel_id, kolumn, antal, jamfort_med "
        "from core.fct_varning where kommun_kod = ? and list_contains(?, regel_id)",
        kommun_kod,
        list(ANSWERED),
    )
    own = _of_the_ledger(contracts)
    computed = [row for row in computed if (row["regel_id"], row["dataset"]) not in own]
    stale = bool(computed) and _stale(connection, settings, kommun_kod)
    rows = [{**row, "ar_inaktuell": False} for row in rows]
    rows += [{**row, "kalla": contracts.datasets[row["dataset"]].kalla, "ar_inaktuell": stale} for row in computed]
    answered = holding(connection)
    still = [row for row in rows if key_of(row) not in answered]
    return sorted(still, key=lambda row: (row["regel_id"], row["dataset"], row["period"], row["stadsdel_kod"]))


def by_rule(connection: Connection, settings: Settings, contracts: Contracts) -> list[Row]:
    """Warnings per rule and where it is found: how many, and how many that wait for an answer (0 where none is due)."""
    found: Counter[tuple[str, str]] = Counter()
    waiting: Counter[tuple[str, str]] = Counter()
    for warning in standing(connection):
        found[warning.key[5], "huvudboken"] += 1
        waiting[warning.key[5], "huvudboken"] += not warning.ar_kvitterad
    own = _of_the_ledger(contracts)
    for row in _query(
        settings,
        "select regel_id, dataset, count(*) as antal, "
        "count(case when list_contains(?, regel_id) and not ar_kvitterad then 1 end) as oppna "
        "from core.fct_varning group by regel_id, dataset",
        list(ANSWERED),
    ):
        if (row["regel_id"], row["dataset"]) not in own:
            found[row["regel_id"], "utgåvan"] += row["antal"]
            waiting[row["regel_id"], "utgåvan"] += row["oppna"]
    return [
        {
            "regel_id": rule,
            "allvar": contracts.rules[rule].allvar,
            "antal": found[rule, where],
            "oppna": waiting[rule, where],
            "ur": where,
        }
        for rule, where in sorted(found)
    ]
