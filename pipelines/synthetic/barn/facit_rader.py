"""The truth about rows of bu: which rules fall on each delivered row and where the row ends.

Belongs here: an independent reading of the register's row rules and cascade, on the generator's typed cells. Does not
belong here: what all sources share (arsvis), the local sources' rules (facit_rader_lokal), package rules and history
(facit_paket), and anything imported from the real gate. Source: docs/reference/barn_och_unga.md section 5.
"""

from __future__ import annotations

import numpy as np

from pipelines.synthetic.arsvis.facit_rader import (
    Regler,
    Utfall,
    ar_begransat,
    asido,
    borta,
    flera,
    hos,
    i_aret,
    lasta_koder,
    markta,
    nummer_ok,
    nyckel,
    par_inom,
    person_regler,
    tomma,
    tva_beteckningar,
    utfall,
)
from pipelines.synthetic.arsvis.rader import Leveranser
from pipelines.synthetic.arsvis.tal import OPPEN, TOM, Rows, ars_dagar, dag_av, plus_manader
from pipelines.synthetic.barn.koder import LAYOUT, LVU_6, LVU_VARD, NYCKEL, SIS, SOL, VARNINGAR
from pipelines.synthetic.koder import RESERV, Arr

GRUNDER = ("LVU2", "LVU3", "LVU2_3")


def _barn(rows: Rows) -> Regler:
    fell, good = lasta_koder(LAYOUT["bu_barn"], rows)
    both = good["ensamkommande"] & good["vardnadshavare_kod"]
    return person_regler(rows) | {
        "GEN-12": flera(nyckel(rows, *NYCKEL["bu_barn"])),
        "GEN-14": fell,
        "GEN-25": tomma(rows, "vardnadshavare_kod", "ensamkommande", "skyddad"),
        "BU-09": both & (rows["ensamkommande"] == 1) & (rows["vardnadshavare_kod"] == 0),
        "BU-18": tva_beteckningar(rows, "barn_id"),
    }


