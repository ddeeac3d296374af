"""The whole society of children: persons, care, open care and local measures of all municipalities at once.

Belongs here: drawing the parts from separate random streams, identities within each sender, population. Does not belong
here: any part itself (vard, arenden), what is delivered of it (rader).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from pipelines.synthetic.arsvis.avsandare import Avsandare, identiteter, number_them
from pipelines.synthetic.arsvis.folk import strom
from pipelines.synthetic.arsvis.tal import Rows, stack, take
from pipelines.synthetic.barn import arenden, uppfoljning, vard
from pipelines.synthetic.koder import Arr
from pipelines.synthetic.mal import Referens

ALDERSGRANSER = (7, 13, 18, 21)


@dataclass
class Samhalle:
    """What truly is. barn: one row per child; insats and placering: care around the clock with true last days;
    mangd [sender, year, kind, sex, age group]: children with open care; arenden and uppf (needs found in uppf_behov):
    of the municipalities with local follow-up.
    """

    av: Avsandare
    barn: Rows
    insats: Rows
    placering: Rows
    mangd: Arr
    ar: range
    arenden: arenden.Arenden
    uppf: Rows
    uppf_behov: Arr


def _mangd(folk: Arr, av: Avsandare, ar: range, skala: float, rng: np.random.Generator, par: dict[str, Any]) -> Arr:
    """Open care: children with at least one measure and by kind, never more of a kind than of all."""
    p = par["oppenvard"]
    rate = np.array(p["per_1000"]) / 1000 * np.array([1.0, p["flickor"]])[:, None]
    mean = folk[av.kommun] * av.andel[:, None, None] * rate * skala * np.exp(rng.normal(0, 0.25, (len(av.andel), 1, 1)))
    some = rng.poisson(np.repeat(mean[:, None], len(ar), axis=1))
    kinds = [rng.binomial(some, share) for share in p["typ"]]
    lacking = np.maximum(some - sum(kinds), 0)  # everyone has at least one of the kinds
    kinds[1] = np.minimum(kinds[1] + lacking, some)
    return np.stack([some, *kinds], axis=2)


def hem_kommun(kommun: Arr, hem: Arr, av: Avsandare, lan: Arr, par: dict[str, Any]) -> Arr:
    """kommun_kod as a number of where each home lies, 9999 abroad: the same for all who live there."""
    p = par["vistelse"]
    dice = (kommun * 7919 + hem * 104_729) % 9973
    edges = np.cumsum([p["egen"], p["lanet"], p["utanfor"]]) * 9973
    kind = np.searchsorted(edges, dice, side="right")
    by_lan = np.argsort(lan, kind="stable")
    first = np.searchsorted(lan[by_lan], lan[kommun])
    count = np.bincount(lan)[lan[kommun]]
    near, far = by_lan[first + dice % count], (kommun + dice) % len(lan)
    place = np.select([kind == 0, kind == 1], [kommun, near], far)
    codes = np.array([int(kod) for kod in av.koder])
    return np.where(kind == 3, 9999, codes[place])


def simulera(
    ref: Referens, folk: Arr, av: Avsandare, ar: range, skala: float, fro: int, par: dict[str, Any], lokala: Arr
) -> Samhalle:
    """The society that touches the years; folk [municipality, sex, age group], lokala: per municipality whether it has
    local follow-up.
    """
    rng, folk_0_20, of_sender = strom(fro, 1), folk.sum(axis=(1, 2)).astype(float), lokala[av.kommun]
    entries, placed = vard.intag(folk_0_20, av, rng, par, skala, ar[-1])
    family, first = arenden.familjer(folk_0_20, av, of_sender, strom(fro, 6), par, skala, ar)
    family, placed = number_them([family, placed], av)
    insats, placering = vard.simulera(entries, placed, rng, par, ar[0] - 1, ar[-1])
    barn = stack([family, placed])
    for rows in (insats, placering):
        rows["barn"] = rows["barn"] + len(first)
    identiteter(barn, barn["sand"])
    identiteter(insats, barn["sand"][insats["barn"]])
    kommun = av.kommun[barn["sand"][placering["barn"]]]
    lan = np.unique(ref.lan, return_inverse=True)[1]
    placering["vistelse"] = hem_kommun(kommun, placering["hem"], av, lan, par)
    care = take(insats, of_sender[barn["sand"][insats["barn"]]])
    local = arenden.simulera(barn, first, care, strom(fro, 7), par, ar[-1])
    uppf, found = uppfoljning.simulera(local, strom(fro, 8), par, ar[0])
    for rows in (local.aktualisering, local.utredning, local.insats):
        identiteter(rows, barn["sand"][rows["barn"]])
    mangd = _mangd(folk, av, ar, skala, strom(fro, 2), par)
    return Samhalle(av, barn, insats, placering, mangd, ar, local, uppf, found)
