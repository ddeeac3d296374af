"""Adults: who they are.

Belongs here: drawing the persons around the day of their first case. Does not belong here: what happens to them
(arenden, intervjuer, tvang), their numbers (arsvis.avsandare).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pipelines.synthetic.arsvis.tal import Rows, ar_av
from pipelines.synthetic.familjer import pick
from pipelines.synthetic.koder import Arr


def draw(sand: Arr, dag: Arr, rng: np.random.Generator, par: dict[str, Any], alder: dict[str, Any], man: float) -> Rows:
    """Persons of the given senders whose first case is on the given days."""
    n, limits = len(sand), np.array(alder["granser"])
    group = pick(rng, alder["andel"], n)
    age = limits[group] + np.floor(rng.random(n) * (limits[group + 1] - limits[group])).astype(np.int64)
    return {
        "sand": sand.astype(np.int64),
        "fodelsear": ar_av(dag) - age,
        "kon": np.where(rng.random(n) < man, 1, 2),
        "id_typ": pick(rng, par["id_typ_andel"], n).astype(np.int64),
        "skyddad": (rng.random(n) < par["skyddad_andel"]).astype(np.int64),
    }
