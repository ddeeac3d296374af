"""The truth about the cohort of Grund: MB03-MB08 of one year, from three years in force.

Belongs here: the cohort, its follow-ups and reasons, changes, counts of every municipality, and beside them what only
the society knows: how it went for everybody. Does not belong here: outcome by method (facit_metod), rows
(facit_fragor). Source: docs/reference/missbruk.md section 7.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.synthetic.arsvis.facit_paket import Ar
from pipelines.synthetic.arsvis.tal import TOM, Rows, dag, inom, plus_manader, rakna, som_text, stack, take, tva
from pipelines.synthetic.koder import Arr
from pipelines.synthetic.missbruk.facit_underlag import i_kraft, vuxna
from pipelines.synthetic.missbruk.koder import (
    ALKOHOLDAGAR,
    AVLIDEN_BORTFALL,
    BORTFALL,
    EJ_GENOMFORD,
    GRUND,
    INTERVJUARE,
    MATTEN,
    NARKOTIKADAGAR,
    OMRADE,
    ORO,
    UPPFOLJNING,
)
from pipelines.synthetic.missbruk.samhalle import Samhalle

FORST, SIST, MITT = 3, 18, 12  # months after Grund
OKANT = len(BORTFALL)
SKAL = (*BORTFALL, "okant")


@dataclass
class Intervjuer:
    """Interviews in force of three years, by kind."""

    grund: Rows
    uppfoljning: Rows
    ej: Rows


def intervjuer(soc: Samhalle, ar: list[Ar]) -> Intervjuer:
    """Those of the given years."""
    rows = stack([i_kraft(soc, one, "asi_intervju") for one in ar])
    return Intervjuer(*(take(rows, rows["asi_typ_kod"] == typ) for typ in (GRUND, UPPFOLJNING, EJ_GENOMFORD)))


def _ordning(rows: Rows, *first: Arr) -> Arr:
    """Order by the given, last of them foremost, then lowest designation and stadsdel."""
    return np.lexsort((rows["sand"], som_text(rows["intervju_id"]), *first))


def forsta(rows: Rows) -> Rows:
    """The first Grund of each person."""
    rows = take(rows, _ordning(rows, rows["intervju_datum"], rows["pseudonym"]))
    return take(rows, np.unique(rows["pseudonym"], return_index=True)[1])


def kohort(i: Intervjuer, ar: int) -> Rows:
    """First Grund of each adult from July of the year before last to June of last year, reservnummer too."""
    day = i.grund["intervju_datum"]
    within = (day >= dag(f"{ar - 2}-07-01")) & (day <= dag(f"{ar - 1}-06-30"))
    return forsta(vuxna(take(i.grund, within), ar))


def uppfoljd(g: Rows, up: Rows) -> Arr:
    """Per Grund the place of its follow-up, -1 = none: nearest twelve months, then the later."""
    start = g["intervju_datum"]
    a, b = inom(g["pseudonym"], up["pseudonym"])
    day = up["intervju_datum"][b]
    fits = (day >= plus_manader(start, FORST)[a]) & (day <= plus_manader(start, SIST)[a]) & ~g["reserv"][a]
    a, b, day = a[fits], b[fits], day[fits]
    off = np.abs(day - plus_manader(start, MITT)[a])
    order = np.lexsort((up["sand"][b], som_text(up["intervju_id"][b]), day, -off, a))
    out = np.full(len(start), -1)
    out[a[order]] = b[order]
    return out


def skal(g: Rows, ej: Rows) -> Arr:
    """Per Grund the place in SKAL of the reason that a follow-up is missing."""
    start = g["intervju_datum"]
    a, b = inom(g["pseudonym"], ej["pseudonym"])
    day = ej["intervju_datum"][b]
    fits = (day > start[a]) & (day <= plus_manader(start, SIST)[a])
    a, b, day = a[fits], b[fits], day[fits]
    dead = ej["bortfall_kod"][b] == AVLIDEN_BORTFALL
    order = np.lexsort((ej["sand"][b], som_text(ej["intervju_id"][b]), day, dead, a))
    out = np.full(len(start), OKANT)
    out[a[order]] = ej["bortfall_kod"][b[order]]
    return out


def varden(rows: Rows, columns: tuple[str, ...]) -> Arr:
    """[row, column]."""
    return np.stack([rows[c] for c in columns], axis=1)


def fore_och_nu(g: Rows, up: Rows, at: Arr, columns: tuple[str, ...]) -> tuple[Arr, Arr]:
    """[Grund, column] answers then and at the follow-up, TOM where there is none."""
    then, later = varden(g, columns), varden(up, columns)
    now = np.full(then.shape, TOM)
    now[at >= 0] = later[at[at >= 0]]
    return then, now


def _summor(shape: tuple[int, ...], *axes: Arr, change: Arr) -> Arr:
    """Number, sum and sum of squares along a last axis."""
    return np.stack([rakna(shape, *axes, vikt=1.0 * change**power) for power in range(3)], axis=-1)


def rakna_kohort(soc: Samhalle, ar: list[Ar], kommuner: int) -> dict[str, Arr]:
    """MB03-MB08 of the last of the years."""
    i, year = intervjuer(soc, ar), ar[-1].lev.ar
    whole = kohort(i, year)
    at_all = uppfoljd(whole, i.uppfoljning)
    g, at = take(whole, ~whole["reserv"]), at_all[~whole["reserv"]]
    k, kon, met = g["kommun"], g["kon"], at >= 0
    lost = take(g, ~met)
    return {
        "foljda": tva((kommuner, 2), k, kon, hit=met),
        "kohort_foljda": tva((kommuner,), whole["kommun"], hit=at_all >= 0),
        "bortfall": rakna((kommuner, len(SKAL)), lost["kommun"], skal(lost, i.ej)),
        "kohort": rakna((kommuner,), k),
        **_forandringar(g, i.uppfoljning, at, kommuner),
    }


def _forandringar(g: Rows, up: Rows, at: Arr, kommuner: int) -> dict[str, Arr]:
    """MB04-MB07; of shares: all and those of them that are such."""
    k, kon, n = g["kommun"], g["kon"], len(OMRADE)
    then, now = fore_och_nu(g, up, at, INTERVJUARE)
    who, area = np.nonzero((then != TOM) & (now != TOM))
    rated = _summor((kommuner, n, 2), k[who], area, kon[who], change=(now - then)[who, area])
    then, now = fore_och_nu(g, up, at, ORO)
    who, area = np.nonzero(then >= 1)
    has, less = now[who, area] != TOM, now[who, area] < then[who, area]
    shape = (kommuner, n, 2)
    worried = np.stack(
        [
            tva(shape, k[who[has]], area[has], kon[who[has]], hit=less[has]),
            tva(shape, k[who], area, kon[who], hit=~has),
        ],
        axis=2,
    )
    then, now = (v[:, 0] for v in fore_och_nu(g, up, at, (MATTEN[NARKOTIKADAGAR],)))
    used = then > 0
    free, known = used & (now == 0), used & (now != TOM)
    drugs = np.stack(
        [
            tva((kommuner, 2), k[known], kon[known], hit=free[known]),
            tva((kommuner, 2), k[used], kon[used], hit=~known[used]),
        ],
        axis=1,
    )
    then, now = (v[:, 0] for v in fore_och_nu(g, up, at, (MATTEN[ALKOHOLDAGAR],)))
    both = (then != TOM) & (now != TOM)
    days = _summor((kommuner, 2), k[both], kon[both], change=(now - then)[both])
    return {"skattning": rated, "oro": worried, "drogfria": drugs, "alkoholdagar": days}


def sant_utfall(soc: Samhalle, ar: list[Ar], koder: tuple[str, ...]) -> list[tuple[object, ...]]:
    """Beside what the followed give (naive), how it went for all of them: MB04's mean change and MB05's share per area,
    of every municipality and of riket.
    """
    i, year = intervjuer(soc, ar), ar[-1].lev.ar
    g = kohort(i, year)
    g = take(g, ~g["reserv"])
    at = uppfoljd(g, i.uppfoljning)
    truth = soc.asi.sant[g["src"]]
    out: list[tuple[object, ...]] = []
    for namn, columns in (("MB04", INTERVJUARE), ("MB05", ORO)):
        then, now = fore_och_nu(g, i.uppfoljning, at, columns)
        later = truth[:, [MATTEN.index(c) for c in columns]]
        for area, omrade in enumerate(OMRADE):
            asked = then[:, area] >= (0 if namn == "MB04" else 1)
            met = asked & (now[:, area] != TOM)
            seen, true = ((v[:, area] - then[:, area]) for v in (now, later))
            if namn == "MB05":
                seen, true = seen < 0, true < 0
            out += _rader_sant(namn, str(year), omrade, koder, g["kommun"], asked, met, seen, true)
    return out


def _rader_sant(namn: str, period: str, kod: str, koder: tuple[str, ...], kommun: Arr, asked: Arr, met: Arr, seen: Arr,
                true: Arr) -> list[tuple[object, ...]]:  # fmt: skip
    n = len(koder)
    of, followed = (np.bincount(kommun[m], minlength=n) for m in (asked, met))
    naive = np.bincount(kommun[met], weights=1.0 * seen[met], minlength=n)
    real = np.bincount(kommun[asked], weights=1.0 * true[asked], minlength=n)
    places = [("kommun", koder[k], of[k], followed[k], naive[k], real[k]) for k in np.flatnonzero(of).tolist()]
    places.append(("riket", "00", of.sum(), followed.sum(), naive.sum(), real.sum()))
    return [
        (namn, typ, geo, period, kod, int(a), int(f), float(s / f) if f else None, float(t / a) if a else None)
        for typ, geo, a, f, s, t in places
    ]
