"""The truth about what became of the children: BU16, BU17, BU19, BU20, SU03 and SU04, from two years in force.

Belongs here: counts of every municipality in the later year. Does not belong here: BU01-BU09 (facit_lokal), which years
count and rows (facit_fragor_lokal, facit_tabell). Source: docs/reference/barn_och_unga.md section 7.
"""

from __future__ import annotations

import numpy as np

from pipelines.synthetic.arsvis.facit_paket import Ar
from pipelines.synthetic.arsvis.tal import (
    OPPEN,
    TOM,
    Rows,
    ars_dagar,
    dag,
    inom,
    nycklar,
    plus_manader,
    rakna,
    som_text,
    take,
    tva,
)
from pipelines.synthetic.barn.facit_lokal import utredningar
from pipelines.synthetic.barn.facit_vard import ALDRAR, person
from pipelines.synthetic.barn.koder import (
    EJ_UTRETT,
    GAMLA,
    GAMLA_OMRADEN,
    GER_INSATS,
    MALGRUPP,
    METOD,
    OKAND_METOD,
    OMRADEN,
    OPPEN_INSATS,
    TILL_NYTT,
)
from pipelines.synthetic.barn.samhalle import Samhalle
from pipelines.synthetic.koder import RESERV, Arr

UNGA = 13  # from this age BU17 instead of BU16
DAGAR = 183
KLASSER = ("forbattrat", "oforandrat", "forsamrat", "ej_uppfoljt")
EJ_UPPFOLJT = 3
HELT, DELVIS, EJ, EJ_BEDOMD = range(4)
AVSLUT = 2


def insatser(soc: Samhalle, ar: Ar) -> Rows:
    """Local measures in force that have not ended before the year, with the last day as it is read in it."""
    jan, dec = ars_dagar(ar.lev.ar)
    rows = ar.gallande("bbic_insats")
    slut = rows["insats_slut_datum"]
    out = {**rows, "slut": np.where(slut > dec, OPPEN, slut), "start": rows["insats_start_datum"],
           "sand": ar.lev.sand[rows["pkg"]], **person(soc, rows["barn"], ar.lev.ar)}  # fmt: skip
    return take(out, out["slut"] >= jan)


def uppfoljningar(ar: Ar) -> Rows:
    """Follow-ups in force."""
    rows = ar.gallande("bbic_uppfoljning")
    return {**rows, "sand": ar.lev.sand[rows["pkg"]], "dag": rows["uppfoljning_datum"]}


def foljda(soc: Samhalle, barn: Arr) -> Arr:
    """Who can be followed from year to year."""
    return np.asarray(soc.barn["id_typ"][barn] != RESERV)


def avslutade(utr: Rows, ins: Rows, ar: int) -> tuple[Arr, Arr]:
    """Children and the last day in the first half of the year when something ended and nothing goes on."""
    barn = np.concatenate([utr["barn"], ins["barn"]])
    start = np.concatenate([utr["utredning_start_datum"], ins["start"]])
    slut = np.concatenate([utr["utredning_slut_datum"], ins["slut"]])
    low, high = dag(f"{ar}-01-01"), dag(f"{ar}-06-30")
    ends = np.flatnonzero((slut >= low) & (slut <= high))
    a, b = inom(barn[ends], barn)
    going = (start[b] <= slut[ends][a]) & (slut[b] > slut[ends][a])
    quiet = np.bincount(a[going], minlength=len(ends)) == 0
    child, at = np.unique(barn[ends][quiet], return_inverse=True)
    last = np.full(len(child), -1)
    np.maximum.at(last, at, slut[ends][quiet])
    return child, last


def aterkomst(soc: Samhalle, fore: Ar, nu: Ar, kommuner: int) -> dict[str, Arr]:
    """BU16 and BU17: [municipality, age half, sex, 2] ended, not begun again; and [municipality, age half, 2] all with
    reservnummer, those who can be followed.
    """
    old, new = utredningar(soc, fore), utredningar(soc, nu)
    child, last = avslutade(old, insatser(soc, fore), fore.lev.ar)
    p = person(soc, child, nu.lev.ar)
    keep = (p["alder"] < ALDRAR) & (soc.barn["ensamkommande"][child] == 0)
    p, last, child = take(p, keep), last[keep], child[keep]
    half = (nu.lev.ar - p["fodelsear"] >= UNGA).astype(np.int64)
    before, after = nycklar(old, new, columns=("sand", "utredning_id"))
    left = ~np.isin(before, after)
    barn = np.concatenate([old["barn"][left], new["barn"]])
    start = np.concatenate([old["utredning_start_datum"][left], new["utredning_start_datum"]])
    a, b = inom(child, barn)
    again = (start[b] > last[a]) & (start[b] <= plus_manader(last, 12)[a])
    free = np.bincount(a[again], minlength=len(child)) == 0
    f = ~p["reserv"]
    of = take(p, f)
    return {
        "ej_ater": tva((kommuner, 2, 2), of["kommun"], half[f], of["kon"], hit=free[f]),
        "ej_ater_foljda": tva((kommuner, 2), p["kommun"], half, hit=f),
    }


