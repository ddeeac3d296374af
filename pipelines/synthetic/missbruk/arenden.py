"""Investigations and measures of the municipalities that have, or had, an agreement, and what became of the persons.

Belongs here: what truly happened, case after case; whether a person is better, the same or worse a year on depends on
the method. Does not belong here: interviews (intervjuer), compulsory care (tvang), what is delivered of it (rader).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from pipelines.synthetic.arsvis.tal import OPPEN, TOM, Rows, dag, stack, take
from pipelines.synthetic.familjer import pick
from pipelines.synthetic.koder import Arr
from pipelines.synthetic.missbruk.koder import ANHORIG, AVLIDEN_AVSLUT, AVLIDEN_BESLUT, METOD

RONDER = 3
GER_INSATS = 3  # the first decisions: oppen, heldygn, boende
BATTRE, LIKA, SAMRE = range(3)


@dataclass
class Arenden:
    """utredning (utfall: BATTRE, LIKA or SAMRE a year on) and insats (utr: its investigation), with their persons."""

    utredning: Rows
    insats: Rows


def _utredningar(klient: Arr, day: Arr, rng: np.random.Generator, par: dict[str, Any]) -> Rows:
    p, n = par["utredning"], len(klient)
    start = day + rng.integers(0, p["vantan"], n)
    malgrupp, barn = pick(rng, p["malgrupp"], n), (rng.random(n) < p["barn"]).astype(np.int64)
    beslut = pick(rng, p["beslut"], n)
    gone = (malgrupp == ANHORIG) & (beslut >= AVLIDEN_BESLUT)
    return {
        "klient": klient,
        "aktualisering": day,
        "start": start,
        "slut": start + np.maximum(np.exp(rng.normal(np.log(p["median"]), p["sigma"], n)), 2).astype(np.int64),
        "akt_typ": pick(rng, p["typ"], n),
        "malgrupp": malgrupp,
        "barn": barn,
        "uppmarksammat": np.where(barn == 1, pick(rng, p["uppmarksammat"], n), TOM),
        "beslut": np.where(gone, 0, beslut),
    }


def _metoder(malgrupp: Arr, rng: np.random.Generator, par: dict[str, Any]) -> Arr:
    shares = np.cumsum(np.array(par["insats"]["metod"]), axis=1)[malgrupp]
    return np.asarray((rng.random(len(malgrupp))[:, None] > shares[:, :-1]).sum(axis=1))


def _utfall(metod: Arr, rng: np.random.Generator, par: dict[str, Any]) -> Arr:
    """Place of the outcome; a metod of -1 is no measure at all."""
    p = par["utfall"]
    shares = np.cumsum(np.array([*p["metod"], p["utan"]])[metod], axis=1)
    return np.asarray((rng.random(len(metod))[:, None] > shares[:, :2]).sum(axis=1))


def _insatser(utr: Rows, rng: np.random.Generator, par: dict[str, Any]) -> Rows:
    """The measures that investigations lead to, some with a second method; sets the investigations' outcomes."""
    p = par["insats"]
    places = np.flatnonzero(utr["beslut"] < GER_INSATS)
    metod = np.full(len(utr["klient"]), -1)
    metod[places] = _metoder(utr["malgrupp"][places], rng, par)
    utr["utfall"] = _utfall(metod, rng, par)
    second = places[rng.random(len(places)) < p["andra"]]
    at = np.concatenate([places, second])
    n, outcome = len(at), utr["utfall"][at]
    chosen = np.concatenate([metod[places], _metoder(utr["malgrupp"][second], rng, par)])
    start = utr["slut"][at] + rng.integers(0, par["utredning"]["till_insats"], n)
    length = np.array(p["langd"])[utr["beslut"][at]] * (1.0 - 0.2 * (outcome == SAMRE))
    ends = np.cumsum(np.array(p["avslut"]), axis=1)[outcome]
    avslut = np.asarray((rng.random(n)[:, None] > ends[:, :-1]).sum(axis=1))
    kin = (utr["malgrupp"][at] == ANHORIG) & (avslut == AVLIDEN_AVSLUT)
    return {
        "klient": utr["klient"][at],
        "kod": utr["beslut"][at],
        "malgrupp": utr["malgrupp"][at],
        "metod": np.where(chosen == len(METOD), TOM, chosen),
        "start": start,
        "slut": start + 5 + np.floor(rng.exponential(length)).astype(np.int64),
        "avslut": np.where(kin, 0, avslut),
        "utr": at,
    }


def _igen(utr: Rows, ins: Rows, rng: np.random.Generator, par: dict[str, Any]) -> tuple[Arr, Arr]:
    """Persons and days of new cases: after an investigation alone, after a measure by its outcome; not the dead."""
    p, after = par["arenden"], np.array(par["utfall"]["ater"])
    dead = (utr["beslut"] == AVLIDEN_BESLUT) | np.isin(
        np.arange(len(utr["klient"])), ins["utr"][ins["avslut"] == AVLIDEN_AVSLUT]
    )
    end = utr["slut"].copy()
    np.maximum.at(end, ins["utr"], ins["slut"])
    helped = utr["beslut"] < GER_INSATS
    share = np.where(helped, after[utr["utfall"]], p["ater"])
    back = (rng.random(len(end)) < share) & ~dead
    return utr["klient"][back], end[back] + 1 + np.floor(rng.random(int(back.sum())) * p["dagar"]).astype(np.int64)


def simulera(first: Arr, rng: np.random.Generator, par: dict[str, Any], sista: int) -> Arenden:
    """All cases until the end of the last year; person i has its first case on the day first[i]."""
    klient, day = np.arange(len(first)), first
    utrs: list[Rows] = []
    inss: list[Rows] = []
    for _ in range(RONDER):
        within = day <= dag(f"{sista}-12-31")
        utr = _utredningar(klient[within], day[within], rng, par)
        ins = _insatser(utr, rng, par)
        klient, day = _igen(utr, ins, rng, par)
        ins["utr"] = ins["utr"] + sum(len(u["klient"]) for u in utrs)
        utrs.append(utr)
        inss.append(ins)
    return Arenden(stack(utrs), stack(inss))


def doda(a: Arenden, personer: int) -> Arr:
    """The day each person died, OPPEN for the others."""
    out = np.full(personer, OPPEN)
    for rows, code, last in ((a.utredning, "beslut", AVLIDEN_BESLUT), (a.insats, "avslut", AVLIDEN_AVSLUT)):
        gone = take(rows, rows[code] == last)
        np.minimum.at(out, gone["klient"], gone["slut"])
    return out
