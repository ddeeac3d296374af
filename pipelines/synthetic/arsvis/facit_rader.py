"""The truth about rows of yearly deliveries: the rules every layout has, comparing rows, and where a row ends.

Belongs here: an independent reading of the general row rules and of protection, on the generator's typed cells. Does
not belong here: a source's own rules (each society's facit_rader), package rules and history (facit_paket), anything
imported from the real gate. Source: docs/reference/barn_och_unga.md section 5.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.synthetic.arsvis.doman import Layout
from pipelines.synthetic.arsvis.rader import Leveranser
from pipelines.synthetic.arsvis.tal import OPPEN, TOM, Rows, take
from pipelines.synthetic.koder import RESERV, Arr, ranges
from pipelines.synthetic.nummer import luhn_digit

Regler = dict[str, Arr]


@dataclass
class Utfall:
    """Of one dataset: rule -> rows it fell on; and each row's end (exactly one of the three)."""

    regler: Regler
    karantan: Arr
    skyddad: Arr
    lastad: Arr


def nyckel(rows: Rows, *columns: str) -> Arr:
    """A package and some numbers as one number per distinct combination."""
    table = np.stack([rows["pkg"], *(rows[c] for c in columns)], axis=1)
    return np.asarray(np.unique(table, axis=0, return_inverse=True)[1].reshape(-1))


def flera(key: Arr) -> Arr:
    """Rows whose key occurs more than once."""
    return np.asarray(np.bincount(key)[key] > 1) if len(key) else np.zeros(0, dtype=bool)


def hos(rows: Rows, other: Rows, *columns: str) -> tuple[Arr, Arr]:
    """For each row the place of one of the other's with the same package and columns, and whether there is one."""
    mine, theirs = (np.stack([r["pkg"], *(r[c] for c in columns)], axis=1) for r in (rows, other))
    code = np.unique(np.concatenate([mine, theirs]), axis=0, return_inverse=True)[1].reshape(-1)
    at = np.full(len(code) + 1, -1)
    at[code[len(mine) :]] = np.arange(len(theirs))
    place = at[code[: len(mine)]]
    return np.maximum(place, 0), place >= 0


def par_inom(key: Arr) -> tuple[Arr, Arr]:
    """All pairs of places with the same key, each once."""
    order = np.argsort(key, kind="stable")
    ends = np.searchsorted(key[order], key[order], side="right")
    count = ends - np.arange(len(key)) - 1
    first = np.repeat(np.arange(len(key)), count)
    second = ranges(np.arange(len(key)) + 1, count)
    return order[first], order[second]


def markta(n: int, *places: Arr) -> Arr:
    """True in the places, of n."""
    out = np.zeros(n, dtype=bool)
    for place in places:
        out[place] = True
    return out


def lasta_koder(layout: Layout, rows: Rows, skip: tuple[str, ...] = ()) -> tuple[Arr, dict[str, Arr]]:
    """GEN-14 of a layout's code columns, and per column whether its cell can be read."""
    n = len(rows["pkg"])
    fell, good = np.zeros(n, dtype=bool), {}
    for column, kind in layout.items():
        if kind[0] == "kod":
            bad = rows[column] >= len(kind[1])
            good[column] = ~bad & (rows[column] != TOM)
            fell |= bad & (column not in skip)
    return fell, good


def tomma(rows: Rows, *columns: str) -> Arr:
    """GEN-25: a required cell is empty."""
    return np.asarray(np.any([rows[c] == (OPPEN if c.endswith("datum") else TOM) for c in columns], axis=0))


def nummer_ok(rows: Rows) -> Arr:
    """Numbers whose check digit is right; a reservnummer has none."""
    number = np.maximum(rows["personnummer"], 0)
    return np.asarray((rows["id_typ"] == RESERV) | (luhn_digit(number // 10 % 10**9) == number % 10))


def person_regler(rows: Rows) -> Regler:
    """GEN-10 and GEN-11 of rows that hold a person's number."""
    ok, reserv = nummer_ok(rows), rows["id_typ"] == RESERV
    number = np.maximum(rows["personnummer"], 0)
    year = (rows["fodelsear"] != TOM) & (rows["fodelsear"] != number // 10**8)
    sex = (rows["kon_kod"] != TOM) & (rows["kon_kod"] != 1 - number // 10 % 2)
    return {"GEN-10": ~ok, "GEN-11": ok & ~reserv & (year | sex)}


def tva_beteckningar(rows: Rows, beteckning: str) -> Arr:
    """BU-18, MIS-04: the same number on two designations in the package."""
    ok = nummer_ok(rows)
    number = nyckel(rows, "id_typ", "personnummer")
    pair = np.unique(np.stack([number, rows[beteckning]], axis=1)[ok], axis=0)
    many = np.bincount(pair[:, 0], minlength=int(number.max(initial=0)) + 1) > 1
    return np.asarray(ok & many[number]) if len(number) else ok


def ar_begransat(dagar: Arr) -> Arr:
    """The year of each day, also of one that never comes."""
    return np.asarray(
        np.minimum(dagar, 100_000).astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    )


def i_aret(slut: Arr, dec: int) -> Arr:
    """Last days as they are read: one after the year is empty."""
    return np.where(slut > dec, OPPEN, slut)


def asido(regler: Regler, varningar: frozenset[str]) -> Arr:
    """Rows on which some rule that sets aside has fallen."""
    return np.asarray(np.any([rows for rule, rows in regler.items() if rule not in varningar], axis=0))


def borta(rows: Rows, other: Rows, gone: Arr, *columns: str) -> Arr:
    """Rows whose parent, or one of its copies, is set aside."""
    lost = {"pkg": other["pkg"][gone], **{c: other[c][gone] for c in columns}}
    return hos(rows, lost, *columns)[1]


def utfall(lev: Leveranser, regler: dict[str, Regler]) -> dict[str, Utfall]:
    """The end of every row: set aside, kept at the gate because the person is protected, or loaded."""
    person = lev.doman.person_id
    hidden = [
        take(rows, rows["skyddad"] == 1) for rows in map(lev.rader.__getitem__, lev.datasets) if "skyddad" in rows
    ]
    out = {}
    for dataset, fell in regler.items():
        rows = lev.rader[dataset]
        aside = asido(fell, lev.doman.varningar)
        kept = np.zeros(len(aside), dtype=bool)
        for shielded in hidden if person in rows else ():
            kept |= hos(rows, shielded, person)[1]
        kept &= ~aside
        out[dataset] = Utfall(fell, aside, kept, ~aside & ~kept)
    return out
