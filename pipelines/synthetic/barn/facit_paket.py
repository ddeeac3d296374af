"""The truth about packages of bu that its own rules stop: BU-01 and BU-07.

Belongs here: an independent reading of the two. Does not belong here: what stops any package (arsvis.facit_paket).
Source: docs/reference/barn_och_unga.md section 5.
"""

from __future__ import annotations

import numpy as np

from pipelines.synthetic.arsvis.facit_paket import Ar, Egen
from pipelines.synthetic.arsvis.facit_rader import hos
from pipelines.synthetic.arsvis.rader import Leveranser
from pipelines.synthetic.arsvis.tal import ars_dagar
from pipelines.synthetic.koder import Arr


def foraldralosa(lev: Leveranser) -> Arr:
    """BU-01 of each package: an insats of no child, or a placement in no insats of its child."""
    out = np.zeros(len(lev.paket), dtype=bool)
    barn, insats, placering = (lev.rader[d] for d in lev.datasets[:3])
    out[insats["pkg"][~hos(insats, barn, "barn_id")[1]]] = True
    out[placering["pkg"][~hos(placering, insats, "insats_id", "barn_id")[1]]] = True
    return out


def _oppna(fore: Ar, place: int) -> set[tuple[int, int]]:
    """Keys of the loaded placements that go on after the year of the package in force."""
    rows = fore.gallande("bu_placering")
    going = (rows["pkg"] == place) & (rows["placering_slut_datum"] > ars_dagar(fore.lev.ar)[1])
    return set(zip(rows["insats_id"][going].tolist(), rows["placering_nr"][going].tolist(), strict=True))


def _nycklar(lev: Leveranser, place: int) -> set[tuple[int, int]]:
    rows = lev.rader["bu_placering"]
    mine = rows["pkg"] == place
    return set(zip(rows["insats_id"][mine].tolist(), rows["placering_nr"][mine].tolist(), strict=True))


def _ensam(lev: Leveranser) -> list[str]:
    return ["BU-01" if lost else "" for lost in foraldralosa(lev).tolist()]


def _efter(fore: Ar, in_force: int, lev: Leveranser, place: int) -> str:
    return "BU-07" if _oppna(fore, in_force) - _nycklar(lev, place) else ""


BU = Egen(_ensam, _efter)
