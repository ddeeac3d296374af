"""Agreements of the simulated municipalities on local follow-up.

Belongs here: who has one, between which days, and whether it holds for a year. Does not belong here: entering them in a
ledger. Source: docs/reference/barn_och_unga.md section 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from pipelines.synthetic.koder import Arr

ANDAMAL = "kvalitetsuppfoljning"
HEADER = "kommun_kod;andamal_kod;giltig_fran;giltig_till"


@dataclass(frozen=True)
class Avtal:
    """One agreement, half open; '' = still running."""

    kommun: int
    fran: str
    till: str = ""

    def galler(self, ar: int) -> bool:
        """One day decides: the year's last."""
        last = f"{ar}-12-31"
        return self.fran <= last and (not self.till or self.till > last)


def draw(urval: list[int], ar: range, rng: np.random.Generator, par: dict[str, Any]) -> list[Avtal]:
    """About the given share of those that send, each with one or two agreements."""
    chosen = sorted(int(k) for k in rng.permutation(urval)[: max(round(par["andel"] * len(urval)), 1)])
    out: list[Avtal] = []
    turns = rng.permutation(len(chosen))
    shares = (par["borjar"], par["upphor"], par["uppehall"])
    edges = np.cumsum([max(round(share * len(chosen)), int(len(chosen) >= 4 + i)) for i, share in enumerate(shares)])
    for kommun, turn in zip(chosen, turns, strict=True):
        out += _one(kommun, int(np.searchsorted(edges, turn, side="right")), ar[1] if len(ar) > 1 else ar[0])
    return out


def _one(kommun: int, kind: int, ar: int) -> list[Avtal]:
    """Beginning in the year, ending in it, with a break over its end, or throughout."""
    first = f"{ar - 3}-01-01"
    if kind == 0:
        return [Avtal(kommun, f"{ar}-02-01")]
    if kind == 1:
        return [Avtal(kommun, first, f"{ar}-10-01")]
    if kind == 2:
        return [Avtal(kommun, first, f"{ar}-12-31"), Avtal(kommun, f"{ar + 1}-03-01")]
    return [Avtal(kommun, first)]


def galler(avtal: list[Avtal], kommuner: int, ar: range) -> Arr:
    """[municipality, year]: whether an agreement holds for the year."""
    out = np.zeros((kommuner, len(ar)), dtype=bool)
    for a in avtal:
        out[a.kommun] |= [a.galler(year) for year in ar]
    return out


def som_fil(avtal: list[Avtal], koder: tuple[str, ...]) -> str:
    """The agreements as the file that `lager avtal` reads."""
    lines = [f"{koder[a.kommun]};{ANDAMAL};{a.fran};{a.till}" for a in avtal]
    return "\n".join([HEADER, *lines]) + "\n"
