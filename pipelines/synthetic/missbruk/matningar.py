"""Systematic follow-up of municipalities' own: repeated measures of some measures.

Belongs here: the true measurements. Does not belong here: interviews (intervjuer), what is delivered (rader).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pipelines.synthetic.arsvis.tal import Rows
from pipelines.synthetic.missbruk.arenden import BATTRE, SAMRE, Arenden
from pipelines.synthetic.missbruk.koder import MATT, SKALA


def simulera(a: Arenden, rng: np.random.Generator, par: dict[str, Any]) -> Rows:
    """Measurements: insats (its place), matt, tillfalle, dag, varde within the scale."""
    p, ins = par["isu"], a.insats
    chosen = np.flatnonzero(rng.random(len(ins["klient"])) < p["andel"])
    insats = np.repeat(chosen, p["matt"])
    n = len(insats)
    matt = (np.tile(rng.integers(0, len(MATT), len(chosen)), (p["matt"], 1)).T + np.arange(p["matt"])).reshape(
        -1
    ) % len(MATT)
    start, slut = ins["start"][insats], ins["slut"][insats]
    days = np.stack([start + 2, (start + slut) // 2 + 3, np.maximum(slut, start + 6), slut + 90], axis=1)
    held = rng.random((n, 4)) < np.array(p["tillfalle"])
    low, high = (np.array(limit)[matt] for limit in zip(*SKALA, strict=True))
    outcome = a.utredning["utfall"][ins["utr"][insats]]
    step = np.where(outcome == BATTRE, 0.3, np.where(outcome == SAMRE, -0.15, 0.02))
    level = rng.uniform(0.15, 0.6, n)[:, None] + step[:, None] * np.array([0.0, 0.5, 1.0, 1.0])
    value = low[:, None] + np.round(np.clip(level, 0, 1) * (high - low)[:, None]).astype(np.int64)
    at, when = np.nonzero(held)
    return {"klient": ins["klient"][insats[at]], "insats": insats[at], "matt": matt[at], "tillfalle": when,
            "dag": days[at, when], "varde": value[at, when]}  # fmt: skip
