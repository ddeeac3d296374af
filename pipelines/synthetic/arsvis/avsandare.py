"""Who sends yearly deliveries, and the numbers of the persons they send.

Belongs here: municipalities and their stadsdelar, numbers unique within a municipality. Does not belong here: who the
persons are (each society's own room).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.synthetic.arsvis.tal import Rows, dag_av, order_within, stack
from pipelines.synthetic.koder import RESERV, SAMORDNING, Arr
from pipelines.synthetic.mal import Referens
from pipelines.synthetic.nummer import birth_date, number, slots


@dataclass(frozen=True)
class Avsandare:
    """Who sends: places in the list of municipalities, stadsdel codes ('' = the whole) and shares of the persons."""

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


def number_them(parts: list[Rows], av: Avsandare) -> list[Rows]:
    """All persons with birthdays and numbers: a number is one person's in a municipality, and recurs in others. A
    reservnummer has no number here: it is given anew every year.
    """
    alla = stack(parts)
    kommun = av.kommun[alla["sand"]]
    kind = np.where(alla["id_typ"] == SAMORDNING, SAMORDNING, 0)
    slot = slots(alla["fodelsear"], alla["kon"], kind, kommun)
    day = birth_date(alla["fodelsear"], slot)
    alla["fodd"] = dag_av(day)
    own = number(alla["fodelsear"], slot, alla["kon"], alla["id_typ"])
    reserv = alla["id_typ"] == RESERV
    alla["nummer"] = np.where(reserv, 0, own)
    alla["reserv_plats"] = np.where(reserv, order_within(np.where(reserv, kommun, -1)), 0)
    ends = np.cumsum([len(part["sand"]) for part in parts])
    return [{n: c[a:b] for n, c in alla.items()} for a, b in zip(np.r_[0, ends[:-1]], ends, strict=True)]


def identiteter(rows: Rows, sand: Arr) -> None:
    """A number within the sender for each row: what its designations are made of, the same all years."""
    rows["id"] = order_within(sand) + 1
