"""The truth about rows: which rules fall on each delivered row and where the row ends.

Belongs here: an independent reading of the row rules, cross-table rules, cascade and protection, applied to
the generator's typed cells. Does not belong here: package rules and versions (facit_paket), and anything
imported from the real gate. Source: docs/reference/leverans.md and ekonomiskt_bistand.md, readings R2-R11.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import numpy as np

from pipelines.synthetic.koder import (
    AR_BAD,
    AR_BASE,
    AR_TOM,
    BARN_MAX,
    BARNROLL,
    FH_FLERA,
    FH_OKAND,
    FH_TOM,
    FRITEXT_NARA,
    MEDSOKANDE,
    ORSAK,
    ORSAK_FRI,
    ORSAK_TOM,
    RESERV,
    ROLL,
    ROLL_FRI,
    ROLL_TOM,
    SOKANDE,
    START_YEAR,
    TOM3,
    TYP,
    TYP_FRI,
    TYP_GOOD,
    Arr,
)
from pipelines.synthetic.nummer import sex
from pipelines.synthetic.plan import STOCKHOLM, UNDECLARED
from pipelines.synthetic.rader import Leveranser, Rows

RULES = (
    *("GEN-06", "GEN-09", "GEN-10", "GEN-11", "GEN-12", "GEN-13", "GEN-14", "GEN-16", "GEN-25"),
    *("EB-01", "EB-02", "EB-03", "EB-04", "EB-05", "EB-06", "EB-08", "EB-09", "EB-10"),
    *("EB-13", "EB-14", "EB-15"),
)
WARNINGS = ("GEN-06", "GEN-11", "GEN-13", "EB-05", "EB-08", "EB-09", "EB-10", "EB-15")
LARGEST = 60_000_00  # öre
LATEST = 4  # months from a closing to its report
_TYP_VALUE = np.array([1, 3, 4, 5, 6, 7, 8, 9] + [-1] * (len(TYP) - TYP_GOOD))


@dataclass
class Utfall:
    """Per dataset: rule -> rows it fell on; and each row's end (exactly one of the three)."""

    regler: dict[str, Arr]
    karantan: Arr
    skyddad: Arr
    lastad: Arr


def _twice(*keys: Arr) -> Arr:
    """Rows whose key occurs more than once."""
    if not len(keys[0]):
        return np.zeros(0, dtype=bool)
    order = np.lexsort(keys)
    same = np.ones(len(order) - 1, dtype=bool)
    for key in keys:
        same &= key[order][1:] == key[order][:-1]
    out = np.zeros(len(order), dtype=bool)
    out[order] = np.r_[same, False] | np.r_[False, same]
    return out


def _household_key(rows: Rows) -> Arr:
    """Package, month and hushall_id in one number (a package is of one sender and at most one year)."""
    return np.asarray((rows["pkg"].astype(np.int64) << 4 | rows["t"] % 12) << 32 | rows["hid"])


def _whole_household(rows: Rows) -> Arr:
    """Package and hushall_id, whatever the month."""
    return np.asarray(rows["pkg"].astype(np.int64) << 32 | rows["hid"])


def _hushall(h: Rows, first_delivery: Arr) -> dict[str, Arr]:
    """Rules that need only the household row. EB-01 alone covers hushallstyp_kod, EB-04 alone the amount's
    size.
    """
    number = h["bf"] == 0
    typ, barn = _TYP_VALUE[h["typ"]], h["barn"]
    readable = (h["typ"] < TYP_GOOD) & (barn <= BARN_MAX)
    without = np.isin(typ, (3, 5, 7)) & (barn != 0)
    with_children = np.isin(typ, (1, 4, 6, 8)) & (barn < 1)
    return {
        "EB-01": h["typ"] >= TYP_GOOD,
        "EB-02": readable & (without | with_children),
        "EB-04": (h["bf"] == 3) | (number & (h["ore"] == 0) & first_delivery[h["pkg"]]),
        "EB-05": number & (h["ore"] > LARGEST),
        "GEN-25": np.isin(h["bf"], (1, 2)) | (barn > BARN_MAX) | (h["utr"] == 4),
        "GEN-14": h["utr"] == 3,
        "GEN-12": _twice(_household_key(h)),
    }


def _between(h: Rows, p: Rows) -> dict[str, Arr]:
    """Household against its person rows, all received ones counted."""
    keys, place = np.unique(_household_key(h), return_inverse=True)
    at = np.minimum(np.searchsorted(keys, _household_key(p)), max(len(keys) - 1, 0))
    found = keys[at] == _household_key(p) if len(keys) else np.zeros(len(at), dtype=bool)
    adult = found & ((p["roll"] == SOKANDE) | (p["roll"] == MEDSOKANDE))
    adults = np.bincount(at[adult], minlength=len(keys))[place]
    children = np.bincount(at[found & (p["roll"] == BARNROLL)], minlength=len(keys))[place]
    typ = _TYP_VALUE[h["typ"]]
    pair, single = np.isin(typ, (7, 8)) & (adults < 2), np.isin(typ, (3, 4, 5, 6)) & (adults != 1)
    return {
        "EB-03": pair | single | ((typ == 1) & (adults != 0)),
        "EB-15": (h["barn"] <= BARN_MAX) & (h["barn"] != children),
    }


