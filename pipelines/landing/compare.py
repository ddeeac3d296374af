"""Two packages of one sender beside each other: rows then and now, before the second is sent.

Belongs here: the comparison `lager check --forra` shows, by the judgement's own rules. Does not belong here: the
ledger, which knows what is in force and the year before; a sender has the last package only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipelines.contracts.geography import population
from pipelines.contracts.model import Contracts
from pipelines.contracts.periods import year_before
from pipelines.landing.history import LEAST_CHANGE, jumps, limit_of
from pipelines.landing.judge import Delivered, judge
from pipelines.landing.package import Envelope
from pipelines.landing.receipt_page import period_name
from pipelines.landing.receipt_remarks import change

Rows = list[dict[str, Any]]


class IncomparableError(ValueError):
    """The two packages are not of one sender, source and length of period, in that order."""


@dataclass(frozen=True)
class Sent:
    """A package as the gate found it: the rule that stops it, and its rows per dataset and month."""

    leverans_id: str
    envelope: Envelope
    stopped: str | None
    datasets: Rows
    months: Rows

    @property
    def received(self) -> dict[str, int]:
        return {entry["dataset"]: entry["mottagna"] for entry in self.datasets}

    @property
    def confirmed(self) -> set[str]:
        """Datasets confirmed empty, in every month."""
        return {m["dataset"] for m in self.months} - {m["dataset"] for m in self.months if not m["ar_nolleverans"]}


def _delivered(sent: Sent, order: str) -> Delivered:
    e = sent.envelope
    months = {(m["dataset"], m["period"]): (m["mottagna"], m["ar_nolleverans"]) for m in sent.months}
    sender = (e.kommun_kod, e.stadsdel_kod, e.kalla)
    return Delivered(sent.leverans_id, sender, e.period, e.version, order, sent.leverans_id, sent.stopped, months)


def _require_comparable(now: Envelope, then: Envelope) -> None:
    if [getattr(now, k) for k in ("kommun_kod", "stadsdel_kod", "kalla")] != [
        getattr(then, k) for k in ("kommun_kod", "stadsdel_kod", "kalla")
    ]:
        raise IncomparableError("Det förra paketet är inte samma avsändares.")
    if len(now.period) != len(then.period):
        raise IncomparableError("En månad kan inte jämföras med ett helt år.")
    if then.period >= now.period:
        raise IncomparableError("Det förra paketets period är inte före det här paketets.")


def _remark(dataset: str, now: Sent, then: Sent, limit: int, *, unconfirmed: bool) -> str | None:
    rows, before = now.received.get(dataset, 0), then.received.get(dataset, 0)
    if unconfirmed and before and not rows and dataset not in now.confirmed:
        return "GEN-05: tomt nu, men det fanns rader förra gången. Ta med raderna eller bekräfta i nolleverans."
    if jumps(rows, before, limit):
        return f"GEN-18: ändringen är större än {LEAST_CHANGE} rader och {limit} procent. Kontrollera att allt är med."
    return None


def _notes(now: Sent, then: Sent) -> list[str]:
    period = then.envelope.period
    same = period == year_before(now.envelope.period)
    kind = "samma månad året före, som i GEN-18" if same else f"{period_name(period)}, inte samma månad året före"
    notes = [f"Jämförelsen gäller {kind}."]
    if not same:
        notes.append("GEN-18 jämför vid mottagningen med samma månad året före, med samma gräns.")
    if then.stopped:
        notes.append(f"Det förra paketet skulle självt stoppas ({then.stopped}). Därför är GEN-05 inte prövad mot det.")
    return notes


def compare(contracts: Contracts, now: Sent, then: Sent) -> tuple[dict[str, Any], str | None]:
    """The comparison, and the rule that would stop the later package. Raises IncomparableError."""
    _require_comparable(now.envelope, then.envelope)
    names = tuple(sorted(d.id for d in contracts.source(now.envelope.kalla)))
    calendar = contracts.calendar(now.envelope.kalla)
    verdicts = judge([_delivered(then, "1"), _delivered(now, "2")], names, calendar).verdicts
    stopped = now.stopped or verdicts[now.leverans_id]
    limit = limit_of(population().get(now.envelope.kommun_kod))
    datasets = []
    for name in names:
        rows, before = now.received.get(name, 0), then.received.get(name, 0)
        entry: Mapping[str, Any] = {
            "dataset": name,
            "da": before,
            "nu": rows,
            "andring": rows - before,
            "andring_procent": change(rows, before),
            "anmarkning": _remark(name, now, then, limit, unconfirmed=not then.stopped),
        }
        datasets.append({key: value for key, value in entry.items() if key != "anmarkning" or value})
    head = {k: getattr(then.envelope, k) for k in ("paket_namn", "period", "version")}
    return {**head, "datamangder": datasets, "anmarkningar": _notes(now, then)}, stopped
