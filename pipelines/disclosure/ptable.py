"""The p-table of the cell-key method: how far a count is moved, for each class of count and each cell key.

Belongs here: making the table from the parameters of the output contract, and writing it as a dbt seed. Does not belong
here: its use, which is SQL (`macros/skydd.sql`), or the reasons for the parameters (docs/adr/0007-cellnyckel.md).

For each class the distribution of shifts is the one of largest entropy among those with mean zero, no more than the
wanted variance, no shift beyond the largest, and no outcome among the counts that are never shown. Where these force a
larger variance, the least possible is taken. It is then rounded to whole keys with the mean still exactly zero.
"""

from __future__ import annotations

import csv
import io
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, linprog, milp, minimize

from pipelines.contracts.protection import protection
from pipelines.settings import PROJECT_ROOT

SEED = PROJECT_ROOT / "dbt_project" / "seeds" / "reference" / "cellnyckel.csv"
HEADER = ("antal_klass", "cellnyckel", "storning")
Vector = NDArray[np.float64]


def shifts(count: int, largest: int, banned: int) -> Vector:
    """The shifts open to a count: bounded, never below zero, never ending on 1 … banned. Zero stays zero."""
    if count == 0:
        return np.zeros(1)
    outcomes = range(max(0, count - largest), count + largest + 1)
    return np.array([o - count for o in outcomes if o == 0 or o > banned], dtype=np.float64)


def distribution(d: Vector, variance: float) -> Vector:
    """Probabilities of the shifts `d`: of largest entropy with mean zero and at most this variance, or the least."""
    least = linprog(d**2, A_eq=np.vstack([np.ones_like(d), d]), b_eq=[1, 0])
    if len(d) == 1 or least.fun >= variance:
        return np.asarray(least.x)
    # The dual: p ~ exp(a d + b d^2) with b <= 0; the log-partition is convex, its gradient the two conditions. Scaled,
    # so that both have the same size.
    moments = np.vstack([d, d**2 - variance]) / np.abs(d).max() ** np.array([[1], [2]])

    def log_partition(ab: Vector) -> tuple[float, Vector]:
        weight = np.exp(ab @ moments)
        return float(np.log(weight.sum())), moments @ weight / weight.sum()

    start, exact = np.array([0.0, -1.0]), {"ftol": 1e-15, "gtol": 1e-12}
    found = minimize(log_partition, start, jac=True, method="L-BFGS-B", bounds=[(None, None), (None, 0)], options=exact)
    weight = np.exp(found.x @ moments)
    return np.asarray(weight / weight.sum())


def whole_keys(d: Vector, p: Vector, keys: int) -> list[int]:
    """How many of the keys give each shift: nearest to `p`, the mean exactly zero (a small integer programme)."""
    n = len(d)
    near = np.hstack([np.eye(n), -np.eye(n)])
    constraints = [
        LinearConstraint(np.hstack([np.ones(n), np.zeros(n)]), keys, keys),
        LinearConstraint(np.hstack([d, np.zeros(n)]), 0, 0),
        LinearConstraint(near, -np.inf, keys * p),
        LinearConstraint(np.hstack([np.eye(n), np.eye(n)]), keys * p, np.inf),
    ]
    cost = np.hstack([np.zeros(n), np.ones(n)])
    whole = np.hstack([np.ones(n), np.zeros(n)])
    found = milp(cost, constraints=constraints, integrality=whole, bounds=Bounds(0, np.inf))
    if not found.success:
        raise ValueError("p-tabellen går inte att göra i hela nycklar med medelvärdet noll")
    return [round(x) for x in found.x[:n]]


@lru_cache(maxsize=8)
def table(largest: int, variance: float, banned: int, keys: int) -> dict[int, tuple[int, ...]]:
    """Class of count -> the shift of each cell key, lowest shift first. The last class is for all higher counts too."""
    made = {}
    for count in range(banned + largest + 2):
        d = shifts(count, largest, banned)
        number = whole_keys(d, distribution(d, variance), keys)
        made[count] = tuple(int(s) for s, times in zip(d, number, strict=True) for _ in range(times))
    return made


def contracted() -> dict[int, tuple[int, ...]]:
    """The table by the parameters of the contract."""
    p = protection()
    return table(p["storsta_avvikelse"], p["varians"], p["hogsta_som_aldrig_visas"], p["antal_nycklar"])


def as_csv(made: dict[int, tuple[int, ...]]) -> str:
    """The seed's text."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows((count, key, shift) for count, row in made.items() for key, shift in enumerate(row))
    return out.getvalue()


def main(path: Path = SEED) -> None:
    """Write the seed; it is committed, so that SQL needs no Python and a change of it is seen."""
    path.write_text(as_csv(contracted()), encoding="utf-8")


if __name__ == "__main__":
    main()
