"""Children: who they are, with their numbers, sexes, siblings and countries.

Belongs here: drawing the persons around given years of birth, and joining them into one list. Does not belong here:
what happens to them (vard, arenden). They are not the children of ekonomiskt bistånd's households.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from pipelines.synthetic.barn.koder import Rows, order_within, stack
from pipelines.synthetic.familjer import pick
from pipelines.synthetic.koder import RESERV, SAMORDNING, Arr
from pipelines.synthetic.mal import Referens
from pipelines.synthetic.nummer import birth_date, number, slots


@dataclass(frozen=True)
class Avsandare:
    """Who sends: places in the list of municipalities, stadsdel codes ('' = the whole) and shares of the children."""

    kommun: Arr
    stadsdel: tuple[str, ...]
    andel: Arr
    koder: tuple[str, ...]  # kommun_kod per municipality

    def kod(self, sand: int) -> str:
        return self.koder[int(self.kommun[sand])]


def avsandare(ref: Referens, parts: dict[str, dict[str, float]]) -> Avsandare:
    """Every municipality, or its stadsdelar."""
    rows = [
        (k, code, share / sum(parts.get(kod, {"": 1.0}).values()))
        for k, kod in enumerate(ref.kommuner)
        for code, share in parts.get(kod, {"": 1.0}).items()
    ]
    kommun, stadsdel, andel = zip(*rows, strict=True)
    return Avsandare(np.array(kommun), stadsdel, np.array(andel), ref.kommuner)


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


def number_them(parts: list[Rows], av: Avsandare) -> list[Rows]:
    """All children with birthdays and numbers: a number is one child's in a municipality, and recurs in others. A
    reservnummer has no number here: it is given anew every year.
    """
    alla = stack(parts)
    kommun = av.kommun[alla["sand"]]
    kind = np.where(alla["id_typ"] == SAMORDNING, SAMORDNING, 0)
    slot = slots(alla["fodelsear"], alla["kon"], kind, kommun)
    day = birth_date(alla["fodelsear"], slot)
    alla["fodd"] = _day_number(day)
    own = number(alla["fodelsear"], slot, alla["kon"], alla["id_typ"])
    reserv = alla["id_typ"] == RESERV
    alla["nummer"] = np.where(reserv, 0, own)
    alla["reserv_plats"] = np.where(reserv, order_within(np.where(reserv, kommun, -1)), 0)
    ends = np.cumsum([len(part["sand"]) for part in parts])
    return [{n: c[a:b] for n, c in alla.items()} for a, b in zip(np.r_[0, ends[:-1]], ends, strict=True)]


def _day_number(yyyymmdd: Arr) -> Arr:
    """Days since 1970 of dates written as integers."""
    year, month, day = yyyymmdd // 10000, yyyymmdd // 100 % 100, yyyymmdd % 100
    first = ((year - 1970) * 12 + month - 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    return np.asarray(first + day - 1)
