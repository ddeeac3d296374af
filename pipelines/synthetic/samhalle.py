"""One municipality's society: household-months, the persons in them and the closed spells, as they truly are.

Belongs here: putting families, spells and events together into rows before any delivery. Does not belong
here: what is delivered of it, with which faults (paketplan, rader).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from pipelines.synthetic.familjer import Familjer, Medlemmar, Personer, birth, build, pick, stack, take
from pipelines.synthetic.handelser import live
from pipelines.synthetic.koder import (
    BARN_MAX,
    BARNROLL,
    FH99,
    FH_TOM,
    HINDER_GRUPP,
    SOKANDE,
    START_YEAR,
    TOM3,
    TYP,
    Arr,
    ranges,
)
from pipelines.synthetic.mal import BAKGRUND
from pipelines.synthetic.perioder import Perioder, simulate_spells

Stadsdelar: TypeAlias = Sequence[float]  # each one's share of the households
_TYP_INDEX = np.array([0] + [TYP.index(str(t)) if str(t) in TYP else 0 for t in range(1, 10)], dtype=np.int8)


@dataclass
class Samhalle:
    """Rows of the true society. hm_* per household-month ordered by stadsdel, month and hushall_id; pr_* per person
    in it; av_* per closing in the order of stadsdel and reporting month. A hushall_id is of one stadsdel and year.
    """

    personer: Personer
    slot: Arr
    fdat: Arr
    hid_text: Arr  # distinct hushall_id, 'S' bytes
    hm_sd: Arr  # place among the municipality's stadsdelar
    hm_t: Arr
    hm_hid: Arr
    hm_typ: Arr  # index of TYP
    hm_barn: Arr
    hm_utr: Arr
    hm_ore: Arr
    pr_hm: Arr
    pr_person: Arr
    pr_roll: Arr
    pr_fu: Arr
    pr_fh: Arr
    pr_ins: Arr
    pr_sky: Arr
    av_sd: Arr
    av_t: Arr  # reporting month
    av_hid: Arr
    av_orsak: Arr
    av_dag: Arr  # datetime64[D]


def _group(
    level: Arr, grupp: str, rng: np.random.Generator, par: dict[str, Any]
) -> tuple[Perioder, Familjer, Personer, Medlemmar]:
    spells = simulate_spells(level, rng, par)
    first = np.full(spells.familjer, 9999)
    last = np.zeros(spells.familjer, dtype=np.int64)
    np.minimum.at(first, spells.familj, np.maximum(spells.start, 0))
    np.maximum.at(last, spells.familj, spells.slut)
    return spells, *build(grupp, first, last, rng, par, len(level))


def _together(
    parts: list[tuple[Perioder, Familjer, Personer, Medlemmar]],
) -> tuple[Perioder, Familjer, Personer, Medlemmar]:
    """The two groups as one, the second renumbered after the first."""
    (p1, f1, n1, m1), (p2, f2, n2, m2) = parts
    families, persons = len(f1.typ), len(n1.kon)
    m2.familj, m2.person = m2.familj + families, m2.person + persons
    spells = Perioder(
        np.concatenate([p1.familj, p2.familj + families]),
        np.concatenate([p1.start, p2.start]),
        np.concatenate([p1.slut, p2.slut]),
        families + len(f2.typ),
    )
    return spells, stack([f1, f2]), stack([n1, n2]), stack([m1, m2])


def _protected(fam: Familjer, medl: Medlemmar, persons: int, rng: np.random.Generator, share: float) -> Arr:
    """One protected person in a few families, never in a family that shares a person with another."""
    pairs = np.unique(medl.person.astype(np.int64) * len(fam.typ) + medl.familj)
    shared = np.bincount(pairs // max(len(fam.typ), 1), minlength=persons) > 1
    mixed = np.bincount(medl.familj[shared[medl.person]], minlength=len(fam.typ)) > 0
    chosen = np.flatnonzero((rng.random(len(fam.typ)) < share) & ~mixed)
    out = np.zeros(persons, dtype=bool)
    first = np.searchsorted(medl.familj, chosen)
    count = np.searchsorted(medl.familj, chosen, side="right") - first
    out[medl.person[first + np.floor(rng.random(len(chosen)) * count).astype(np.int64)]] = True
    return out


def _household_ids(spells: Perioder, rng: np.random.Generator, share: float) -> tuple[Arr, Arr, Arr]:
    """Per spell-month: spell and month; and per spell a number that is new when a return gets a new
    hushall_id.
    """
    order = np.lexsort((spells.start, spells.familj))
    again = np.r_[False, spells.familj[order][1:] == spells.familj[order][:-1]]
    fresh = ~again | (rng.random(len(order)) < share)
    line = np.empty(len(order), dtype=np.int64)
    line[order] = np.cumsum(fresh)
    start = np.maximum(spells.start, 0)
    count = spells.slut - start + 1
    return np.repeat(np.arange(len(start)), count), ranges(start, count), line


def _id_text(stadsdel: Arr, year: Arr, line: Arr, rng: np.random.Generator, kept: float) -> tuple[Arr, Arr]:
    """All hushall_id in text order, and the place among them of each (stadsdel, year, line).

    Every stadsdel numbers every year anew in random order, from the same first number, except that some households
    with aid the year before keep theirs: the same hushall_id is then another household, or the same.
    """
    keys, index = np.unique((stadsdel.astype(np.int64) << 8 | year) << 40 | line, return_inverse=True)
    number = np.zeros(len(keys), dtype=np.int64)
    before = np.full(int(line.max(initial=0)) + 1, -1)
    part = 0
    for each in np.unique(keys >> 40):
        if each >> 8 != part:
            before[:], part = -1, each >> 8
        here = np.flatnonzero(keys >> 40 == each)
        own = keys[here] & ((1 << 40) - 1)
        keeps = (before[own] >= 0) & (rng.random(len(here)) < kept)
        free = np.setdiff1d(np.arange(len(here) + int(keeps.sum())), before[own[keeps]])[: int((~keeps).sum())]
        number[here[keeps]] = before[own[keeps]]
        number[here[~keeps]] = rng.permutation(free)
        before[:] = -1
        before[own] = number[here]
    text = np.char.add(b"H", (1_000_001 + np.arange(int(number.max(initial=-1)) + 1)).astype("S7"))
    return text, number[index]


def _types(antal_vuxna: Arr, antal_barn: Arr, kon: Arr, okand: Arr) -> Arr:
    """hushallstyp (index of TYP) of what the household consists of in the month."""
    single = np.where(kon == 1, 3, 5)
    base = np.where(antal_vuxna == 0, 1, np.where(antal_vuxna == 1, single, 7))
    typ = np.where((antal_vuxna > 0) & (antal_barn > 0), base + 1, base)
    return _TYP_INDEX[np.where(okand, 9, typ)]


def _amounts(family: Arr, vuxna: Arr, barn: Arr, rng: np.random.Generator, b: dict[str, Any]) -> Arr:
    """Öre per household-month, whole kronor for most."""
    level = np.exp(rng.normal(np.log(b["median"]), b["sigma"], int(family.max(initial=0)) + 1))[family]
    size = 1 + b["per_vuxen"] * np.maximum(vuxna - 1, 0) + b["per_barn"] * barn
    kronor = np.clip(level * size * np.exp(rng.normal(0, b["manadsbrus"], len(family))), b["minst"], b["hogst"])
    cents = np.where(rng.random(len(family)) < b["med_oren"], rng.integers(1, 100, len(family)), 0)
    return np.asarray(np.floor(kronor).astype(np.int64) * 100 + cents)


def _hinder(
    personer: Personer,
    person: Arr,
    month: Arr,
    rng: np.random.Generator,
    par: dict[str, Any],
    fh99_year: tuple[int, float],
) -> Arr:
    code = np.where(month < personer.byter[person], personer.hinder[person], personer.hinder_sedan[person])
    u = rng.random(len(person))
    year, share = fh99_year
    lacks = np.where(month // 12 + START_YEAR == year, share, par["hinder_saknas"]["fh99"])
    code = np.where(u < lacks, FH99, code)
    return np.where(u > 1 - par["hinder_saknas"]["tom"], FH_TOM, code)


def _insats(hinder: Arr, rng: np.random.Generator, share: dict[str, float]) -> Arr:
    u = rng.random(len(hinder))
    yes = np.where(HINDER_GRUPP[hinder] == 0, share["arbetslos"], share["annars"])
    out = np.where(u < yes, 1, 0)
    out = np.where(u > 1 - share["okand"], 2, out)
    return np.where(u > 1 - share["tom"], TOM3, out)


@dataclass
class _Avslut:
    """Reported closings: stadsdel, reporting month, hushall_id, cause, date."""

    sd: Arr
    t: Arr
    hid: Arr
    orsak: Arr
    dag: Arr


def _closed(spells: Perioder, months: int, rows: _Rows, rng: np.random.Generator, par: dict[str, Any]) -> _Avslut:
    """Reported endings, a few reported by mistake for households that go on, a few for the wrong household, and a few
    long after.
    """
    a = par["avslut"]
    ended = np.flatnonzero(rng.random(len(spells.slut)) < a["rapporteras"])
    length = spells.slut - np.maximum(spells.start, 0)
    going = np.flatnonzero(rng.random(len(spells.slut)) < a["felaktigt"] * length)
    middle = spells.slut[going] - length[going] + (rng.random(len(going)) * length[going]).astype(np.int64)
    spell, month = np.concatenate([ended, going]), np.concatenate([spells.slut[ended], middle])
    at_once = rng.random(len(spell)) < a["samma_manad"]
    report = np.where(at_once, month, month + 1 + _delay(rng, a["fordrojning"], len(spell)))
    later = (rng.random(len(month)) < a["datum_efter"]) & ~at_once
    day = (np.datetime64("2017-01") + month + later).astype("datetime64[D]") + rng.integers(0, 28, len(month))
    sd, hid = rows.home_at(spell, month)
    wrong = rng.random(len(hid)) < a["fel_hushall"]
    hid[wrong] = rng.integers(0, max(len(rows.text), 1), int(wrong.sum()))
    orsak = _delay(rng, par["avslutsorsak_andel"], len(month)).astype(np.int8)
    out = _again(_Avslut(sd, _too_late(report, month + later, rng, par), hid, orsak, day), rng, par)
    order = np.lexsort((out.hid, out.t, out.sd))
    return take(out, order[out.t[order] < months])


def _too_late(report: Arr, month: Arr, rng: np.random.Generator, par: dict[str, Any]) -> Arr:
    """Reporting months, some of them put off to more months after the date's than is allowed."""
    low, high = par["avslut_for_sent"]["manader"]
    late = rng.random(len(report)) < par["avslut_for_sent"]["andel"]
    return np.where(late, month + rng.integers(low, high + 1, len(report)), report)


