"""Care around the clock: entries, law, homes and moves of every child in the simulated country.

Belongs here: what truly happened, as insatser and placements with their last days. Does not belong here: what is
delivered of it (rader) and the open and local measures (arenden). Days are numbers of days since 1970; both ends of
everything are inside it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pipelines.synthetic.arsvis.avsandare import Avsandare
from pipelines.synthetic.arsvis.tal import Rows, ar_av, dag, order_within, stack, take
from pipelines.synthetic.barn.barn import draw
from pipelines.synthetic.barn.koder import AVSLUT, EGET, INSATSTYP, LVU_6, LVU_VARD, NY_PLACERING, SAMMANBROTT, SOL
from pipelines.synthetic.familjer import pick
from pipelines.synthetic.koder import Arr, ranges

BORJAN = 2004  # entries from then on; the stock of 2017 comes of them
_FASER = 3
_AR = 365.25
OLD = 13


def birthday(fodd: Arr, ar: int | Arr) -> Arr:
    """The day of turning so many years. Nobody here is born on 29 February."""
    days = fodd.astype("datetime64[D]")
    month = days.astype("datetime64[M]")
    return np.asarray(((month + 12 * np.asarray(ar)).astype("datetime64[D]") + (days - month)).astype(np.int64))


def _entries(
    barn_0_20: Arr, av: Avsandare, rng: np.random.Generator, par: dict[str, Any], skala: float, sista: int
) -> Rows:
    """Sender, first day, age and family of every entry into care, siblings after one another."""
    p = par["vard_niva"]
    level = np.exp(rng.normal(0, p["sigma"], len(barn_0_20)))
    weight = (barn_0_20 * level)[av.kommun] * av.andel
    years = sista + 1 - BORJAN
    count = rng.poisson(weight / (barn_0_20 * level).sum() * p["per_ar"] * skala * years)
    sand = np.repeat(np.arange(len(count)), count)
    n = len(sand)
    start = dag(f"{BORJAN}-01-01") + np.floor(rng.random(n) * years * _AR).astype(np.int64)
    out = {"sand": sand, "start": start, "alder": pick(rng, par["vard_alder"], n), "familj": np.arange(n)}
    of = np.flatnonzero(rng.random(n) < p["syskon"])
    sibling = take(out, of)
    sibling["alder"] = np.clip(sibling["alder"] + rng.integers(-5, 6, len(of)), 0, 17)
    return stack([out, sibling])


def _children(e: Rows, rng: np.random.Generator, par: dict[str, Any]) -> Rows:
    share = np.array(par["ensamkommande"]["andel"])
    year = ar_av(e["start"])
    when = np.searchsorted([2015, 2017], year, side="right")
    ensam = (e["alder"] >= 12) & (e["alder"] <= 17) & (rng.random(len(year)) < share[when])
    return draw(rng, e["sand"], year - e["alder"], ensam, e["familj"], par)


def _limit(barn: Rows, child: Arr, start: Arr, rng: np.random.Generator, par: dict[str, Any]) -> Arr:
    """The last day care can have: before 18 or 21, never before the first day."""
    fodd = barn["fodd"][child]
    at_18 = birthday(fodd, 18) - 1
    longer = (rng.random(len(child)) < par["vard_tid"]["till_21"]) | (start >= at_18 - 30)
    return np.maximum(np.where(longer, birthday(fodd, 21) - 1, at_18), start)


def _spells(barn: Rows, child: Arr, start: Arr, rng: np.random.Generator, par: dict[str, Any]) -> Rows:
    t = par["vard_tid"]
    mean = np.where(rng.random(len(child)) < t["korta"], t["kort"], t["lang"])
    length = np.floor(rng.exponential(mean)).astype(np.int64)
    return {"barn": child, "start": start, "slut": np.minimum(start + length, _limit(barn, child, start, rng, par))}


def _again(spells: Rows, barn: Rows, rng: np.random.Generator, par: dict[str, Any], end: int) -> Rows:
    """A new spell for some, while they are not yet 20."""
    p = par["vard_aterkomst"]
    n = len(spells["barn"])
    start = spells["slut"] + 3 + np.floor(rng.random(n) * p["dagar"]).astype(np.int64)
    back = (rng.random(n) < p["andel"]) & (start < birthday(barn["fodd"][spells["barn"]], 20)) & (start <= end)
    return _spells(barn, spells["barn"][back], start[back], rng, par)


def _phases(spells: Rows, rng: np.random.Generator, par: dict[str, Any]) -> Rows:
    """Insatser: the spell cut into phases of law, each with its first and last day."""
    n = len(spells["barn"])
    share, courses = zip(*par["vard_lagrum"], strict=True)
    course = pick(rng, share, n)
    kinds = np.array([[*(INSATSTYP.index(k) for k in c), *[-1] * (_FASER - len(c))] for c in courses])[course]
    low, high = np.array([20, 200, 10]), np.array([400, 900, 60])  # by kind
    span = low[kinds] + np.floor(rng.random((n, _FASER)) * (high - low)[kinds]).astype(np.int64)
    last = (kinds >= 0).sum(axis=1) - 1
    span[np.arange(n), last] = 1 << 20
    only_6 = (last == 0) & (kinds[:, 0] == LVU_6)
    span[only_6, 0] = rng.integers(5, 60, int(only_6.sum()))
    cut = np.concatenate([np.zeros((n, 1), dtype=np.int64), np.cumsum(span, axis=1)[:, :-1]], axis=1)
    gap = pick(rng, par["vard_fasglapp"], n * _FASER).reshape(n, _FASER)
    gap[:, 0] = 0
    first = spells["start"][:, None] + cut + gap
    end = np.minimum(spells["start"][:, None] + cut + span - 1, spells["slut"][:, None])
    there = (kinds >= 0) & (first <= end)
    row, place = np.nonzero(there)
    return {"kedja": row, "typ": kinds[row, place], "start": first[row, place], "slut": end[row, place]}


def _grund(typ: Arr, rng: np.random.Generator) -> Arr:
    """lvu_grund: one of the three of LVU_VARD, LVU6, none for SOL."""
    care = pick(rng, [0.5, 0.38, 0.12], len(typ))
    return np.where(typ == LVU_VARD, care, np.where(typ == LVU_6, 3, -1))


def _stays(spells: Rows, phases: Rows, old: Arr, rng: np.random.Generator, par: dict[str, Any]) -> Rows:
    """The homes of a spell after one another, with the day each is left."""
    n, p = len(spells["barn"]), par["hem"]
    years = (np.minimum(spells["slut"], spells["start"] + 3650) - spells["start"] + 1) / _AR
    count = 1 + np.minimum(rng.poisson(years * p["byten_per_ar"] + 0.25), 12)
    kedja = np.repeat(np.arange(n), count)
    u = rng.random(len(kedja))
    u[np.cumsum(count) - count] = 0.0
    u = u[np.lexsort((u, kedja))]
    length = (spells["slut"] - spells["start"] + 1)[kedja]
    first = spells["start"][kedja] + np.floor(u * length).astype(np.int64)
    final = np.r_[kedja[1:] != kedja[:-1], True][: len(kedja)]
    lvu = np.bincount(phases["kedja"][phases["typ"] != SOL], minlength=n) > 0
    after = np.r_[first[1:], 0][: len(first)]
    step = np.array([-1, 0, -2, -3, 0])[move := pick(rng, p["byte"], len(kedja))]
    step = step + np.where(move == 4, rng.integers(2, 13, len(kedja)), 0)
    slut = np.where(final, spells["slut"][kedja], np.minimum(after + step, spells["slut"][kedja]))
    form = _forms(kedja, old[kedja], lvu[kedja], rng, p)
    own = final & (count[kedja] > 1) & (rng.random(len(kedja)) < np.where(lvu[kedja], *p["eget"].values()))
    return {"kedja": kedja, "start": first, "slut": slut, "form": np.where(own, EGET, form), "sist": final}


def _forms(kedja: Arr, old: Arr, lvu: Arr, rng: np.random.Generator, p: dict[str, Any]) -> Arr:
    kinds = [pick(rng, p[key], len(kedja)) for key in ("unga", "aldre", "lvu")]
    return np.select([old & lvu, old], [kinds[2], kinds[1]], kinds[0])


def _pairs(phases: Rows, stays: Rows, spells: int) -> tuple[Arr, Arr]:
    """Every phase beside every stay of its spell."""
    first = np.searchsorted(stays["kedja"], np.arange(spells + 1))
    low, count = first[phases["kedja"]], (first[1:] - first[:-1])[phases["kedja"]]
    return np.repeat(np.arange(len(low)), count), ranges(low, count)


def _placements(phases: Rows, stays: Rows, spells: Rows, barn: Rows, rng: np.random.Generator,
                par: dict[str, Any]) -> Rows:  # fmt: skip
    """Placement rows: the part of each stay that lies in each phase."""
    fas, stay = _pairs(phases, stays, len(spells["barn"]))
    start = np.maximum(phases["start"][fas], stays["start"][stay])
    slut = np.minimum(phases["slut"][fas], stays["slut"][stay])
    keep = start <= slut
    fas, stay, start, slut = fas[keep], stay[keep], start[keep], slut[keep]
    child = spells["barn"][stays["kedja"][stay]]
    order = np.lexsort((stay, start, fas))
    nr = np.empty(len(order), dtype=np.int64)
    nr[order] = order_within(fas[order]) + 1
    out = {"insats": fas, "barn": child, "nr": nr, "form": stays["form"][stay], "start": start, "slut": slut}
    out["orsak"] = _reasons(out, stays, stay, spells["slut"][stays["kedja"][stay]], barn, rng, par)
    out["hem"] = _homes(stays, barn["sand"][spells["barn"]], rng)[stay]
    return out


def _reasons(rows: Rows, stays: Rows, stay: Arr, end: Arr, barn: Rows, rng: np.random.Generator,
             par: dict[str, Any]) -> Arr:  # fmt: skip
    """Why each row ended: the child goes home, moves on, or only the law changes."""
    p, n = par["avslutsorsak"], len(stay)
    old = (ar_av(rows["slut"]) - barn["fodelsear"][rows["barn"]]) >= OLD
    broke = rng.random(n) < np.where(old, p["sammanbrott"][1], p["sammanbrott"][0])
    broke &= rows["slut"] == stays["slut"][stay]
    home = pick(rng, p["slut"], n)
    home = np.where((home == AVSLUT.index("PA3")) & ~old, AVSLUT.index("PA1"), home)
    return np.where(rows["slut"] == end, home, np.where(broke, SAMMANBROTT, NY_PLACERING))


def _homes(stays: Rows, sand: Arr, rng: np.random.Generator) -> Arr:
    """The number of each stay's home; a home has one form and is of one sender's municipality, few of them shared."""
    many = np.bincount(sand, minlength=int(sand.max(initial=0)) + 1)[sand[stays["kedja"]]]
    per = np.array([0.6, 0.1, 0.08, 0.05, 1.0, 0.03, 0.1, 1.0, 0.1, 0.1])[stays["form"]]
    room = np.maximum((many * per).astype(np.int64), 1)
    place = np.floor(rng.random(len(room)) * room).astype(np.int64)
    return np.asarray((stays["form"] + 1) * 100_000 + place + 1)


def intag(
    barn_0_20: Arr, av: Avsandare, rng: np.random.Generator, par: dict[str, Any], skala: float, sista: int
) -> tuple[Rows, Rows]:
    """Every entry into care until the last year, and its child, still without a number; barn_0_20 per municipality."""
    entries = _entries(barn_0_20, av, rng, par, skala, sista)
    return entries, _children(entries, rng, par)


def simulera(
    entries: Rows, barn: Rows, rng: np.random.Generator, par: dict[str, Any], fran: int, sista: int
) -> tuple[Rows, Rows]:
    """Insatser and placements that touch the years from `fran`; child n is entry n's."""
    start = np.maximum(entries["start"], barn["fodd"])
    spells = _spells(barn, np.arange(len(start)), start, rng, par)
    end = dag(f"{sista}-12-31")
    second = _again(spells, barn, rng, par, end)
    spells = stack([spells, second, _again(second, barn, rng, par, end)])
    spells = take(spells, spells["slut"] >= dag(f"{fran}-01-01"))
    phases = _phases(spells, rng, par)
    old = ar_av(spells["start"]) - barn["fodelsear"][spells["barn"]] >= OLD
    placements = _placements(phases, _stays(spells, phases, old, rng, par), spells, barn, rng, par)
    insats = {
        "barn": spells["barn"][phases["kedja"]],
        "kedja": phases["kedja"],
        "typ": phases["typ"],
        "grund": _grund(phases["typ"], rng),
        "beslut": phases["start"] - rng.integers(0, 11, len(phases["typ"])),
        "start": phases["start"],
        "slut": phases["slut"],
    }
    return insats, placements
