"""The rows of every package of one municipality, as typed arrays: what the files will say, before it is text.

Belongs here: which of the society's rows each version holds, and the columns as indices into koder's tables.
Does not belong here: planted row faults (radfel), text (text), judgement (facit_*).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np

from pipelines.synthetic.koder import AR_BASE, AR_TOM, PNR, RESERV, SAMORDNING, START_YEAR, Arr, ranges
from pipelines.synthetic.nummer import birth_date, number
from pipelines.synthetic.plan import Paket
from pipelines.synthetic.samhalle import Samhalle

Rows: TypeAlias = dict[str, Arr]


@dataclass
class Nummer:
    """All id numbers that occur in a municipality; a row points at one by place."""

    text: Arr  # 'S12'
    fdat: Arr  # birth date YYYYMMDD, 0 where none can be read
    giltigt: Arr  # twelve digits, date and check digit in order (reservnummer: always)
    tomt: int

    def extend(self, text: Arr, fdat: Arr, ok: bool) -> Arr:
        """Append numbers and return their places."""
        first = len(self.text)
        self.text = np.concatenate([self.text, text.astype("S12")])
        self.fdat = np.concatenate([self.fdat, fdat])
        self.giltigt = np.concatenate([self.giltigt, np.full(len(text), ok)])
        return np.arange(first, first + len(text))


@dataclass
class Leveranser:
    """Packages of one municipality and their rows, ordered by package (column pkg = place in paket; t = the row's
    month, counted from January of START_YEAR).
    """

    paket: list[Paket]
    hushall: Rows
    person: Rows
    avslut: Rows
    nummer: Nummer
    hid_text: Arr  # index -> hushall_id; after those of households one that belongs to none, then planted ones
    hid_fri: tuple[int, ...] = ()  # those that are an identity number

    def rows(self, dataset: str) -> Rows:
        return {"eb_hushall": self.hushall, "eb_person": self.person, "eb_avslut": self.avslut}[dataset]


def take(rows: Rows, index: Arr) -> Rows:
    """The rows of the given places or mask."""
    return {name: column[index] for name, column in rows.items()}


def _numbers(s: Samhalle) -> tuple[Nummer, Arr]:
    """Number table and the place of each person row; a reservnummer is numbered anew every year."""
    p = s.personer
    own = number(p.fodelsear, s.slot, p.kon, p.id_typ).astype("S12")
    place = s.pr_person.astype(np.int64)
    reserv = p.id_typ[s.pr_person] == RESERV
    year = s.hm_t[s.pr_hm[reserv]] // 12
    keys, index = np.unique(year.astype(np.int64) << 40 | place[reserv], return_inverse=True)
    rank = np.arange(len(keys)) - np.searchsorted(keys >> 40, keys >> 40)
    most = int(rank.max(initial=-1)) + 1
    text = np.array([b"R%05d" % n for n in range(1, most + 1)], dtype="S12")
    table = Nummer(own, s.fdat.copy(), np.ones(len(own), dtype=bool), -1)
    reserves = table.extend(text, np.zeros(most, dtype=np.int64), True)
    place[reserv] = reserves[rank[index]] if most else place[reserv]
    table.tomt = int(table.extend(np.array([b""]), np.zeros(1, dtype=np.int64), False)[0])
    return table, place.astype(np.int32)


def _bounds(sorted_month: Arr, months: Arr) -> tuple[Arr, Arr]:
    low = np.searchsorted(sorted_month, months)
    return low, np.searchsorted(sorted_month, months, side="right") - low


def _copies(sorted_month: Arr, months: Arr) -> tuple[Arr, Arr]:
    """(package, source row) of every package's full month."""
    low, count = _bounds(sorted_month, months)
    return np.repeat(np.arange(len(months)), count).astype(np.int32), ranges(low, count)


def _flag(paket: list[Paket], test: Any) -> Arr:
    return np.array([bool(test(p)) for p in paket], dtype=bool)


