"""Acknowledgements (kvitteringar): which still hold, what they were bound to, and which warnings they answer.

Belongs here: reading and entering them in the ledger, and what may stand in them. Does not belong here: finding
warnings (`history.py`, dbt) and asking for an acknowledgement (`cli/kvittera.py`).
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from pipelines.landing.ledger import tables as t

LONGEST = 200
PERSONAL = re.compile(r"\d{6}|[^@\s]+@[^@\s]+\.[A-Za-z]{2,}")
COLUMNS = ("kommun_kod", "stadsdel_kod", "kalla", "dataset", "period", "regel_id")
Key = tuple[str, str, str, str, str, str]
Place = tuple[str, str, str, str]


@dataclass(frozen=True)
class Standing:
    """A warning of the ledger: where it stands, on which delivery, and whether it has been acknowledged."""

    key: Key
    leverans_id: str
    antal: int
    jamfort_med: int | None
    ar_kvitterad: bool


class RefusedTextError(ValueError):
    """A text that is too long or may say who somebody is; the message never repeats it."""


def require_plain(name: str, text: str) -> str:
    """The text, stripped, if it may stand in the ledger. Raises RefusedTextError."""
    plain = text.strip()
    if not plain or len(plain) > LONGEST:
        raise RefusedTextError(f"{name} ska ha 1–{LONGEST} tecken.")
    if PERSONAL.search(plain):
        raise RefusedTextError(f"{name} får inte innehålla personuppgifter: e-post eller sex siffror i rad.")
    return plain


def _basis(ids: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(sorted(ids)).encode()).hexdigest()


def bases(connection: Connection, kommuner: Iterable[str]) -> dict[Place, str]:
    """What is in force, as a hash, per (kommun, source, dataset, month or year); other parts of the kommun too."""
    held: dict[Place, set[str]] = defaultdict(set)
    c = t.i_kraft.c
    query = select(c.kommun_kod, c.kalla, c.dataset, c.period, c.leverans_id).where(c.kommun_kod.in_(set(kommuner)))
    for row in connection.execute(query):
        for period in (row.period, row.period[:4]):
            held[row.kommun_kod, row.kalla, row.dataset, period].add(row.leverans_id)
    return {place: _basis(ids) for place, ids in held.items()}


def _key(row: Any) -> Key:
    return row.kommun_kod, row.stadsdel_kod, row.kalla, row.dataset, row.period, row.regel_id


def place_of(key: Key) -> Place:
    """Where the acknowledgement of a warning is bound: all parts of the municipality."""
    kommun, _, kalla, dataset, period, _ = key
    return kommun, kalla, dataset, period


def holding(connection: Connection) -> dict[Key, datetime]:
    """The acknowledgements that still hold, with their time: what they were bound to is in force unchanged."""
    c = t.kvittering.c
    query = select(*(c[name] for name in COLUMNS), c.underlag, c.kvitterad_tid).order_by(c.nr)
    rows = [(_key(row), row) for row in connection.execute(query)]
    now = bases(connection, {key[0] for key, _ in rows}) if rows else {}
    return {key: row.kvitterad_tid for key, row in rows if now.get(place_of(key)) == row.underlag}


def standing(connection: Connection, kommun_kod: str | None = None) -> set[Standing]:
    """The ledger's warnings, of one municipality or all."""
    w, lev = t.varning.c, t.leverans.c
    query = select(
        *(lev[name] for name in COLUMNS[:3]), w.dataset, w.period, w.regel_id, w.leverans_id, w.antal, w.jamfort_med
    ).join_from(t.varning, t.leverans)
    if kommun_kod:
        query = query.where(lev.kommun_kod == kommun_kod)
    answered = holding(connection)
    return {
        Standing(_key(row), row.leverans_id, row.antal, row.jamfort_med, _key(row) in answered)
        for row in connection.execute(query)
    }


def acknowledge(connection: Connection, keys: Sequence[Key], by: str, reason: str) -> None:
    """Enter an acknowledgement of each warning, bound to what is in force now. Raises RefusedTextError, KeyError."""
    by, reason = require_plain("--av", by), require_plain("--skal", reason)
    now, made = bases(connection, {key[0] for key in keys}), datetime.now(UTC).replace(tzinfo=None)
    facts = {"kvitterad_tid": made, "kvitterad_av": by, "skal": reason}
    rows = [{**dict(zip(COLUMNS, key, strict=True)), "underlag": now[place_of(key)], **facts} for key in keys]
    connection.execute(insert(t.kvittering), rows)
