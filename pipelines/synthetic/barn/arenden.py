"""Reports of concern, investigations and local measures of the municipalities that have, or had, an agreement.

Belongs here: what truly happened, case after case of the same children and siblings. Does not belong here: follow-ups
(uppfoljning), what is delivered of it (rader_lokal), care around the clock itself (vard), which local measures repeat.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from pipelines.synthetic.arsvis.avsandare import Avsandare
from pipelines.synthetic.arsvis.tal import TOM, Rows, ar_av, dag, stack, take
from pipelines.synthetic.barn.barn import draw
from pipelines.synthetic.barn.koder import ANLEDNING, ANMALARE, GAMLA, METOD, OMRADEN, OPPEN_INSATS, SOL
from pipelines.synthetic.familjer import pick
from pipelines.synthetic.koder import Arr

INLEDS = 0
OPPEN_BESLUT, PLACERING_BESLUT, LVU_BESLUT = 0, 1, 2
RONDER = 3
ALDST = 20


@dataclass
class Arenden:
    """aktualisering, utredning and insats with their children; behov [utredning, twelve areas] as places in BEHOV."""

    aktualisering: Rows
    utredning: Rows
    insats: Rows
    behov: Arr


def familjer(
    barn_0_20: Arr, av: Avsandare, lokala: Arr, rng: np.random.Generator, par: dict[str, Any], skala: float, ar: range
) -> tuple[Rows, Arr]:
    """Children of families that have a first case, without numbers; and the day of that case. lokala: per sender."""
    p = par["arenden"]
    level = np.exp(rng.normal(0, p["sigma"], len(barn_0_20)))
    years = len(ar) + 1.75
    mean = (barn_0_20 * level)[av.kommun] * av.andel * p["per_1000"] / 1000 * years * skala
    count = rng.poisson(np.where(lokala, mean, 0.0))
    n = int(count.sum())
    day = dag(f"{ar[0] - 2}-07-01") + np.floor(rng.random(n) * years * 365.25).astype(np.int64)
    children = pick(rng, p["barn"], n) + 1
    familj = np.repeat(np.arange(n), children)
    first = np.repeat(rng.integers(0, 18, n), children)
    alder = np.clip(first + np.where(np.r_[True, familj[1:] != familj[:-1]][: len(familj)], 0,
                                     rng.integers(-5, 6, len(familj))), 0, 17)  # fmt: skip
    ensam = np.zeros(len(familj), dtype=bool)
    sand = np.repeat(np.arange(len(count)), count)[familj]
    return draw(rng, sand, ar_av(day[familj]) - alder, ensam, familj, par), day[familj]


def _aktualiseringar(barn: Arr, day: Arr, rng: np.random.Generator, par: dict[str, Any]) -> Rows:
    p, n = par["aktualisering"], len(barn)
    reporter, reason = pick(rng, p["anmalare"], n), pick(rng, p["anledning"], n)
    wait = np.where(rng.random(n) < p["i_tid"], rng.integers(0, 15, n), rng.integers(15, 61, n))
    never = rng.random(n) < p["avgors_aldrig"]
    return {
        "barn": barn,
        "typ": pick(rng, p["typ"], n),
        "anmalare": np.where(reporter == len(ANMALARE), TOM, reporter),
        "anledning": np.where(reason == len(ANLEDNING), TOM, reason),
        "mottagen": day,
        "beslut": day + np.where(never, 10_000, wait),
        "utfall": np.where(never, 1, pick(rng, p["utfall"], n)),
    }


def _utredningar(akt: Rows, rng: np.random.Generator, par: dict[str, Any]) -> Rows:
    """Investigations that reports lead to."""
    a, p = take(akt, akt["utfall"] == INLEDS), par["utredning"]
    n = len(a["barn"])
    days = np.maximum(np.exp(rng.normal(np.log(p["median"]), p["sigma"], n)), 2).astype(np.int64)
    return {
        "barn": a["barn"],
        "akt_typ": a["typ"],
        "aktualisering": a["mottagen"],
        "start": a["beslut"],
        "slut": a["beslut"] + days,
        "forlangd": ((days > 120) & (rng.random(n) < p["forlangd"])).astype(np.int64),
        "anledning": np.where(a["anledning"] == TOM, ANLEDNING.index("okand"), a["anledning"]),
        "beslut": pick(rng, p["beslut"], n),
        "malgrupp": pick(rng, p["malgrupp"], n),
        "instrument": pick(rng, p["instrument"], n),
        "samtal": pick(rng, p["samtal"], n),
    }


def _insatser(utr: Rows, rng: np.random.Generator, par: dict[str, Any]) -> Rows:
    """Open measures that investigations lead to; utr = the investigation's place."""
    places, p = np.flatnonzero(utr["beslut"] == OPPEN_BESLUT), par["insats"]
    n = len(places)
    metod = pick(rng, p["metod"], n)
    start = utr["slut"][places] + rng.integers(0, 30, n)
    shares = np.cumsum(np.array(p["utfall"])[metod], axis=1)
    return {
        "barn": utr["barn"][places],
        "kod": np.full(n, OPPEN_INSATS),
        "malgrupp": utr["malgrupp"][places],
        "metod": np.where(metod == len(METOD), TOM, metod),
        "start": start,
        "slut": start + 5 + np.floor(rng.exponential(p["langd"], n)).astype(np.int64),
        "plan": np.where(rng.random(n) < 0.7, start + rng.integers(0, 40, n), TOM),
        "utr": places,
        "utfall": (rng.random(n)[:, None] > shares[:, :2]).sum(axis=1),
    }