def _again(a: _Avslut, rng: np.random.Generator, par: dict[str, Any]) -> _Avslut:
    """Some are reported once more: the day before or after in the same delivery, or in one of the next two."""
    again = np.flatnonzero(rng.random(len(a.t)) < par["avslut"]["en_gang_till"])
    wait, step = rng.integers(0, 3, len(again)), rng.integers(-1, 2, len(again))
    day = a.dag[again] + np.where(wait > 0, step, np.where(step < 0, -1, 1))
    orsak = _delay(rng, par["avslutsorsak_andel"], len(again)).astype(np.int8)
    return stack([a, _Avslut(a.sd[again], a.t[again] + wait, a.hid[again], orsak, day)])


def _delay(rng: np.random.Generator, share: list[float], count: int) -> Arr:
    edges = np.cumsum(share) / np.sum(share)
    return np.minimum(np.searchsorted(edges, rng.random(count), side="right"), len(share) - 1)


def _homes(families: int, years: int, parts: Stadsdelar, rng: np.random.Generator, par: dict[str, Any]) -> Arr:
    """[family, year]: place of the stadsdel it belongs to; a few belong to another the next year."""
    out = np.zeros((families, years), dtype=np.int8)
    if len(parts) == 1:
        return out
    out[:, 0] = pick(rng, parts, families)
    for year in range(1, years):
        moves = rng.random(families) < par["stadsdel_byter"]
        out[:, year] = np.where(moves, pick(rng, parts, families), out[:, year - 1])
    return out


