"""The truth about warnings over history for the yearly sources, and which values they make uncertain.

Belongs here: an independent reading of GEN-18, GEN-20, GEN-22, BU-17 and BBIC-02. Does not belong here: rules about
rows and packages (facit_rader, facit_paket), the values themselves. Source: docs/reference/barn_och_unga.md section 5.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from pipelines.synthetic.barn.barn import Avsandare
from pipelines.synthetic.barn.facit_paket import Ar
from pipelines.synthetic.barn.facit_rader import hos
from pipelines.synthetic.barn.koder import (
    GAMLA,
    GAMLA_OMRADEN,
    KALLOR,
    OMRADEN,
    OPPEN,
    SKYDD,
    TOM,
    ars_dagar,
    take,
)
from pipelines.synthetic.facit_varning import (
    EMPTY_PERCENT,
    JUMP,
    NOTHING,
    ROWS_AT_LEAST,
    SMALL_JUMP,
    SMALL_KOMMUN,
    VALUES_AT_LEAST,
)
from pipelines.synthetic.koder import Arr

LIKA_PERCENT = 20


@dataclass
class Varningar:
    """Rows of the truth table, and [municipality, year, dataset] where a warning stands; likewise of GEN-20 and
    BBIC-02, which each touch one indicator.
    """

    tabell: list[tuple[object, ...]] = field(default_factory=list)
    mangd: dict[str, Arr] = field(default_factory=dict)  # dataset -> [municipality, year]
    vistelse: Arr = field(default_factory=lambda: np.zeros((0, 0), dtype=bool))
    lika: Arr = field(default_factory=lambda: np.zeros((0, 0), dtype=bool))


def _mottagna(ar: list[Ar], dataset: str, senders: int) -> Arr:
    """[sender, year]: received rows in force, or NOTHING."""
    out = np.full((senders, len(ar)), NOTHING, dtype=np.int64)
    for y, one in enumerate(ar):
        rows = one.lev.mottagna(dataset)
        for sand, place in one.i_kraft.items():
            out[sand, y] = rows[place]
    return out


def _hopp(now: Arr, invanare: Arr) -> Arr:
    """GEN-18 [sender, year]: received rows against the year before."""
    out = np.zeros(now.shape, dtype=bool)
    change, before = np.abs(now[:, 1:] - now[:, :-1]), now[:, :-1]
    limit = np.where(invanare < SMALL_KOMMUN, SMALL_JUMP, JUMP)[:, None]
    both = (now[:, 1:] != NOTHING) & (before != NOTHING)
    out[:, 1:] = both & (change > ROWS_AT_LEAST) & (100 * change > limit * before)
    return out


def _delar(ar: list[Ar], av: Avsandare) -> tuple[Arr, Arr, Arr]:
    """GEN-22 [sender, year], and of its municipality the parts in force and those that send."""
    n = len(av.kommun)
    there, sends = np.zeros((n, len(ar)), dtype=bool), np.zeros((n, len(ar)), dtype=bool)
    for y, one in enumerate(ar):
        there[list(one.i_kraft), y] = True
        sends[one.lev.sand, y] = True
    same = av.kommun[:, None] == av.kommun[None]
    many = (same.astype(int) @ there.astype(int)), (same.astype(int) @ sends.astype(int))
    return there & (many[0] < many[1]), *many


def historia(ar: dict[str, list[Ar]], av: Avsandare, invanare: Arr, years: range) -> Varningar:
    """Everything that stands on a dataset of a sender's year."""
    out = Varningar()
    for kalla, of in ar.items():
        parts, there, sends = _delar(of, av)
        for dataset in KALLOR[kalla]:
            now = _mottagna(of, dataset, len(av.kommun))
            jumps = _hopp(now, invanare[av.kommun])
            out.mangd[dataset] = np.zeros((len(invanare), len(years)), dtype=bool)
            np.logical_or.at(out.mangd[dataset], av.kommun, jumps | parts)
            for s, y in np.argwhere(jumps).tolist():
                place = (av.kod(s), av.stadsdel[s], dataset, str(years[y]))
                out.tabell.append((*place, "GEN-18", "", int(now[s, y]), int(now[s, y - 1])))
            for s, y in np.argwhere(parts).tolist():
                place = (av.kod(s), av.stadsdel[s], dataset, str(years[y]))
                out.tabell.append((*place, "GEN-22", "", int(there[s, y]), int(sends[s, y])))
    for fore, nu in pairwise(ar["bu"]):
        out.tabell += andrade(fore, nu, av)
    out.vistelse = _okand_vistelse(ar["bu"], av, years, out)
    out.lika = _lika_behov(ar["bbic"], av, years, out)
    return out


