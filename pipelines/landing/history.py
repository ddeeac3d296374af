"""The look back over the judged ledger: what is in force, against the year before and against the other parts.

Belongs here: one pure function over what the judgement put in force (GEN-18, GEN-22), so that the order of arrival
never decides. Does not belong here: what stops a delivery (`judge.py`), and rules that need the warehouse (dbt).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from pipelines.contracts.periods import year_before
from pipelines.landing.judge import Delivered, Judgement

SMALL = 10_000
LEAST_CHANGE = 10
LIMIT, LIMIT_OF_SMALL = 30, 50  # per cent
InForce = dict[tuple[str, str, str, str, str], str]
Parts = Mapping[tuple[str, str], set[str]]
"""(municipality, year) -> its named parts that have sent anything of the year, to whatever source."""
NONE: Parts = MappingProxyType({})


@dataclass(frozen=True)
class Warned:
    """A warning on a delivery in force. `antal` and `jamfort_med` are rows, or parts (GEN-22)."""

    leverans_id: str
    dataset: str
    period: str
    regel_id: str
    antal: int
    jamfort_med: int


def look_back(
    deliveries: Iterable[Delivered], judgement: Judgement, population: Mapping[str, int], elsewhere: Parts = NONE
) -> set[Warned]:
    """Warnings of one source: all its deliveries, stopped ones too, and their judgement.

    `elsewhere` is given of a yearly source: a part that sends nothing has there no other month to be known by.
    """
    known = {d.leverans_id: d for d in deliveries}
    return _jumps(known, judgement.in_force, population) | _lacking_parts(known, judgement.in_force, elsewhere)


def limit_of(inhabitants: int | None) -> int:
    """The change in per cent that is let through without a word; wider where few live."""
    return LIMIT_OF_SMALL if inhabitants is not None and inhabitants < SMALL else LIMIT


def jumps(now: int, then: int, limit: int) -> bool:
    """Whether rows changed by more than ten and by more than `limit` per cent."""
    return abs(now - then) > LEAST_CHANGE and 100 * abs(now - then) > limit * then


def _jumps(known: Mapping[str, Delivered], in_force: InForce, population: Mapping[str, int]) -> set[Warned]:
    """GEN-18: received rows of a sender, dataset and period, against the same month or the year before."""
    limits: dict[str, int] = {}
    found = set()
    for (kommun, stadsdel, kalla, dataset, period), leverans_id in in_force.items():
        before = in_force.get((kommun, stadsdel, kalla, dataset, year_before(period)))
        if before is None:
            continue
        now = known[leverans_id].months[dataset, period][0]
        then = known[before].months[dataset, year_before(period)][0]
        if kommun not in limits:
            limits[kommun] = limit_of(population.get(kommun))
        if jumps(now, then, limits[kommun]):
            found.add(Warned(leverans_id, dataset, period, "GEN-18", now, then))
    return found


def _lacking_parts(known: Mapping[str, Delivered], in_force: InForce, elsewhere: Parts) -> set[Warned]:
    """GEN-22: a municipality in named parts, with a part that lacks or with the whole beside a part."""
    parts: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for delivery in known.values():
        kommun, stadsdel, kalla = delivery.sender
        parts[kommun, kalla, delivery.period[:4]].add(stadsdel)
    held: dict[tuple[str, str, str, str], dict[str, str]] = defaultdict(dict)
    for (kommun, stadsdel, kalla, dataset, period), leverans_id in in_force.items():
        if parts[kommun, kalla, period[:4]] - {""}:
            held[kommun, kalla, dataset, period][stadsdel] = leverans_id
    found = set()
    for (kommun, kalla, dataset, period), own in held.items():
        expected = parts[kommun, kalla, period[:4]] | elsewhere.get((kommun, period[:4]), set())
        if expected - set(own) or ("" in own and len(own) > 1):
            found |= {Warned(lev, dataset, period, "GEN-22", len(own), len(expected)) for lev in own.values()}
    return found
