"""What the truth about adults counts on: rows in force of one year or more, each with its person.

Belongs here: persons as they can be followed, ages, last days as they are read, the newest row of a key. Does not
belong here: any indicator. Source: docs/reference/missbruk.md sections 2, 6 and 7.
"""

from __future__ import annotations

import numpy as np

from pipelines.synthetic.arsvis.facit_paket import Ar
from pipelines.synthetic.arsvis.facit_rader import i_aret
from pipelines.synthetic.arsvis.tal import OPPEN, TOM, Rows, ars_dagar, nycklar, stack, take
from pipelines.synthetic.koder import RESERV, Arr
from pipelines.synthetic.missbruk.koder import ANHORIG, OKAND_METOD
from pipelines.synthetic.missbruk.samhalle import ALDERSGRANSER, Samhalle

VUXEN, LVM_FRAN = 18, 21
ALDRAR = ("21-29", "30-49", "50-64", "65+")
_AR = 10_000  # room for a year beside a person


def person(soc: Samhalle, rows: Rows, ar: int) -> Rows:
    """What every count needs of the persons of some rows of one delivery, in that year. pseudonym: a reservnummer is a
    person only in its year.
    """
    k, klient = soc.klient, rows["klient"]
    reserv = k["id_typ"][klient] == RESERV
    return {
        "kommun": soc.av.kommun[k["sand"][klient]],
        "kon": k["kon"][klient] - 1,
        "fodelsear": k["fodelsear"][klient],
        "reserv": reserv,
        "pseudonym": klient * _AR + np.where(reserv, ar, 0),
    }


def grupp(rows: Rows, ar: int) -> Arr:
    """Age group in the year, -1 for those who are younger than 21."""
    return np.searchsorted(ALDERSGRANSER[:-1], ar - rows["fodelsear"], side="right") - 1


def vuxna(rows: Rows, ar: int, fran: int = VUXEN) -> Rows:
    """Rows of those who are of age in the year."""
    return take(rows, ar - rows["fodelsear"] >= fran)


def i_kraft(soc: Samhalle, ar: Ar, dataset: str) -> Rows:
    """Rows in force with their persons."""
    rows = ar.gallande(dataset)
    return {**rows, "sand": ar.lev.sand[rows["pkg"]], **person(soc, rows, ar.lev.ar)}


def utredningar(soc: Samhalle, ar: Ar) -> Rows:
    """Investigations in force, with the last day and the decision as they are read in the year."""
    rows = i_kraft(soc, ar, "missbruk_utredning")
    slut = i_aret(rows["utredning_slut_datum"], ars_dagar(ar.lev.ar)[1])
    beslut = np.where(slut == OPPEN, TOM, rows["beslut_kod"])
    return rows | {"slut": slut, "start": rows["utredning_start_datum"], "beslut_kod": beslut}


def insatser(soc: Samhalle, ar: Ar) -> Rows:
    """Measures in force that have not ended before the year."""
    jan, dec = ars_dagar(ar.lev.ar)
    rows = i_kraft(soc, ar, "missbruk_insats")
    slut = i_aret(rows["insats_slut_datum"], dec)
    metod = np.where(rows["metod_kod"] == TOM, OKAND_METOD, rows["metod_kod"])
    avslut = np.where(slut == OPPEN, TOM, rows["insats_avslut_kod"])
    rows |= {"slut": slut, "start": rows["insats_start_datum"], "metod_kod": metod, "insats_avslut_kod": avslut}
    return take(rows, slut >= jan)


def utan_anhoriga(rows: Rows) -> Rows:
    """Rows of those who get help for their own sake."""
    return take(rows, rows["malgrupp_kod"] != ANHORIG)


def nyast(parts: list[Rows], *columns: str) -> Rows:
    """Rows of several years, the later year's where they have the same key."""
    keys = nycklar(*parts, columns=columns)
    out: list[Rows] = []
    for i, rows in enumerate(parts):
        later = np.concatenate([*keys[i + 1 :], np.zeros(0, dtype=np.int64)])
        out.append(take(rows, ~np.isin(keys[i], later)))
    return stack(out)