def _hos_alla(
    one: Ar, av: Avsandare, found: Arr, dataset: str, rule: str, part: Arr, of: Arr
) -> list[tuple[object, ...]]:
    """A warning about a municipality, said to each of its senders in force."""
    return [
        (av.koder[k], av.stadsdel[s], dataset, str(one.lev.ar), rule, "", int(part[k]), int(of[k]))
        for s in sorted(one.i_kraft)
        for k in [int(av.kommun[s])]
        if found[k]
    ]


def andrade(fore: Ar, nu: Ar, av: Avsandare) -> list[tuple[object, ...]]:
    """BU-17: placements that had ended the year before, and begin or end another day now, of those that came again."""
    old, new = fore.gallande("bu_placering"), nu.gallande("bu_placering")
    old = take(old, old["placering_slut_datum"] <= ars_dagar(fore.lev.ar)[1])
    for rows, one in ((old, fore), (new, nu)):
        rows["pkg"] = one.lev.sand[rows["pkg"]]
    at, again = hos(new, old, "insats_id", "placering_nr")
    dates = ("placering_start_datum", "placering_slut_datum")
    other = np.any([new[c] != old[c][at] for c in dates], axis=0) if len(old["pkg"]) else again
    count = np.bincount(new["pkg"][again & other], minlength=len(av.kommun))
    of = np.bincount(new["pkg"][again], minlength=len(av.kommun))
    place = [(av.kod(s), av.stadsdel[s], "bu_placering", str(nu.lev.ar)) for s in np.flatnonzero(count).tolist()]
    numbers = zip(count[count > 0].tolist(), of[count > 0].tolist(), strict=True)
    return [(*p, "BU-17", "", n, m) for p, (n, m) in zip(place, numbers, strict=True)]


def _okand_vistelse(ar: list[Ar], av: Avsandare, years: range, out: Varningar) -> Arr:
    """GEN-20: too many of the year's placements in force without the municipality of the home."""
    found = np.zeros((len(av.koder), len(years)), dtype=bool)
    for y, one in enumerate(ar):
        rows = one.gallande("bu_placering")
        rows = take(
            rows, (rows["placering_slut_datum"] >= ars_dagar(years[y])[0]) & (rows["placeringsform_kod"] != SKYDD)
        )
        kommun = av.kommun[one.lev.sand[rows["pkg"]]]
        of = np.bincount(kommun, minlength=len(av.koder))
        empty = np.bincount(kommun[rows["vistelsekommun_kod"] == TOM], minlength=len(av.koder))
        found[:, y] = (of >= VALUES_AT_LEAST) & (100 * empty > EMPTY_PERCENT * of)
        out.tabell += _hos_alla(one, av, found[:, y], "bu_placering", "GEN-20", empty, of)
    return found


def _lika_behov(ar: list[Ar], av: Avsandare, years: range, out: Varningar) -> Arr:
    """BBIC-02: too many of the ended investigations have one value in all their areas."""
    found = np.zeros((len(av.koder), len(years)), dtype=bool)
    for y, one in enumerate(ar):
        rows = one.gallande("bbic_sammanfattning")
        slut = rows["utredning_slut_datum"]
        rows = take(rows, (slut != OPPEN) & (slut <= ars_dagar(years[y])[1]))
        kommun = av.kommun[one.lev.sand[rows["pkg"]]]
        sets = [np.stack([rows[f"behov_{o}"] for o in areas]) for areas in (OMRADEN, GAMLA_OMRADEN)]
        same = [(part == part[0]).all(axis=0) for part in sets]
        equal = np.where(rows["bbic_version_kod"] == GAMLA, same[1], same[0])
        of = np.bincount(kommun, minlength=len(av.koder))
        flat = np.bincount(kommun[equal], minlength=len(av.koder))
        found[:, y] = (of >= VALUES_AT_LEAST) & (100 * flat > LIKA_PERCENT * of)
        out.tabell += _hos_alla(one, av, found[:, y], "bbic_sammanfattning", "BBIC-02", flat, of)
    return found


__all__ = ["Varningar", "historia"]
