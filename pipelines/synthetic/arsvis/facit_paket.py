"""The truth about packages: which are approved, which rule stopped the others, what is in force of each year.

Belongs here: package rules, escalation, agreements, versions and years over a sender's history. Does not belong here:
single rows (facit_rader) and indicators. Source: docs/reference/barn_och_unga.md sections 1, 2 and 5.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from pipelines.synthetic.arsvis.avsandare import Avsandare
from pipelines.synthetic.arsvis.facit_rader import Utfall
from pipelines.synthetic.arsvis.plan import Paket, frist
from pipelines.synthetic.arsvis.rader import Leveranser
from pipelines.synthetic.arsvis.tal import Rows, take
from pipelines.synthetic.koder import Arr

ESKALERAR = {"GEN-10": 10, "GEN-12": 10, "GEN-14": 5}  # rows of a thousand
MINST = 10
GJORT = {
    "sha": "GEN-01",
    "rader": "GEN-01",
    "frammande": "GEN-02",
    "period": "GEN-03",
    "kolumn_saknas": "GEN-04",
    "kolumn_okand": "GEN-04",
}


@dataclass
class Ar:
    """One source and year: packages, what fell on their rows, the stopping rule of each ('' = approved)."""

    lev: Leveranser
    utfall: dict[str, Utfall]
    regel: list[str] = field(default_factory=list)
    i_kraft: dict[int, int] = field(default_factory=dict)  # sender -> place of the package

    def kraft(self) -> Arr:
        """Of each package: whether it is in force."""
        out = np.zeros(len(self.lev.paket), dtype=bool)
        out[list(self.i_kraft.values())] = True
        return out

    def gallande(self, dataset: str) -> Rows:
        """Loaded rows in force."""
        rows = self.lev.rader[dataset]
        return take(rows, self.utfall[dataset].lastad & self.kraft()[rows["pkg"]])


@dataclass(frozen=True)
class Egen:
    """A source's own rules that stop a package. ensam: the rule that stops each package by itself; efter(fore, place of
    the sender's package in force there, lev, place): the rule that stops it after the year before; '' = none.
    """

    ensam: Callable[[Leveranser], list[str]] = lambda lev: [""] * len(lev.paket)
    efter: Callable[[Ar, int, Leveranser, int], str] = lambda _fore, _in_force, _lev, _place: ""


def _eskalerade(lev: Leveranser, utfall: dict[str, Utfall]) -> list[str]:
    """First rule, in name order, whose share is too large in some dataset."""
    out = [""] * len(lev.paket)
    for rule, share in sorted(ESKALERAR.items(), reverse=True):
        for dataset in lev.datasets:
            fell = utfall[dataset].regler.get(rule)
            if fell is None:
                continue
            count = np.bincount(lev.rader[dataset]["pkg"][fell], minlength=len(out))
            for place in np.flatnonzero((count >= MINST) & (count * 1000 > share * lev.mottagna(dataset))):
                out[int(place)] = rule
    return out


def _tysta(p: Paket, rows: dict[str, Arr], place: int) -> list[str]:
    """Datasets without rows and not said to be empty: a sender says so of all that it does not leave out."""
    return [d for d, count in rows.items() if not count[place] and d == p.tomd and d not in p.nolleverans]


def _egna(ar: Ar, avtal: Arr, av: Avsandare, egen: Egen) -> None:
    """What each package is stopped for whatever came before: agreement, a version sent twice, what was done to it."""
    lev = ar.lev
    ar.regel = [""] * len(lev.paket)
    rows = np.sum([lev.mottagna(d) for d in lev.datasets], axis=0)
    persons = np.sum([lev.mottagna(d) for d in lev.datasets if "skyddad" in lev.doman.layout[d]], axis=0)
    alone = egen.ensam(lev)
    seen: set[tuple[int, int]] = set()
    for i in sorted(range(len(lev.paket)), key=lambda i: lev.paket[i].mottagen):
        p = lev.paket[i]
        if lev.kalla in lev.doman.lokala and not avtal[av.kommun[p.sand]]:
            ar.regel[i] = "GEN-26"
            continue
        twin = (p.sand, p.version) in seen
        seen.add((p.sand, p.version))
        ar.regel[i] = "GEN-24" if twin else ""
        if persons[i] if p.brist == "kolumn_saknas" else rows[i]:
            ar.regel[i] = ar.regel[i] or GJORT.get(p.brist, "")
        ar.regel[i] = ar.regel[i] or alone[i]


def prova(ar: Ar, fore: list[Ar], avtal: Arr, av: Avsandare, egen: Egen | None = None) -> None:
    """The verdict of a year's packages, when the years before have theirs; avtal per municipality in the year."""
    own = egen or Egen()
    _egna(ar, avtal, av, own)
    shares = _eskalerade(ar.lev, ar.utfall)
    rows = {d: ar.lev.mottagna(d) for d in ar.lev.datasets}
    for i, p in enumerate(ar.lev.paket):
        tysta = _tysta(p, rows, i)
        before = next((a for a in reversed(fore) if p.sand in a.i_kraft), None)
        had = before is not None and any(before.lev.mottagna(d)[before.i_kraft[p.sand]] for d in tysta)
        ar.regel[i] = ar.regel[i] or ("GEN-05" if had else shares[i])
        last = fore[-1] if fore else None
        if not ar.regel[i] and last is not None and p.sand in last.i_kraft:
            ar.regel[i] = own.efter(last, last.i_kraft[p.sand], ar.lev, i)
    for i in sorted(range(len(ar.lev.paket)), key=lambda i: ar.lev.paket[i].version):
        if not ar.regel[i]:
            ar.i_kraft[ar.lev.paket[i].sand] = i


