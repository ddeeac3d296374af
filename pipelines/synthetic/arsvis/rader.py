"""The rows of every package of one source and year, as typed arrays: what the files will say, before it is text.

Belongs here: which packages may hold an event, cut at the day of extraction, and what an incomplete version lacks. Does
not belong here: which events a source sends (each society's rader), planted faults (radfel), text (text), judgement
(facit_*). A column is named as in the file; beside them stand pkg (place in paket), the person and src.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from pipelines.synthetic.arsvis.avsandare import Avsandare
from pipelines.synthetic.arsvis.doman import Doman
from pipelines.synthetic.arsvis.plan import Paket
from pipelines.synthetic.arsvis.tal import OPPEN, TOM, Rows, ars_dagar, take
from pipelines.synthetic.koder import RESERV, Arr, ranges

_SECONDS = 86400  # a reservnummer n stands in the arrays as -n


@dataclass
class Leveranser:
    """All packages of one source and year and their rows, ordered by package."""

    doman: Doman
    kalla: str
    ar: int
    paket: list[Paket]
    rader: dict[str, Rows] = field(default_factory=dict)

    @property
    def datasets(self) -> tuple[str, ...]:
        return self.doman.kallor[self.kalla]

    @property
    def sand(self) -> Arr:
        return np.array([p.sand for p in self.paket], dtype=np.int64)

    def mottagna(self, dataset: str) -> Arr:
        return np.bincount(self.rader[dataset]["pkg"], minlength=len(self.paket))


class Urval:
    """Events of a year beside the packages that may hold them."""

    def __init__(
        self, lev: Leveranser, personer: Rows, av: Avsandare, rng: np.random.Generator, par: dict[str, Any]
    ) -> None:
        self.lev, self.personer, self.av, self.rng, self.par = lev, personer, av, rng, par
        self.jan, self.dec = ars_dagar(lev.ar)
        self.partial = np.array([p.innehall == "ofullstandig" for p in lev.paket], dtype=bool)
        received = np.array([p.mottagen for p in lev.paket], dtype=np.int64) // _SECONDS
        by_kommun = np.random.default_rng(len(av.koder)).random(len(av.koder))
        cut = by_kommun[av.kommun[lev.sand]] < par["mottagning"]["tomda_slut"]
        self.uttag = np.where(cut, self.dec, received - 1)

    def copies(self, events: Arr, person: Arr) -> tuple[Arr, Arr]:
        """(package, event) of the given events of the given persons, for every package of their sender."""
        sand = self.personer["sand"][person]
        order = np.argsort(sand, kind="stable")
        low = np.searchsorted(sand[order], self.lev.sand)
        count = np.searchsorted(sand[order], self.lev.sand, side="right") - low
        return np.repeat(np.arange(len(low)), count), events[order][ranges(low, count)]

    def kvar(self, pkg: Arr, event: Arr, start: Arr) -> Arr:
        """Which an incomplete version holds: of what began in the year a few are missing, the same in every dataset."""
        dice = (event * 7919 + self.lev.ar * 31) % 1000 < 1000 * self.par["innehall"]["saknas"]
        return np.asarray(~(self.partial[pkg] & dice & (start >= self.jan)))

    def sista(self, pkg: Arr, event: Arr, slut: Arr) -> Arr:
        """Last days as the package tells them: empty after the day of extraction, and where they are forgotten."""
        dice = (event * 104_729 + self.lev.ar * 17) % 1000 < 1000 * self.par["innehall"]["pagar"]
        forgotten = self.partial[pkg] & dice
        return np.where((slut > self.uttag[pkg]) | forgotten, OPPEN, slut)

    def personrader(self, pkg: Arr, person: Arr) -> Rows:
        """One row per package and person of the other rows, with the cells all layouts share."""
        keys = np.unique(pkg.astype(np.int64) << 32 | person)
        return self.person(keys >> 32, keys & ((1 << 32) - 1))

    def person(self, pkg: Arr, person: Arr) -> Rows:
        b, name = take(self.personer, person), self.lev.doman.person
        reserv = b["id_typ"] == RESERV
        kommun = self.av.kommun[b["sand"]]
        tells = reserv | (kommun % 3 == 0)  # every third municipality states what the number says
        return {
            "pkg": pkg.astype(np.int64),
            name: person.astype(np.int64),
            f"{name}_id": b["id"] * 2,
            "personnummer": np.where(reserv, -self._reservnummer(b, kommun), b["nummer"]),
            "id_typ": b["id_typ"],
            "fodelsear": np.where(tells, b["fodelsear"], TOM),
            "kon_kod": np.where(tells, b["kon"] - 1, TOM),
            "skyddad": b["skyddad"],
        }

    def _reservnummer(self, b: Rows, kommun: Arr) -> Arr:
        """Numbered anew every year and in every municipality, so that they recur as other persons'."""
        reserv = self.personer["id_typ"] == RESERV
        senders = self.av.kommun[self.personer["sand"][reserv]]
        count = np.bincount(senders, minlength=len(self.av.koder))[kommun]
        return np.asarray((b["reserv_plats"] + 3 * (self.lev.ar % 100)) % np.maximum(count, 1) + 1)


def tom(lev: Leveranser) -> None:
    """Leave out the dataset of the packages that say, or do not say, that it is empty."""
    for dataset in lev.datasets:
        gone = np.array([p.tomd == dataset for p in lev.paket], dtype=bool)
        if gone.any():
            lev.rader[dataset] = take(lev.rader[dataset], ~gone[lev.rader[dataset]["pkg"]])
