"""Compulsory care by LVM: applications, immediate taking into care and discharges, of all municipalities.

Belongs here: what truly happened. Does not belong here: the voluntary (arenden), what is delivered of it (rader).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from pipelines.synthetic.arsvis.avsandare import Avsandare
from pipelines.synthetic.arsvis.tal import Rows, dag, take
from pipelines.synthetic.familjer import pick
from pipelines.synthetic.koder import Arr
from pipelines.synthetic.missbruk.arenden import Arenden
from pipelines.synthetic.missbruk.koder import LVM_BESLUT
from pipelines.synthetic.missbruk.personer import draw

SEX_MANADER = 182


@dataclass
class Tvang:
    """Three tables of events with their persons; they know nothing of one another."""

    ansokan: Rows
    omhandertagande: Rows
    utskrivning: Rows


def personer(
    vuxna: Arr, av: Avsandare, rng: np.random.Generator, par: dict[str, Any], skala: float, ar: range
) -> tuple[Rows, Arr]:
    """Persons beside those of the voluntary, without numbers, and the day of each one's application; vuxna: adults of
    each municipality.
    """
    p, who = par["lvm"], par["lvm_person"]
    years = len(ar) + 1
    share = vuxna[av.kommun] * av.andel / vuxna.sum()
    count = rng.poisson(share * p["per_ar"] * years * skala / (1 + p["igen"]))
    n = int(count.sum())
    day = dag(f"{ar[0] - 1}-01-01") + np.floor(rng.random(n) * years * 365.25).astype(np.int64)
    sand = np.repeat(np.arange(len(count)), count)
    return draw(sand, day, rng, par, who, who["man"]), day


def _ansokningar(klient: Arr, day: Arr, rng: np.random.Generator, par: dict[str, Any]) -> Rows:
    p, n = par["lvm_handelse"], len(klient)
    marks = np.stack([rng.random(n) < share for share in p["indikation"]], axis=1)
    marks[:, 0] |= ~marks.any(axis=1)
    means = np.stack([rng.random(n) < share for share in p["medel"]], axis=1)
    return {"klient": klient, "dag": day, **{f"indikation{i}": marks[:, i].astype(np.int64) for i in range(3)},
            **{f"medel{i}": means[:, i].astype(np.int64) for i in range(3)}}  # fmt: skip


def simulera(first: int, day: Arr, a: Arenden, rng: np.random.Generator, par: dict[str, Any]) -> Tvang:
    """first: place of the first of the persons beside the voluntary; some of the voluntary are applied for as well."""
    p = par["lvm"]
    decided = take(a.utredning, a.utredning["beslut"] == LVM_BESLUT)
    klient = np.concatenate([first + np.arange(len(day)), decided["klient"]])
    when = np.concatenate([day, decided["slut"] + rng.integers(0, 10, len(decided["klient"]))])
    back = rng.random(len(klient)) < p["igen"]
    klient = np.concatenate([klient, klient[back]])
    when = np.concatenate([when, when[back] + rng.integers(250, 700, int(back.sum()))])
    n = len(klient)
    taken = np.flatnonzero(rng.random(n) < p["omhandertas"])
    alone = rng.random(n) < p["utan_ansokan"]
    applied = np.where(alone, when + 60, when)
    taken_day = when[taken] + rng.integers(-5, 7, len(taken))
    cared = np.flatnonzero(rng.random(n) < p["vard"])
    start = when[cared] + rng.integers(3, 25, len(cared))
    m, long = len(cared), rng.random(len(cared)) < p["for_lange"]
    days = np.where(rng.random(m) < 0.5, SEX_MANADER - rng.integers(0, 4, m), rng.integers(20, SEX_MANADER, m))
    days = np.where(long, rng.integers(199, 260, m), days)
    return Tvang(
        _ansokningar(klient, applied, rng, par),
        {"klient": klient[taken], "dag": taken_day},
        {"klient": klient[cared], "inskrivning": start, "dag": start + days,
         "boende": pick(rng, par["lvm_handelse"]["boende"], m)},
    )  # fmt: skip
