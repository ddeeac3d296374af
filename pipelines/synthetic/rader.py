"""The rows of every package of one municipality, as typed arrays: what the files will say, before it is text.

Belongs here: which of the society's rows each version holds, the columns as indices into koder's tables, and what the
manifest says of rows that are not there. Does not belong here: planted row faults (radfel), text (text), judgement
(facit_*).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np

from pipelines.synthetic.koder import (
    AR_BASE,
    AR_TOM,
    DATASETS,
    PNR,
    RESERV,
    SAMORDNING,
    START_YEAR,
    Arr,
    period_text,
    ranges,
)
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
    stadsdelar: tuple[str, ...] = ("",)
    hid_fri: tuple[int, ...] = ()  # those that are an identity number

    def rows(self, dataset: str) -> Rows:
        return {"eb_hushall": self.hushall, "eb_person": self.person, "eb_avslut": self.avslut}[dataset]

    def received(self, dataset: str) -> Arr:
        """[package, month of the year]: data lines."""
        rows = self.rows(dataset)
        place = rows["pkg"].astype(np.int64) * 12 + rows["t"] % 12
        return np.bincount(place, minlength=len(self.paket) * 12).reshape(-1, 12)

    def household(self, rows: Rows) -> Arr:
        """The household of each row in one number, ordered by hushall_id and then stadsdel."""
        part = np.array([self.stadsdelar.index(p.stadsdel) for p in self.paket], dtype=np.int64)
        return np.asarray(rows["hid"].astype(np.int64) * len(self.stadsdelar) + part[rows["pkg"]])


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


_MONTHS = 1 << 12  # room for the month in a key of stadsdel and month


class _Source:
    """The society's rows in the order of stadsdel and month, and where in them every package's begin."""

    def __init__(self, stadsdel: Arr, month: Arr, paket: list[Paket], codes: tuple[str, ...]) -> None:
        key = stadsdel.astype(np.int32) * _MONTHS + month
        first = np.array([codes.index(p.stadsdel) * _MONTHS + p.manad for p in paket], dtype=np.int32)
        span = np.array([len(p.months) for p in paket], dtype=np.int32)
        self.low = np.searchsorted(key, first)
        self.count = np.searchsorted(key, first + span) - self.low

    def copies(self) -> tuple[Arr, Arr]:
        """(package, source row) of every row of every package's months."""
        return np.repeat(np.arange(len(self.low)), self.count).astype(np.int32), ranges(self.low, self.count)


def _flag(paket: list[Paket], test: Any) -> Arr:
    return np.array([bool(test(p)) for p in paket], dtype=bool)


