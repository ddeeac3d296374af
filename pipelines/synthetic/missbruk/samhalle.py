"""The whole society of adults with substance use, of all municipalities at once.

Belongs here: drawing the parts from separate random streams, identities within each sender. Does not belong here: any
part itself (arenden, intervjuer, tvang, matningar), what is delivered of it (rader).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from pipelines.synthetic.arsvis.avsandare import Avsandare, identiteter, number_them
from pipelines.synthetic.arsvis.folk import strom
from pipelines.synthetic.arsvis.tal import Rows, dag, stack
from pipelines.synthetic.koder import Arr
from pipelines.synthetic.missbruk import arenden, intervjuer, matningar, tvang
from pipelines.synthetic.missbruk.personer import draw

ALDERSGRANSER = (21, 30, 50, 65, 200)  # the population's groups, each from its limit to the next


@dataclass
class Samhalle:
    """What truly is. klient: one row per person, those of the voluntary first."""

    av: Avsandare
    klient: Rows
    ar: range
    arenden: arenden.Arenden
    asi: intervjuer.Intervjuer
    lvm: tvang.Tvang
    isu: Rows


def _frivilliga(
    vuxna: Arr, av: Avsandare, lokala: Arr, fro: int, par: dict[str, Any], skala: float, ar: range
) -> tuple[Rows, Arr]:
    """Persons with a first case in municipalities with local follow-up, without numbers, and the day of it."""
    rng, p = strom(fro, 11), par["arenden"]
    years = len(ar) + 1.75
    level = np.exp(rng.normal(0, p["sigma"], len(vuxna)))
    mean = (vuxna * level)[av.kommun] * av.andel * p["per_1000"] / 1000 * years * skala
    count = rng.poisson(np.where(lokala[av.kommun], mean, 0.0))
    n = int(count.sum())
    day = dag(f"{ar[0] - 2}-07-01") + np.floor(rng.random(n) * years * 365.25).astype(np.int64)
    return draw(np.repeat(np.arange(len(count)), count), day, rng, par, par["alder"], par["man"]), day


def simulera(folk: Arr, av: Avsandare, ar: range, skala: float, fro: int, par: dict[str, Any], lokala: Arr) -> Samhalle:
    """The society that touches the years; folk [municipality, sex, age group], lokala: per municipality whether it has
    local follow-up.
    """
    vuxna = folk.sum(axis=(1, 2)).astype(float)
    free, first = _frivilliga(vuxna, av, lokala, fro, par, skala, ar)
    forced, applied = tvang.personer(vuxna, av, strom(fro, 12), par, skala, ar)
    klient = stack(number_them([free, forced], av))
    a = arenden.simulera(first, strom(fro, 13), par, ar[-1])
    asi = intervjuer.simulera(a, arenden.doda(a, len(first)), strom(fro, 14), par)
    lvm = tvang.simulera(len(first), applied, a, strom(fro, 15), par)
    isu = matningar.simulera(a, strom(fro, 16), par)
    identiteter(klient, klient["sand"])
    for rows in (a.utredning, a.insats, asi.rader, lvm.ansokan, lvm.omhandertagande, lvm.utskrivning):
        identiteter(rows, klient["sand"][rows["klient"]])
    return Samhalle(av, klient, ar, a, asi, lvm, isu)
