"""The truth about warnings over history that any yearly source can get, and which values they make uncertain.

Belongs here: an independent reading of GEN-18 and GEN-22. Does not belong here: a source's own warnings (each society's
facit_varning), rules about rows and packages, the values themselves. Source: docs/reference/barn_och_unga.md section 5.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from pipelines.synthetic.arsvis.avsandare import Avsandare
from pipelines.synthetic.arsvis.facit_paket import Ar
from pipelines.synthetic.facit_varning import JUMP, NOTHING, ROWS_AT_LEAST, SMALL_JUMP, SMALL_KOMMUN
from pipelines.synthetic.koder import Arr


@dataclass
class Varningar:
    """Rows of the truth table, and [municipality, year] where a warning stands on each dataset."""

    tabell: list[tuple[object, ...]] = field(default_factory=list)
    mangd: dict[str, Arr] = field(default_factory=dict)


def _mottagna(ar: list[Ar], dataset: str, senders: int) -> Arr:
    """[sender, year]: received rows in force, or NOTHING."""
    out = np.full((senders, len(ar)), NOTHING, dtype=np.int64)
    for y, one in enumerate(ar):
        rows = one.lev.mottagna(dataset)
        for sand, place in one.i_kraft.items():
            out[sand, y] = rows[place]
    return out


def _hopp(now: Arr, invanare: Arr) -> Arr:
    """GEN-18 [sender, year]: received rows against the year before."""
    out = np.zeros(now.shape, dtype=bool)
    change, before = np.abs(now[:, 1:] - now[:, :-1]), now[:, :-1]
    limit = np.where(invanare < SMALL_KOMMUN, SMALL_JUMP, JUMP)[:, None]
    both = (now[:, 1:] != NOTHING) & (before != NOTHING)
    out[:, 1:] = both & (change > ROWS_AT_LEAST) & (100 * change > limit * before)
    return out


def _delar(ar: list[Ar], av: Avsandare) -> tuple[Arr, Arr, Arr]:
    """GEN-22 [sender, year], and of its municipality the parts in force and those that send."""
    n = len(av.kommun)
    there, sends = np.zeros((n, len(ar)), dtype=bool), np.zeros((n, len(ar)), dtype=bool)
    for y, one in enumerate(ar):
        there[list(one.i_kraft), y] = True
        sends[one.lev.sand, y] = True
    same = av.kommun[:, None] == av.kommun[None]
    many = (same.astype(int) @ there.astype(int)), (same.astype(int) @ sends.astype(int))
    return there & (many[0] < many[1]), *many


def historia(ar: dict[str, list[Ar]], av: Avsandare, invanare: Arr, years: range) -> Varningar:
    """Everything that stands on a dataset of a sender's year."""
    out = Varningar()
    for of in ar.values():
        parts, there, sends = _delar(of, av)
        for dataset in of[0].lev.datasets:
            now = _mottagna(of, dataset, len(av.kommun))
            jumps = _hopp(now, invanare[av.kommun])
            out.mangd[dataset] = np.zeros((len(invanare), len(years)), dtype=bool)
            np.logical_or.at(out.mangd[dataset], av.kommun, jumps | parts)
            for s, y in np.argwhere(jumps).tolist():
                place = (av.kod(s), av.stadsdel[s], dataset, str(years[y]))
                out.tabell.append((*place, "GEN-18", "", int(now[s, y]), int(now[s, y - 1])))
            for s, y in np.argwhere(parts).tolist():
                place = (av.kod(s), av.stadsdel[s], dataset, str(years[y]))
                out.tabell.append((*place, "GEN-22", "", int(there[s, y]), int(sends[s, y])))
    return out


def hos_alla(
    one: Ar, av: Avsandare, found: Arr, dataset: str, rule: str, part: Arr, of: Arr
) -> list[tuple[object, ...]]:
    """A warning about a municipality, said to each of its senders in force."""
    return [
        (av.koder[k], av.stadsdel[s], dataset, str(one.lev.ar), rule, "", int(part[k]), int(of[k]))
        for s in sorted(one.i_kraft)
        for k in [int(av.kommun[s])]
        if found[k]
    ]
