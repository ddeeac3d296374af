"""The truth about rows of bu: which rules fall on each delivered row and where the row ends.

Belongs here: an independent reading of the row rules, the cascade and protection, on the generator's typed cells. Does
not belong here: the local sources' rules (facit_rader_lokal), package rules and history (facit_paket), and anything
imported from the real gate. Source: docs/reference/barn_och_unga.md section 5.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.synthetic.barn.koder import (
    LAYOUT,
    LVU_6,
    LVU_VARD,
    NYCKEL,
    OPPEN,
    SIS,
    SOL,
    TOM,
    Rows,
    ars_dagar,
    plus_manader,
)
from pipelines.synthetic.barn.rader import Leveranser
from pipelines.synthetic.koder import RESERV, Arr, ranges
from pipelines.synthetic.nummer import luhn_digit

VARNINGAR = frozenset(
    (
        *(
            "GEN-06",
            "GEN-11",
            "GEN-18",
            "GEN-20",
            "GEN-22",
            "AKT-02",
            "AKT-03",
            "AKT-04",
            "UTR-02",
            "UTR-04",
            "BBIC-06",
        ),
        *(f"BU-{n:02d}" for n in (2, 3, 6, 8, 9, 10, 11, 12, 16, 17, 18, 19)),
    )
)
Regler = dict[str, Arr]
GRUNDER = ("LVU2", "LVU3", "LVU2_3")


@dataclass
class Utfall:
    """Of one dataset: rule -> rows it fell on; and each row's end (exactly one of the three)."""

    regler: Regler
    karantan: Arr
    skyddad: Arr
    lastad: Arr


def nyckel(rows: Rows, *columns: str) -> Arr:
    """A package and some numbers as one number per distinct combination."""
    table = np.stack([rows["pkg"], *(rows[c] for c in columns)], axis=1)
    return np.asarray(np.unique(table, axis=0, return_inverse=True)[1].reshape(-1))


def flera(key: Arr) -> Arr:
    """Rows whose key occurs more than once."""
    return np.asarray(np.bincount(key)[key] > 1) if len(key) else np.zeros(0, dtype=bool)


def hos(rows: Rows, other: Rows, *columns: str) -> tuple[Arr, Arr]:
    """For each row the place of one of the other's with the same package and columns, and whether there is one."""
    mine, theirs = (np.stack([r["pkg"], *(r[c] for c in columns)], axis=1) for r in (rows, other))
    code = np.unique(np.concatenate([mine, theirs]), axis=0, return_inverse=True)[1].reshape(-1)
    at = np.full(len(code) + 1, -1)
    at[code[len(mine) :]] = np.arange(len(theirs))
    place = at[code[: len(mine)]]
    return np.maximum(place, 0), place >= 0


def par_inom(key: Arr) -> tuple[Arr, Arr]:
    """All pairs of places with the same key, each once."""
    order = np.argsort(key, kind="stable")
    ends = np.searchsorted(key[order], key[order], side="right")
    count = ends - np.arange(len(key)) - 1
    first = np.repeat(np.arange(len(key)), count)
    second = ranges(np.arange(len(key)) + 1, count)
    return order[first], order[second]


def markta(n: int, *places: Arr) -> Arr:
    """True in the places, of n."""
    out = np.zeros(n, dtype=bool)
    for place in places:
        out[place] = True
    return out


def lasta_koder(dataset: str, rows: Rows, skip: tuple[str, ...] = ()) -> tuple[Arr, dict[str, Arr]]:
    """GEN-14 of a dataset's code columns, and per column whether its cell can be read."""
    n = len(rows["pkg"])
    fell, good = np.zeros(n, dtype=bool), {}
    for column, kind in LAYOUT[dataset].items():
        if kind[0] == "kod" and isinstance(kind[1], tuple):
            bad = rows[column] >= len(kind[1])
            good[column] = ~bad & (rows[column] != TOM)
            fell |= bad & (column not in skip)
    return fell, good


def tomma(rows: Rows, *columns: str) -> Arr:
    """GEN-25: a required cell is empty."""
    return np.asarray(np.any([rows[c] == (OPPEN if c.endswith("datum") else TOM) for c in columns], axis=0))