def _left(rows: Rows, paket: list[Paket], dataset: str) -> Arr:
    """Rows that are not left out as a whole: months said to be empty, and the second half of a silent cut."""
    pkg, n = rows["pkg"], len(rows["pkg"])
    gone = [p.emptied(dataset) for p in paket]
    low, high = (np.array([getattr(months, end) for months in gone], dtype=np.int64) for end in ("start", "stop"))
    bounds = np.searchsorted(pkg, np.arange(len(paket) + 1))
    half = np.where(_flag(paket, lambda p: p.brist == "tyst_avkortad"), (bounds[:-1] + bounds[1:] + 1) // 2, n)
    return np.asarray(((rows["t"] < low[pkg]) | (rows["t"] >= high[pkg])) & (np.arange(n) < half[pkg]))


def _content(hm: Rows, paket: list[Paket], rng: np.random.Generator, c: dict[str, float]) -> Arr:
    """Change amounts as the content of the version asks, and say which households it holds."""
    pkg, n = hm["pkg"], len(hm["pkg"])
    part = _flag(paket, lambda p: p.innehall == "ofullstandig")[pkg]
    fixed = _flag(paket, lambda p: p.innehall == "rattad")[pkg]
    u = rng.random(n)
    other = part & (rng.random(n) < c["annat_belopp"])
    hm["ore"] = np.where(other, hm["ore"] * rng.integers(60, 140, n) // 100, hm["ore"])
    hm["ore"] = np.where(fixed & (rng.random(n) < c["noll"]), 0, hm["ore"])
    return ~((part & (u < c["saknade"])) | (fixed & (u < c["borttagna"]))) & _left(hm, paket, "eb_hushall")


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


def _closings(s: Samhalle, paket: list[Paket], codes: tuple[str, ...]) -> Rows:
    pkg, src = _Source(s.av_sd, s.av_t, paket, codes).copies()
    rows = {"pkg": pkg, "t": s.av_t[src], "hid": s.av_hid[src], "orsak": s.av_orsak[src], "dag": s.av_dag[src]}
    rows["df"] = np.zeros(len(src), dtype=np.int8)
    return take(rows, _left(rows, paket, "eb_avslut"))


def _households(s: Samhalle, source: _Source) -> Rows:
    pkg, src = source.copies()
    return {
        "pkg": pkg,
        "t": s.hm_t[src],
        "hid": s.hm_hid[src],
        "typ": s.hm_typ[src].copy(),
        "barn": s.hm_barn[src].copy(),
        "utr": s.hm_utr[src].copy(),
        "ore": s.hm_ore[src],
        "bf": np.zeros(len(src), dtype=np.int8),
    }


def assemble(
    s: Samhalle,
    paket: list[Paket],
    rng: np.random.Generator,
    par: dict[str, Any],
    *,
    fills: bool,
    stadsdelar: tuple[str, ...] = ("",),
) -> Leveranser:
    """All packages without row faults; `fills` = birth year and sex are stated also beside a number."""
    source = _Source(s.hm_sd, s.hm_t, paket, stadsdelar)
    hushall = _households(s, source)
    keep = _content(hushall, paket, rng, par["rattelse_andringar"])
    first = np.searchsorted(hushall["pkg"], np.arange(len(paket))) - source.low
    ppkg, psrc = _Source(s.hm_sd[s.pr_hm], s.hm_t[s.pr_hm], paket, stadsdelar).copies()
    pkeep = keep[first[ppkg] + s.pr_hm[psrc]]
    nummer, nr = _numbers(s)
    person = _person_rows(s, psrc[pkeep], ppkg[pkeep], nr, fills)
    hid_text = np.concatenate([s.hid_text, np.array([b"H99999999"])])
    closings = _closings(s, paket, stadsdelar)
    return Leveranser(paket, take(hushall, keep), person, closings, nummer, hid_text, stadsdelar)


_NEEDS_ROWS = {
    **dict.fromkeys(("sha", "rader", "frammande", "kolumn_okand"), ("eb_hushall", 1)),
    **dict.fromkeys(("period", "kolumn_saknas"), ("eb_person", 1)),
    "avkortad": ("eb_person", 2),
}


def drop_impossible(lev: Leveranser) -> None:
    """What was planned to be done to a file that has no rows, and so is not sent, is not done."""
    rows = {d: lev.received(d).sum(axis=1) for d in DATASETS}
    for i, p in enumerate(lev.paket):
        dataset, least = _NEEDS_ROWS.get(p.brist, (DATASETS[0], 0))
        if rows[dataset][i] < least:
            lev.paket[i] = replace(p, brist="")


def cut_short(lev: Leveranser, rng: np.random.Generator) -> None:
    """Cut the file of persons where a transfer broke off, between two rows; the manifest tells of all of them."""
    pkg = lev.person["pkg"]
    keep = np.ones(len(pkg), dtype=bool)
    for i in [i for i, p in enumerate(lev.paket) if p.brist == "avkortad"]:
        low, high = np.searchsorted(pkg, (i, i + 1))
        keep[low + int(rng.integers(1, high - low)) : high] = False
        lev.paket[i] = replace(lev.paket[i], utlovat=(("eb_person", int(high - low)),))
    if not keep.all():
        lev.person = take(lev.person, keep)


def confirm_empty(lev: Leveranser) -> None:
    """Name in the manifest what has no rows, unless that is just what was forgotten."""
    rows = {d: lev.received(d) for d in DATASETS}
    for i, p in enumerate(lev.paket):
        forgotten = p.unconfirmed
        empty = [(d, m) for d in p.delivered for m in p.months if not rows[d][i, m % 12] and (d, m) not in forgotten]
        lev.paket[i] = replace(p, nolleverans=tuple(f"{d}/{period_text(m)}" if p.helar else d for d, m in empty))


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
