"""The truth about one municipality's numbers: cells of the indicators per year or month, from rows in force.

Belongs here: persons, months and households counted by the definitions of docs/reference/ekonomiskt_bistand.md and
readings R12, R20-R22. Does not belong here: whether the year counts, and sums over län and riket (facit_geo).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.synthetic.facit_paket import Omdome
from pipelines.synthetic.facit_rader import Utfall
from pipelines.synthetic.koder import GRUPPER, HINDER_GRUPP, MEDSOKANDE, START_YEAR, TOM3, Arr
from pipelines.synthetic.mal import AGE_LIMITS
from pipelines.synthetic.rader import Leveranser, Rows, take
from pipelines.synthetic.samhalle import Samhalle

LONG = 10  # months of a year that make aid long-lasting


@dataclass
class KommunTal:
    """Counts of one municipality. Axes: year, sex (man, kvinna), age group or code."""

    personer: Arr  # [year, 2, 4]
    ursprung: Arr  # [year, 3] codes 0, 1, 9
    langvarig: Arr  # [year, 2, 4]
    belopp: Arr  # [month] öre
    hinder: Arr  # [year, 2, 5]
    okand: Arr  # [year, 2] adult-months without hinder, adult-months
    skyddade: Arr  # [month, 2] households, persons


@dataclass
class _PersonYear:
    """One row per person and year, in the order of (person, year); start = its first month row."""

    year: Arr
    kon: Arr
    grupp: Arr
    start: Arr
    months: Arr


def _in_force(lev: Leveranser, omdome: Omdome) -> Arr:
    out = np.zeros(len(lev.paket), dtype=bool)
    out[list(omdome.i_kraft.values())] = True
    return out


def _month_rows(lev: Leveranser, utfall: dict[str, Utfall], force: Arr) -> tuple[Rows, Rows]:
    """Household rows in force with aid, and one row per person and month with aid (R12)."""
    h = take(lev.hushall, utfall["eb_hushall"].lastad & force[lev.hushall["pkg"]] & (lev.hushall["ore"] > 0))
    p = take(lev.person, utfall["eb_person"].lastad & force[lev.person["pkg"]])
    aid = h["pkg"].astype(np.int64) << 32 | h["hid"]
    p = take(p, np.isin(p["pkg"].astype(np.int64) << 32 | p["hid"], aid))
    month = np.array([x.manad for x in lev.paket], dtype=np.int64)
    h["month"], p["month"] = month[h["pkg"]], month[p["pkg"]]
    order = np.lexsort((p["hid"], p["roll"], p["month"], p["person"]))
    p = take(p, order)
    again = (p["person"][1:] == p["person"][:-1]) & (p["month"][1:] == p["month"][:-1])
    return h, take(p, np.r_[True, ~again][: len(order)])


def _person_years(s: Samhalle, p: Rows) -> _PersonYear:
    year = p["month"] // 12
    new = np.r_[True, (p["person"][1:] != p["person"][:-1]) | (year[1:] != year[:-1])][: len(year)]
    start = np.flatnonzero(new)
    person, year = p["person"][start], year[start]
    age = year + START_YEAR - s.personer.fodelsear[person]
    group = np.searchsorted(AGE_LIMITS, age, side="right")
    months = np.diff(np.r_[start, len(new)])
    return _PersonYear(year, s.personer.kon[person].astype(np.int64) - 1, group, start, months)


def _count(shape: tuple[int, ...], *axes: Arr) -> Arr:
    flat = np.ravel_multi_index(axes, shape) if len(axes[0]) else np.zeros(0, dtype=np.int64)
    return np.bincount(flat, minlength=int(np.prod(shape))).reshape(shape)


def _origin(p: Rows, py: _PersonYear) -> Arr:
    """Last non-empty fodd_utrikes of the year, else 9 (place 2)."""
    if not len(py.start):
        return np.zeros(0, dtype=np.int64)
    at = np.where(p["fu"] != TOM3, np.arange(len(p["fu"])), -1)
    last = np.maximum.reduceat(at, py.start)
    return np.where(last >= 0, p["fu"][last], 2).astype(np.int64)


def _hinder(p: Rows, py: _PersonYear, years: int) -> tuple[Arr, Arr]:
    """Persons by their commonest group, and adult-months without and in all."""
    mine = np.repeat(np.arange(len(py.start)), py.months)
    adult = (p["roll"] <= MEDSOKANDE) & (py.grupp[mine] > 0)
    group = HINDER_GRUPP[p["fh"]].astype(np.int64)
    per_person = _count((len(py.start), len(GRUPPER)), mine[adult], group[adult])
    known = per_person[:, :4]
    commonest = np.where(known.any(axis=1), known.argmax(axis=1), 4)
    has = per_person.any(axis=1)
    persons = _count((years, 2, len(GRUPPER)), py.year[has], py.kon[has], commonest[has])
    of_year = py.year[mine[adult]]
    unknown = _count((years,), of_year[group[adult] == 4])
    return persons, np.stack([unknown, _count((years,), of_year)], axis=1)


def _protected(lev: Leveranser, utfall: dict[str, Utfall], force: Arr, months: int) -> Arr:
    month = np.array([x.manad for x in lev.paket], dtype=np.int64)
    out = np.zeros((months, 2), dtype=np.int64)
    for place, dataset in enumerate(("eb_hushall", "eb_person")):
        pkg = lev.rows(dataset)["pkg"]
        out[:, place] = np.bincount(month[pkg[utfall[dataset].skyddad & force[pkg]]], minlength=months)
    return out


def tally(s: Samhalle, lev: Leveranser, utfall: dict[str, Utfall], omdome: Omdome, months: int) -> KommunTal:
    """All counts of one municipality over `months` months (whole years are counted as far as they go)."""
    force, years = _in_force(lev, omdome), -(-months // 12)
    h, p = _month_rows(lev, utfall, force)
    py = _person_years(s, p)
    hinder, okand = _hinder(p, py, years)
    long = py.months >= LONG
    belopp = np.zeros(months, dtype=np.int64)
    np.add.at(belopp, h["month"], h["ore"])
    return KommunTal(
        personer=_count((years, 2, 4), py.year, py.kon, py.grupp),
        ursprung=_count((years, 3), py.year, _origin(p, py)),
        langvarig=_count((years, 2, 4), py.year[long], py.kon[long], py.grupp[long]),
        belopp=belopp,
        hinder=hinder,
        okand=okand,
        skyddade=_protected(lev, utfall, force, months),
    )


def nothing(months: int) -> KommunTal:
    """A municipality that sent nothing."""
    years = -(-months // 12)
    shape = {
        "personer": (years, 2, 4),
        "ursprung": (years, 3),
        "langvarig": (years, 2, 4),
        "belopp": (months,),
    }
    shape |= {"hinder": (years, 2, 5), "okand": (years, 2), "skyddade": (months, 2)}
    return KommunTal(**{name: np.zeros(size, dtype=np.int64) for name, size in shape.items()})
