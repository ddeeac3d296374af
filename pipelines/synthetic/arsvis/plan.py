"""The plan of the yearly deliveries: who sends which source for which year, when, and what is done to the package.

Belongs here: packages, courses of events, deadlines. Does not belong here: rows and faults in them (rader, radfel) and
any judgement of the outcome (facit_paket): `brist` says what was done to the package, not what follows.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

import numpy as np

from pipelines.synthetic.arsvis.avsandare import Avsandare
from pipelines.synthetic.arsvis.doman import Doman
from pipelines.synthetic.arsvis.tal import FORSTA_AR
from pipelines.synthetic.koder import Arr
from pipelines.synthetic.plan import STOCKHOLM

_DAY = 86400
_VER = tuple[int, str, str]  # version, brist ('STOPP' = next kind in turn), innehall
FORLOPP: dict[str, list[_VER]] = {
    "vanlig": [(1, "", "hel")],
    "saknas": [],
    "sen": [(1, "", "hel")],
    "rattad": [(1, "", "ofullstandig"), (2, "", "rattad")],
    "rattad_tva_ganger": [(1, "", "ofullstandig"), (2, "", "ofullstandig"), (3, "", "rattad")],
    "stoppad_rattad": [(1, "STOPP", "hel"), (2, "", "rattad")],
    "stoppad_orattad": [(1, "STOPP", "hel")],
    "rattelse_stoppad": [(1, "", "ofullstandig"), (2, "STOPP", "rattad")],
    "rattelse_fore": [(1, "", "ofullstandig"), (2, "", "rattad")],
    "dubbelsand": [(1, "", "hel")],
    "tom_bekraftad": [(1, "tom_bekraftad", "hel")],
    "annat_innehall": [(1, "", "hel"), (1, "", "ofullstandig")],
}


@dataclass(frozen=True)
class Paket:
    """One package of one sender, source and year. mottagen and sands_igen are epoch seconds; 0 = sent once. toms: the
    dataset without rows, if the package is such a one.
    """

    kalla: str
    ar: int
    sand: int
    version: int
    namn: str
    mottagen: int
    brist: str = ""
    innehall: str = "hel"
    mapp: bool = False
    sands_igen: int = 0
    toms: str = ""

    @property
    def leveranstyp(self) -> str:
        return "ordinarie" if self.version == 1 else "rattelse"

    @property
    def nolleverans(self) -> tuple[str, ...]:
        return (self.toms,) if self.brist == "tom_bekraftad" else ()

    @property
    def tomd(self) -> str:
        """The dataset without rows, confirmed or not ('' = none)."""
        return self.toms if self.brist in ("tom", "tom_bekraftad") else ""


@dataclass
class Plan:
    """All packages, in the order of source, year, sender and version."""

    ar: range
    paket: list[Paket] = field(default_factory=list)
    forlopp: Counter[str] = field(default_factory=Counter)

    def av(self, kalla: str, ar: int) -> list[Paket]:
        return [p for p in self.paket if (p.kalla, p.ar) == (kalla, ar)]


def frist(ar: int) -> datetime:
    """First instant after the deadline of a year: 1 April the year after, Swedish wall clock."""
    return datetime(ar + 1, 4, 1, tzinfo=STOCKHOLM)


def years_due(asof: date, hogst: int) -> range:
    """The years from 2017 whose deadline has passed on the day given."""
    return range(
        FORSTA_AR, max(min(asof.year - 1 - (asof < date(asof.year, 4, 1)), FORSTA_AR + hogst - 1) + 1, FORSTA_AR)
    )


def package_name(kalla: str, ar: int, stadsdel: str, version: int, again: bool = False) -> str:
    """A package's name in the inbox; version 1 is told only when there is another."""
    part = f"_s{stadsdel}" if stadsdel else ""
    return f"{kalla}_{ar}{part}" + (f"_v{version}" if version > 1 or again else "")


