"""What can be worked out from published counts by someone who has the p-table: the attacks that must fail.

Belongs here: bounds on the true counts by linear programming over linked cells, and what two releases give away. Does
not belong here: the numbers to attack (tests take them from a release) or how much may be found (the tests say).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array

Table = Mapping[int, Sequence[int]]


@dataclass(frozen=True)
class Cell:
    """A published count that is the sum of some of the smallest cells, `parts`, all of them true counts >= 0."""

    parts: tuple[int, ...]
    shown: int


def true_counts(shown: int, table: Table) -> tuple[int, int]:
    """Lowest and highest true count that the p-table can have turned into the shown one."""
    last = max(table)
    reach = max(abs(s) for row in table.values() for s in row)
    near = range(max(0, shown - reach), shown + reach + 1)
    possible = [count for count in near if shown - count in table[min(count, last)]]
    if not possible:
        raise ValueError(f"{shown} kan inte vara skyddat med tabellen")
    return possible[0], possible[-1]


def true_sums(shown: float, number: int, scale: int, largest: int, table: Table) -> tuple[int, int]:
    """Lowest and highest true sum of so many changes, none beyond the largest, that can be shown as this mean.

    Of one who knows the true number, which is more than is published.
    """
    moves = [shift * scale for shift in table[min(number, max(table))]]
    near = range(max(-number * largest, _sum(shown, number) - max(moves)), number * largest + 1)
    possible = [total for total in near if any(_shown(total + m, number) == round(10 * shown) for m in set(moves))]
    if not possible:
        raise ValueError(f"{shown} kan inte vara skyddat med tabellen")
    return possible[0], possible[-1]


def _sum(shown: float, number: int) -> int:
    return int(np.floor(number * (shown - 0.05)))


def _shown(total: int, number: int) -> int:
    """Tenths of a mean, half of one upwards, in whole numbers."""
    return (20 * total + number) // (2 * number)


def bounds(cells: Sequence[Cell], limits: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Tightest lowest and highest true count of every cell, when `limits` hold for each and the sums hold exactly."""
    size = 1 + max(part for cell in cells for part in cell.parts)
    row, column = zip(*((i, part) for i, cell in enumerate(cells) for part in cell.parts), strict=True)
    sums = csr_array((np.ones(len(row)), (row, column)), shape=(len(cells), size))
    low, high = (np.array(side, dtype=float) for side in zip(*limits, strict=True))
    stacked, right = csr_array(np.vstack([sums.toarray(), -sums.toarray()])), np.hstack([high, -low])

    def end(cell: Cell, sign: int) -> float:
        goal = np.zeros(size)
        goal[list(cell.parts)] = sign
        found = linprog(goal, A_ub=stacked, b_ub=right, bounds=(0, None), method="highs")
        if not found.success:
            raise ValueError("talen motsäger varandra: någon gräns är fel")
        return sign * float(found.fun)

    # True counts are whole: a bound a hair beside a whole number is that number.
    return [(int(np.ceil(end(c, 1) - 1e-6)), int(np.floor(end(c, -1) + 1e-6))) for c in cells]


def recovered(found: Iterable[tuple[int, int]], fewest: int = 3) -> int:
    """How many cells have fewer possible true counts than `fewest` (SPEC 8.3: narrower than three fails)."""
    return sum(high - low + 1 < fewest for low, high in found)
