"""The truth about months: how long households and persons have aid, and the adults' months.

Belongs here: counts behind EB06, EB08, EB10, EB13 and EB15 of one municipality, readings R25-R28. Does not belong
here: closed spells (facit_avslut), whether the year counts and sums over län and riket (facit_fragor).
"""

from __future__ import annotations

import numpy as np

from pipelines.synthetic.facit_underlag import PersonYear, age_group, count
from pipelines.synthetic.koder import HINDER_GRUPP, INSATS, MEDSOKANDE, RESERV, TYP_GOOD, Arr
from pipelines.synthetic.rader import Rows
from pipelines.synthetic.samhalle import Samhalle

LONG = 10  # months of a year that make aid long-lasting
WINDOW_YEARS, WINDOW_LEAST, GAP_MOST = 3, 27, 2
ARBETSLOSHET, OKAND = 0, 4
ALL_MONTHS, UNKNOWN, UNEMPLOYED, MEASURE = range(4)  # places in adult_months
HOUSEHOLDS, HOUSEHOLD_MONTHS, WITH_CHILDREN, CHILDREN_LONG = range(4)  # places in households


def adult_months(p: Rows, py: PersonYear, months: int) -> Arr:
    """[month, sex, age group, 4]: adult-months as applicant, those without known hinder, those unemployed, and
    those unemployed with a measure.
    """
    mine = py.of_month
    rows = np.flatnonzero((p["roll"] <= MEDSOKANDE) & (py.grupp[mine] > 0))
    group = HINDER_GRUPP[p["fh"][rows]]
    unemployed = group == ARBETSLOSHET
    kind = np.where(unemployed, 2 + (p["ins"][rows] == INSATS.index("1")), group == OKAND)
    of = count((months, 2, 4, 4), p["month"][rows], py.kon[mine[rows]], py.grupp[mine[rows]], kind.astype(np.int64))
    parts = (of.sum(axis=3), of[..., 1], of[..., 2] + of[..., 3], of[..., 3])
    return np.stack(parts, axis=3)


def households(h: Rows, years: int) -> Arr:
    """[year, type of the last month, 4]: households of the year, their months, those with children in some month and
    of these those with aid for long.
    """
    year = h["month"] // 12
    house = year * (int(h["hus"].max(initial=0)) + 1) + h["hus"]
    order = np.argsort(house * 12 + h["month"] % 12)
    house = house[order]
    start = np.flatnonzero(np.r_[True, house[1:] != house[:-1]][: len(house)])
    if not len(start):
        return np.zeros((years, TYP_GOOD, 4), dtype=np.int64)
    months = np.diff(np.r_[start, len(house)])
    place = year[order][start], h["typ"][order][start + months - 1].astype(np.int64)
    children = np.maximum.reduceat(h["barn"][order], start) > 0
    long = children & (months >= LONG)
    out = np.zeros((years, TYP_GOOD, 4), dtype=np.int64)
    for n, weight in enumerate((np.ones_like(months), months, children, long)):
        np.add.at(out[..., n], place, weight)
    return out


def lasting(s: Samhalle, p: Rows, years: int) -> Arr:
    """[year, sex, age group]: persons of EB06's numerator; a reservnummer, one person a year, is never among them."""
    out = np.zeros((years, 2, 4), dtype=np.int64)
    known = p["idt"] != RESERV
    for year in range(WINDOW_YEARS - 1, years):
        end = 12 * (year + 1)
        rows = known & (p["month"] >= end - 12 * WINDOW_YEARS) & (p["month"] < end)
        person = _lasting(p["person"][rows], p["month"][rows], end - 12)
        born, kon = s.personer.fodelsear[person], s.personer.kon[person].astype(np.int64) - 1
        out[year] = count((2, 4), kon, age_group(born, np.full(len(person), year)))
    return out


def _lasting(person: Arr, month: Arr, year_start: int) -> Arr:
    """Persons with months enough, the last in the year, and no long break between; rows by (person, month)."""
    start = np.flatnonzero(np.r_[True, person[1:] != person[:-1]][: len(person)])
    if not len(start):
        return start
    months = np.diff(np.r_[start, len(person)])
    missing = np.r_[0, month[1:] - month[:-1] - 1]
    missing[start] = 0
    longest = np.maximum.reduceat(missing, start)
    last = month[start + months - 1]
    return np.asarray(person[start[(months >= WINDOW_LEAST) & (last >= year_start) & (longest <= GAP_MOST)]])