def nummer_ok(rows: Rows) -> Arr:
    """Numbers whose check digit is right; a reservnummer has none."""
    number = np.maximum(rows["personnummer"], 0)
    return np.asarray((rows["id_typ"] == RESERV) | (luhn_digit(number // 10 % 10**9) == number % 10))


def person_regler(rows: Rows) -> Regler:
    """GEN-10 and GEN-11 of rows that hold a child's number."""
    ok, reserv = nummer_ok(rows), rows["id_typ"] == RESERV
    number = np.maximum(rows["personnummer"], 0)
    year = (rows["fodelsear"] != TOM) & (rows["fodelsear"] != number // 10**8)
    sex = (rows["kon_kod"] != TOM) & (rows["kon_kod"] != 1 - number // 10 % 2)
    return {"GEN-10": ~ok, "GEN-11": ok & ~reserv & (year | sex)}


def tva_beteckningar(rows: Rows) -> Arr:
    """BU-18: the same number on two designations in the package."""
    ok = nummer_ok(rows)
    number = nyckel(rows, "id_typ", "personnummer")
    pair = np.unique(np.stack([number, rows["barn_id"]], axis=1)[ok], axis=0)
    many = np.bincount(pair[:, 0], minlength=int(number.max(initial=0)) + 1) > 1
    return np.asarray(ok & many[number]) if len(number) else ok


def _barn(rows: Rows) -> Regler:
    fell, good = lasta_koder("bu_barn", rows)
    both = good["ensamkommande"] & good["vardnadshavare_kod"]
    return person_regler(rows) | {
        "GEN-12": flera(nyckel(rows, *NYCKEL["bu_barn"])),
        "GEN-14": fell,
        "GEN-25": tomma(rows, "vardnadshavare_kod", "ensamkommande", "skyddad"),
        "BU-09": both & (rows["ensamkommande"] == 1) & (rows["vardnadshavare_kod"] == 0),
        "BU-18": tva_beteckningar(rows),
    }


def _vuxen(rows: Rows, barn: Rows, start: Arr, slut: Arr, lvu: Arr) -> Arr:
    """BU-05: from 21 years, or LVU after it; only the year is known of a reservnummer."""
    at, found = hos(rows, barn, "barn_id")
    reserv = barn["id_typ"][at] == RESERV
    number = np.maximum(barn["personnummer"][at], 0)
    at_21 = _dag(number // 10**4 + 21 * 10**4)
    born, has = barn["fodelsear"][at], slut != OPPEN
    start_ar, slut_ar = (_ar(d) for d in (start, np.where(has, slut, start)))
    by_year = (start_ar - born > 20) | (lvu & has & (slut_ar - born > 21))
    by_day = (start >= at_21) | (lvu & has & (slut > at_21))
    known = np.where(reserv, born != TOM, nummer_ok(barn)[at])
    return np.asarray(found & known & np.where(reserv, by_year, by_day))


def _ar(dagar: Arr) -> Arr:
    return np.asarray(
        np.minimum(dagar, 100_000).astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    )


def _dag(yyyymmdd: Arr) -> Arr:
    """Days of dates written as integers; a samordningsnummer has sixty more days in its month."""
    year, month, day = yyyymmdd // 10**4, yyyymmdd // 100 % 100, yyyymmdd % 100
    first = ((year - 1970) * 12 + np.maximum(month, 1) - 1).astype("datetime64[M]").astype("datetime64[D]")
    return np.asarray(first.astype(np.int64) + np.where(day > 60, day - 60, day) - 1)


def i_aret(slut: Arr, dec: int) -> Arr:
    """Last days as they are read: one after the year is empty."""
    return np.where(slut > dec, OPPEN, slut)


def _insats(rows: Rows, barn: Rows, ar: int) -> Regler:
    jan, dec = ars_dagar(ar)
    fell, good = lasta_koder("bu_insats", rows, ("lvu_grund_kod",))
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


def _glapp(rows: Rows, dec: int) -> Arr:
    """BU-11: more than a day after the one before in the same insats."""
    whole = np.flatnonzero(rows["placering_slut_datum"] >= rows["placering_start_datum"])
    part = {n: c[whole] for n, c in rows.items()}
    key, slut = nyckel(part, "insats_id"), np.minimum(part["placering_slut_datum"], dec)
    order = np.lexsort((part["placering_nr"], part["placering_start_datum"], key))
    gap = part["placering_start_datum"][order][1:] - slut[order][:-1] - 1
    later = (key[order][1:] == key[order][:-1]) & (gap > 1)
    return markta(len(rows["pkg"]), whole[order[1:][later]])


def _placering(rows: Rows, insats: Rows, barn: Rows, ar: int) -> Regler:
    jan, dec = ars_dagar(ar)
    fell, _ = lasta_koder("bu_placering", rows)
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
        "BU-11": _glapp(rows, dec),
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
    fell, good = lasta_koder("bu_oppenvard_mangd", rows)
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


def asido(regler: Regler) -> Arr:
    """Rows on which some rule that sets aside has fallen."""
    return np.asarray(np.any([rows for rule, rows in regler.items() if rule not in VARNINGAR], axis=0))


def borta(rows: Rows, other: Rows, gone: Arr, *columns: str) -> Arr:
    """Rows whose parent, or one of its copies, is set aside."""
    lost = {"pkg": other["pkg"][gone], **{c: other[c][gone] for c in columns}}
    return hos(rows, lost, *columns)[1]


def utfall(lev: Leveranser, regler: dict[str, Regler], barnlista: str) -> dict[str, Utfall]:
    """The end of every row: set aside, kept at the gate because the child is protected, or loaded."""
    children = lev.rader[barnlista]
    shielded = children["skyddad"] == 1
    out = {}
    for dataset, fell in regler.items():
        rows = lev.rader[dataset]
        aside = asido(fell)
        hidden = borta(rows, children, shielded, "barn_id") if "barn_id" in rows else np.zeros(len(aside), dtype=bool)
        hidden &= ~aside
        out[dataset] = Utfall(fell, aside, hidden, ~aside & ~hidden)
    return out


def doma(lev: Leveranser) -> dict[str, Utfall]:
    """Every row of the packages of bu."""
    barn, insats, placering = (lev.rader[d] for d in lev.datasets[:3])
    regler = {
        "bu_barn": _barn(barn),
        "bu_insats": _insats(insats, barn, lev.ar),
        "bu_placering": _placering(placering, insats, barn, lev.ar),
        "bu_oppenvard_mangd": _mangd(lev.rader["bu_oppenvard_mangd"]),
    }
    regler["bu_insats"]["BU-14"] = borta(insats, barn, asido(regler["bu_barn"]), "barn_id")
    regler["bu_placering"]["BU-14"] = borta(placering, insats, asido(regler["bu_insats"]), "insats_id", "barn_id")
    return utfall(lev, regler, "bu_barn")
