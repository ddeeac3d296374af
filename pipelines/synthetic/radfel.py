"""Planted faults in rows: wrong values put into the typed arrays before they become text.

Belongs here: choosing rows and changing cells. Does not belong here: what a gate should say about it; the
truth reads the resulting cells and judges them itself (facit_rader).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pipelines.synthetic.koder import (
    AR_BAD,
    AR_BASE,
    AR_TOM,
    BARN,
    BARNROLL,
    FH_FLERA,
    FH_OKAND,
    HINDER,
    RESERV,
    SOKANDE,
    START_YEAR,
    TYP,
    TYP_FRI,
    TYP_GOOD,
    Arr,
)
from pipelines.synthetic.nummer import reserved_slots, sex
from pipelines.synthetic.plan import Paket
from pipelines.synthetic.rader import Leveranser, Rows, minor_numbers, take, year_of
from pipelines.synthetic.radfel_sarskilda import (
    LARGEST_AMOUNT,
    OLDEST_CLOSING,
    birthdays,
    free_text,
    limits,
    undeclared,
)

NONE = -1
_SWAP = dict(zip(("3", "4", "5", "6", "7", "8"), ("4", "3", "6", "5", "8", "7"), strict=True))
_PAIR = dict(zip(("3", "4", "5", "6", "7", "8"), ("7", "8", "7", "8", "3", "4"), strict=True))


def _mapping(pairs: dict[str, str]) -> Arr:
    return np.array([TYP.index(pairs.get(t, t)) for t in TYP], dtype=np.int8)


def _kinds(pkg: Arr, share: dict[str, float], factor: Arr, rng: np.random.Generator) -> Arr:
    """Which fault (place in share) each row gets, mostly none."""
    edges = np.cumsum(list(share.values()))
    drawn = np.searchsorted(edges, rng.random(len(pkg)) / np.maximum(factor[pkg], 1e-12), side="right")
    return np.where(drawn < len(edges), drawn, NONE)


_ESCALATING = {"GEN-10": (9, 0.004), "GEN-14": (9, 0.002), "GEN-12": (4, 0.002)}  # rows: at most, or share


def _hold_back(kind: Arr, pkg: Arr, names: list[str], packages: int) -> None:
    """Chance alone must not stop a package: far fewer than the share that escalates, or fewer than ten."""
    size = np.bincount(pkg, minlength=packages)
    for name, (few, share) in _ESCALATING.items():
        if name not in names:
            continue
        rows = np.flatnonzero(kind == names.index(name))
        order = np.arange(len(rows)) - np.searchsorted(pkg[rows], pkg[rows])
        kind[rows[order >= np.maximum(few, share * size)[pkg[rows]]]] = NONE


def _force(kind: Arr, pkg: Arr, place: int, fault: int, rng: np.random.Generator, exact: int = 0) -> None:
    """Give many rows of one package the same fault: `exact` of them, or 3 percent and at least twelve."""
    rows = np.flatnonzero(pkg == place)
    if exact:
        kind[rows[kind[rows] == fault]] = NONE
    free = rows[kind[rows] == NONE]
    count = exact or max(12, -(-3 * len(rows) // 100))
    kind[rng.permutation(free)[:count]] = fault


class Faults:
    """Applies the faults of one municipality's packages."""

    def __init__(self, lev: Leveranser, rng: np.random.Generator, par: dict[str, Any]) -> None:
        self.lev, self.rng, self.share = lev, rng, par["radfel"]
        level = float(np.exp(rng.normal(0, self.share["sigma"]) - self.share["sigma"] ** 2 / 2))
        later = np.array([p.version > 1 for p in lev.paket], dtype=bool)
        self.factor = level * np.where(later, self.share["rattelse"], 1.0)

    def _plan(self, dataset: str, rows: Rows) -> dict[str, Arr]:
        share = self.share[dataset]
        kind = _kinds(rows["pkg"], share, self.factor, self.rng)
        names = list(share)
        _hold_back(kind, rows["pkg"], names, len(self.lev.paket))
        for place, paket in enumerate(self.lev.paket):
            self._force_package(kind, rows["pkg"], place, paket, dataset, names)
        return {name: np.flatnonzero(kind == i) for i, name in enumerate(names)}

    def _force_package(self, kind: Arr, pkg: Arr, place: int, paket: Paket, dataset: str, names: list[str]) -> None:
        target = {
            "esk_GEN-10": "person",
            "esk_GEN-12": "person",
            "esk_GEN-14": "hushall",
            "nara_GEN-10": "person",
        }
        if target.get(paket.brist) == dataset:
            fault = names.index(paket.brist.split("_")[1])
            _force(kind, pkg, place, fault, self.rng, exact=9 if paket.brist.startswith("nara") else 0)

    def _any(self, rows: Arr, *values: int) -> Arr:
        return np.array(values)[self.rng.integers(0, len(values), len(rows))]

    def households(self) -> None:
        h = self.lev.hushall
        at = self._plan("hushall", h)
        h["typ"][at["EB-01"]] = self._any(at["EB-01"], *range(TYP_GOOD, TYP_FRI))
        half = self.rng.random(len(at["EB-02"])) < 0.5
        self._wrong_children(h, at["EB-02"][half])
        h["typ"][at["EB-02"][~half]] = _mapping(_SWAP)[h["typ"][at["EB-02"][~half]]]
        h["typ"][at["EB-03"]] = _mapping(_PAIR)[h["typ"][at["EB-03"]]]
        self._amount_faults(h, at["EB-04"])
        self._large_amounts(h, at["EB-05"])
        self._untyped(h, at["GEN-25"])
        h["utr"][at["GEN-14"]] = 3
        some = at["EB-15"][(h["barn"][at["EB-15"]] > 0) | (h["typ"][at["EB-15"]] == TYP.index("9"))]
        h["barn"][some] += 1
        times = np.ones(len(h["pkg"]), dtype=np.int64)
        times[at["GEN-12"]], times[at["saknas"]] = 2, 0
        self.lev.hushall = take(h, np.repeat(np.arange(len(times)), times))

    def _wrong_children(self, h: Rows, rows: Arr) -> None:
        alone = np.isin(h["typ"][rows], [TYP.index(t) for t in ("3", "5", "7")])
        h["barn"][rows] = np.where(alone, 1, 0)

    def _amount_faults(self, h: Rows, rows: Arr) -> None:
        """Negative anywhere, zero only in a first delivery (it is allowed in corrections)."""
        first = np.array([p.version == 1 for p in self.lev.paket], dtype=bool)[h["pkg"][rows]]
        zero = first & (self.rng.random(len(rows)) < 0.5)
        h["ore"][rows[zero]] = 0
        h["bf"][rows[~zero]] = 3

    def _large_amounts(self, h: Rows, rows: Arr) -> None:
        """Exactly at the limit, one öre above it, or ten times too much."""
        which = self.rng.integers(0, 3, len(rows))
        tenfold = np.maximum(h["ore"][rows] * 10, LARGEST_AMOUNT + 100)
        h["ore"][rows] = np.where(which == 2, tenfold, LARGEST_AMOUNT + which)

    def _untyped(self, h: Rows, rows: Arr) -> None:
        which = self.rng.integers(0, 6, len(rows))
        h["bf"][rows[which < 2]] = which[which < 2] + 1
        middle = (which >= 2) & (which < 5)
        h["barn"][rows[middle]] = len(BARN) - 3 + which[middle] - 2
        h["utr"][rows[which == 5]] = 4

    def persons(self) -> None:
        p = self.lev.person
        at = self._plan("person", p)
        self._break_numbers(p, at["GEN-10"][p["idt"][at["GEN-10"]] != RESERV])
        self._misstated(p, at["GEN-11"][p["idt"][at["GEN-11"]] != RESERV])
        self._unknown_codes(p, at["GEN-14"])
        self._empty_cells(p, at["GEN-25"])
        adult = at["EB-06"][p["roll"][at["EB-06"]] != BARNROLL]
        p["fh"][adult] = self._any(adult, *range(FH_FLERA, len(HINDER)))
        self._too_young(p, at["EB-13"][p["roll"][at["EB-13"]] == SOKANDE])
        times = np.ones(len(p["pkg"]), dtype=np.int64)
        times[at["GEN-12"]] = times[at["EB-14"]] = 2
        lost = np.zeros(len(times), dtype=bool)
        lost[at["EB-14"]] = True
        index = np.repeat(np.arange(len(times)), times)
        second = np.r_[False, index[1:] == index[:-1]] & lost[index]
        self.lev.person = take(p, index)
        self.lev.person["hid"][second] = len(self.lev.hid_text) - 1

    def _break_numbers(self, p: Rows, rows: Arr) -> None:
        """Three ways: wrong check digit, month 13, one digit short."""
        old, index = np.unique(p["nr"][rows] * 3 + self.rng.integers(0, 3, len(rows)), return_inverse=True)
        source, way = self.lev.nummer.text[old // 3], old % 3
        wrong = (source.astype(np.int64) // 10 * 10 + (source.astype(np.int64) + 1) % 10).astype("S12")
        month = np.array([t[:4] + b"13" + t[6:] for t in source.tolist()], dtype="S12")
        text = np.where(way == 0, wrong, np.where(way == 1, month, source.astype("S11").astype("S12")))
        places = self.lev.nummer.extend(text, np.zeros(len(text), dtype=np.int64), False)
        p["nr"][rows] = places[index]

    def _misstated(self, p: Rows, rows: Arr) -> None:
        """Sex, birth year or both stated against the number; sometimes only the other one, and rightly."""
        nr, own = p["nr"][rows], self.lev.nummer
        kon, year = sex(own.text[nr]), own.fdat[nr] // 10000
        which = self.rng.integers(0, 4, len(rows))
        off = self._any(rows, -10, -1, 1)
        p["kk"][rows] = np.select([which == 0, which == 1, which == 2], [3 - kon, kon, 3 - kon], kon)
        p["fa"][rows] = np.select([which == 0, which == 3], [AR_TOM, year - AR_BASE], year + off - AR_BASE)

    def _unknown_codes(self, p: Rows, rows: Arr) -> None:
        """An unknown code in one column; for a child any code at all where the cell should be empty."""
        which = self.rng.integers(0, 6, len(rows))
        child = p["roll"][rows] == BARNROLL
        bad = {"roll": 3, "sky": 2, "kk": 3, "fu": 4, "ins": 4, "fh": FH_OKAND}
        for place, (column, value) in enumerate(bad.items()):
            mine = which == place
            good = 0 if column in ("fu", "ins", "fh") else value
            p[column][rows[mine]] = np.where(child[mine], good, value)

    def _empty_cells(self, p: Rows, rows: Arr) -> None:
        reserv = p["idt"][rows] == RESERV
        which = np.where(reserv, self.rng.integers(3, 7, len(rows)), self.rng.integers(0, 5, len(rows)))
        p["nr"][rows[which == 0]] = self.lev.nummer.tomt
        p["roll"][rows[which == 1]] = 4
        p["sky"][rows[which == 2]] = 3
        p["fa"][rows[which == 3]] = AR_BAD
        p["fa"][rows[which == 4]] = 1899 - AR_BASE
        p["fa"][rows[which == 5]] = AR_TOM
        p["kk"][rows[which == 6]] = 0

    def _too_young(self, p: Rows, rows: Arr) -> None:
        year = year_of(self.lev, p["pkg"][rows]) - self.rng.integers(11, 17, len(rows))
        kon = np.where(self.rng.random(len(rows)) < 0.5, 1, 2)
        p["kk"][rows] = np.where(p["kk"][rows] == 0, 0, kon)
        minor_numbers(self.lev, rows, reserved_slots(len(rows), year), year, kon)

    def closings(self) -> None:
        a = self.lev.avslut
        at = self._plan("avslut", a)
        received = np.array([p.mottagen // 86400 for p in self.lev.paket], dtype="datetime64[D]")
        early = self.rng.random(len(at["GEN-16"])) < 0.5
        future = received[a["pkg"][at["GEN-16"]]] + 40
        a["dag"][at["GEN-16"]] = np.where(early, np.datetime64("1817-03-05"), future)
        a["dag"][at["EB-10"]] = self._long_ago(a["t"][at["EB-10"]])
        a["orsak"][at["GEN-14"]] = 10
        which = self.rng.integers(1, 5, len(at["GEN-25"]))
        a["df"][at["GEN-25"][which < 4]] = which[which < 4]
        a["orsak"][at["GEN-25"][which == 4]] = 9
        times = np.ones(len(a["pkg"]), dtype=np.int64)
        times[at["GEN-12"]] = 2
        self.lev.avslut = take(a, np.repeat(np.arange(len(times)), times))

    def _long_ago(self, month: Arr) -> Arr:
        """A day four (still in order) or five months before the reporting month, its first and last day among them."""
        since_1970 = month.astype(np.int64) + (START_YEAR - 1970) * 12
        then = (since_1970 - OLDEST_CLOSING - self.rng.integers(0, 2, len(month))).astype("datetime64[M]")
        last = (then + 1).astype("datetime64[D]") - 1
        return np.where(self.rng.random(len(month)) < 0.5, then.astype("datetime64[D]"), last)


def plant(lev: Leveranser, rng: np.random.Generator, par: dict[str, Any]) -> None:
    """Plant all faults in the municipality's packages, in place."""
    faults = Faults(lev, rng, par)
    faults.households()
    faults.persons()
    faults.closings()
    limits(lev, rng)
    birthdays(lev, rng, par["radfel"]["manadsskifte"])
    undeclared(lev, rng)
    free_text(lev, rng)
