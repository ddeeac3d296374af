"""What the ledger tells a person: totals, and who has delivered what.

Belongs here: read-only questions to the ledger. Does not belong here: their presentation (`cli/`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, bindparam, text

from pipelines.contracts.geography import municipalities
from pipelines.contracts.model import Contracts
from pipelines.contracts.periods import asked_on
from pipelines.landing.ledger.agreements import Agreed, holding
from pipelines.landing.ledger.export import expected_periods

# municipalities of which every part has a delivery in force for the period (R18): the parts that have sent anything of
# the year, and of a yearly source that is sent by named parts, those that have sent anything to another source
WHOLE = """
with sand as (
    select distinct kommun_kod, kalla, substr(period, 1, 4) as ar, stadsdel_kod from leverans
),
alla as (
    select kommun_kod, kalla, ar, stadsdel_kod from sand
    union
    select s.kommun_kod, s.kalla, s.ar, a.stadsdel_kod from sand as s
    join sand as a on a.kommun_kod = s.kommun_kod and a.ar = s.ar and a.stadsdel_kod <> ''
    where s.stadsdel_kod <> '' and s.kalla in :arskallor
),
del as (
    select kommun_kod, kalla, ar, count(*) as antal from alla group by kommun_kod, kalla, ar
),
hel as (
    select i.kommun_kod, i.kalla, i.period from i_kraft as i
    join del as d on d.kommun_kod = i.kommun_kod and d.kalla = i.kalla and d.ar = substr(i.period, 1, 4)
    group by i.kommun_kod, i.kalla, i.period having count(distinct i.stadsdel_kod) = max(d.antal)
)
"""


def late_periods(connection: Connection, contracts: Contracts) -> dict[tuple[str, str], int]:
    """(source, period) → senders whose first approved delivery of the period itself came after its deadline."""
    query = text(
        "select period, count(*) as sena from (select period, min(mottagen_lokal) as forst from leverans "
        "where kalla = :kalla and status = 'godkand' and length(period) = :langd "
        "group by kommun_kod, stadsdel_kod, period) "
        "where date(forst) > date(period || '-' || :dag, :efter) group by period"
    )
    found = {}
    for kalla in contracts.sources:
        calendar = contracts.calendar(kalla)
        length, after = (4, "+1 year") if calendar.yearly else (7, "+1 month")
        asked = {"kalla": kalla, "dag": calendar.frist, "langd": length, "efter": after}
        for row in connection.execute(query, asked):
            found[kalla, str(row.period)] = int(row.sena)
    return found


def totals(connection: Connection, contracts: Contracts) -> dict[str, int]:
    """Packages and rows, all deliveries together. `sena` are periods first approved after the deadline."""
    packages = text("select count(*) as mottagna, coalesce(sum(status = 'stoppad'), 0) as stoppade from leverans")
    rows = text(
        "select coalesce(sum(mottagna), 0) as mottagna, coalesce(sum(lasta), 0) as lasta, "
        "coalesce(sum(i_karantan), 0) as i_karantan, coalesce(sum(skyddade), 0) as skyddade, "
        "coalesce(sum(avvisade), 0) as avvisade from leverans_utfall"
    )
    counts = {
        **connection.execute(packages).mappings().one(),
        "sena": sum(late_periods(connection, contracts).values()),
    }
    found = {f"paket_{k}": int(v) for k, v in counts.items()}
    return found | {f"rader_{k}": int(v) for k, v in connection.execute(rows).mappings().one().items()}


def rule_totals(connection: Connection) -> list[dict[str, Any]]:
    """Rows per rule and severity, and in how many deliveries."""
    query = text(
        "select regel_id, allvar, sum(antal_rader) as antal_rader, count(distinct leverans_id) as leveranser "
        "from regelutfall group by regel_id, allvar order by regel_id, allvar"
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def deliveries(connection: Connection, kommun_kod: str) -> list[dict[str, Any]]:
    """A municipality's deliveries, newest period last."""
    query = text(
        "select period, stadsdel_kod, kalla, version, leveranstyp, mottagen_lokal, status, stoppande_regel "
        "from leverans where kommun_kod = :kommun order by kalla, period, stadsdel_kod, version"
    )
    return [dict(row) for row in connection.execute(query, {"kommun": kommun_kod}).mappings()]


def _expected(contracts: Contracts, agreed: Agreed, kalla: str, period: str) -> set[str]:
    """The municipalities a period of a source is expected from: where an agreement is needed, those that have one."""
    purpose, every = contracts.agreement_for(kalla), municipalities(asked_on(period))
    return {k for k in every if purpose is None or agreed.has(k, purpose, period[:4])}


def _present(connection: Connection, contracts: Contracts) -> dict[tuple[str, str], set[str]]:
    """(source, period) → the municipalities with a delivery in force."""
    found: dict[tuple[str, str], set[str]] = {}
    query = text(f"{WHOLE} select kalla, period, kommun_kod from hel").bindparams(
        bindparam("arskallor", expanding=True)
    )
    yearly = [kalla for kalla in contracts.sources if contracts.calendar(kalla).yearly]
    for row in connection.execute(query, {"arskallor": yearly}):
        found.setdefault((row.kalla, row.period), set()).add(row.kommun_kod)
    return found


def by_period(connection: Connection, contracts: Contracts, asof: Any) -> list[dict[str, Any]]:
    """Per source and expected period: municipalities expected, with a delivery in force, stopped, missing."""
    first = text("select kalla, min(period) as forsta from leverans group by kalla")
    stopped = text(
        "select kalla, period, count(distinct kommun_kod) as antal from leverans where status = 'stoppad' "
        "group by kalla, period"
    )
    have, agreed = _present(connection, contracts), Agreed(holding(connection))
    halted = {(r.kalla, r.period): r.antal for r in connection.execute(stopped)}
    found = []
    for kalla, start in ((str(row[0]), str(row[1])) for row in connection.execute(first)):
        for period, _ in expected_periods(contracts.calendar(kalla), start, asof) if contracts.source(kalla) else ():
            expected = _expected(contracts, agreed, kalla, period)
            present = expected & have.get((kalla, period), set())
            found.append(
                {
                    "kalla": kalla,
                    "period": period,
                    "forvantade": len(expected),
                    "i_kraft": len(present),
                    "saknas": len(expected - present),
                    "med_stoppad_leverans": halted.get((kalla, period), 0),
                }
            )
    return found


def missing(connection: Connection, contracts: Contracts, asked: Mapping[str, str]) -> dict[str, list[str]]:
    """Per source, with one of its periods: the municipalities without a delivery in force that is expected of them."""
    have, agreed = _present(connection, contracts), Agreed(holding(connection))
    return {
        kalla: sorted(_expected(contracts, agreed, kalla, period) - have.get((kalla, period), set()))
        for kalla, period in asked.items()
    }