def _content(hm: Rows, paket: list[Paket], rng: np.random.Generator, c: dict[str, float]) -> Arr:
    """Change amounts as the content of the version asks, and say which households it holds."""
    pkg, n = hm["pkg"], len(hm["pkg"])
    part = _flag(paket, lambda p: p.innehall == "ofullstandig")[pkg]
    fixed = _flag(paket, lambda p: p.innehall == "rattad")[pkg]
    empty = _flag(paket, lambda p: p.brist == "tomma_rader")[pkg]
    u = rng.random(n)
    other = part & (rng.random(n) < c["annat_belopp"])
    hm["ore"] = np.where(other, hm["ore"] * rng.integers(60, 140, n) // 100, hm["ore"])
    hm["ore"] = np.where(fixed & (rng.random(n) < c["noll"]), 0, hm["ore"])
    return ~((part & (u < c["saknade"])) | (fixed & (u < c["borttagna"])) | empty)


def _person_rows(s: Samhalle, src: Arr, pkg: Arr, nr: Arr, fills: bool) -> Rows:
    person = s.pr_person[src]
    idt = s.personer.id_typ[person]
    told = fills | (idt == RESERV)
    return {
        "pkg": pkg,
        "t": s.hm_t[s.pr_hm[src]],
        "hid": s.hm_hid[s.pr_hm[src]],
        "person": person,
        "nr": nr[src],
        "idt": idt,
        "fa": np.where(told, s.personer.fodelsear[person] - AR_BASE, AR_TOM).astype(np.int16),
        "kk": np.where(told, s.personer.kon[person], 0).astype(np.int8),
        "roll": s.pr_roll[src],
        "fu": s.pr_fu[src],
        "fh": s.pr_fh[src],
        "ins": s.pr_ins[src],
        "sky": s.pr_sky[src],
    }


def _closings(s: Samhalle, paket: list[Paket], months: Arr) -> Rows:
    pkg, src = _copies(s.av_t, months)
    keep = ~_flag(paket, lambda p: p.brist in ("tom_avslut", "utan_avslut"))[pkg]
    pkg, src = pkg[keep], src[keep]
    rows = {"pkg": pkg, "t": s.av_t[src], "hid": s.av_hid[src], "orsak": s.av_orsak[src], "dag": s.av_dag[src]}
    rows["df"] = np.zeros(len(src), dtype=np.int8)
    return rows


def assemble(
    s: Samhalle, paket: list[Paket], rng: np.random.Generator, par: dict[str, Any], *, fills: bool
) -> Leveranser:
    """All packages without row faults; `fills` = birth year and sex are stated also beside a number."""
    months = np.array([p.manad for p in paket], dtype=np.int64)
    pkg, src = _copies(s.hm_t, months)
    hushall: Rows = {
        "pkg": pkg,
        "t": s.hm_t[src],
        "hid": s.hm_hid[src],
        "typ": s.hm_typ[src].copy(),
        "barn": s.hm_barn[src].copy(),
        "utr": s.hm_utr[src].copy(),
        "ore": s.hm_ore[src],
        "bf": np.zeros(len(src), dtype=np.int8),
    }
    keep = _content(hushall, paket, rng, par["rattelse_andringar"])
    first = np.searchsorted(pkg, np.arange(len(paket))) - np.searchsorted(s.hm_t, months)
    ppkg, psrc = _copies(s.hm_t[s.pr_hm], months)
    pkeep = keep[first[ppkg] + s.pr_hm[psrc]]
    nummer, nr = _numbers(s)
    person = _person_rows(s, psrc[pkeep], ppkg[pkeep], nr, fills)
    hid_text = np.concatenate([s.hid_text, np.array([b"H99999999"])])
    return Leveranser(paket, take(hushall, keep), person, _closings(s, paket, months), nummer, hid_text)


_NEEDS_ROWS = {
    **dict.fromkeys(("sha", "rader", "frammande", "kolumn_okand"), "hushall"),
    **dict.fromkeys(("period", "kolumn_saknas"), "person"),
}


def drop_impossible(lev: Leveranser) -> None:
    """What was planned to be done to a file that has no rows, and so is not sent, is not done."""
    some = {name: set(np.unique(getattr(lev, name)["pkg"]).tolist()) for name in ("hushall", "person")}
    lev.paket = [
        replace(p, brist="") if p.brist in _NEEDS_ROWS and i not in some[_NEEDS_ROWS[p.brist]] else p
        for i, p in enumerate(lev.paket)
    ]


def minor_numbers(lev: Leveranser, rows: Arr, slot: Arr, year: Arr, kon: Arr) -> None:
    """Give the person rows numbers of other, younger persons (id kind kept; reservnummer keep theirs)."""
    p = lev.person
    idt = p["idt"][rows]
    fdat = birth_date(year, slot)
    text = number(year, slot, kon, np.where(idt == SAMORDNING, SAMORDNING, PNR)).astype("S12")
    places = lev.nummer.extend(text, fdat, True)
    p["nr"][rows] = np.where(idt == RESERV, p["nr"][rows], places)
    stated = p["fa"][rows] != AR_TOM
    p["fa"][rows] = np.where(stated, year - AR_BASE, AR_TOM)


def year_of(lev: Leveranser, pkg: Arr) -> Arr:
    """Calendar year of each row's package."""
    return np.array([START_YEAR + p.manad // 12 for p in lev.paket], dtype=np.int64)[pkg]
