"""Agreements (avtal): which municipality lets its data be used for which purpose, and between which days.

Belongs here: reading and entering them in the ledger, the file of many, and what may stand in them. Does not belong
here: stopping a package that lacks one (`landing/trial.py`) and asking for an entry (`cli/avtal.py`).

No entry is ever changed: of the same municipality, purpose and first day the last one entered holds, and who entered
each and when stays. An agreement that ends on its first day is withdrawn: it never held.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select

from pipelines.contracts.geography import municipalities
from pipelines.contracts.model import Contracts
from pipelines.landing.ledger import tables as t
from pipelines.landing.ledger.acknowledged import require_plain

COLUMNS = ("kommun_kod", "andamal_kod", "giltig_fran", "giltig_till")
FORM = f"Filen ska ha rubriken {';'.join(COLUMNS)}, semikolon mellan fälten, datum som ÅÅÅÅ-MM-DD och UTF-8."
SHOWN = 5


class AgreementError(ValueError):
    """An agreement that may not be entered. Safe to show."""


@dataclass(frozen=True)
class Agreement:
    """An agreement of one municipality for one purpose, from its first day until the day it no longer holds."""

    kommun_kod: str
    andamal_kod: str
    giltig_fran: date
    giltig_till: date | None = None

    def covers(self, year: str) -> bool:
        """Whether it holds for a year: one day decides, the last."""
        last = date(int(year), 12, 31)
        return self.giltig_fran <= last and (self.giltig_till is None or self.giltig_till > last)

    def overlaps(self, other: Agreement) -> bool:
        """Whether some day is in both, for the same municipality and purpose."""
        same = (self.kommun_kod, self.andamal_kod) == (other.kommun_kod, other.andamal_kod)
        first, second = sorted((self, other), key=lambda a: a.giltig_fran)
        return same and (first.giltig_till is None or first.giltig_till > second.giltig_fran)

    def __str__(self) -> str:
        until = f"till {self.giltig_till}" if self.giltig_till else "tills vidare"
        return f"{self.kommun_kod}, {self.andamal_kod}, från {self.giltig_fran} {until}"


class Agreed:
    """What the reception asks: has a municipality an agreement for a purpose and a year?"""

    def __init__(self, agreements: Iterable[Agreement]) -> None:
        self._of: dict[tuple[str, str], list[Agreement]] = {}
        for agreement in agreements:
            self._of.setdefault((agreement.kommun_kod, agreement.andamal_kod), []).append(agreement)

    def has(self, kommun_kod: str, andamal_kod: str, year: str) -> bool:
        """Whether some agreement holds on the last day of the year."""
        return any(a.covers(year) for a in self._of.get((kommun_kod, andamal_kod), ()))


def entries(connection: Connection) -> list[dict[str, Any]]:
    """Every entry ever made, in order, with who made it and when."""
    return [dict(row) for row in connection.execute(select(t.avtal).order_by(t.avtal.c.nr)).mappings()]


def holding(connection: Connection) -> list[Agreement]:
    """The agreements that hold some day, in order."""
    last: dict[tuple[str, str, date], Agreement] = {}
    for entry in entries(connection):
        found = Agreement(*(entry[name] for name in COLUMNS))
        last[found.kommun_kod, found.andamal_kod, found.giltig_fran] = found
    return [last[key] for key in sorted(last) if last[key].giltig_till != last[key].giltig_fran]


def _refuse_unknown(contracts: Contracts, agreement: Agreement) -> None:
    if agreement.kommun_kod not in municipalities():
        raise AgreementError("Kommunkoden är ingen kommuns. Ange fyra siffror ur kommunregistret.")
    purposes = contracts.purposes_by_agreement
    if agreement.andamal_kod not in purposes:
        raise AgreementError(f"Ändamålet är inget som kräver avtal. De som gör det: {', '.join(purposes)}.")
    if agreement.giltig_till is not None and agreement.giltig_till < agreement.giltig_fran:
        raise AgreementError("Avtalet upphör före sin första dag. Rätta datumen.")


def enter(connection: Connection, contracts: Contracts, wanted: Sequence[Agreement], by: str) -> list[Agreement]:
    """Enter agreements, all or none; those that were not there already. Raises AgreementError, RefusedTextError.

    One that already stands, word for word, is passed over, so that a file can be read in again.
    """
    by, standing = require_plain("--av", by), holding(connection)
    new = [agreement for agreement in wanted if agreement not in standing]
    for agreement in new:
        _refuse_unknown(contracts, agreement)
        if agreement.giltig_till == agreement.giltig_fran:
            raise AgreementError(f"Avtalet gäller inte en enda dag: {agreement}.")
        clash = next((other for other in standing if other.overlaps(agreement)), None)
        if clash:
            raise AgreementError(
                f"Avtalet ({agreement}) överlappar ett som redan gäller ({clash}). En kommun har högst ett i taget "
                "per ändamål: avsluta det gamla först, eller rätta datumen."
            )
        standing.append(agreement)
    _add(connection, new, by)
    return new


def end(connection: Connection, kommun_kod: str, andamal_kod: str, till: date, by: str) -> Agreement:
    """Set the first day on which a municipality's last agreement no longer holds. Raises AgreementError.

    A new day replaces one set before. Its own first day withdraws the agreement.
    """
    by, standing = require_plain("--av", by), holding(connection)
    own = [a for a in standing if (a.kommun_kod, a.andamal_kod) == (kommun_kod, andamal_kod)]
    if not own:
        raise AgreementError("Kommunen har inget avtal för ändamålet. Se lager avtal visa.")
    if till < own[-1].giltig_fran:
        raise AgreementError(f"Avtalet ({own[-1]}) kan inte upphöra före sin första dag.")
    ended = replace(own[-1], giltig_till=till)
    _add(connection, [ended], by)
    return ended


def _add(connection: Connection, agreements: Sequence[Agreement], by: str) -> None:
    facts = {"inskriven_tid": datetime.now(UTC).replace(tzinfo=None), "inskriven_av": by}
    if agreements:
        connection.execute(insert(t.avtal), [asdict(agreement) | facts for agreement in agreements])


def read_file(path: Path) -> list[Agreement]:
    """The agreements in a CSV file. Raises AgreementError, which names lines and never what stands in them."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            reader = csv.DictReader(handle, delimiter=";")
            if tuple(reader.fieldnames or ()) != COLUMNS:
                raise AgreementError(FORM)
            rows = [(reader.line_num, row) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error):
        raise AgreementError(f"Filen går inte att läsa. {FORM}") from None
    found = [(line, _agreement(row)) for line, row in rows]
    if wrong := [str(line) for line, agreement in found if agreement is None]:
        raise AgreementError(f"Fel form på rad {', '.join(wrong[:SHOWN])}. {FORM}")
    return [agreement for _, agreement in found if agreement is not None]


def _agreement(row: dict[str, str]) -> Agreement | None:
    """One line, or None when it has not the form."""
    if set(row) != set(COLUMNS) or None in row.values():
        return None
    try:
        first, last = date.fromisoformat(row["giltig_fran"]), row["giltig_till"]
        return Agreement(row["kommun_kod"], row["andamal_kod"], first, date.fromisoformat(last) if last else None)
    except ValueError:
        return None