def _stated_year(p: Rows) -> tuple[Arr, Arr]:
    """The stated birth year, and whether it is readable: neither empty nor fallen on GEN-25."""
    year = p["fa"].astype(np.int64) + AR_BASE
    return year, (p["fa"] != AR_TOM) & (p["fa"] != AR_BAD) & (year >= 1900)


def _by_age(p: Rows, lev: Leveranser, number_ok: Arr) -> dict[str, Arr]:
    """Applicant not yet 18 on the first day of the period; child who is 18 on its last day. Only the year is known of a
    reservnummer.
    """
    month = p["t"].astype(np.int64)
    year, reserv, born = START_YEAR + month // 12, p["idt"] == RESERV, lev.nummer.fdat[p["nr"]]
    eighteen = (year - 18) * 10000 + (month % 12 + 1) * 100
    stated, known = _stated_year(p)
    too_young = np.where(reserv, known & (year - stated < 18), number_ok & (born > eighteen + 1))
    too_old = np.where(reserv, known & (year - stated > 18), number_ok & (born <= eighteen + 31))
    return {"EB-13": (p["roll"] == SOKANDE) & too_young, "EB-09": (p["roll"] == BARNROLL) & too_old}


def _against_number(p: Rows, lev: Leveranser, number_ok: Arr) -> Arr:
    """Stated sex or birth year is not the number's (GEN-11)."""
    stated, known = _stated_year(p)
    other_sex = ((p["kk"] == 1) | (p["kk"] == 2)) & (p["kk"] != sex(lev.nummer.text)[p["nr"]])
    return np.asarray(number_ok & (other_sex | (known & (stated != lev.nummer.fdat[p["nr"]] // 10000))))


def _two_kinds(p: Rows, lev: Leveranser, number_ok: Arr) -> Arr:
    """Rows with a reservnummer beside a number of the same household, role, birth year and sex (GEN-13)."""
    stated, known = _stated_year(p)
    listed = p["roll"] <= BARNROLL
    reserv = np.flatnonzero((p["idt"] == RESERV) & known & listed & ((p["kk"] == 1) | (p["kk"] == 2)))
    home = _whole_household(p)
    near = np.flatnonzero(number_ok & listed & np.isin(home, home[reserv]))
    year = lev.nummer.fdat[p["nr"][near]] // 10000
    kon = sex(lev.nummer.text[p["nr"][near]])
    numbers = set(zip(*(x.tolist() for x in (home[near], p["roll"][near], year, kon)), strict=True))
    wanted = zip(*(x[reserv].tolist() for x in (home, p["roll"], stated, p["kk"])), strict=True)
    out = np.zeros(len(home), dtype=bool)
    out[reserv] = [key in numbers for key in wanted]
    return out


def _two_homes(p: Rows, text: Arr, known: Arr) -> Arr:
    """Rows of a person who stands in more than one household of the package and month (EB-08)."""
    out = np.zeros(len(p["pkg"]), dtype=bool)
    rows = np.flatnonzero(known)
    month = p["pkg"][rows].astype(np.int64) << 4 | p["t"][rows] % 12
    who = month << 32 | text[rows] << 1 | (p["idt"][rows] == RESERV)
    order = np.argsort(who, kind="stable")
    who, home = who[order], p["hid"][rows][order]
    start = np.flatnonzero(np.r_[True, who[1:] != who[:-1]][: len(who)])
    if len(start):
        several = np.minimum.reduceat(home, start) != np.maximum.reduceat(home, start)
        out[rows[order]] = np.repeat(several, np.diff(np.r_[start, len(who)]))
    return out


def _person(p: Rows, lev: Leveranser) -> dict[str, Arr]:
    """Rules over person rows."""
    reserv, child, known_role = p["idt"] == RESERV, p["roll"] == BARNROLL, p["roll"] <= BARNROLL
    empty_number = p["nr"] == lev.nummer.tomt
    text = np.unique(lev.nummer.text, return_inverse=True)[1][
        p["nr"]
    ]  # equal texts are one, whoever they were made for
    number_ok = ~reserv & lev.nummer.giltigt[p["nr"]]
    adult = ~child
    several = p["fh"] >= FH_FLERA
    filled = (p["fu"] != TOM3) | ((p["fh"] != FH_TOM) & ~several) | (p["ins"] != TOM3)
    unknown = (p["fu"] == 4) | (p["ins"] == 4) | (p["fh"] == FH_OKAND)
    year_bad = (p["fa"] == AR_BAD) | ((p["fa"] < 1900 - AR_BASE) & (p["fa"] >= 0))
    lacking = reserv & ((p["fa"] == AR_TOM) | (p["kk"] == 0))
    no_role = ~known_role & (p["roll"] != ROLL_TOM)
    undeclared = np.array([x.brist == UNDECLARED for x in lev.paket], dtype=bool)
    return {
        "GEN-09": (p["sky"] == 1) & undeclared[p["pkg"]],
        "GEN-10": ~reserv & ~empty_number & ~number_ok,
        "GEN-11": _against_number(p, lev, number_ok),
        "GEN-13": _two_kinds(p, lev, number_ok),
        "GEN-14": (p["kk"] == 3) | (p["sky"] == 2) | no_role | unknown | (child & known_role & filled),
        "GEN-25": empty_number | (p["roll"] == ROLL_TOM) | (p["sky"] == 3) | year_bad | lacking,
        "EB-06": adult & several,
        "EB-08": _two_homes(p, text, number_ok | (reserv & ~empty_number)),
        **_by_age(p, lev, number_ok),
        "GEN-12": _twice(text, p["idt"], _household_key(p)) & ~empty_number,
    }


def _avslut(a: Rows, lev: Leveranser) -> dict[str, Arr]:
    """Rules that need only the closing row; two unreadable dates are the same text when they are the same."""
    day = a["dag"].astype("datetime64[D]").astype(np.int64)
    readable = a["df"] == 0
    received = np.array([_local_day(x.mottagen) for x in lev.paket], dtype=np.int64)[a["pkg"]]
    oldest = int(np.datetime64("1900-01-01").astype(np.int64))
    closed = a["dag"].astype("datetime64[M]").astype(np.int64) - (START_YEAR - 1970) * 12
    text_key = np.where(readable, day, -(10**6) - a["df"].astype(np.int64))
    return {
        "EB-10": readable & (a["t"] - closed > LATEST),
        "GEN-14": a["orsak"] > ORSAK_TOM,
        "GEN-16": readable & ((day < oldest) | (day > received + 1)),
        "GEN-25": ~readable | (a["orsak"] == ORSAK_TOM),
        "GEN-12": _twice(text_key, _household_key(a)) & (a["df"] != 1),
    }


def _local_day(epoch: int) -> int:
    """Days since 1970 of the Swedish calendar day."""
    return (datetime.fromtimestamp(epoch, STOCKHOLM).date() - date(1970, 1, 1)).days


def free_text(lev: Leveranser) -> list[str]:
    """Per package GEN-08 when some coded cell or hushall_id says what a person wrote, else ''."""
    out = np.zeros(len(lev.paket), dtype=bool)
    for rows, column, start, values in (
        (lev.hushall, "typ", TYP_FRI, TYP),
        (lev.person, "roll", ROLL_FRI, ROLL),
        (lev.avslut, "orsak", ORSAK_FRI, ORSAK),
    ):
        written = (rows[column] >= start) & (rows[column] < len(values) - len(FRITEXT_NARA))
        out[rows["pkg"][written | np.isin(rows["hid"], lev.hid_fri)]] = True
    return ["GEN-08" if yes else "" for yes in out]


def _errors(rules: dict[str, Arr], count: int) -> Arr:
    out = np.zeros(count, dtype=bool)
    for name, rows in rules.items():
        if name not in WARNINGS:
            out |= rows
    return out


def judge(lev: Leveranser) -> dict[str, Utfall]:
    """Every row's rules and end, as if each package were read by itself (stopped or not)."""
    h, p, a = lev.hushall, lev.person, lev.avslut
    first = np.array([x.leveranstyp == "ordinarie" for x in lev.paket], dtype=bool)
    rules = {
        "eb_hushall": {**_hushall(h, first), **_between(h, p)},
        "eb_person": _person(p, lev),
        "eb_avslut": _avslut(a, lev),
    }
    hkey = _household_key(h)
    aside = np.unique(hkey[_errors(rules["eb_hushall"], len(hkey))])
    pkey, akey = _household_key(p), _household_key(a)
    rules["eb_person"]["EB-14"] = ~np.isin(pkey, hkey) | np.isin(pkey, aside)
    rules["eb_avslut"]["EB-14"] = np.isin(akey, aside)
    protected = np.unique(_whole_household(p)[p["sky"] == 1])
    out = {}
    for dataset, rows in (("eb_hushall", h), ("eb_person", p), ("eb_avslut", a)):
        karantan = _errors(rules[dataset], len(rows["pkg"]))
        skyddad = np.isin(_whole_household(rows), protected) & ~karantan
        out[dataset] = Utfall(rules[dataset], karantan, skyddad, ~karantan & ~skyddad)
    return out
