"""Faults planted in single rows of yearly deliveries: choosing the rows, and the faults that any layout can have.

Belongs here: what knows of no source's own columns. Does not belong here: a source's own faults (each society's
radfel), which rule the spoiled row falls on (facit_rader), faults of whole packages (plan, text). A fault is planted at
least once a year where a row allows it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np

from pipelines.synthetic.arsvis.doman import Doman
from pipelines.synthetic.arsvis.rader import Leveranser
from pipelines.synthetic.arsvis.tal import OPPEN, TOM, Rows, ars_dagar, stack, take
from pipelines.synthetic.koder import RESERV, Arr

Par: TypeAlias = dict[str, tuple[str, str]]
Fel: TypeAlias = Callable[["Planterare", str], None]
_ANDRA = 1  # added to the designation of a person who has two


class Planterare:
    """Spoils rows of one source and year. koder: dataset -> the column that gets an unknown code and the one that is
    emptied; spann: dataset -> its first and last day; sedda: faults already planted, when once in all the years is
    enough.
    """

    def __init__(
        self,
        lev: Leveranser,
        rng: np.random.Generator,
        par: dict[str, Any],
        koder: Par,
        spann: Par,
        fel: dict[str, Fel], sedda: set[tuple[str, str]] | None = None,
    ) -> None:  # fmt: skip
        self.lev, self.rng, self.par = lev, rng, par["radfel"]
        self.jan, self.dec = ars_dagar(lev.ar)
        first = [1.0 if p.version == 1 and not p.brist else 0.1 if not p.brist else 0.0 for p in lev.paket]
        self.weight = np.array(first)
        self.koder, self.spann, self.fel, self.sedda = koder, spann, fel, sedda
        self.taken: dict[str, Arr] = {}

    def run(self) -> None:
        for dataset in self.lev.datasets:
            self.taken[dataset] = np.zeros(len(self.lev.rader[dataset]["pkg"]), dtype=bool)
        for dataset in self.lev.datasets:
            for kind in self.par.get(dataset, {}):
                self.fel[kind](self, dataset)
        for dataset in self.lev.datasets:
            rows = self.lev.rader[dataset]
            self.lev.rader[dataset] = take(rows, np.argsort(rows["pkg"], kind="stable"))

    def choose(self, dataset: str, kind: str, able: Arr) -> Arr:
        """Places of the rows to spoil, none of them spoiled before."""
        rows = self.lev.rader[dataset]
        able = able & ~self.taken[dataset] & (self.weight[rows["pkg"]] > 0)
        chosen = able & (self.rng.random(len(able)) < self.par[dataset][kind] * self.weight[rows["pkg"]])
        needed = self.sedda is None or (dataset, kind) not in self.sedda
        if able.any() and not chosen.any() and needed:
            chosen[self.rng.choice(np.flatnonzero(able))] = True
        if self.sedda is not None and chosen.any():
            self.sedda.add((dataset, kind))
        self.taken[dataset] |= chosen
        return np.flatnonzero(chosen)

    def put(self, dataset: str, kind: str, column: str, value: Arr | int, able: Arr | None = None) -> Arr:
        """Write a value in a column of the chosen rows."""
        rows = self.lev.rader[dataset]
        places = self.choose(dataset, kind, np.ones(len(rows["pkg"]), dtype=bool) if able is None else able)
        rows[column][places] = value[places] if isinstance(value, np.ndarray) else value
        return places

    def add(self, dataset: str, rows: Rows) -> None:
        self.lev.rader[dataset] = stack([self.lev.rader[dataset], rows])
        self.taken[dataset] = np.r_[self.taken[dataset], np.ones(len(rows["pkg"]), dtype=bool)]


def okand_kod(doman: Doman, dataset: str, column: str) -> int:
    """The place after the last code of the column's list: it is written as a code nobody knows."""
    return len(doman.layout[dataset][column][1])


def _gen_10(p: Planterare, dataset: str) -> None:
    rows = p.lev.rader[dataset]
    number = rows["personnummer"]
    p.put(dataset, "GEN-10", "personnummer", number // 10 * 10 + (number + 1) % 10, rows["id_typ"] != RESERV)


def _gen_11(p: Planterare, dataset: str) -> None:
    rows = p.lev.rader[dataset]
    p.put(dataset, "GEN-11", "fodelsear", rows["personnummer"] // 10**8 + 1, rows["id_typ"] != RESERV)


def _gen_12(p: Planterare, dataset: str) -> None:
    rows = p.lev.rader[dataset]
    p.add(dataset, take(rows, p.choose(dataset, "GEN-12", np.ones(len(rows["pkg"]), dtype=bool))))


def _gen_14(p: Planterare, dataset: str) -> None:
    column = p.koder[dataset][0]
    p.put(dataset, "GEN-14", column, okand_kod(p.lev.doman, dataset, column))


def _gen_15(p: Planterare, dataset: str) -> None:
    start, slut = p.spann[dataset]
    rows = p.lev.rader[dataset]
    p.put(dataset, "GEN-15", slut, rows[start] - 2, rows[slut] != OPPEN)


def _gen_25(p: Planterare, dataset: str) -> None:
    column = p.koder[dataset][1]
    p.put(dataset, "GEN-25", column, OPPEN if column.endswith("datum") else TOM)


def tva_beteckningar(p: Planterare, dataset: str, kind: str) -> None:
    """The same person under two designations, every other of its events (by `insats_id`) under the second."""
    person, name = p.lev.doman.person, p.lev.doman.person_id
    rows = p.lev.rader[dataset]
    twin = take(rows, p.choose(dataset, kind, rows["id_typ"] != RESERV))
    chosen = twin["pkg"] << 32 | twin[person]
    twin[name] = twin[name] + _ANDRA
    p.add(dataset, twin)
    for other in p.lev.datasets:
        events = p.lev.rader[other]
        if "insats_id" in events:
            moved = np.isin(events["pkg"] << 32 | events[person], chosen) & (events["insats_id"] % 2 == 1)
            events[name] = events[name] + _ANDRA * moved


ALLMANNA: dict[str, Fel] = {
    "GEN-10": _gen_10,
    "GEN-11": _gen_11,
    "GEN-12": _gen_12,
    "GEN-14": _gen_14,
    "GEN-15": _gen_15,
    "GEN-25": _gen_25,
}


def _utr_01(p: Planterare, dataset: str) -> None:
    rows = p.lev.rader[dataset]
    p.put(dataset, "UTR-01", "aktualisering_datum", rows["utredning_start_datum"] + 1)


def _utr_03(p: Planterare, dataset: str) -> None:
    p.put(dataset, "UTR-03", "beslut_kod", TOM, p.lev.rader[dataset]["utredning_slut_datum"] != OPPEN)


def _utr_05(p: Planterare, dataset: str) -> None:
    p.put(dataset, "UTR-05", "utredning_start_datum", p.dec + 2, p.lev.rader[dataset]["utredning_slut_datum"] == OPPEN)


UTREDNING: dict[str, Fel] = {"UTR-01": _utr_01, "UTR-03": _utr_03, "UTR-05": _utr_05}  # of whatever is investigated
