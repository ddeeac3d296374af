"""The small tools every room of the yearly societies uses: empty cells, calendar arithmetic, rows as arrays, counting.

Belongs here: what knows of no source. Does not belong here: code lists and layouts of a domain (its koder).
"""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np

from pipelines.synthetic.koder import Arr, ranges

Rows: TypeAlias = dict[str, Arr]

TOM: Final = -1  # an empty cell of a code or a number
OPPEN: Final = 1_000_000  # an empty date: the day that never comes
FORSTA_AR: Final = 2017


def dag(text: str) -> int:
    """'ÅÅÅÅ-MM-DD' as a number of days."""
    return int(np.datetime64(text, "D").astype(np.int64))


def ars_dagar(ar: int) -> tuple[int, int]:
    """First and last day of a year."""
    return dag(f"{ar}-01-01"), dag(f"{ar}-12-31")


def plus_manader(dagar: Arr, manader: int) -> Arr:
    """The same day some months later, or the last of that month."""
    days = dagar.astype("datetime64[D]")
    month = days.astype("datetime64[M]")
    later = month + manader
    last = (later + 1).astype("datetime64[D]") - later.astype("datetime64[D]")
    within = np.minimum(days - month.astype("datetime64[D]"), last - np.timedelta64(1, "D"))
    return np.asarray((later.astype("datetime64[D]") + within).astype(np.int64))


def ar_av(dagar: Arr) -> Arr:
    """The year of each day."""
    return np.asarray(dagar.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970)


def dag_av(yyyymmdd: Arr) -> Arr:
    """Days since 1970 of dates written as integers; a samordningsnummer has sixty more days in its month."""
    year, month, day = yyyymmdd // 10**4, yyyymmdd // 100 % 100, yyyymmdd % 100
    first = ((year - 1970) * 12 + np.maximum(month, 1) - 1).astype("datetime64[M]").astype("datetime64[D]")
    return np.asarray(first.astype(np.int64) + np.where(day > 60, day - 60, day) - 1)


def take(rows: Rows, index: Arr) -> Rows:
    """The rows of the given places or mask."""
    return {name: column[index] for name, column in rows.items()}


def stack(parts: list[Rows]) -> Rows:
    """Rows after one another."""
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def order_within(group: Arr) -> Arr:
    """0, 1, 2 … within each value of group, in the order given."""
    order = np.argsort(group, kind="stable")
    first = np.r_[True, group[order][1:] != group[order][:-1]][: len(order)]
    starts = np.maximum.accumulate(np.where(first, np.arange(len(group)), 0))
    out = np.empty(len(group), dtype=np.int64)
    out[order] = np.arange(len(group)) - starts
    return out


def som_text(number: Arr) -> Arr:
    """Numbers in the order of their texts: 10 before 9, 1 before 10."""
    width = np.searchsorted(10 ** np.arange(1, 10), number, side="right") + 1
    return np.asarray(number * 10 ** (10 - width) * 16 + width)


def nycklar(*rows: Rows, columns: tuple[str, ...]) -> list[Arr]:
    """The same numbers for the same keys, over several lots of rows."""
    table = np.concatenate([np.stack([r[c] for c in columns], axis=1) for r in rows])
    code = np.unique(table, axis=0, return_inverse=True)[1].reshape(-1)
    return np.split(code, np.cumsum([len(r[columns[0]]) for r in rows])[:-1])


def inom(first: Arr, second: Arr) -> tuple[Arr, Arr]:
    """All pairs (place in first, place in second) with the same number."""
    order = np.argsort(second, kind="stable")
    low = np.searchsorted(second[order], first)
    count = np.searchsorted(second[order], first, side="right") - low
    return np.repeat(np.arange(len(first)), count), order[ranges(low, count)]


def rakna(shape: tuple[int, ...], *axes: Arr, vikt: Arr | None = None) -> Arr:
    """How many rows, or how much of something, each combination of places has."""
    flat = np.ravel_multi_index(axes, shape) if len(axes[0]) else np.zeros(0, dtype=np.int64)
    return np.bincount(flat, weights=vikt, minlength=int(np.prod(shape))).reshape(shape).astype(np.int64)


def tva(shape: tuple[int, ...], *axes: Arr, hit: Arr) -> Arr:
    """All, and those of them that are such, along a last axis."""
    return np.stack([rakna(shape, *axes), rakna(shape, *axes, vikt=1.0 * hit)], axis=-1)
