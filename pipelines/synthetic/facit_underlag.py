"""What the truth counts on: household-months and person-months in force, in an order that makes counting simple.

Belongs here: which rows are in force with aid, one row per person and month (R12), person-years. Does not belong
here: any indicator (facit_kommun, facit_hushall, facit_avslut).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.synthetic.facit_paket import Omdome
from pipelines.synthetic.facit_rader import Utfall
from pipelines.synthetic.koder import SOKANDE, START_YEAR, Arr
from pipelines.synthetic.mal import AGE_LIMITS
from pipelines.synthetic.rader import Leveranser, Rows, take
from pipelines.synthetic.samhalle import Samhalle

MONTHS = 1 << 20  # room for the month in a key of something and month


@dataclass
class PersonYear:
    """One row per person and year, in the order of (person, year); start = its first month row."""

    year: Arr
    kon: Arr
    grupp: Arr
    start: Arr
    months: Arr

    @property
    def of_month(self) -> Arr:
        """The person-year of every person-month."""
        return np.repeat(np.arange(len(self.start)), self.months)


@dataclass
class Underlag:
    """Rows in force of one municipality. hushall: bidragsmånader; person: one row per person and month with aid, in
    the order of (person, month); sokande_*: the applicants' rows, ordered by key (household, month). The column hus is
    the household: a hushall_id of a stadsdel.
    """

    i_kraft: Arr  # of each package: of all its months, or of none
    hushall: Rows
    person: Rows
    sokande_nyckel: Arr
    sokande_person: Arr


def count(shape: tuple[int, ...], *axes: Arr) -> Arr:
    """How many rows have each combination of places."""
    flat = np.ravel_multi_index(axes, shape) if len(axes[0]) else np.zeros(0, dtype=np.int64)
    return np.bincount(flat, minlength=int(np.prod(shape))).reshape(shape)


def month_key(what: Arr, month: Arr) -> Arr:
    """Something and a month in one number, ordered by both."""
    return np.asarray(what.astype(np.int64) * MONTHS + month)


def age_group(fodelsear: Arr, year: Arr) -> Arr:
    """0-3: child, 18-24, 25-64, 65 or more in the year (counted from START_YEAR)."""
    return np.searchsorted(AGE_LIMITS, year + START_YEAR - fodelsear, side="right")


def _in_force(lev: Leveranser, omdome: Omdome) -> Arr:
    out = np.zeros(len(lev.paket), dtype=bool)
    out[list(omdome.i_kraft.values())] = True
    return out


def underlag(lev: Leveranser, utfall: dict[str, Utfall], omdome: Omdome) -> Underlag:
    """Household rows in force with aid, and one row per person and month with aid (R12)."""
    force = _in_force(lev, omdome)
    h = take(lev.hushall, utfall["eb_hushall"].lastad & force[lev.hushall["pkg"]] & (lev.hushall["ore"] > 0))
    p = take(lev.person, utfall["eb_person"].lastad & force[lev.person["pkg"]])
    for rows in (h, p):
        rows["hus"], rows["month"] = lev.household(rows), rows["t"].astype(np.int64)
    p = take(p, np.isin(month_key(p["hus"], p["month"]), month_key(h["hus"], h["month"])))
    applicant = np.flatnonzero(p["roll"] == SOKANDE)
    key = month_key(p["hus"][applicant], p["month"][applicant])
    by_key = np.argsort(key)
    sokande = key[by_key], p["person"][applicant][by_key]
    order = np.lexsort((p["hus"], p["roll"], p["month"], p["person"]))
    p = take(p, order)
    again = (p["person"][1:] == p["person"][:-1]) & (p["month"][1:] == p["month"][:-1])
    return Underlag(force, h, take(p, np.r_[True, ~again][: len(order)]), *sokande)


def person_years(s: Samhalle, p: Rows) -> PersonYear:
    """Persons of each year; a reservnummer is one person a year, so this holds for it too."""
    year = p["month"] // 12
    new = np.r_[True, (p["person"][1:] != p["person"][:-1]) | (year[1:] != year[:-1])][: len(year)]
    start = np.flatnonzero(new)
    person, year = p["person"][start], year[start]
    group = age_group(s.personer.fodelsear[person], year)
    months = np.diff(np.r_[start, len(new)])
    return PersonYear(year, s.personer.kon[person].astype(np.int64) - 1, group, start, months)
