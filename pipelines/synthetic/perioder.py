"""Spells: which households have aid in which months, so that every month meets its level.

Belongs here: start, end and return of households, as numbers only. Does not belong here: who lives in them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from pipelines.synthetic.koder import Arr


@dataclass(frozen=True)
class Perioder:
    """Spells of families: family number, first and last month (inclusive; the first may lie before the
    series).
    """

    familj: Arr
    start: Arr
    slut: Arr
    familjer: int


class _Walk:
    """One pass over the months; keeps who has aid now and who had it before."""

    def __init__(self, rng: np.random.Generator, par: dict[str, Any]) -> None:
        self.rng, self.par = rng, par
        self.familj = np.zeros(0, dtype=np.int64)
        self.start = np.zeros(0, dtype=np.int64)
        self.since = np.zeros(0, dtype=np.int64)  # as start, but a short break does not begin it anew
        self.pool = np.zeros((3, 0), dtype=np.int64)  # family, last month, since
        self.families, self.before = 0, 0
        self.done: list[tuple[Arr, Arr, int]] = []

    def begin(self, level: int) -> None:
        age = self.rng.exponential(self.par["start_langd_medel"], level).astype(np.int64)
        self.familj, self.start, self.since, self.families = np.arange(level), -age, -age, level
        self.before = round(level * self.par["tidigare_hushall"])  # left before the series: new to it if they return

    def _staying(self, month: int, level: int) -> Arr:
        risk = self.par["avslutsrisk"]
        length = month - self.since
        hazard = risk["lag"] + (risk["hog"] - risk["lag"]) * np.exp(-length / risk["skala"])
        stay = self.rng.random(len(length)) >= hazard
        surplus = int(stay.sum()) - level
        if surplus > 0:
            stay[self.rng.choice(np.flatnonzero(stay), surplus, replace=False)] = False
        return np.asarray(stay)

    def _returning(self, month: int, count: int) -> Arr:
        """Places in the pool: some after a break of a month or few, the others after any time."""
        recent = np.flatnonzero(self.pool[1] >= month - 1 - self.par["kort_uppehall"]["hogst"])
        short = min(int(self.rng.binomial(count, self.par["kort_uppehall"]["andel"])), len(recent))
        first = self.rng.choice(recent, short, replace=False)
        rest = np.ones(self.pool.shape[1], dtype=bool)
        rest[first] = False
        return np.concatenate([first, self.rng.choice(np.flatnonzero(rest), count - short, replace=False)])

    def _entering(self, month: int, count: int) -> tuple[Arr, Arr]:
        """Families that begin, and the month their time with aid is counted from."""
        known = self.pool.shape[1]
        drawn = min(int(self.rng.binomial(count, self.par["aterkomst_andel"])), known + self.before)
        back = int(self.rng.hypergeometric(known, self.before, drawn))
        self.before -= drawn - back
        taken = self._returning(month, back)
        returning, left, since = self.pool[:, taken]
        self.pool = np.delete(self.pool, taken, axis=1)
        fresh = np.arange(self.families, self.families + count - back)
        self.families += count - back
        short = left >= month - 1 - self.par["kort_uppehall"]["hogst"]
        again = np.where(short, since, month)
        return np.concatenate([returning, fresh]), np.concatenate([again, np.full(len(fresh), month)])

    def step(self, month: int, level: int) -> None:
        stay = self._staying(month, level)
        left, start, since = self.familj[~stay], self.start[~stay], self.since[~stay]
        entering, counted = self._entering(month, level - int(stay.sum()))
        self.done.append((left, start, month - 1))
        self.pool = np.concatenate([self.pool, [left, np.full(len(left), month - 1), since]], axis=1)
        self.familj = np.concatenate([self.familj[stay], entering])
        self.start = np.concatenate([self.start[stay], np.full(len(entering), month)])
        self.since = np.concatenate([self.since[stay], counted])


def simulate_spells(level: Arr, rng: np.random.Generator, par: dict[str, Any]) -> Perioder:
    """level[month] households have aid in each month; those at the end have slut = last month."""
    walk = _Walk(rng, par)
    walk.begin(int(level[0]))
    for month in range(1, len(level)):
        walk.step(month, int(level[month]))
    walk.done.append((walk.familj, walk.start, len(level) - 1))
    parts = [(f, s, np.full(len(f), end)) for f, s, end in walk.done]
    familj, start, slut = (np.concatenate([p[i] for p in parts]) for i in range(3))
    return Perioder(familj, start, slut, walk.families)
