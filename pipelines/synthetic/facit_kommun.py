"""The truth about one municipality's numbers: cells of the indicators per year or month, from rows in force.

Belongs here: persons and amounts counted by the definitions of docs/reference/ekonomiskt_bistand.md and readings
R12, R20-R22, and the list of all counts. Does not belong here: months and households (facit_hushall), closed spells
(facit_avslut), whether the year counts, and sums over län and riket (facit_fragor).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.synthetic.facit_avslut import CAUSES, closed_spells, spell_counts
from pipelines.synthetic.facit_hushall import LONG, adult_months, households, lasting
from pipelines.synthetic.facit_paket import Omdome
from pipelines.synthetic.facit_rader import Utfall
from pipelines.synthetic.facit_underlag import PersonYear, Underlag, count, person_years, underlag
from pipelines.synthetic.facit_varning import IKraft, empty_cells, jumps, missing_parts
from pipelines.synthetic.koder import DATASETS, GRUPPER, HINDER_GRUPP, MEDSOKANDE, TOM3, TYP_GOOD, Arr
from pipelines.synthetic.rader import Leveranser, Rows
from pipelines.synthetic.samhalle import Samhalle


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
    varaktig: Arr  # [year, 2, 4] EB06's numerator
    vuxenmanader: Arr  # [month, 2, 4, 4] see facit_hushall.adult_months
    hushall: Arr  # [year, type, 4] see facit_hushall.households
    avslutade: Arr  # [year, 2, 4, 2] and the two below: see facit_avslut.spell_counts
    aterkomna: Arr  # [year, 2, 4, 2]
    aterkomna_orsak: Arr  # [year, 9, 2]
    tomma: Arr  # [year, 4] see facit_varning.empty_cells
    varning: Arr  # [month, dataset] whether a warning over history stands on the month


def _origin(p: Rows, py: PersonYear) -> Arr:
    """Last non-empty fodd_utrikes of the year, else 9 (place 2)."""
    if not len(py.start):
        return np.zeros(0, dtype=np.int64)
    at = np.where(p["fu"] != TOM3, np.arange(len(p["fu"])), -1)
    last = np.maximum.reduceat(at, py.start)
    return np.where(last >= 0, p["fu"][last], 2).astype(np.int64)


def _hinder(p: Rows, py: PersonYear, years: int) -> tuple[Arr, Arr]:
    """Persons by their commonest group, and adult-months without and in all."""
    mine = py.of_month
    adult = (p["roll"] <= MEDSOKANDE) & (py.grupp[mine] > 0)
    group = HINDER_GRUPP[p["fh"]].astype(np.int64)
    per_person = count((len(py.start), len(GRUPPER)), mine[adult], group[adult])
    known = per_person[:, :4]
    commonest = np.where(known.any(axis=1), known.argmax(axis=1), 4)
    has = per_person.any(axis=1)
    persons = count((years, 2, len(GRUPPER)), py.year[has], py.kon[has], commonest[has])
    of_year = py.year[mine[adult]]
    unknown = count((years,), of_year[group[adult] == 4])
    return persons, np.stack([unknown, count((years,), of_year)], axis=1)


def _protected(lev: Leveranser, utfall: dict[str, Utfall], force: Arr, months: int) -> Arr:
    out = np.zeros((months, 2), dtype=np.int64)
    for place, dataset in enumerate(("eb_hushall", "eb_person")):
        rows = lev.rows(dataset)
        out[:, place] = np.bincount(rows["t"][utfall[dataset].skyddad & force[rows["pkg"]]], minlength=months)
    return out


def tally(
    s: Samhalle, lev: Leveranser, utfall: dict[str, Utfall], omdome: Omdome, force: IKraft, invanare: int
) -> KommunTal:
    """All counts of one municipality over the months of `force` (whole years are counted as far as they go)."""
    u, months = underlag(lev, utfall, omdome), force.mottagna.shape[1]
    years = -(-months // 12)
    return KommunTal(
        **_persons(s, u, months, years),
        skyddade=_protected(lev, utfall, u.i_kraft, months),
        varning=np.asarray((jumps(force, invanare) | missing_parts(force)).any(axis=0)),
        varaktig=lasting(s, u.person, years),
        hushall=households(u.hushall, years),
        **spell_counts(s, u, closed_spells(s, lev, utfall, u), years),
    )


def _persons(s: Samhalle, u: Underlag, months: int, years: int) -> dict[str, Arr]:
    """Everything counted from person-years, and the amounts."""
    p, py = u.person, person_years(s, u.person)
    hinder, okand = _hinder(p, py, years)
    long = py.months >= LONG
    belopp = np.zeros(months, dtype=np.int64)
    np.add.at(belopp, u.hushall["month"], u.hushall["ore"])
    return {
        "personer": count((years, 2, 4), py.year, py.kon, py.grupp),
        "ursprung": count((years, 3), py.year, _origin(p, py)),
        "langvarig": count((years, 2, 4), py.year[long], py.kon[long], py.grupp[long]),
        "belopp": belopp,
        "hinder": hinder,
        "okand": okand,
        "tomma": empty_cells(p, py, years),
        "vuxenmanader": adult_months(p, py, months),
    }


def nothing(months: int) -> KommunTal:
    """A municipality that sent nothing."""
    years = -(-months // 12)
    shape: dict[str, tuple[int, ...]] = {
        **dict.fromkeys(("personer", "langvarig", "varaktig"), (years, 2, 4)),
        **dict.fromkeys(("avslutade", "aterkomna"), (years, 2, 4, 2)),
        "ursprung": (years, 3),
        "belopp": (months,),
        "hinder": (years, 2, len(GRUPPER)),
        "okand": (years, 2),
        "skyddade": (months, 2),
        "tomma": (years, 4),
        "varning": (months, len(DATASETS)),
        "vuxenmanader": (months, 2, 4, 4),
        "hushall": (years, TYP_GOOD, 4),
        "aterkomna_orsak": (years, CAUSES, 2),
    }
    return KommunTal(**{name: np.zeros(size, dtype=np.int64) for name, size in shape.items()})
