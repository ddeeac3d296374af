"""Families: who lives in a household when its first spell begins.

Belongs here: types, ages, sexes, children and identity kinds, drawn from the parameter file. Does not belong
here: what happens to the family later (handelser), nor when it has aid (perioder).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, TypeVar

import numpy as np

from pipelines.synthetic.koder import BARNROLL, HINDER, MEDSOKANDE, RESERV, SOKANDE, START_YEAR, Arr
from pipelines.synthetic.nummer import birth_date, slots

NEVER, ALWAYS = -9999, 9999
_T = TypeVar("_T")


@dataclass
class Familjer:
    """Per family: type code at the start, unknown type or not, months of its first and last aid."""

    typ: Arr
    okand: Arr
    first: Arr
    last: Arr


@dataclass
class Personer:
    """Per person: birth year, sex, id kind, country code (index of FODD_UTRIKES), two hinder and the month
    between.
    """

    fodelsear: Arr
    kon: Arr
    id_typ: Arr
    fodd_utrikes: Arr
    hinder: Arr
    hinder_sedan: Arr
    byter: Arr


@dataclass
class Medlemmar:
    """Who is in which family, as what, from month to month (inclusive)."""

    familj: Arr
    person: Arr
    roll: Arr
    fran: Arr
    till: Arr


def stack(parts: list[_T]) -> _T:
    """Dataclasses of arrays after one another."""
    kind: Callable[..., _T] = type(parts[0])
    names = [f.name for f in fields(parts[0])]  # type: ignore[arg-type]
    return kind(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in names})


def take(rows: _T, index: Arr) -> _T:
    """The places or mask of a dataclass of arrays."""
    kind: Callable[..., _T] = type(rows)
    return kind(**{f.name: getattr(rows, f.name)[index] for f in fields(rows)})  # type: ignore[arg-type]


def pick(rng: np.random.Generator, share: Any, count: int) -> Arr:
    """Indices drawn with the given shares."""
    weight = np.array(list(share), dtype=float)
    edges = np.cumsum(weight / weight.sum())
    return np.minimum(np.searchsorted(edges, rng.random(count), side="right"), len(weight) - 1)


def _ages(rng: np.random.Generator, bins: list[list[float]], count: int) -> Arr:
    chosen = pick(rng, [b[2] for b in bins], count)
    low = np.array([b[0] for b in bins])[chosen]
    high = np.array([b[1] for b in bins])[chosen]
    return np.asarray(low + np.floor(rng.random(count) * (high - low + 1)), dtype=np.int64)


class _Builder:
    """Draws the families of one bakgrund in one municipality."""

    def __init__(self, grupp: str, first: Arr, rng: np.random.Generator, par: dict[str, Any], months: int) -> None:
        self.grupp, self.rng, self.par, self.months = grupp, rng, par, months
        share = par["hushallstyp_andel"][grupp]
        self.typ = np.array(list(share))[pick(rng, share.values(), len(first))]
        self.year = START_YEAR + first // 12
        self.with_children = np.isin(self.typ, (1, 4, 6, 8))
        self.pair = np.isin(self.typ, (7, 8))

    def _person(self, year: Arr, kon: Arr, utrikes: Arr) -> Personer:
        n, rng = len(year), self.rng
        share = self.par["hinder_andel"][self.grupp]
        codes = np.array([HINDER.index(code) for code in share], dtype=np.int8)
        change = rng.random(n) < self.par["hinder_byter_andel"]
        return Personer(
            fodelsear=year.astype(np.int16),
            kon=kon.astype(np.int8),
            id_typ=pick(rng, self.par["id_typ_andel"][self.grupp], n).astype(np.int8),
            fodd_utrikes=utrikes.astype(np.int8),
            hinder=codes[pick(rng, share.values(), n)],
            hinder_sedan=codes[pick(rng, share.values(), n)],
            byter=np.where(change, rng.integers(0, max(self.months, 1), n), ALWAYS).astype(np.int16),
        )

    def _country(self, count: int, chance: float) -> Arr:
        """Index of FODD_UTRIKES: native group 0 or unknown, foreign group 1 with the given chance."""
        u = self.rng.random(count)
        if self.grupp == "inrikes":
            return np.where(u < self.par["fodd_utrikes_okand"]["okand"], 2, 0)
        return np.where(u < chance, 1, 0)

    def adults(self) -> tuple[Personer, Personer, Arr]:
        """Applicants of all families, co-applicants of the pairs, age of the younger adult per family."""
        rng, par, n = self.rng, self.par, len(self.typ)
        bins = par["alder_sokande"]
        age = np.where(self.with_children, _ages(rng, bins["barn"], n), _ages(rng, bins["ovriga"], n))
        man = np.where(self.pair, rng.random(n) < par["man_soker_i_par"], np.isin(self.typ, (3, 4)))
        kon = np.where(man, 1, 2)
        second = self.pair
        age2 = np.clip(age[second] + np.rint(rng.normal(0, 4, int(second.sum()))), 19, 90).astype(np.int64)
        same = rng.random(len(age2)) < par["par_av_samma_kon"]
        kon2 = np.where(same, kon[second], 3 - kon[second])
        younger = age.copy()
        younger[second] = np.minimum(age[second], age2)
        first = self._person(self.year - age, kon, self._country(n, 1.0))
        other = self._country(len(age2), par["andra_vuxen_utrikes"])
        return first, self._person(self.year[second] - age2, kon2, other), younger

    def children(self, younger: Arr) -> tuple[Personer, Arr]:
        """Children and the family of each; a few are born after the spell begins."""
        rng = self.rng
        count = np.where(self.with_children, pick(rng, self.par["antal_barn_andel"][self.grupp], len(self.typ)) + 1, 0)
        count[self.typ == 1] = 1
        family = np.repeat(np.arange(len(count)), count)
        oldest = np.clip(younger[family] - 18, 0, 17)
        age = np.floor(rng.random(len(family)) * (oldest + 1.5) - 0.5).astype(np.int64)
        age = np.where(self.typ[family] == 1, rng.integers(10, 17, len(family)), age)
        kon = rng.integers(1, 3, len(family))
        children = self._person(self.year[family] - age, kon, np.zeros(len(family)))
        return self._twice(children, family)

    def _twice(self, children: Personer, family: Arr) -> tuple[Personer, Arr]:
        """The children and, after them, a few once more under a reservnummer; in the foreign group at least one."""
        u = np.where((children.id_typ != RESERV) & (self.typ[family] != 1), self.rng.random(len(family)), 1.0)
        least = u.min(initial=1.0) if self.grupp == "utrikes" else 0.0
        again = np.flatnonzero((u < 1.0) & (u <= max(self.par["dubbelregistrerat_barn_andel"], least)))
        old = Personer(**{f.name: getattr(children, f.name)[again] for f in fields(children)})
        old.id_typ[:] = RESERV
        return stack([children, old]), np.concatenate([family, family[again]])


def build(
    grupp: str, first: Arr, last: Arr, rng: np.random.Generator, par: dict[str, Any], months: int
) -> tuple[Familjer, Personer, Medlemmar]:
    """Families of one bakgrund, their persons and members, numbered from 0 within the group."""
    b = _Builder(grupp, first, rng, par, months)
    sokande, medsokande, younger = b.adults()
    barn, child_family = b.children(younger)
    families = np.arange(len(first))
    family = np.concatenate([families, families[b.pair], child_family])
    roll = np.repeat([SOKANDE, MEDSOKANDE, BARNROLL], [len(families), int(b.pair.sum()), len(child_family)])
    persons = np.arange(len(family))
    present = ~((roll == SOKANDE) & (b.typ[family] == 1))  # children alone have no adult
    n = int(present.sum())
    members = Medlemmar(family[present], persons[present], roll[present], np.full(n, NEVER), np.full(n, ALWAYS))
    okand = rng.random(len(first)) < par["okand_hushallstyp_andel"]
    return Familjer(b.typ, okand, first, last), stack([sokande, medsokande, barn]), members


def birth(personer: Personer) -> tuple[Arr, Arr]:
    """Slot and birth date (YYYYMMDD) of every person; reservnummer share the ordinary walk."""
    kind = np.where(personer.id_typ == RESERV, 0, personer.id_typ)
    slot = slots(personer.fodelsear, personer.kon, kind)
    return slot, birth_date(personer.fodelsear, slot)
