"""What Dagster shows of the ledger: packages per period, rows per rule, and what became of every row.

Belongs here: the ledger's own numbers as metadata of its assets, once per run. Does not belong here: what a person asks
for in a terminal (`ledger/summary.py`) and anything that dbt judges (`transform/facts.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby, islice
from typing import Any

import dagster as dg
from sqlalchemy import Connection, text

from pipelines.contracts.model import Contracts
from pipelines.landing.ledger.summary import late_periods
from pipelines.landing.receipt_page import number

PERIODS = 48
READING = {
    "leverans": "Sena: avsändare vars första godkända leverans för perioden kom efter fristen.",
    "regelutfall": "Öppna: leveranser i kraft med en varning. Vad reglerna betyder står i utgåvans katalog.html.",
    "leverans_dataset": "Mottagna rader är alltid summan av lästa, i karantän, skyddade och avvisade.",
}
PACKAGES = """
select kalla as källa, period, count(*) as mottagna, sum(status = 'godkand') as godkända,
    sum(status = 'stoppad') as stoppade, count(distinct kommun_kod) as kommuner
from leverans group by kalla, period order by kalla, period desc
"""
RULES = """
select r.regel_id as regel, r.allvar, sum(r.antal_rader) as rader, count(distinct r.leverans_id) as leveranser,
    count(distinct case when r.allvar = 'WARNING' then k.leverans_id end) as öppna,
    count(distinct l.kommun_kod) as kommuner, max(l.period) as senast
from regelutfall as r
join leverans as l on l.leverans_id = r.leverans_id
left join (select distinct leverans_id from i_kraft) as k on k.leverans_id = r.leverans_id
group by r.regel_id, r.allvar
order by case r.allvar when 'FATAL' then 1 when 'ERROR' then 2 when 'ERROR_RAD' then 3 when 'WARNING' then 4 else 5 end,
    rader desc, r.regel_id
"""
ROWS = """
select dataset as datamängd, coalesce(sum(mottagna), 0) as mottagna, coalesce(sum(lasta), 0) as lästa,
    coalesce(sum(i_karantan), 0) as "i karantän", coalesce(sum(skyddade), 0) as skyddade,
    coalesce(sum(avvisade), 0) as avvisade, count(*) as leveranser
from leverans_utfall group by dataset order by dataset
"""
Rows = list[dict[str, Any]]


def ledger_tables(connection: Connection, contracts: Contracts) -> dict[str, dict[str, dg.MetadataValue]]:
    """Metadata by the ledger's asset: a table, and for the datasets the sum that always holds."""
    rows = _rows(connection, ROWS)
    sums = {row["datamängd"]: dg.MetadataValue.text(conservation(row)) for row in rows}
    return {
        "leverans": {"paket per period": table(_packages(connection, contracts))},
        "regelutfall": {"rader per regel": table(_rows(connection, RULES))},
        "leverans_dataset": {"rader per datamängd": table(rows), **sums},
    }


def conservation(row: Mapping[str, Any]) -> str:
    """What became of the rows received, as the sum that the ledger's own constraint holds."""
    parts = " + ".join(f"{name} {number(row[name])}" for name in ("lästa", "i karantän", "skyddade", "avvisade"))
    return f"mottagna {number(row['mottagna'])} = {parts}"


def counts(connection: Connection, datasets: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Each dataset's rows, all deliveries together."""
    nothing = dict.fromkeys(("mottagna", "lästa", "i karantän", "skyddade", "avvisade", "leveranser"), 0)
    known = {row.pop("datamängd"): row for row in _rows(connection, ROWS)}
    rows = {dataset: known.get(dataset, nothing) for dataset in datasets}
    return {name: {"dagster/row_count": row["lästa"], "rader": conservation(row), **row} for name, row in rows.items()}


def _packages(connection: Connection, contracts: Contracts) -> Rows:
    """Each source's latest periods, with how many of their senders were late."""
    late = late_periods(connection, contracts)
    found: Rows = []
    for _, own in groupby(_rows(connection, PACKAGES), key=lambda row: row["källa"]):
        found += [{**row, "sena": late.get((row["källa"], row["period"]), 0)} for row in islice(own, PERIODS)]
    return found


def _rows(connection: Connection, query: str) -> Rows:
    return [dict(row) for row in connection.execute(text(query)).mappings()]


def table(rows: Rows) -> dg.MetadataValue:
    """Rows as the UI's own table."""
    columns = [
        dg.TableColumn(n, "int" if isinstance(v, int) else "string") for n, v in (rows[0] if rows else {}).items()
    ]
    return dg.MetadataValue.table([dg.TableRecord(row) for row in rows], dg.TableSchema(columns))
