"""The judgement over the ledger: what no single package can know (GEN-05, GEN-24) and what is in force.

Belongs here: one pure function over everything a sender has ever delivered, so that the order of arrival never
decides. Does not belong here: rules about rows (contracts) and the ledger's storage.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

MonthRows = dict[tuple[str, str], tuple[int, bool]]
Verdicts = dict[str, str | None]


@dataclass(frozen=True)
class Delivered:
    """A delivery as the judgement sees it. `months`: (dataset, month) → (received rows, confirmed empty)."""

    leverans_id: str
    sender: tuple[str, str, str]
    period: str
    version: int
    mottagen: str
    sha256: str
    gate_regel: str | None
    months: MonthRows = field(default_factory=dict)

    @property
    def yearly(self) -> bool:
        return len(self.period) == 4


@dataclass
class Judgement:
    """Stopping rule (or None) per delivery, and the delivery in force per sender, dataset and month."""

    verdicts: Verdicts = field(default_factory=dict)
    in_force: dict[tuple[str, str, str, str, str], str] = field(default_factory=dict)


def months_of(year: str) -> list[str]:
    """The twelve months of a year as YYYY-MM."""
    return [f"{year}-{month:02d}" for month in range(1, 13)]


def judge(deliveries: Iterable[Delivered], datasets: tuple[str, ...]) -> Judgement:
    """Judge whole senders: give every delivery of each sender concerned, and the source's datasets."""
    judgement = Judgement()
    ordered = sorted(deliveries, key=lambda d: (d.sender, d.period, d.version, d.mottagen, d.sha256))
    for _, group in groupby(ordered, key=lambda d: d.sender):
        _judge_sender(list(group), datasets, judgement)
    return judgement


def _judge_sender(deliveries: list[Delivered], datasets: tuple[str, ...], judgement: Judgement) -> None:
    standing = list(_first_of_each_version(deliveries, judgement.verdicts))
    owner: dict[str, Delivered] = {}
    for delivery in standing:
        if delivery.yearly:
            empty = _unconfirmed(delivery, datasets, months_of(delivery.period))
            judgement.verdicts[delivery.leverans_id] = "GEN-05" if empty else None
            if not empty:
                owner |= dict.fromkeys(months_of(delivery.period), delivery)
    monthly = [d for d in standing if not d.yearly]
    months = sorted({d.period for d in monthly} | set(owner))
    before: Delivered | None = None
    before_month = ""
    for month in months:
        approved = _approve(monthly, month, datasets, before, before_month, judgement.verdicts)
        current = owner.get(month, approved)
        if current is not None:
            before, before_month = current, month
            _put_in_force(current, month, datasets, judgement)


def _first_of_each_version(deliveries: list[Delivered], verdicts: Verdicts) -> Iterator[Delivered]:
    """GEN-24: the earlier received stands. Those the gate let through go on to be judged, lowest version first."""
    for _, same in groupby(deliveries, key=lambda d: (d.period, d.version)):
        first, *later = same
        for other in later:
            verdicts[other.leverans_id] = other.gate_regel or "GEN-24"
        verdicts[first.leverans_id] = first.gate_regel
        if first.gate_regel is None:
            yield first


def _unconfirmed(delivery: Delivered, datasets: tuple[str, ...], months: list[str]) -> list[str]:
    """Datasets without rows in some of the months, and not confirmed empty there."""
    return [k for k in datasets for m in months if delivery.months.get((k, m), (0, False)) == (0, False)]


def _approve(
    monthly: list[Delivered],
    month: str,
    datasets: tuple[str, ...],
    before: Delivered | None,
    before_month: str,
    verdicts: Verdicts,
) -> Delivered | None:
    """Judge a month's versions; the highest approved one, if any."""
    highest = None
    for delivery in (d for d in monthly if d.period == month):
        empty = _unconfirmed(delivery, datasets, [month])
        had_rows = before and any(before.months.get((k, before_month), (0, False))[0] for k in empty)
        verdicts[delivery.leverans_id] = "GEN-05" if had_rows else None
        highest = highest if had_rows else delivery
    return highest


def _put_in_force(current: Delivered, month: str, datasets: tuple[str, ...], judgement: Judgement) -> None:
    for dataset in datasets:
        if (dataset, month) in current.months:
            judgement.in_force[(*current.sender, dataset, month)] = current.leverans_id