def _vuxen(rows: Rows, barn: Rows, start: Arr, slut: Arr, lvu: Arr) -> Arr:
    """BU-05: from 21 years, or LVU after it; only the year is known of a reservnummer."""
    at, found = hos(rows, barn, "barn_id")
    reserv = barn["id_typ"][at] == RESERV
    number = np.maximum(barn["personnummer"][at], 0)
    at_21 = dag_av(number // 10**4 + 21 * 10**4)
    born, has = barn["fodelsear"][at], slut != OPPEN
    start_ar, slut_ar = (ar_begransat(d) for d in (start, np.where(has, slut, start)))
    by_year = (start_ar - born > 20) | (lvu & has & (slut_ar - born > 21))
    by_day = (start >= at_21) | (lvu & has & (slut > at_21))
    known = np.where(reserv, born != TOM, nummer_ok(barn)[at])
    return np.asarray(found & known & np.where(reserv, by_year, by_day))


def _insats(rows: Rows, barn: Rows, ar: int) -> Regler:
    jan, dec = ars_dagar(ar)
    fell, good = lasta_koder(LAYOUT["bu_insats"], rows, ("lvu_grund_kod",))
    typ, grund = rows["insatstyp_kod"], rows["lvu_grund_kod"]
    start, slut = rows["insats_start_datum"], rows["insats_slut_datum"]
    wrong = [(typ == SOL) & (grund != TOM), (typ == LVU_VARD) & ~np.isin(grund, range(len(GRUNDER)))]
    wrong.append((typ == LVU_6) & (grund != len(GRUNDER)))
    lvu = good["insatstyp_kod"] & (typ != SOL)
    return {
        "GEN-12": flera(nyckel(rows, "insats_id")),
        "GEN-14": fell,
        "GEN-15": slut < start,
        "GEN-25": tomma(rows, "insatstyp_kod", "beslut_datum"),
        "BU-04": good["insatstyp_kod"] & np.any(wrong, axis=0),
        "BU-05": _vuxen(rows, barn, start, i_aret(slut, dec), lvu),
        "BU-06": _for_lange(rows, start, np.minimum(slut, dec), good["insatstyp_kod"]),
        "BU-15": start > dec,
        "BU-16": slut < jan,
    }


def _for_lange(rows: Rows, start: Arr, slut: Arr, good: Arr) -> Arr:
    """BU-06: an immediate taking into care of more than 28 days that care under LVU did not follow."""
    long = good & (rows["insatstyp_kod"] == LVU_6) & (slut - start + 1 > 28)
    a, b = par_inom(nyckel(rows, "barn_id"))
    first, second = np.r_[a, b], np.r_[b, a]
    follows = (rows["insatstyp_kod"][second] == LVU_VARD) & (start[second] >= start[first])
    follows &= start[second] <= slut[first] + 1
    return np.asarray(long & ~markta(len(long), first[follows]))


def _overlapp(rows: Rows, dec: int) -> tuple[Arr, Arr]:
    """BU-02 and BU-13: rows of the same child that are beside each other for 2-30 days, or for more."""
    start, slut = rows["placering_start_datum"], np.minimum(rows["placering_slut_datum"], dec)
    ok = rows["placering_slut_datum"] >= start
    a, b = par_inom(nyckel(rows, "barn_id"))
    both = ok[a] & ok[b]
    a, b = a[both], b[both]
    days = np.minimum(slut[a], slut[b]) - np.maximum(start[a], start[b]) + 1
    few, many = (days >= 2) & (days <= 30), days > 30
    return markta(len(ok), a[few], b[few]), markta(len(ok), a[many], b[many])


def glapp(rows: Rows, dec: int) -> Arr:
    """BU-11: more than a day after the one before in the same insats. A copied row is the same placement again: the one
    before both is the same.
    """
    whole = np.flatnonzero(rows["placering_slut_datum"] >= rows["placering_start_datum"])
    part = {n: c[whole] for n, c in rows.items()}
    key, slut = nyckel(part, "insats_id"), np.minimum(part["placering_slut_datum"], dec)
    place = nyckel(part, "insats_id", "placering_start_datum", "placering_nr")
    order = np.lexsort((slut, place))
    fore = np.searchsorted(place[order], place) - 1
    last = order[np.maximum(fore, 0)]
    later = (fore >= 0) & (key[last] == key) & (part["placering_start_datum"] - slut[last] - 1 > 1)
    return markta(len(rows["pkg"]), whole[later])


def _placering(rows: Rows, insats: Rows, barn: Rows, ar: int) -> Regler:
    jan, dec = ars_dagar(ar)
    fell, _ = lasta_koder(LAYOUT["bu_placering"], rows)
    start, slut, orsak = (rows[f"placering_{c}"] for c in ("start_datum", "slut_datum", "avslut_orsak_kod"))
    at, found = hos(rows, insats, "insats_id", "barn_id")
    i_start, i_slut = insats["insats_start_datum"][at], i_aret(insats["insats_slut_datum"][at], dec)
    outside = (start < i_start) | (i_aret(slut, dec) > i_slut)
    few, many = _overlapp(rows, dec)
    sol = found & (insats["insatstyp_kod"][at] == SOL)
    long_ago = plus_manader(np.full(len(start), dec), -24)
    return {
        "GEN-12": flera(nyckel(rows, "insats_id", "placering_nr")),
        "GEN-14": fell | ((slut == OPPEN) & (orsak != TOM)),
        "GEN-15": slut < start,
        "GEN-25": tomma(rows, "placeringsform_kod") | ((slut != OPPEN) & (orsak == TOM)),
        "BU-02": few,
        "BU-03": found & outside,
        "BU-08": sol & (rows["placeringsform_kod"] == SIS),
        "BU-11": glapp(rows, dec),
        "BU-12": (start <= long_ago) & (slut > dec) & _fyllt(rows, barn, 18, ar),
        "BU-13": many,
        "BU-15": start > dec,
        "BU-16": slut < jan,
    }


def _fyllt(rows: Rows, barn: Rows, alder: int, ar: int) -> Arr:
    """Whether the child is so old on the year's last day."""
    at, found = hos(rows, barn, "barn_id")
    reserv = barn["id_typ"][at] == RESERV
    year = np.where(reserv, barn["fodelsear"][at], np.maximum(barn["personnummer"][at], 0) // 10**8)
    return np.asarray(found & (ar - year >= alder) & (reserv | nummer_ok(barn)[at]))


def _mangd(rows: Rows) -> Regler:
    """BU-19: more children with a kind of open care than with any."""
    fell, good = lasta_koder(LAYOUT["bu_oppenvard_mangd"], rows)
    key = nyckel(rows, "kon_kod", "aldersgrupp_kod")
    whole = rows["oppenvard_kod"] == 0
    total = np.zeros(int(key.max(initial=-1)) + 1, dtype=np.int64)
    total[key[whole]] = rows["antal"][whole]
    broken = np.isin(key, key[whole & (rows["antal"] == TOM)])
    ok = good["oppenvard_kod"] & ~whole & (rows["antal"] != TOM) & ~broken
    return {
        "GEN-12": flera(nyckel(rows, *NYCKEL["bu_oppenvard_mangd"])),
        "GEN-14": fell,
        "GEN-25": tomma(rows, "antal"),
        "BU-19": ok & (rows["antal"] > total[key]),
    }


def doma(lev: Leveranser) -> dict[str, Utfall]:
    """Every row of the packages of bu."""
    barn, insats, placering = (lev.rader[d] for d in lev.datasets[:3])
    regler = {
        "bu_barn": _barn(barn),
        "bu_insats": _insats(insats, barn, lev.ar),
        "bu_placering": _placering(placering, insats, barn, lev.ar),
        "bu_oppenvard_mangd": _mangd(lev.rader["bu_oppenvard_mangd"]),
    }
    regler["bu_insats"]["BU-14"] = borta(insats, barn, asido(regler["bu_barn"], VARNINGAR), "barn_id")
    regler["bu_placering"]["BU-14"] = borta(
        placering, insats, asido(regler["bu_insats"], VARNINGAR), "insats_id", "barn_id"
    )
    return utfall(lev, regler)
