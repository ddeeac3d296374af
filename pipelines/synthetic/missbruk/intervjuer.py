"""Interviews by ASI, and the loss to follow-up that depends on how it went.

Belongs here: true answers at Grund and a year on of everybody interviewed, and which of them are asked again. Does not
belong here: the cases themselves (arenden), what is delivered (rader).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from pipelines.synthetic.arsvis.tal import TOM, Rows, stack, take
from pipelines.synthetic.familjer import pick
from pipelines.synthetic.koder import Arr
from pipelines.synthetic.missbruk.arenden import BATTRE, GER_INSATS, LIKA, Arenden
from pipelines.synthetic.missbruk.koder import (
    ALKOHOL,
    ANHORIG,
    AVLIDEN_BORTFALL,
    BLAND,
    CS,
    EJ_GENOMFORD,
    GRUND,
    MATTEN,
    NARKOTIKA,
    UPPFOLJNING,
)

ALKOHOLOMRADE, NARKOTIKAOMRADE = 2, 3
OMRADEN = 7


@dataclass
class Intervjuer:
    """rader: klient, dag, typ, grund (row of its Grund, its own for a Grund), version, formel, bortfall; varden [row,
    column of MATTEN] as answered; sant: the same a year after each row's Grund, whether anyone asked or not.
    """

    rader: Rows
    varden: Arr
    sant: Arr


def _oro(malgrupp: Arr, rng: np.random.Generator, par: dict[str, Any]) -> Arr:
    """[interview, area]: worry at Grund."""
    p, n = par["asi_niva"], len(malgrupp)
    out = np.stack([pick(rng, p["ovrigt"], n) for _ in range(OMRADEN)], axis=1)
    for omrade, of in ((ALKOHOLOMRADE, ALKOHOL), (NARKOTIKAOMRADE, NARKOTIKA)):
        main = (malgrupp == of) | (malgrupp == BLAND)
        out[:, omrade] = np.where(main, pick(rng, p["huvud"], n), pick(rng, p["annat"], n))
    return out


def _efter(oro: Arr, utfall: Arr, rng: np.random.Generator, par: dict[str, Any]) -> Arr:
    """[interview, area]: worry a year on; better and worse change most areas, the same hardly any."""
    u, share = rng.random(oro.shape), par["asi_niva"]["andras"]
    better = np.maximum(oro - np.where(u < share / 3, 2, np.where(u < share, 1, 0)), 0)
    worse = np.minimum(oro + (u < share * 0.7), 4)
    same = np.where(u < 0.08, np.maximum(oro - 1, 0), np.where(u > 0.93, np.minimum(oro + 1, 4), oro))
    return np.select([(utfall == BATTRE)[:, None], (utfall == LIKA)[:, None]], [better, same], worse)


def _dagar(oro: Arr, rng: np.random.Generator, mean: float) -> Arr:
    """[interview, 5]: days of the last thirty, following the worry of their area."""
    n = len(oro)

    def of(level: Arr, scale: float) -> Arr:
        return np.where(level == 0, 0, np.minimum(rng.poisson(np.maximum(level, 0) / 2.5 * scale), 30))

    alkohol = of(oro[:, ALKOHOLOMRADE], mean)
    return np.stack(
        [
            alkohol,
            rng.binomial(alkohol, 0.6),
            of(oro[:, NARKOTIKAOMRADE], mean),
            rng.binomial(30, 0.25, n),
            of(oro[:, OMRADEN - 1], mean / 2),
        ],
        axis=1,
    )


def _svar(oro: Arr, cs: Arr, rng: np.random.Generator, par: dict[str, Any]) -> Arr:
    """[interview, column of MATTEN]: all answers that go with the worries."""
    n = len(oro)
    hjalp = np.clip(oro + rng.integers(-1, 2, oro.shape), 0, 4)
    intervjuare = np.clip(oro * 2 + rng.integers(-1, 2, oro.shape), 0, 9)
    composite = np.clip(oro * 200 + rng.integers(0, 200, oro.shape), 0, 1000)
    composite = np.where(cs[:, None], composite, TOM)
    return np.concatenate(
        [oro, hjalp, intervjuare, composite, _dagar(oro, rng, par["asi_niva"]["dagar"])], axis=1
    ).reshape(n, len(MATTEN))


def _grunder(a: Arenden, rng: np.random.Generator, par: dict[str, Any]) -> Rows:
    """The Grund of investigations, more often of one that leads to a measure, and most within sixty days of its start;
    a few are made anew.
    """
    p, utr = par["asi"], a.utredning
    helped, otherwise = p["grund"]
    share = np.where(utr["beslut"] < GER_INSATS, helped, otherwise)
    places = np.flatnonzero((utr["malgrupp"] != ANHORIG) & (rng.random(len(share)) < share))
    n = len(places)
    near = rng.random(n) < p["inom_60"]
    early, late = (rng.integers(first, last, n) for first, last in p["grund_dagar"])
    day = utr["start"][places] + np.where(near, early, late)
    again = np.flatnonzero(rng.random(n) < p["gors_om"])
    both = np.concatenate([np.arange(n), again])
    whole = {"klient": utr["klient"][places], "malgrupp": utr["malgrupp"][places], "utfall": utr["utfall"][places]}
    moved = np.concatenate([day, day[again] + rng.integers(5, 100, len(again))])
    return {**take(whole, both), "dag": moved, "sist": ~np.isin(both, again) | (np.arange(len(both)) >= n)}


def _uppfoljda(g: Rows, dod: Arr, rng: np.random.Generator, par: dict[str, Any]) -> tuple[Arr, Arr]:
    """(row of the Grund, day) of interviews that came about: fewer the worse it went, a few too early or too late."""
    p = par["asi"]
    asked = np.flatnonzero(g["sist"])
    held = asked[rng.random(len(asked)) < np.array(p["uppfoljs"])[g["utfall"][asked]]]
    n, u = len(held), rng.random(len(held))
    offset = np.clip(365 + np.round(rng.normal(0, 50, n)).astype(np.int64), 110, 530)
    offset = np.where(u < p["tidig"], rng.integers(40, 88, n), offset)
    offset = np.where(u > 1 - p["sen"], rng.integers(575, 680, n), offset)
    half = held[rng.random(n) < p["halvar"]]
    at = np.concatenate([held, half])
    day = g["dag"][at] + np.concatenate([offset, rng.integers(165, 200, len(half))])
    alive = day < dod[g["klient"][at]]
    return at[alive], day[alive]


def _bortfall(g: Rows, held: Arr, dod: Arr, rng: np.random.Generator, par: dict[str, Any]) -> tuple[Arr, Arr, Arr]:
    """(row of the Grund, day, reason) of follow-ups that it is noted did not come about, a few noted twice."""
    p = par["asi"]
    lost = np.flatnonzero(g["sist"] & ~np.isin(np.arange(len(g["dag"])), held))
    lost = lost[rng.random(len(lost)) < p["antecknas"]]
    lost = np.concatenate([lost, lost[rng.random(len(lost)) < 0.08]])
    shares = np.cumsum(np.array(p["bortfall"]), axis=1)[g["utfall"][lost]]
    reason = (rng.random(len(lost))[:, None] > shares[:, :-1]).sum(axis=1)
    day = g["dag"][lost] + rng.integers(150, 545, len(lost))
    return lost, day, np.where(dod[g["klient"][lost]] <= day, AVLIDEN_BORTFALL, reason)


def _tomma(values: Arr, rng: np.random.Generator, par: dict[str, Any]) -> Arr:
    return np.where(rng.random(values.shape) < par["asi"]["obesvarad"], TOM, values)


def simulera(a: Arenden, dod: Arr, rng: np.random.Generator, par: dict[str, Any]) -> Intervjuer:
    """All interviews, and follow-ups that did not come about."""
    p, g = par["asi"], _grunder(a, rng, par)
    keep = g["dag"] < dod[g["klient"]]
    g = take(g, keep)
    n = len(g["dag"])
    oro = _oro(g["malgrupp"], rng, par)
    cs = rng.random(n) < p["cs"]
    start, later = (_svar(o, cs, rng, par) for o in (oro, _efter(oro, g["utfall"], rng, par)))
    formel = np.where(cs, pick(rng, p["formel"], n), TOM)
    version = pick(rng, p["version"], n)
    up, up_day = _uppfoljda(g, dod, rng, par)
    ej, ej_day, reason = _bortfall(g, up, dod, rng, par)

    def rows(at: Arr, day: Arr, typ: int, bortfall: Arr | int) -> Rows:
        of = {"klient": g["klient"][at], "dag": day, "grund": at, "version": version[at], "formel": formel[at]}
        return of | {"typ": np.full(len(at), typ), "bortfall": np.broadcast_to(bortfall, len(at)).astype(np.int64)}

    whole = stack(
        [
            rows(np.arange(n), g["dag"], GRUND, TOM),
            rows(up, up_day, UPPFOLJNING, TOM),
            rows(ej, ej_day, EJ_GENOMFORD, reason),
        ]
    )
    whole["version"] = np.where(whole["typ"] == EJ_GENOMFORD, TOM, whole["version"])
    answered = _tomma(np.concatenate([start, later[up], np.full((len(ej), len(MATTEN)), TOM)]), rng, par)
    given = (answered[:, MATTEN.index(CS[0]) : MATTEN.index(CS[-1]) + 1] != TOM).any(axis=1)
    whole["formel"] = np.where(given, whole["formel"], TOM)
    return Intervjuer(whole, answered, np.concatenate([later, later[up], later[ej]]))
