"""Follow-ups of local measures: when, by whom they are lost, what they say.

Belongs here: the true follow-ups, whose loss depends on the outcome. Does not belong here: the measures themselves
(arenden) and what is delivered (rader_lokal).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pipelines.synthetic.arsvis.tal import TOM, Rows, dag, order_within
from pipelines.synthetic.barn.arenden import Arenden
from pipelines.synthetic.barn.koder import EJ_UTRETT, OPPEN_INSATS
from pipelines.synthetic.koder import Arr

_MOST = 24
BATTRE, LIKA, SAMRE = range(3)


def simulera(a: Arenden, rng: np.random.Generator, par: dict[str, Any], fran: int) -> tuple[Rows, Arr]:
    """Follow-ups from the year before `fran`, with the needs they find [follow-up, area]."""
    ins = a.insats
    begin = np.maximum(ins["start"], dag(f"{fran - 1}-01-01"))
    step = np.where(ins["kod"] == OPPEN_INSATS, rng.integers(50, 150, len(begin)), rng.integers(120, 195, len(begin)))
    count = np.clip((ins["slut"] - begin) // step + 1, 0, _MOST)
    place = np.repeat(np.arange(len(begin)), count)
    turn = order_within(place) + 1
    day = begin[place] + turn * step[place] + rng.integers(-12, 13, len(place))
    last = day >= ins["slut"][place] - 10
    day = np.where(last, ins["slut"][place] + rng.integers(-3, 20, len(place)), day)
    day = np.minimum(day, dagar_slut(ins["slut"][place]))  # a measure is not sent again after its year
    held = rng.random(len(place)) < np.array(par["insats"]["uppfoljs"])[ins["utfall"][place]]
    keep = held & (day >= ins["start"][place])
    place, day, last = place[keep], day[keep], last[keep]
    kind = np.where(last, 2, np.where(ins["kod"][place] == OPPEN_INSATS, 0, rng.integers(0, 2, len(place))))
    rows = {"barn": ins["barn"][place], "insats": place, "dag": day, "typ": kind}
    order = np.lexsort((day, place))
    nr = np.empty(len(order), dtype=np.int64)
    nr[order] = order_within(place[order]) + 1
    outcome = ins["utfall"][place]
    return rows | {"nr": nr} | _mal(outcome, rng), _nu(a.behov[ins["utr"][place]], outcome, rng)


def dagar_slut(day: Arr) -> Arr:
    """The last day of each day's year."""
    year = day.astype("datetime64[D]").astype("datetime64[Y]")
    return np.asarray((year + 1).astype("datetime64[D]").astype(np.int64) - 1)


def _mal(outcome: Arr, rng: np.random.Generator) -> Rows:
    """Goals, and how many are met in whole and in part."""
    n = len(outcome)
    goals = rng.integers(0, 5, n)
    met = np.where(rng.random(n) < np.array([0.45, 0.15, 0.03])[outcome], goals, rng.binomial(goals, 0.3))
    part = np.where(outcome == SAMRE, 0, rng.binomial(goals - met, 0.5))
    none = rng.random(n) < 0.1
    quiet = (met == 0) & (part == 0) & (rng.random(n) < 0.2)  # goals without a word of how they went
    values = {"mal_antal": goals, "mal_uppfyllda": np.where(quiet, TOM, met), "mal_delvis": np.where(quiet, TOM, part)}
    return {name: np.where(none, TOM, value) for name, value in values.items()}


def _nu(start: Arr, outcome: Arr, rng: np.random.Generator) -> Arr:
    """Needs now: lower in half of the areas for those who are better, higher in some for those who are not."""
    known = np.where(start == EJ_UTRETT, 1, start)
    u = rng.random(start.shape)
    better = known - ((u < 0.5) & (known > 0))
    worse = known + ((u < 0.4) & (known < 2))
    same = np.where(u < 0.08, np.maximum(known - 1, 0), known)
    out = np.select([(outcome == BATTRE)[:, None], (outcome == LIKA)[:, None]], [better, same], worse)
    return np.where(rng.random(start.shape) < 0.12, EJ_UTRETT, out)
