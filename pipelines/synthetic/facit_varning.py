"""The truth about warnings over history: which month or year of a municipality does not look right.

Belongs here: an independent reading of GEN-18, GEN-20, GEN-22 and EB-12, and which values they make uncertain. Does not
belong here: rules about rows and packages (facit_rader, facit_paket) and the values themselves (facit_fragor). Source:
docs/reference/ekonomiskt_bistand.md, readings R42, R43, R46 and R48.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.synthetic.facit_paket import Omdome
from pipelines.synthetic.facit_underlag import PersonYear, count
from pipelines.synthetic.koder import DATASETS, FH_TOM, MEDSOKANDE, START_YEAR, TOM3, Arr, period_text
from pipelines.synthetic.rader import Leveranser, Rows

NOTHING = -1  # received rows where no delivery is in force
SMALL_KOMMUN, JUMP, SMALL_JUMP, ROWS_AT_LEAST = 10_000, 30, 50, 10
EMPTY_PERCENT, VALUES_AT_LEAST = 10, 30
UNKNOWN_PERCENT = 15
PERSON = DATASETS.index("eb_person")
VARIABLES = {
    "fodd_utrikes_kod": ("fu", TOM3),
    "forsorjningshinder_kod": ("fh", FH_TOM),
    "arbetsmarknadsinsats_kod": ("ins", TOM3),
}
NEEDS = {
    **dict.fromkeys(("EB07", "EB08", "EB13"), DATASETS[:1]),
    **dict.fromkeys(("EB11", "EB12"), DATASETS),
    **dict.fromkeys(("SU01", "SU02"), ()),
}
YEARS = {"EB06": 3, "EB12": 2}


@dataclass
class IKraft:
    """What is in force of one municipality. Axes: part (stadsdel), month, dataset; part, year."""

    delar: list[str]
    mottagna: Arr  # received rows of the month in the delivery in force, or NOTHING
    sander: Arr  # whether the part has delivered anything of the year


def in_force(lev: Leveranser, omdome: Omdome, months: int) -> IKraft:
    """What the verdict put in force, over `months` months."""
    rows = {d: lev.received(d) for d in DATASETS}
    force = IKraft(
        list(lev.stadsdelar),
        np.full((len(lev.stadsdelar), months, len(DATASETS)), NOTHING, dtype=np.int64),
        np.zeros((len(lev.stadsdelar), -(-months // 12)), dtype=bool),
    )
    for p in lev.paket:
        force.sander[force.delar.index(p.stadsdel), p.manad // 12] = True
    for (stadsdel, month), i in omdome.i_kraft.items():
        for dataset in lev.paket[i].delivered:
            place = force.delar.index(stadsdel), month, DATASETS.index(dataset)
            force.mottagna[place] = rows[dataset][i, month % 12]
    return force


def jumps(force: IKraft, invanare: int) -> Arr:
    """GEN-18: a month's received rows against the same month of the year before."""
    out = np.zeros(force.mottagna.shape, dtype=bool)
    now, before = force.mottagna[:, 12:], force.mottagna[:, :-12]
    change = np.abs(now - before)
    limit = SMALL_JUMP if invanare < SMALL_KOMMUN else JUMP
    both = (now != NOTHING) & (before != NOTHING)
    out[:, 12:] = both & (change > ROWS_AT_LEAST) & (100 * change > limit * before)
    return out


def missing_parts(force: IKraft) -> Arr:
    """GEN-22: a part in force in a month when another part of the year is not, or with the whole beside it."""
    months = force.mottagna.shape[1]
    there = force.mottagna != NOTHING
    sends = np.repeat(force.sander, 12, axis=1)[:, :months, None]
    named = np.array([bool(part) for part in force.delar])[:, None, None]
    divided = (sends & named).any(axis=0)
    lacking = (sends & ~there).any(axis=0)
    twice = (there & named).any(axis=0) & (there & ~named).any(axis=0)
    return np.asarray(there & (divided & (lacking | twice))[None])


def empty_cells(p: Rows, py: PersonYear, years: int) -> Arr:
    """[year, variable]: adult rows without a value; and in the last place all adult rows."""
    rows = p["roll"] <= MEDSOKANDE
    year = py.year[py.of_month]
    empty = [count((years,), year[rows & (p[column] == none)]) for column, none in VARIABLES.values()]
    return np.stack([*empty, count((years,), year[rows])], axis=1)


def often_empty(tomma: Arr) -> Arr:
    """GEN-20 [..., variable] of what empty_cells counted."""
    of = tomma[..., -1:]
    return np.asarray((of >= VALUES_AT_LEAST) & (100 * tomma[..., :-1] > EMPTY_PERCENT * of))


def unknown_hinder(okand: Arr) -> Arr:
    """EB-12 [..., year]: too many adult months without a known hinder; okand holds those and all of them."""
    return np.asarray((okand[..., 1] >= VALUES_AT_LEAST) & (100 * okand[..., 0] > UNKNOWN_PERCENT * okand[..., 1]))


def uncertain(indikator: str, yearly: bool, month: Arr, year: Arr) -> Arr:
    """[kommun, period]: values that rest on a month or year with a warning.

    month[kommun, month, dataset] and year[kommun, year] say where the warnings stand; the latter are eb_person's.
    """
    needs = [DATASETS.index(d) for d in NEEDS.get(indikator, DATASETS[:2])]
    kommuner, months = month.shape[:2]
    of_month = month[:, :, needs].any(axis=2)
    of_year = year if PERSON in needs else np.zeros_like(year)
    if not yearly:
        return np.asarray(of_month | np.repeat(of_year, 12, axis=1)[:, :months])
    padded = np.zeros((kommuner, year.shape[1] * 12), dtype=bool)
    padded[:, :months] = of_month
    one = padded.reshape(kommuner, -1, 12).any(axis=2) | of_year
    out = one.copy()
    for back in range(1, YEARS.get(indikator, 1)):
        out[:, back:] |= one[:, :-back]
    return out


def history_rows(kommun: str, force: IKraft, invanare: int) -> list[tuple[object, ...]]:
    """Rows of the truth table varning: kommun, stadsdel, dataset, period, rule, variable, now, compared with."""
    there, sends = (force.mottagna != NOTHING).sum(axis=0), force.sander.sum(axis=0)
    out: list[tuple[object, ...]] = []
    for part, month, d in np.argwhere(jumps(force, invanare)).tolist():
        now, before = force.mottagna[part, month, d], force.mottagna[part, month - 12, d]
        place = (kommun, force.delar[part], DATASETS[d], period_text(month))
        out.append((*place, "GEN-18", "", int(now), int(before)))
    for part, month, d in np.argwhere(missing_parts(force)).tolist():
        place = (kommun, force.delar[part], DATASETS[d], period_text(month))
        out.append((*place, "GEN-22", "", int(there[month, d]), int(sends[month // 12])))
    return out


def year_rows(kommun: str, tomma: Arr, okand: Arr) -> list[tuple[object, ...]]:
    """The same for the rules of a whole year."""
    names = list(VARIABLES)
    out: list[tuple[object, ...]] = []
    for y, v in np.argwhere(often_empty(tomma)).tolist():
        place = (kommun, "", DATASETS[PERSON], str(START_YEAR + y))
        out.append((*place, "GEN-20", names[v], int(tomma[y, v]), int(tomma[y, -1])))
    for y in np.flatnonzero(unknown_hinder(okand)).tolist():
        place = (kommun, "", DATASETS[PERSON], str(START_YEAR + y))
        out.append((*place, "EB-12", "", int(okand[y, 0]), int(okand[y, 1])))
    return out
