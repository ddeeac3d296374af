"""The truth about investigations and measures: MB01, MB02, MB13, MB14, SU05 and SU06 of one year.

Belongs here: counts of every municipality. Does not belong here: interviews in cohorts (facit_asi, facit_metod), which
years count and rows (facit_fragor). Source: docs/reference/missbruk.md section 7.
"""

from __future__ import annotations

import numpy as np

from pipelines.synthetic.arsvis.facit_paket import Ar
from pipelines.synthetic.arsvis.tal import ars_dagar, dag, inom, plus_manader, rakna, take, tva
from pipelines.synthetic.koder import Arr
from pipelines.synthetic.missbruk.facit_underlag import (
    ALDRAR,
    LVM_FRAN,
    grupp,
    i_kraft,
    insatser,
    nyast,
    utan_anhoriga,
    utredningar,
    vuxna,
)
from pipelines.synthetic.missbruk.koder import (
    AVLIDEN_AVSLUT,
    AVLIDEN_BESLUT,
    GRUND,
    MALGRUPP,
    METOD,
    OKAND_METOD,
)
from pipelines.synthetic.missbruk.samhalle import Samhalle

DAGAR = 60
EVIDENSNIVA = dict.fromkeys(METOD, 0)  # no method's level has been read: all are unknown
NIVA = np.array([EVIDENSNIVA[metod] for metod in METOD])


def rakna_ar(soc: Samhalle, ar: Ar, kommuner: int) -> dict[str, Arr]:
    """MB01, MB14, SU05 and SU06."""
    year = ar.lev.ar
    jan, dec = ars_dagar(year)
    ins = insatser(soc, ar)
    mine = vuxna(utan_anhoriga(ins), year, LVM_FRAN)
    each = take(mine, np.unique(mine["pseudonym"], return_index=True)[1])
    done = vuxna(utan_anhoriga(utredningar(soc, ar)), year)
    done = take(done, (done["slut"] >= jan) & (done["slut"] <= dec) & (done["barn_under_18"] == 1))
    every = vuxna(ins, year)
    niva = NIVA[every["metod_kod"]]
    known = take(every, niva != 0)
    shape = (kommuner, len(MALGRUPP))
    return {
        "med_insats": rakna((kommuner, 2, len(ALDRAR)), each["kommun"], each["kon"], grupp(each, year)),
        "barn": tva((kommuner,), done["kommun"], hit=done["barn_uppmarksammat"] == 1),
        "evidens": tva(shape, known["kommun"], known["malgrupp_kod"], hit=NIVA[known["metod_kod"]] >= 2),
        "okand": tva(shape, every["kommun"], every["malgrupp_kod"], hit=every["metod_kod"] == OKAND_METOD),
    }


def rakna_tva_ar(soc: Samhalle, fore: Ar, nu: Ar, asi: list[Ar], kommuner: int) -> dict[str, Arr]:
    """MB02 and MB13; asi: of the same two years."""
    return {
        "asi_grund": _asi_grund(soc, fore, nu, asi, kommuner),
        **_aterkomst(soc, fore, nu, kommuner),
    }


def _asi_grund(soc: Samhalle, fore: Ar, nu: Ar, asi: list[Ar], kommuner: int) -> Arr:
    """[municipality, sex, 2]: new investigations, and those with a Grund within sixty days."""
    year = nu.lev.ar
    rows = nyast([utredningar(soc, fore), utredningar(soc, nu)], "sand", "utredning_id")
    rows = vuxna(utan_anhoriga(rows), year)
    new = (rows["start"] >= dag(f"{year - 1}-11-02")) & (rows["start"] <= dag(f"{year}-11-01")) & ~rows["reserv"]
    rows = take(rows, new)
    parts = [i_kraft(soc, one, "asi_intervju") for one in asi]
    klient = np.concatenate([p["pseudonym"][p["asi_typ_kod"] == GRUND] for p in parts])
    day = np.concatenate([p["intervju_datum"][p["asi_typ_kod"] == GRUND] for p in parts])
    a, b = inom(rows["pseudonym"], klient)
    near = np.abs(day[b] - rows["start"][a]) <= DAGAR
    has = np.bincount(a[near], minlength=len(rows["start"])) > 0
    return tva((kommuner, 2), rows["kommun"], rows["kon"], hit=has)


def avslutade(person: Arr, start: Arr, slut: Arr, ar: int) -> tuple[Arr, Arr]:
    """Persons and the last day in the first half of the year when something ended and nothing goes on."""
    low, high = dag(f"{ar}-01-01"), dag(f"{ar}-06-30")
    ends = np.flatnonzero((slut >= low) & (slut <= high))
    a, b = inom(person[ends], person)
    going = (start[b] <= slut[ends][a]) & (slut[b] > slut[ends][a])
    quiet = np.bincount(a[going], minlength=len(ends)) == 0
    who, at = np.unique(person[ends][quiet], return_inverse=True)
    last = np.full(len(who), -1)
    np.maximum.at(last, at, slut[ends][quiet])
    return who, last


def _aterkomst(soc: Samhalle, fore: Ar, nu: Ar, kommuner: int) -> dict[str, Arr]:
    """MB13: [municipality, sex, 2] ended, not begun again; and [municipality, 2] with reservnummer, followed."""
    year = nu.lev.ar
    utr, ins = utredningar(soc, fore), insatser(soc, fore)
    dead = np.concatenate([utr["pseudonym"][utr["beslut_kod"] == AVLIDEN_BESLUT],
                           ins["pseudonym"][ins["insats_avslut_kod"] == AVLIDEN_AVSLUT]])  # fmt: skip
    parts = [vuxna(utan_anhoriga(rows), year) for rows in (utr, ins)]
    names = ("pseudonym", "start", "slut", "kommun", "kon", "reserv")
    both = {n: np.concatenate([p[n] for p in parts]) for n in names}
    who, last = avslutade(both["pseudonym"], both["start"], both["slut"], year - 1)
    alive = ~np.isin(who, dead)
    who, last = who[alive], last[alive]
    order = np.argsort(both["pseudonym"], kind="stable")
    p = take(both, order[np.searchsorted(both["pseudonym"][order], who)]) if len(who) else take(both, who)
    new = utan_anhoriga(nyast([utr, utredningar(soc, nu)], "sand", "utredning_id"))
    a, b = inom(who, new["pseudonym"])
    again = (new["start"][b] > last[a]) & (new["start"][b] <= plus_manader(last, 12)[a])
    free = np.bincount(a[again], minlength=len(who)) == 0
    f = ~p["reserv"]
    return {
        "ej_ater": tva((kommuner, 2), p["kommun"][f], p["kon"][f], hit=free[f]),
        "ej_ater_foljda": tva((kommuner,), p["kommun"], hit=f),
    }
