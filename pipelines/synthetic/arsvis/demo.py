"""What the yearly societies of a demo share, and the steps each takes from packages to the truth's tables.

Belongs here: years, senders, agreements and formats, drawn once; verdicts and the tables of packages. Does not belong
here: any society, its rows and its counts (each society's demo).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from pipelines.synthetic.arsvis.avsandare import Avsandare, avsandare
from pipelines.synthetic.arsvis.avtal import Avtal, draw, galler
from pipelines.synthetic.arsvis.doman import Doman
from pipelines.synthetic.arsvis.facit_paket import Ar, Egen, kraft_rader, paket_rader, prova, regel_rader, tackning
from pipelines.synthetic.arsvis.folk import strom
from pipelines.synthetic.arsvis.parametrar import DELADE
from pipelines.synthetic.arsvis.plan import Plan, years_due
from pipelines.synthetic.arsvis.text import formats
from pipelines.synthetic.koder import Arr
from pipelines.synthetic.mal import Referens
from pipelines.synthetic.parametrar import las


@dataclass(frozen=True)
class Uppdrag:
    """What to make: municipalities that send (places), years at most, scale, seed, day, folders, all in CSV or not."""

    urval: list[int]
    ar: int
    skala: float
    fro: int
    asof: date
    inbox: Path
    staging: Path
    referens: Path
    enbart_csv: bool = False


@dataclass(frozen=True)
class Gemensamt:
    """What the societies have in common: the same senders keep the same agreements and formats in all of them."""

    ref: Referens
    u: Uppdrag
    ar: range
    av: Avsandare
    avtal: list[Avtal]
    holds: Arr  # [municipality, year]: whether an agreement holds
    form: dict[int, str]  # municipality -> csv, xlsx or xml


@dataclass
class Resultat:
    """What was made: rows per dataset, packages, and the truth's tables as rows, the indicators' as a table."""

    rader: dict[str, int]
    paket: int
    stoppade: int
    forlopp: Counter[str]
    tabeller: dict[str, list[tuple[object, ...]]]
    indikatorvarde: Any


def gemensamt(ref: Referens, u: Uppdrag) -> Gemensamt | None:
    """None when no year is due."""
    par = las(DELADE)
    ar = years_due(u.asof, u.ar)
    if not ar:
        return None
    avtal = draw(u.urval, ar, strom(u.fro, 3), par["avtal"])
    form = formats(u.urval, ref.invanare, strom(u.fro, 5), {} if u.enbart_csv else par["format_andel"])
    return Gemensamt(ref, u, ar, avsandare(ref, par["stadsdelar"]), avtal, galler(avtal, len(ref.kommuner), ar), form)


def domar(ar: dict[str, list[Ar]], g: Gemensamt, egna: dict[str, Egen]) -> dict[str, Arr]:
    """The verdict of every package; dataset -> [municipality, year] approved."""
    out: dict[str, Arr] = {}
    for kalla, years in ar.items():
        for y, one in enumerate(years):
            prova(one, years[:y], g.holds[:, y], g.av, egna.get(kalla))
        covered = tackning(years, g.av, len(g.av.koder))
        out |= {d: covered[:, :, i] for i, d in enumerate(years[0].lev.datasets)}
    return out


def resultat(doman: Doman, g: Gemensamt, plan: Plan, years: dict[str, list[Ar]], varning: list[tuple[object, ...]],
             varde: Any) -> Resultat:  # fmt: skip
    """The tables of a society's packages beside its warnings and values."""
    each = [one for of in years.values() for one in of]
    names = (d for of in doman.kallor.values() for d in of)
    rows = {d: sum(int(one.lev.mottagna(d).sum()) for one in each if d in one.lev.datasets) for d in names}
    return Resultat(
        rader=rows,
        paket=sum(len(one.lev.paket) for one in each),
        stoppade=sum(bool(rule) for one in each for rule in one.regel),
        forlopp=plan.forlopp,
        tabeller={
            "leverans": [row for one in each for row in paket_rader(one, g.av)],
            "regelutfall": [row for one in each for row in regel_rader(one, g.av)],
            "i_kraft": [row for one in each for row in kraft_rader(one, g.av)],
            "varning": varning,
        },
        indikatorvarde=varde,
    )


def stapla(of: list[dict[str, Arr]]) -> dict[str, Arr]:
    """Counts of each year as counts [municipality, year, ...]."""
    return {name: np.stack([one[name] for one in of], axis=1) for name in of[0]}
