"""The truth about warnings over history for the yearly sources, and which values they make uncertain.

Belongs here: an independent reading of GEN-18, GEN-20, GEN-22, BU-17 and BBIC-02. Does not belong here: rules about
rows and packages (facit_rader, facit_paket), the values themselves. Source: docs/reference/barn_och_unga.md section 5.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from pipelines.synthetic.arsvis.avsandare import Avsandare
from pipelines.synthetic.arsvis.facit_paket import Ar
from pipelines.synthetic.arsvis.facit_rader import hos
from pipelines.synthetic.arsvis.facit_varning import Varningar, historia, hos_alla
from pipelines.synthetic.arsvis.tal import OPPEN, TOM, ars_dagar, take
from pipelines.synthetic.barn.koder import GAMLA, GAMLA_OMRADEN, OMRADEN, SKYDD
from pipelines.synthetic.facit_varning import (
    EMPTY_PERCENT,
    VALUES_AT_LEAST,
)
from pipelines.synthetic.koder import Arr

LIKA_PERCENT = 20


@dataclass
class Barnvarningar(Varningar):
    """Also [municipality, year] of GEN-20 and BBIC-02, which each touch one indicator."""

    vistelse: Arr = field(default_factory=lambda: np.zeros((0, 0), dtype=bool))
    lika: Arr = field(default_factory=lambda: np.zeros((0, 0), dtype=bool))


def barnhistoria(ar: dict[str, list[Ar]], av: Avsandare, invanare: Arr, years: range) -> Barnvarningar:
    """Everything that stands on a dataset of a sender's year."""
    every = historia(ar, av, invanare, years)
    out = Barnvarningar(every.tabell, every.mangd)
    for fore, nu in pairwise(ar["bu"]):
        out.tabell += andrade(fore, nu, av)
    out.vistelse = _okand_vistelse(ar["bu"], av, years, out)
    out.lika = _lika_behov(ar["bbic"], av, years, out)
    return out


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


def _okand_vistelse(ar: list[Ar], av: Avsandare, years: range, out: Barnvarningar) -> Arr:
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
        out.tabell += hos_alla(one, av, found[:, y], "bu_placering", "GEN-20", empty, of)
    return found


def _lika_behov(ar: list[Ar], av: Avsandare, years: range, out: Barnvarningar) -> Arr:
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
        out.tabell += hos_alla(one, av, found[:, y], "bbic_sammanfattning", "BBIC-02", flat, of)
    return found