def uppfoljda_i_tid(soc: Samhalle, fore: Ar, nu: Ar, kommuner: int) -> Arr:
    """BU19 [municipality, kind, 2]: care around the clock of more than 183 days, never late in the year."""
    jan, dec = ars_dagar(nu.lev.ar)
    rows = insatser(soc, nu)
    e = np.minimum(rows["slut"], dec)
    rows["e"] = e
    keep = (rows["insats_kod"] != OPPEN_INSATS) & (rows["start"] + DAGAR < e) & (e >= jan) & (rows["alder"] < ALDRAR)
    rows = take(rows, keep)
    late = forsenade(rows, [uppfoljningar(fore), uppfoljningar(nu)], jan, dec)
    return tva((kommuner, OPPEN_INSATS), rows["kommun"], rows["insats_kod"], hit=~late)


def forsenade(rows: Rows, given: list[Rows], jan: int, dec: int) -> Arr:
    """Whether each measure has a day in the year that is more than 183 days after its start or latest follow-up."""
    parts = [take(f, f["uppfoljning_typ_kod"] != AVSLUT) for f in given]
    keys = nycklar(rows, *parts, columns=("sand", "insats_id"))
    days = np.concatenate([f["dag"] for f in parts])
    a, b = inom(keys[0], np.concatenate(keys[1:]))
    day = days[b]
    within = (day >= rows["start"][a]) & (day <= rows["e"][a])
    n = np.arange(len(rows["start"]))
    of = np.concatenate([n, a[within], n])  # start, follow-ups, end
    when = np.concatenate([rows["start"], day[within], rows["e"]])
    order = np.lexsort((when, of))
    of, when = of[order], when[order]
    same = of[1:] == of[:-1]
    first, last = when[:-1] + DAGAR + 1, when[1:]
    hit = same & (first <= last) & (first <= dec) & (last >= jan)
    return np.asarray(np.bincount(of[:-1][hit], minlength=len(n)) > 0)


def mappade(rows: Rows, name: str) -> Arr:
    """[row, area]: the twelve areas; of the old edition the highest of those that are read as each, 9 when all are."""
    new = np.stack([rows[name.format(o)] for o in OMRADEN], axis=1)
    out = np.full(new.shape, -1)
    for old in GAMLA_OMRADEN:
        value = np.where(rows[name.format(old)] == EJ_UTRETT, -1, rows[name.format(old)])
        for area in TILL_NYTT.get(old, ()):
            place = OMRADEN.index(area)
            out[:, place] = np.maximum(out[:, place], value)
    return np.where((rows["bbic_version_kod"] == GAMLA)[:, None], np.where(out < 0, EJ_UTRETT, out), new)


def sista_utredning(utr: Rows, ar: int) -> Rows:
    """Of each child the investigation that ended last in the year with a decision that gives something."""
    jan, dec = ars_dagar(ar)
    slut = utr["utredning_slut_datum"]
    rows = take(utr, (slut >= jan) & (slut <= dec) & (utr["beslut_kod"] >= 0) & (utr["beslut_kod"] < GER_INSATS))
    order = np.lexsort((rows["sand"], som_text(rows["utredning_id"]), rows["utredning_slut_datum"], rows["barn"]))
    rows = take(rows, order)
    return take(rows, np.r_[rows["barn"][1:] != rows["barn"][:-1], True][: len(order)])


def senaste(utr: Rows, uppf: Rows) -> Arr:
    """Per investigation the place of the child's last follow-up within twelve months after it, -1 = none."""
    end = utr["utredning_slut_datum"]
    a, b = inom(utr["barn"], uppf["barn"])
    within = (uppf["dag"][b] > end[a]) & (uppf["dag"][b] <= plus_manader(end, 12)[a])
    a, b = a[within], b[within]
    order = np.lexsort((uppf["sand"][b], som_text(uppf["insats_id"][b]), uppf["uppfoljning_nr"][b], uppf["dag"][b], a))
    out = np.full(len(end), -1)
    out[a[order]] = b[order]
    return out


