"""Random streams and inhabitants by age, for every yearly society.

Belongs here: the streams and the population seed. Does not belong here: what is drawn with them.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from pipelines.synthetic.koder import Arr
from pipelines.synthetic.mal import Referens

STROM = 2014  # all random streams of the yearly societies begin with the seed and this number


def strom(fro: int, number: int) -> np.random.Generator:
    """One of their own random streams; those of ekonomiskt bistånd are never touched. barn has 1-8 and 1000-9999,
    missbruk 11-19 and 10 000-19 999.
    """
    return np.random.default_rng([fro, STROM, number])


def befolkning(folder: Path, ref: Referens, granser: tuple[int, ...]) -> Arr:
    """[municipality, sex, age group]: inhabitants; a group begins at each limit but the last, which ends them all."""
    place = {kod: k for k, kod in enumerate(ref.kommuner)}
    out = np.zeros((len(place), 2, len(granser) - 1), dtype=np.int64)
    with (folder / "befolkning.csv").open(encoding="utf-8", newline="") as file:
        rows = [r for r in csv.DictReader(file) if r["kommun_kod"] in place]
    rows = [r for r in rows if granser[0] <= int(r["alder"]) < granser[-1]]
    group = np.searchsorted(granser, [int(r["alder"]) for r in rows], side="right") - 1
    where = (np.array([place[r["kommun_kod"]] for r in rows]), np.array([int(r["kon_kod"]) - 1 for r in rows]), group)
    np.add.at(out, where, [int(r["antal"]) for r in rows])
    return out
