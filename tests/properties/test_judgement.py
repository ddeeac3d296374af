"""The judgement as a pure function: whatever has been delivered, its order of arrival decides nothing.

Belongs here: judge() against a plain reading of bistand.md section 1, over histories that Hypothesis makes up. Does not
belong here: the ledger (tests/unit/test_landing_ledger.py).
"""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.contracts.periods import Calendar
from pipelines.landing.judge import Delivered, judge

DATASETS = ("a", "b")
MONTHLY = Calendar("manad", "15")
MONTHS = ("2018-11", "2018-12", "2019-01")
YEARS = ("2018",)
STATES = st.sampled_from([None, (0, False), (0, True), (3, False)])


@st.composite
def deliveries(draw: st.DrawFn) -> list[Delivered]:
    """Up to eight deliveries of two senders, with few periods and versions so that they meet."""
    found = []
    for i in range(draw(st.integers(1, 8))):
        period = draw(st.sampled_from([*MONTHS, *MONTHS, *YEARS]))
        months = [f"{period}-{m:02d}" for m in range(1, 13)] if len(period) == 4 else [period]
        rows = {(k, m): (3, False) for k in DATASETS for m in months}
        for key in draw(st.lists(st.sampled_from(sorted(rows)), max_size=3, unique=True)):
            state = draw(STATES)
            rows.pop(key) if state is None else rows.update({key: state})
        found.append(
            Delivered(
                leverans_id=f"id{i}",
                sender=(draw(st.sampled_from(["0114", "0115"])), "", "eb"),
                period=period,
                version=draw(st.integers(1, 3)),
                mottagen=draw(st.sampled_from(["2019-02-01", "2019-03-01"])),
                sha256=f"{draw(st.integers(0, 9))}{i}",
                gate_regel=draw(st.sampled_from([None, None, None, "GEN-02"])),
                months=rows,
            )
        )
    return found


def empty(delivery: Delivered, dataset: str, month: str) -> bool:
    """No rows, and nobody has confirmed it."""
    return delivery.months.get((dataset, month), (0, False)) == (0, False)


def plain_versions(own: list[Delivered], verdicts: dict[str, str | None]) -> list[Delivered]:
    """GEN-24: of the same period and version the earliest received stands, on a tie the lower hash."""
    for d in own:
        rivals = [o for o in own if (o.period, o.version) == (d.period, d.version)]
        first = min(rivals, key=lambda o: (o.mottagen, o.sha256))
        verdicts[d.leverans_id] = d.gate_regel or (None if d is first else "GEN-24")
    return sorted((d for d in own if verdicts[d.leverans_id] is None), key=lambda d: d.version)


def plain_years(standing: list[Delivered], verdicts: dict[str, str | None]) -> dict[str, Delivered]:
    """The holder of each month of a year with an approved slutlig: its highest version."""
    holders: dict[str, Delivered] = {}
    for d in (s for s in standing if len(s.period) == 4):
        months = [f"{d.period}-{m:02d}" for m in range(1, 13)]
        if any(empty(d, k, m) for k in DATASETS for m in months):
            verdicts[d.leverans_id] = "GEN-05"
        else:
            holders |= dict.fromkeys(months, d)
    return holders


def plain(sent: list[Delivered]) -> tuple[dict[str, str | None], dict[Any, str]]:
    """The same sentences, read one by one for each sender."""
    verdicts: dict[str, str | None] = {}
    force: dict[Any, str] = {}
    for sender in {d.sender for d in sent}:
        standing = plain_versions([d for d in sent if d.sender == sender], verdicts)
        holders = plain_years(standing, verdicts)
        had: set[str] = set()  # datasets with rows in the latest earlier period in force
        for month in sorted(set(holders) | {s.period for s in standing if len(s.period) == 7}):
            versions = [s for s in standing if s.period == month]
            wrong = [d for d in versions if any(empty(d, k, month) for k in had)]
            verdicts |= {d.leverans_id: "GEN-05" for d in wrong}
            right = [d for d in versions if d not in wrong]
            holder = holders.get(month, right[-1] if right else None)
            if holder:
                own = {k: holder.months[k, month][0] for k in DATASETS if (k, month) in holder.months}
                had = {k for k, rows in own.items() if rows}
                force |= {(*sender, k, month): holder.leverans_id for k in own}
    return verdicts, force


@settings(max_examples=300, deadline=None)
@given(deliveries())
def test_the_judgement_is_the_plain_reading_of_the_specification(sent: list[Delivered]) -> None:
    found = judge(sent, DATASETS, MONTHLY)
    assert (found.verdicts, found.in_force) == plain(sent)


@settings(max_examples=300, deadline=None)
@given(deliveries(), st.randoms(use_true_random=False))
def test_the_order_of_arrival_decides_nothing(sent: list[Delivered], chance: Any) -> None:
    shuffled = list(sent)
    chance.shuffle(shuffled)
    assert judge(shuffled, DATASETS, MONTHLY) == judge(sent, DATASETS, MONTHLY)


@settings(max_examples=300, deadline=None)
@given(deliveries())
def test_a_stopped_delivery_is_never_in_force_and_one_sender_never_touches_another(sent: list[Delivered]) -> None:
    found = judge(sent, DATASETS, MONTHLY)
    assert set(found.verdicts) == {d.leverans_id for d in sent}
    assert all(found.verdicts[lev] is None for lev in found.in_force.values())
    alone = judge([d for d in sent if d.sender[0] == "0114"], DATASETS, MONTHLY)
    assert alone.in_force == {k: v for k, v in found.in_force.items() if k[0] == "0114"}