def klassade(start: Arr, now: Arr, met: Arr) -> Arr:
    """[child, area]: place in KLASSER, -1 where the area was not investigated."""
    lacking = ~met[:, None] | (now == EJ_UTRETT)
    kind = np.select([lacking, now < start, now == start], [EJ_UPPFOLJT, 0, 1], 2)
    return np.where(start == EJ_UTRETT, -1, kind)


def forandring(soc: Samhalle, fore: Ar, nu: Ar, kommuner: int) -> dict[str, Arr]:
    """BU20: [municipality, area, class, sex] and [municipality, 2] children with reservnummer and all, followed up."""
    utr = sista_utredning(utredningar(soc, fore), fore.lev.ar)
    utr["alder"] = person(soc, utr["barn"], nu.lev.ar)["alder"]
    utr = take(utr, utr["alder"] < ALDRAR)
    parts = [uppfoljningar(fore), uppfoljningar(nu)]
    uppf = {n: np.concatenate([part[n] for part in parts]) for n in parts[0]}
    f = ~utr["reserv"]
    at = np.where(f, senaste(utr, uppf), -1)
    start = mappade(utr, "behov_{}")
    now = mappade(uppf, "behov_{}_nu")[at] if len(uppf["dag"]) else np.full_like(start, EJ_UTRETT)
    kind = np.where(f[:, None], klassade(start, now, at >= 0), -1)
    child, area = np.nonzero(kind >= 0)
    shape = (kommuner, len(OMRADEN), len(KLASSER), 2)
    return {
        "forandring": rakna(shape, utr["kommun"][child], area, kind[child, area], utr["kon"][child]),
        "forandring_foljda": tva((kommuner,), utr["kommun"], hit=f & (at >= 0)),
    }


def mal(rows: Rows) -> Arr:
    """How far the goals of a follow-up are met: place among helt, delvis, ej, ej_bedomd."""
    of, met, part = (rows[c] for c in ("mal_antal", "mal_uppfyllda", "mal_delvis"))
    whole = (of > 0) & (np.maximum(met, 0) == of)
    some = np.maximum(met, 0) + np.maximum(part, 0) > 0
    none = (of > 0) & (met == 0) & (part == 0)
    return np.select([whole, some, none], [HELT, DELVIS, EJ], EJ_BEDOMD)


def insatser_som_foljts(soc: Samhalle, fore: Ar, nu: Ar, kommuner: int) -> dict[str, Arr]:
    """SU03: [municipality, target group, 2] ended, followed up; SU04: [municipality, 4] how far goals are met, and by
    target group and method those that are, in whole or in part.
    """
    jan, dec = ars_dagar(nu.lev.ar)
    rows = insatser(soc, nu)
    rows = take(rows, (rows["slut"] >= jan) & (rows["slut"] <= dec) & (rows["alder"] < ALDRAR))
    parts = [uppfoljningar(fore), uppfoljningar(nu)]
    keys = nycklar(rows, *parts, columns=("sand", "insats_id"))
    uppf = {n: np.concatenate([part[n] for part in parts]) for n in parts[0]}
    a, b = inom(keys[0], np.concatenate(keys[1:]))
    after = uppf["dag"][b] >= rows["start"][a]
    a, b = a[after], b[after]
    order = np.lexsort((uppf["uppfoljning_nr"][b], uppf["dag"][b], a))
    at = np.full(len(rows["start"]), -1)
    at[a[order]] = b[order]
    has = at >= 0
    met = take(rows, has)
    level = mal(take(uppf, at[has]))
    metod = np.where(met["metod_kod"] == TOM, OKAND_METOD, met["metod_kod"])
    good, k = level <= DELVIS, met["kommun"]
    return {
        "foljts": tva((kommuner, len(MALGRUPP)), rows["kommun"], rows["malgrupp_kod"], hit=has),
        "maluppfyllelse": rakna((kommuner, 4), k, level),
        "mal_malgrupp": tva((kommuner, len(MALGRUPP)), k, met["malgrupp_kod"], hit=good),
        "mal_metod": tva((kommuner, len(METOD)), k, metod, hit=good),
    }
