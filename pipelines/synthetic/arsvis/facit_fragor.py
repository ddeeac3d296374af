"""What every yearly question of the truth shares: cells, totals, the window of years, agreements and warnings.

Belongs here: which municipalities' years count. Does not belong here: any indicator (each society's facit_fragor), rows
(facit_tabell). Source: docs/reference/barn_och_unga.md section 7.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.synthetic.arsvis.doman import Doman
from pipelines.synthetic.arsvis.facit_tabell import Arsfraga
from pipelines.synthetic.arsvis.facit_varning import Varningar
from pipelines.synthetic.arsvis.tal import FORSTA_AR
from pipelines.synthetic.facit_geo import Cell
from pipelines.synthetic.koder import Arr

KON = ("1", "2", "T")
TOTAL: Cell = ("T", "T", "-", "T")
UPPFOLJDA: list[Cell] = [("T", "T", "uppfoljning", "uppfoljda")]
LAN = ("kommungrupp", "lan")
Tal = dict[str, Arr]  # name -> [municipality, year, ...]


def delning(namn: str, koder: tuple[str, ...]) -> list[Cell]:
    """Cells of a breakdown for both sexes and all ages."""
    return [("T", "T", namn, kod) for kod in koder]


def med_summor(values: Arr, *axes: int) -> Arr:
    """Append totals along the given axes."""
    for axis in axes:
        values = np.concatenate([values, values.sum(axis=axis, keepdims=True)], axis=axis)
    return values


def platt(values: Arr) -> Arr:
    """[municipality, year, cell], in hundredths."""
    return (values.reshape(*values.shape[:2], -1) * 100).astype(np.int64)


@dataclass
class Laget:
    """What every question leans on. godkand: dataset -> [municipality, year]; avtal [municipality, year]; folk
    [municipality, sex, age group].
    """

    doman: Doman
    ar: range
    godkand: dict[str, Arr]
    avtal: Arr
    varning: Varningar
    folk: Arr

    @property
    def perioder(self) -> list[tuple[int, str]]:
        return [(y - FORSTA_AR, str(y)) for y in self.ar]

    def invanare(self) -> Arr:
        """[municipality, year, sex and total, age and total]."""
        return np.repeat(med_summor(self.folk, 1, 2)[:, None], len(self.ar), axis=1)

    def fraga(
        self, namn: str, datasets: tuple[str, ...], fonster: int, celler: list[Cell], taljare: Arr, namnare: Arr | None,
        *, nivaer: tuple[str, ...] = LAN, pool: bool = True, intervall: bool = True, extra: Arr | None = None,
        skattas: bool = True, forsta: int = FORSTA_AR,
    ) -> Arsfraga:  # fmt: skip
        """One question; extra [municipality, year]: warnings of its own; skattas: estimated, if no agreement is needed;
        forsta: the first year that is given at all.
        """
        lokal = any(d in self.doman.kallor[k] for k in self.doman.lokala for d in datasets)
        counts = self._raknas(datasets, fonster, lokal)
        doubted = np.any([self.varning.mangd[d] for d in datasets], axis=0)
        doubted = _fonster(doubted if extra is None else doubted | extra, fonster, np.logical_or)
        return Arsfraga(
            namn, celler, platt(taljare), None if namnare is None else platt(namnare), counts,
            [(p, t) for p, t in self.perioder if p >= forsta - FORSTA_AR], steg=1 if skattas and not lokal else 0,
            intervall=intervall, osaker=doubted, nivaer=nivaer, utan_avtal=~self.avtal if lokal else None, pool=pool,
        )  # fmt: skip

    def _raknas(self, datasets: tuple[str, ...], fonster: int, lokal: bool) -> Arr:
        """Whether every dataset is approved, and agreed to, in every year of the window."""
        ok = np.all([self.godkand[d] for d in datasets], axis=0)
        ok = ok & self.avtal if lokal else ok
        out = _fonster(ok, fonster, np.logical_and)
        out[:, : fonster - 1] = False
        return out


def _fonster(of: Arr, fonster: int, together: np.ufunc) -> Arr:
    out = of.copy()
    for back in range(1, fonster):
        out[:, back:] = together(out[:, back:], of[:, :-back])
    return out
