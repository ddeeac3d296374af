"""The look back as a pure function: its rules as plain sentences, and arrival that decides nothing.

Belongs here: look_back() against a reading of GEN-18 and GEN-22 written for the test, over histories that Hypothesis
makes up. Does not belong here: the ledger and the receipts (tests/unit/test_warnings.py).
"""

from __future__ import annotations

import time
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.contracts.periods import Calendar
from pipelines.landing.history import Warned, look_back
from pipelines.landing.judge import Delivered, Judgement, judge

DATASETS = ("a", "b")
MONTHLY = Calendar("manad", "15")
PEOPLE = {"0114": 10_000, "2403": 9_999}
ROWS = st.sampled_from([0, 5, 10, 11, 20, 28, 30, 31, 40, 41, 52, 60])
PERIODS = ("2018-03", "2019-03", "2019-03", "2020-03", "2019")


@st.composite
def deliveries(draw: st.DrawFn) -> list[Delivered]:
    """Up to twelve deliveries of two municipalities, whole or in parts; a year holds every month."""
    found = []
    for i in range(draw(st.integers(1, 12))):
        period = draw(st.sampled_from(PERIODS))
        months = [f"{period}-{m:02d}" for m in range(1, 13)] if len(period) == 4 else [period]
        rows = {(k, m): (draw(ROWS), True) for k in DATASETS for m in months if m.endswith("-03") or len(months) > 1}
        if draw(st.booleans()):
            rows.pop((draw(st.sampled_from(DATASETS)), months[0]))
        found.append(
            Delivered(
                leverans_id=f"id{i}",
                sender=(draw(st.sampled_from(sorted(PEOPLE))), draw(st.sampled_from(["", "01", "02"])), "eb"),
                period=period,
                version=draw(st.integers(1, 3)),
                mottagen=draw(st.sampled_from(["2019-02-01", "2019-03-01"])),
                sha256=f"{i}",
                gate_regel=draw(st.sampled_from([None, None, None, "GEN-02"])),
                months=rows,
            )
        )
    return found


def jumped(now: int, then: int, kommun: str) -> bool:
    """More than ten rows, and more than 30 per cent of what was; 50 where fewer than 10 000 live."""
    limit = Fraction(1, 2) if PEOPLE[kommun] < 10_000 else Fraction(3, 10)
    return abs(now - then) > 10 and (then == 0 or Fraction(abs(now - then), then) > limit)


def plain(sent: list[Delivered], force: dict[Any, str]) -> set[Warned]:
    """The same sentences, asked of each row in force."""
    months = {d.leverans_id: d.months for d in sent}
    found = set()
    for (kommun, part, source, dataset, month), own in force.items():
        now = months[own][dataset, month][0]
        last_year = f"{int(month[:4]) - 1}-{month[5:]}"
        before = force.get((kommun, part, source, dataset, last_year))
        if before is not None:
            then = months[before][dataset, last_year][0]
            if jumped(now, then, kommun):
                found.add(Warned(own, dataset, month, "GEN-18", now, then))
        parts = {d.sender[1] for d in sent if d.sender[0] == kommun and d.period[:4] == month[:4]}
        holding = {p for p in ("", "01", "02") if (kommun, p, source, dataset, month) in force}
        if parts != {""} and (parts != holding or {""} < holding):
            found.add(Warned(own, dataset, month, "GEN-22", len(holding), len(parts)))
    return found


@settings(max_examples=200, deadline=None)
@given(deliveries())
def test_the_look_back_is_the_plain_reading_of_its_two_rules(sent: list[Delivered]) -> None:
    judgement = judge(sent, DATASETS, MONTHLY)
    assert look_back(sent, judgement, PEOPLE) == plain(sent, judgement.in_force)


@settings(max_examples=100, deadline=None)
@given(deliveries(), st.randoms(use_true_random=False))
def test_the_order_of_arrival_decides_no_warning(sent: list[Delivered], chance: Any) -> None:
    shuffled = list(sent)
    chance.shuffle(shuffled)
    assert look_back(shuffled, judge(shuffled, DATASETS, MONTHLY), PEOPLE) == look_back(
        sent, judge(sent, DATASETS, MONTHLY), PEOPLE
    )


def test_a_country_over_three_years_is_looked_back_on_well_within_a_second() -> None:
    """290 municipalities, 38 months, three datasets: 33 060 rows in force; every tenth month jumps."""
    names, judgement, sent = ("a", "b", "c"), Judgement(), []
    months = [f"{2017 + i // 12}-{i % 12 + 1:02d}" for i in range(38)]
    for kommun in (f"{1000 + i}" for i in range(290)):
        for place, month in enumerate(months):
            rows = {(name, month): (1000 if place % 10 else 10, False) for name in names}
            sent.append(Delivered(f"{kommun}{month}", (kommun, "", "eb"), month, 1, "", "", None, rows))
            judgement.in_force |= {(kommun, "", "eb", name, month): f"{kommun}{month}" for name in names}
    started = time.perf_counter()
    found = look_back(sent, judgement, {})
    assert time.perf_counter() - started < 0.5
    assert len(judgement.in_force) == 33_060
    assert len(found) == 290 * 3 * len([i for i in range(12, 38) if (i % 10 == 0) != ((i - 12) % 10 == 0)])
