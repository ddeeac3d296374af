"""Two packages of one sender beside each other: rows then and now, before the second is sent.

Belongs here: the comparison `lager check --forra` shows, by the judgement's own rules. Does not belong here: the
ledger, which knows what is in force and the year before; a sender has the last package only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from pipelines.contracts.geography import population
from pipelines.contracts.model import Contracts
from pipelines.contracts.periods import period_name, year_before
from pipelines.landing.history import LEAST_CHANGE, jumps, limit_of
from pipelines.landing.judge import Delivered, Judgement, judge
from pipelines.landing.landed import Landed, asked_of_rows
from pipelines.landing.package import Envelope
from pipelines.landing.receipt_remarks import change

Rows = list[dict[str, Any]]


class IncomparableError(ValueError):
    """The two packages are not of one sender, source and length of period, in that order."""


@dataclass(frozen=True)
class Sent:
    """A package as the gate found it: the rule that stops it, and its rows per dataset and month.

    `landed` are the rows that would land of the tables with rules on such rows, and `withheld` the hashed keys of those
    that would not.
    """

    leverans_id: str
    envelope: Envelope
    stopped: str | None
    datasets: Rows
    months: Rows
    landed: Mapping[str, pa.Table]
    withheld: Rows

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


def _notes(contracts: Contracts, now: Sent, then: Sent) -> list[str]:
    period, kalla = then.envelope.period, now.envelope.kalla
    same = period == year_before(now.envelope.period)
    right = "året före" if len(period) == 4 else "samma månad året före"
    rules = history_rules(contracts, kalla)
    kind = f"{right}, som i {listed(['GEN-18', *rules])}" if same else f"{period_name(period)}, inte {right}"
    notes = [f"Jämförelsen gäller {kind}."]
    if not same:
        notes.append(f"GEN-18 jämför vid mottagningen med {right}, med samma gräns.")
        notes += [f"{listed(rules)} prövas bara mot {right}."] if rules else []
    if then.stopped:
        untried = listed(["GEN-05", *rules])
        verb = "inte prövade" if rules else "inte prövad"
        notes.append(f"Det förra paketet skulle självt stoppas ({then.stopped}). Därför är {untried} {verb} mot det.")
    return notes


def listed(names: Sequence[str]) -> str:
    """`A, B och C`."""
    return " och ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def history_rules(contracts: Contracts, kalla: str) -> list[str]:
    """The rules that need the rows of the year before, of a source that has such."""
    return sorted(rule for d in contracts.source(kalla) if d.history for rule in d.history.rules)


def _landed(contracts: Contracts, now: Sent, then: Sent) -> Landed:
    asked = asked_of_rows(contracts.source(now.envelope.kalla))
    rows = {d.id: [sent.landed[d.id] for sent in (then, now) if d.id in sent.landed] for d in asked}
    return Landed([d for d in asked if rows[d.id]], rows, now.withheld)


def _of_rows(contracts: Contracts, landed: Landed, judgement: Judgement, now: Sent) -> dict[str, str]:
    """By dataset, what the rows beside each other say of the later package."""
    found = {w.dataset: w.regel_id for w in landed.warned(judgement.in_force) if w.leverans_id == now.leverans_id}
    verdict = judgement.verdicts[now.leverans_id]
    kept = {d.id: d.history.kvarstar.regel for d in contracts.source(now.envelope.kalla) if d.history}
    found |= {dataset: regel for dataset, regel in kept.items() if regel == verdict}
    return {dataset: f"{regel}: {contracts.rules[regel].meddelande}" for dataset, regel in found.items()}


def compare(contracts: Contracts, now: Sent, then: Sent) -> tuple[dict[str, Any], str | None]:
    """The comparison, and the rule that would stop the later package. Raises IncomparableError."""
    _require_comparable(now.envelope, then.envelope)
    names = tuple(sorted(d.id for d in contracts.source(now.envelope.kalla)))
    both, landed = [_delivered(then, "1"), _delivered(now, "2")], _landed(contracts, now, then)
    judgement = judge(both, names, contracts.calendar(now.envelope.kalla), landed.left_out(both))
    limit = limit_of(population().get(now.envelope.kommun_kod))
    of_rows = _of_rows(contracts, landed, judgement, now)
    datasets = []
    for name in names:
        rows, before = now.received.get(name, 0), then.received.get(name, 0)
        said = _remark(name, now, then, limit, unconfirmed=not then.stopped), of_rows.get(name)
        entry: Mapping[str, Any] = {
            "dataset": name,
            "da": before,
            "nu": rows,
            "andring": rows - before,
            "andring_procent": change(rows, before),
            "anmarkning": " ".join(filter(None, said)),
        }
        datasets.append({key: value for key, value in entry.items() if key != "anmarkning" or value})
    head = {k: getattr(then.envelope, k) for k in ("paket_namn", "period", "version")}
    told = {**head, "datamangder": datasets, "anmarkningar": _notes(contracts, now, then)}
    return told, now.stopped or judgement.verdicts[now.leverans_id]