class _Rows:
    """Expands spells and members into household-months and person rows."""

    def __init__(
        self, spells: Perioder, medl: Medlemmar, rng: np.random.Generator, par: dict[str, Any], parts: Stadsdelar
    ) -> None:
        spell, month, line = _household_ids(spells, rng, par["nytt_hushall_id_andel"])
        family = spells.familj[spell]
        sd = _homes(spells.familjer, int(month.max(initial=0)) // 12 + 1, parts, rng, par)[family, month // 12]
        self.text, hid = _id_text(sd, month // 12, line[spell], rng, par["hushall_id_behalls_andel"])
        start = np.maximum(spells.start, 0)
        self._first_row = np.cumsum(np.r_[0, (spells.slut - start + 1)])[:-1] - start
        self._hid, self._sd = hid, sd
        self._members(medl, family, month)
        order = np.lexsort((hid, month, sd) if len(parts) > 1 else (hid, month))
        self._sort(order[self._any[order]], family, month, hid)

    def home_at(self, spell: Arr, month: Arr) -> tuple[Arr, Arr]:
        """Stadsdel and hushall_id of a spell in a month."""
        row = self._first_row[spell] + month
        return self._sd[row], self._hid[row]

    def _members(self, medl: Medlemmar, family: Arr, month: Arr) -> None:
        first = np.searchsorted(medl.familj, family)
        count = np.searchsorted(medl.familj, family, side="right") - first
        member, row = ranges(first, count), np.repeat(np.arange(len(family)), count)
        t = month[row]
        here = (medl.fran[member] <= t) & (t <= medl.till[member])
        self._row, self._member = row[here], member[here]
        self._any = np.bincount(self._row, minlength=len(family)) > 0
        self._medl = medl

    def _sort(self, order: Arr, family: Arr, month: Arr, hid: Arr) -> None:
        self.family, self.month, self.hid, self.sd = family[order], month[order], hid[order], self._sd[order]
        place = np.full(len(family), -1)
        place[order] = np.arange(len(order))
        row = place[self._row]
        rank = np.argsort(row, kind="stable")
        self.pr_hm = row[rank].astype(np.int32)
        member = self._member[rank]
        self.person, self.roll = self._medl.person[member], self._medl.roll[member].astype(np.int8)


def _composition(rows: _Rows, personer: Personer) -> tuple[Arr, Arr, Arr, Arr]:
    """Adults, children, adults born abroad and the applicant's sex per household-month."""
    hm, adult = len(rows.family), rows.roll != BARNROLL
    kon = np.zeros(hm, dtype=np.int8)
    applicant = rows.roll == SOKANDE
    kon[rows.pr_hm[applicant]] = personer.kon[rows.person[applicant]]
    abroad = adult & (personer.fodd_utrikes[rows.person] == 1)
    vuxna, barn, utrikes = (np.bincount(rows.pr_hm[m], minlength=hm) for m in (adult, ~adult, abroad))
    return vuxna, barn, utrikes, kon


def _person_cells(
    rows: _Rows,
    personer: Personer,
    rng: np.random.Generator,
    par: dict[str, Any],
    fh99_year: tuple[int, float],
) -> dict[str, Arr]:
    """Country, hinder and measure of each person row; empty for those in the role of child."""
    adult = rows.roll != BARNROLL
    fh = _hinder(personer, rows.person, rows.month[rows.pr_hm], rng, par, fh99_year)
    empty = rng.random(len(fh)) < par["fodd_utrikes_okand"]["tom_rad"]
    fu = np.where(empty, TOM3, personer.fodd_utrikes[rows.person])
    return {
        "pr_fu": np.where(adult, fu, TOM3).astype(np.int8),
        "pr_fh": np.where(adult, fh, FH_TOM).astype(np.int8),
        "pr_ins": np.where(adult, _insats(fh, rng, par["insats_andel"]), TOM3).astype(np.int8),
    }


def simulate(
    level: Arr,
    rng: np.random.Generator,
    par: dict[str, Any],
    fh99_year: tuple[int, float] = (0, 0.0),
    parts: Stadsdelar = (1.0,),
) -> Samhalle:
    """The society of one municipality; level[bakgrund, month] households in aid; parts: shares of its stadsdelar."""
    spells, fam, personer, medl = _together([_group(level[b], g, rng, par) for b, g in enumerate(BAKGRUND)])
    slot, fdat = birth(personer)
    medl = live(fam, personer, medl, fdat, rng, par)
    skyddad = _protected(fam, medl, len(personer.kon), rng, par["skyddad_andel"])
    rows = _Rows(spells, medl, rng, par, parts)
    vuxna, barn, utrikes, kon = _composition(rows, personer)
    cells = _person_cells(rows, personer, rng, par, fh99_year)
    av = _closed(spells, level.shape[1], rows, rng, par)
    return Samhalle(
        personer=personer,
        slot=slot,
        fdat=fdat,
        hid_text=rows.text,
        hm_sd=rows.sd,
        hm_t=rows.month.astype(np.int16),
        hm_hid=rows.hid.astype(np.int32),
        hm_typ=_types(vuxna, barn, kon, fam.okand[rows.family]),
        hm_barn=np.minimum(barn, BARN_MAX).astype(np.int8),
        hm_utr=np.minimum(utrikes, 2).astype(np.int8),
        hm_ore=_amounts(rows.family, vuxna, barn, rng, par["belopp"]),
        pr_hm=rows.pr_hm,
        pr_person=rows.person.astype(np.int32),
        pr_roll=rows.roll,
        **cells,
        pr_sky=skyddad[rows.person].astype(np.int8),
        av_sd=av.sd,
        av_t=av.t.astype(np.int16),
        av_hid=av.hid.astype(np.int32),
        av_orsak=av.orsak,
        av_dag=av.dag,
    )