def tackning(ar: list[Ar], av: Avsandare, kommuner: int) -> Arr:
    """[municipality, year, dataset]: approved, as every part must be that has delivered the year, stopped ones too."""
    out = np.zeros((kommuner, len(ar), len(ar[0].lev.datasets)), dtype=bool)
    for y, one in enumerate(ar):
        sends = np.unique(one.lev.sand)
        lacking = [s for s in sends.tolist() if s not in one.i_kraft]
        out[av.kommun[sends], y] = True
        out[av.kommun[np.array(lacking, dtype=np.int64)], y] = False
    return out


def paket_rader(ar: Ar, av: Avsandare) -> list[tuple[object, ...]]:
    """Rows of the truth table leverans."""
    lev, n = ar.lev, len(ar.lev.paket)
    ends = {
        d: [np.bincount(lev.rader[d]["pkg"][m], minlength=n) for m in (u.lastad, u.karantan, u.skyddad)]
        for d, u in ar.utfall.items()
    }
    total = {d: lev.mottagna(d) for d in lev.datasets}
    out: list[tuple[object, ...]] = []
    for i, p in enumerate(lev.paket):
        rule = ar.regel[i]
        for d in lev.datasets:
            count = (0, 0, 0, int(total[d][i])) if rule else (*(int(c[i]) for c in ends[d]), 0)
            status = "stoppad" if rule else "godkand"
            out.append((*_namn(p, av), d, status, rule or None, int(total[d][i]), *count))
    return out


def _namn(p: Paket, av: Avsandare) -> tuple[object, ...]:
    return av.kod(p.sand), av.stadsdel[p.sand], str(p.ar), p.version, p.namn


def sen(p: Paket) -> bool:
    """A first delivery received when the deadline has passed."""
    return p.version == 1 and p.mottagen >= frist(p.ar).timestamp()


def regel_rader(ar: Ar, av: Avsandare) -> list[tuple[object, ...]]:
    """Rows of the truth table regelutfall: (row, rule) pairs in packages not stopped, and late ones (GEN-06)."""
    lev = ar.lev
    late = [p for p, rule in zip(lev.paket, ar.regel, strict=True) if not rule and sen(p)]
    out: list[tuple[object, ...]] = [(*_namn(p, av), None, "GEN-06", 0) for p in late]
    for dataset, u in ar.utfall.items():
        for rule, fell in sorted(u.regler.items()):
            count = np.bincount(lev.rader[dataset]["pkg"][fell], minlength=len(lev.paket))
            places = [int(i) for i in np.flatnonzero(count) if not ar.regel[int(i)]]
            out += [(*_namn(lev.paket[i], av), dataset, rule, int(count[i])) for i in places]
    return out


def kraft_rader(ar: Ar, av: Avsandare) -> list[tuple[object, ...]]:
    """Rows of the truth table i_kraft."""
    rows = {d: ar.lev.mottagna(d) for d in ar.lev.datasets}
    return [
        (av.kod(sand), av.stadsdel[sand], d, str(ar.lev.ar), ar.lev.paket[i].namn, int(rows[d][i]))
        for sand, i in sorted(ar.i_kraft.items())
        for d in ar.lev.datasets
    ]