def _igen(akt: Rows, utr: Rows, ins: Rows, rng: np.random.Generator, par: dict[str, Any]) -> tuple[Arr, Arr]:
    """Children and days of new cases: after a report or an investigation alone, after a measure by its outcome."""
    p, after = par["arenden"], par["insats"]["ater"]
    alone = take(akt, akt["utfall"] != INLEDS)
    nothing = take(utr, utr["beslut"] != OPPEN_BESLUT)
    barn = np.concatenate([alone["barn"], nothing["barn"], ins["barn"]])
    end = np.concatenate([alone["mottagen"], nothing["slut"], ins["slut"]])
    share = np.concatenate(
        [np.full(len(alone["barn"]) + len(nothing["barn"]), p["ny"]), np.array(after)[ins["utfall"]]]
    )
    back = rng.random(len(barn)) < share
    return barn[back], end[back] + 1 + np.floor(rng.random(int(back.sum())) * p["dagar"]).astype(np.int64)


def _fore_vard(vard: Rows, rng: np.random.Generator, par: dict[str, Any]) -> tuple[Rows, Rows]:
    """The report and investigation before each spell of care."""
    first = np.unique(vard["kedja"], return_index=True)[1]
    v = take(vard, first)
    n = len(first)
    akt = _aktualiseringar(v["barn"], v["start"] - rng.integers(40, 160, n), rng, par)
    akt["utfall"] = np.full(n, INLEDS)
    akt["beslut"] = akt["mottagen"] + rng.integers(0, 10, n)
    utr = _utredningar(akt, rng, par)
    utr["slut"] = np.maximum(v["start"] - 1, utr["start"])
    utr["beslut"] = np.where(v["typ"] == SOL, PLACERING_BESLUT, LVU_BESLUT)
    return akt, utr


def _dygnet_runt(vard: Rows, fran: int, rng: np.random.Generator) -> Rows:
    """Care around the clock as local measures, each beside the investigation of its spell, the first of them `fran`."""
    spell = np.unique(vard["kedja"], return_inverse=True)[1]
    n = len(spell)
    return {
        "barn": vard["barn"],
        "kod": vard["typ"],
        "malgrupp": np.zeros(n, dtype=np.int64),
        "metod": np.where(rng.random(n) < 0.8, TOM, METOD.index("ingen")),
        "start": vard["start"],
        "slut": vard["slut"],
        "plan": np.where(rng.random(n) < 0.8, vard["start"] + rng.integers(0, 60, n), TOM),
        "utr": fran + spell,
        "utfall": pick(rng, [0.4, 0.35, 0.25], n),
    }


def simulera(barn: Rows, first: Arr, vard: Rows, rng: np.random.Generator, par: dict[str, Any], sista: int) -> Arenden:
    """All cases until the last year; the first len(first) children of `barn` have their first case on that day, and
    vard holds the care around the clock of the others.
    """
    n = len(first)
    chosen = rng.random(n) < par["arenden"]["omfattas"]
    child, day = np.flatnonzero(chosen), np.maximum(first, barn["fodd"][:n])[chosen]
    akts: list[Rows] = []
    utrs: list[Rows] = []
    inss: list[Rows] = []
    for _ in range(RONDER):
        within = (day <= dag(f"{sista}-12-31")) & (ar_av(day) - barn["fodelsear"][child] <= ALDST)
        akt = _aktualiseringar(child[within], day[within], rng, par)
        utr = _utredningar(akt, rng, par)
        ins = _insatser(utr, rng, par)
        child, day = _igen(akt, utr, ins, rng, par)
        ins["utr"] = ins["utr"] + sum(len(u["barn"]) for u in utrs)
        akts.append(akt)
        utrs.append(utr)
        inss.append(ins)
    akt, utr = _fore_vard(vard, rng, par)
    inss.append(_dygnet_runt(vard, sum(len(u["barn"]) for u in utrs), rng))
    utredning = stack([*utrs, utr])
    return Arenden(stack([*akts, akt]), utredning, stack(inss), _behov(utredning, rng, par))


def _behov(utr: Rows, rng: np.random.Generator, par: dict[str, Any]) -> Arr:
    """[investigation, area]: needs when it ends."""
    n = len(utr["barn"])
    return pick(rng, par["utredning"]["behov"], n * len(OMRADEN)).reshape(n, len(OMRADEN))


def utgava(kommun: Arr, day: Arr) -> Arr:
    """The edition of BBIC each municipality uses on a day: a fourth the old one into 2018, a fourth never the last."""
    new, mid = dag("2018-01-01"), dag("2018-07-01")
    kind = kommun % 4
    late = np.where(day >= mid, 2, GAMLA)
    return np.select([kind == 0, kind == 3], [late, 1], np.where(day >= new, 2, 1))
