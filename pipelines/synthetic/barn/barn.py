"""Children: who they are, with their numbers, sexes, siblings and countries.

Belongs here: drawing the persons around given years of birth, and joining them into one list. Does not belong here:
what happens to them (vard, arenden). They are not the children of ekonomiskt bistånd's households.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pipelines.synthetic.arsvis.tal import Rows
from pipelines.synthetic.familjer import pick
from pipelines.synthetic.koder import Arr


def draw(rng: np.random.Generator, sand: Arr, fodelsear: Arr, ensam: Arr, familj: Arr, par: dict[str, Any]) -> Rows:
    """Children of the given senders, years of birth and families."""
    n, e = len(sand), par["ensamkommande"]
    boy = rng.random(n) < np.where(ensam, e["pojkar"], 0.52)
    kind = np.where(ensam, pick(rng, e["id_typ"], n), pick(rng, par["id_typ_andel"], n))
    vh, land = par["vardnadshavare"], par["fodelseland"]
    countries = {
        f"{who}_fodelseland_kod": _land(rng, np.where(ensam, 0, 1), land[key], n)
        for who, key in (("barn", "barn"), ("foralder1", "foralder"), ("foralder2", "foralder"))
    }
    return {
        "sand": sand.astype(np.int64),
        "familj": familj.astype(np.int64),
        "fodelsear": fodelsear.astype(np.int64),
        "kon": np.where(boy, 1, 2),
        "id_typ": kind.astype(np.int64),
        "ensamkommande": ensam.astype(np.int64),
        "skyddad": (rng.random(n) < par["skyddad_andel"]).astype(np.int64),
        "vardnadshavare_kod": np.where(ensam, pick(rng, vh["ensamkommande"], n), pick(rng, vh["barn"], n)),
        **countries,
    }


def _land(rng: np.random.Generator, sweden: Arr, share: list[float], count: int) -> Arr:
    """Country group, -1 where the cell is empty; an unaccompanied child and its parents are from far away."""
    drawn = pick(rng, share, count)
    return np.where(drawn == len(share) - 1, -1, np.where(sweden == 1, drawn, np.maximum(drawn, 3)))