class Planner:
    """Draws the plan of the senders of `urval` (places of municipalities)."""

    def __init__(
        self, doman: Doman, urval: list[int], av: Avsandare, avtal: Arr, ar: range, asof: date,
        rng: np.random.Generator, par: dict[str, Any],
    ) -> None:  # fmt: skip
        self.doman = doman
        self.av, self.avtal, self.rng, self.par = av, avtal, rng, par
        self.end = int(datetime(asof.year, asof.month, asof.day, tzinfo=STOCKHOLM).timestamp())
        self.plan = Plan(ar)
        chosen = np.isin(av.kommun, urval)
        self.anyway = self._anyway(urval)
        self.sand = {kalla: [int(s) for s in np.flatnonzero(chosen & self._sends(kalla))] for kalla in doman.kallor}
        self._turn: Counter[str] = Counter()

    def lokala(self) -> Arr:
        """Per municipality: whether it sends any local source."""
        out = np.zeros(len(self.av.koder), dtype=bool)
        out[[int(self.av.kommun[s]) for kalla in self.doman.lokala for s in self.sand[kalla]]] = True
        return out

    def _sends(self, kalla: str) -> Arr:
        """Senders that ever send the source: for a local one those with an agreement, and a few others."""
        if kalla not in self.doman.lokala:
            return np.ones(len(self.av.kommun), dtype=bool)
        return np.asarray((self.avtal.any(axis=1) | self.anyway)[self.av.kommun])

    def _anyway(self, urval: list[int]) -> Arr:
        """Municipalities without an agreement that send all the same: some, and at least one of six."""
        out = np.zeros(len(self.avtal), dtype=bool)
        without = [k for k in urval if not self.avtal[k].any()]
        count = max(round(self.par["avtal"]["sander_anda"] * len(urval)), int(len(urval) >= 6))
        out[self.rng.permutation(without)[:count].astype(np.int64)] = True
        return out

    def draw(self) -> Plan:
        for kalla in self.doman.kallor:
            for ar in self.plan.ar:
                for sand, course in zip(self.sand[kalla], self._courses(kalla, ar), strict=True):
                    self.plan.forlopp[course] += 1
                    self.plan.paket += self._packages(kalla, ar, sand, course)
        return self.plan

    def _courses(self, kalla: str, ar: int) -> list[str]:
        """One course per sender; every kind occurs in the first senders of some year when there are enough."""
        events = self.par["handelser"]
        names = [*events, "vanlig"]
        n = len(self.sand[kalla])
        drawn = np.searchsorted(np.cumsum(list(events.values())), self.rng.random(n), side="right")
        out = [names[int(d)] for d in drawn]
        wanted = [*events, *["stoppad_rattad"] * (len(self.doman.stopp[kalla]) - 1)]
        share = wanted[ar - self.plan.ar.start :: len(self.plan.ar)]
        for place, name in zip(self.rng.permutation(n), share[: n // 3], strict=False):
            out[int(place)] = name
        part = [bool(self.av.stadsdel[sand]) for sand in self.sand[kalla]]  # one that is silent all year is not missed
        out = ["sen" if name == "saknas" and p else name for name, p in zip(out, part, strict=True)]
        agreed = [
            kalla not in self.doman.lokala or self.avtal[self.av.kommun[s], ar - self.plan.ar.start]
            for s in self.sand[kalla]
        ]
        return [name if yes else "vanlig" for name, yes in zip(out, agreed, strict=True)]

    def _first(self, ar: int, course: str) -> int:
        p = self.par["mottagning"]
        if course == "sen":
            low, high = p["sen"]
            moment = int(frist(ar).timestamp()) + int(self.rng.integers(low * _DAY, high * _DAY))
        else:
            low, high = p["i_tid"]
            new_year = int(datetime(ar + 1, 1, 1, tzinfo=STOCKHOLM).timestamp())
            moment = new_year + int(self.rng.integers(low * _DAY, high * _DAY))
        return min(moment, self.end - 3600) if moment >= self.end else moment

    def _stop(self, kalla: str) -> str:
        kinds = self.doman.stopp[kalla]
        self._turn[kalla] += 1
        return kinds[(self._turn[kalla] - 1) % len(kinds)]

    def _packages(self, kalla: str, ar: int, sand: int, course: str) -> list[Paket]:
        out: list[Paket] = []
        moment, stadsdel = self._first(ar, course), self.av.stadsdel[sand]
        for number, (version, brist, content) in enumerate(FORLOPP[course]):
            if number:
                low, high = self.par["mottagning"]["rattelse"]
                moment += int(self.rng.integers(low * _DAY, high * _DAY))
            if moment >= self.end:
                break
            again = any(p.version == version for p in out)
            name = package_name(kalla, ar, stadsdel, version, again)
            kind = self._stop(kalla) if brist == "STOPP" else brist
            folder = bool(self.rng.random() < self.par["mottagning"]["mapp"]) and course != "dubbelsand"
            toms = self.doman.toms[kalla]
            out.append(Paket(kalla, ar, sand, version, name, moment, kind, content, folder, toms=toms))
        return self._finish(out, course)

    def _finish(self, out: list[Paket], course: str) -> list[Paket]:
        if course == "dubbelsand" and out and out[0].mottagen + 7200 < self.end:
            out = [replace(out[0], sands_igen=out[0].mottagen + 3600)]
        if course == "rattelse_fore" and len(out) == 2:
            out[1] = replace(out[1], mottagen=out[0].mottagen - 7200)
        return out
