"""The judgement over the ledger: what no single package can know (GEN-05, GEN-24, BU-07) and what is in force.

Belongs here: one pure function over everything a sender has ever delivered, so that the order of arrival never
decides. Does not belong here: rules about rows (contracts) and the ledger's storage.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from types import MappingProxyType

from pipelines.contracts.periods import Calendar

MonthRows = dict[tuple[str, str], tuple[int, bool]]
Verdicts = dict[str, str | None]
LeftOut = Mapping[tuple[str, str], str]
"""(delivery of a period, delivery of the next) -> the rule under which the earlier, in force, stops the later."""
NOTHING: LeftOut = MappingProxyType({})


@dataclass(frozen=True)
class Delivered:
    """A delivery as the judgement sees it. `months`: (dataset, rows' period) → (received rows, confirmed empty)."""

    leverans_id: str
    sender: tuple[str, str, str]
    period: str
    version: int
    mottagen: str
    sha256: str
    gate_regel: str | None
    months: MonthRows = field(default_factory=dict)


Before = tuple[Delivered, str] | None
"""The nearest earlier delivery in force, and the period it is in force for."""


@dataclass
class Judgement:
    """Stopping rule (or None) per delivery, and the delivery in force per sender, dataset and period."""

    verdicts: Verdicts = field(default_factory=dict)
    in_force: dict[tuple[str, str, str, str, str], str] = field(default_factory=dict)


def judge(
    deliveries: Iterable[Delivered], datasets: tuple[str, ...], calendar: Calendar, left_out: LeftOut = NOTHING
) -> Judgement:
    """Judge whole senders: give every delivery of each sender concerned, the source's datasets and its calendar.

    `left_out` is what the rows themselves say of two deliveries (`landed.py`); which is in force is said here.
    """
    judgement = Judgement()
    ordered = sorted(deliveries, key=lambda d: (d.sender, d.period, d.version, d.mottagen, d.sha256))
    for _, group in groupby(ordered, key=lambda d: d.sender):
        _judge_sender(list(group), datasets, calendar, left_out, judgement)
    return judgement


def _judge_sender(
    deliveries: list[Delivered],
    datasets: tuple[str, ...],
    calendar: Calendar,
    left_out: LeftOut,
    judgement: Judgement,
) -> None:
    standing = list(_first_of_each_version(deliveries, judgement.verdicts))
    again = [d for d in standing if len(calendar.covers(d.period)) > 1]
    owner = _redelivered(again, datasets, calendar, judgement.verdicts)
    single = [d for d in standing if d not in again]
    before: Before = None
    for period in sorted({d.period for d in single} | set(owner)):
        approved = _approve([d for d in single if d.period == period], datasets, before, left_out, judgement.verdicts)
        current = owner.get(period, approved)
        if current is not None:
            before = current, period
            _put_in_force(current, period, datasets, judgement)


def _redelivered(
    again: list[Delivered], datasets: tuple[str, ...], calendar: Calendar, verdicts: Verdicts
) -> dict[str, Delivered]:
    """Judge years of a monthly source that came again; the month's owner is the highest approved one."""
    owner: dict[str, Delivered] = {}
    for delivery in again:
        months = calendar.covers(delivery.period)
        empty = _unconfirmed(delivery, datasets, months)
        verdicts[delivery.leverans_id] = "GEN-05" if empty else None
        if not empty:
            owner |= dict.fromkeys(months, delivery)
    return owner


def _first_of_each_version(deliveries: list[Delivered], verdicts: Verdicts) -> Iterator[Delivered]:
    """GEN-24: the earlier received stands. Those the gate let through go on to be judged, lowest version first."""
    for _, same in groupby(deliveries, key=lambda d: (d.period, d.version)):
        first, *later = same
        for other in later:
            verdicts[other.leverans_id] = other.gate_regel or "GEN-24"
        verdicts[first.leverans_id] = first.gate_regel
        if first.gate_regel is None:
            yield first


def _unconfirmed(delivery: Delivered, datasets: tuple[str, ...], periods: list[str]) -> list[str]:
    """Datasets without rows in some of the periods, and not confirmed empty there."""
    return [k for k in datasets for p in periods if delivery.months.get((k, p), (0, False)) == (0, False)]


def _approve(
    versions: list[Delivered], datasets: tuple[str, ...], before: Before, left_out: LeftOut, verdicts: Verdicts
) -> Delivered | None:
    """Judge a period's versions against the nearest earlier one in force; the highest approved, if any."""
    highest = None
    for delivery in versions:
        rule = before and _stopped_by(delivery, datasets, before, left_out)
        verdicts[delivery.leverans_id] = rule
        highest = highest if rule else delivery
    return highest


def _stopped_by(
    delivery: Delivered, datasets: tuple[str, ...], before: tuple[Delivered, str], left_out: LeftOut
) -> str | None:
    """What the delivery in force before it stops it by."""
    earlier, period = before
    empty = _unconfirmed(delivery, datasets, [delivery.period])
    if any(earlier.months.get((k, period), (0, False))[0] for k in empty):
        return "GEN-05"
    return left_out.get((earlier.leverans_id, delivery.leverans_id))


def _put_in_force(current: Delivered, period: str, datasets: tuple[str, ...], judgement: Judgement) -> None:
    for dataset in datasets:
        if (dataset, period) in current.months:
            judgement.in_force[(*current.sender, dataset, period)] = current.leverans_id
