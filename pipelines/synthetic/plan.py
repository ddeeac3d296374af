"""The plan of deliveries: who sends, when, in which versions, and what is wrong with the package as a whole.

Belongs here: roles of municipalities, courses of events per month, received times. It is drawn for all
municipalities at once, so that every planted course occurs. Does not belong here: faults in single rows
(radfel) and any judgement of the outcome (facit): `brist` says what was done to the package, not what
follows.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from pipelines.synthetic.koder import DATASETS, START_YEAR, Arr, period_text

STOCKHOLM = ZoneInfo("Europe/Stockholm")
STOCKHOLM_KOMMUN = "0180"
STOPP = (
    *("sha", "frammande", "esk_GEN-10", "kolumn_saknas", "tomma_rader", "esk_GEN-14", "period"),
    *("rader", "esk_GEN-12", "kolumn_okand", "tom_avslut"),
    *("fri_epost", "fri_hushall", "fri_telefon", "fri_nummer", "fri_lang", "fri_tio"),
)
UNDECLARED = "odeklarerad"  # the package holds protected persons and its manifest says it does not
_VER = tuple[int, str, str]  # version, brist ('STOPP' = next kind in turn), innehall
FORLOPP: dict[str, list[_VER]] = {
    "vanlig": [(1, "", "hel")],
    "saknas": [],
    "kant_i_tid": [(1, "", "hel")],
    "kant_sen": [(1, "", "hel")],
    "dubbelsand": [(1, "", "hel")],
    "rattad": [(1, "", "ofullstandig"), (2, "", "rattad")],
    "rattad_tva_ganger": [(1, "", "ofullstandig"), (2, "", "ofullstandig"), (3, "", "rattad")],
    "rattelse_fore": [(1, "", "ofullstandig"), (2, "", "rattad")],
    "rattelse_stoppad": [(1, "", "ofullstandig"), (2, "STOPP", "rattad")],
    "stoppad_rattad": [(1, "STOPP", "hel"), (2, "", "hel")],
    "stoppad_orattad": [(1, "STOPP", "hel")],
    "stoppad_tva_ganger": [(1, "STOPP", "hel"), (2, "STOPP", "hel"), (3, "", "hel")],
    "annat_innehall": [(1, "", "hel"), (1, "", "ofullstandig")],
    "annat_innehall_efter_stopp": [(1, "sha", "hel"), (1, "", "hel"), (2, "", "hel")],
    "tom_avslut": [(1, "tom_avslut", "hel"), (2, "", "hel")],
    "utan_avslut": [(1, "utan_avslut", "hel")],
    "utan_avslut_rattad": [(1, "utan_avslut", "hel"), (2, "", "hel")],
    "nara_gransen": [(1, "nara_GEN-10", "hel")],
    "nara_fritext": [(1, "nara_fritext", "hel")],
    "odeklarerad": [(1, UNDECLARED, "hel"), (2, "", "hel")],
}
_NEEDS_ROWS = 15  # households a month below which no share can be made to escalate
_FEW = 60  # households a month below which a month without closings is to be expected
_NEEDS_ANY = 4  # and below which nothing is planted on purpose


@dataclass(frozen=True)
class Paket:
    """One package. mottagen and sands_igen are epoch seconds; sands_igen 0 = sent once."""

    manad: int
    version: int
    namn: str
    mottagen: int
    brist: str = ""
    innehall: str = "hel"
    mapp: bool = False
    sands_igen: int = 0

    @property
    def leveranstyp(self) -> str:
        return "ordinarie" if self.version == 1 else "rattelse"

    @property
    def delivered(self) -> tuple[str, ...]:
        """Datasets the package speaks of, as a file or as a confirmed zero."""
        return DATASETS[:2] if self.brist == "utan_avslut" else DATASETS

    @property
    def unconfirmed(self) -> tuple[str, ...]:
        """Datasets that are empty without being confirmed."""
        empty = {"tomma_rader": DATASETS[:2], "tom_avslut": DATASETS[2:], "utan_avslut": DATASETS[2:]}
        return empty.get(self.brist, ())


@dataclass
class Plan:
    """Everything decided before any society is simulated; keys are places in the list of municipalities."""

    urval: list[int]
    roller: dict[str, list[int]]
    fh99: tuple[int, int]
    paket: dict[int, list[Paket]] = field(default_factory=dict)
    forlopp: Counter[str] = field(default_factory=Counter)


def months_until(asof: date, months: int) -> int:
    """How many of the months have passed their deadline on the day given."""
    count = 0
    while count < months and deadline(count).date() <= asof:
        count += 1
    return count


def deadline(month: int) -> datetime:
    """First instant after the deadline of a month: the 16th of the next, Swedish wall clock."""
    return datetime(START_YEAR + (month + 1) // 12, (month + 1) % 12 + 1, 16, tzinfo=STOCKHOLM)


def choose(codes: tuple[str, ...], size: Arr, count: int) -> list[int]:
    """All municipalities, or a spread from small to large without Stockholm."""
    if count >= len(codes):
        return list(range(len(codes)))
    order = [int(i) for i in np.argsort(size, kind="stable") if codes[int(i)] != STOCKHOLM_KOMMUN]
    places = np.floor((np.arange(count) + 0.5) / count * len(order)).astype(int)
    return sorted(order[p] for p in places)


def settle(paket: list[Paket], closings: Arr, rng: np.random.Generator) -> list[Paket]:
    """Move packages without any word of eb_avslut to months after one with no closings, where that passes.

    closings[month] = reported closings of the society; a planned package stays where it is when a correction
    follows.
    """
    months = Counter(p.manad for p in paket)
    alone = [i for i, p in enumerate(paket) if p.brist == "utan_avslut" and months[p.manad] == 1]
    fit = [
        i for i, p in enumerate(paket)
        if not p.brist and not p.sands_igen and months[p.manad] == 1
        and p.manad > 0 and not closings[p.manad - 1]
    ]  # fmt: skip
    out = list(paket)
    for i in alone:
        out[i] = replace(paket[i], brist="")
    for i in rng.permutation(np.array(fit, dtype=np.int64))[: len(alone)]:
        out[int(i)] = replace(paket[int(i)], brist="utan_avslut")
    return out


class Planner:
    """Draws the plan; level[kommun, month] is the expected number of households at the chosen scale."""

    def __init__(self, urval: list[int], level: Arr, asof: date, fro: int, par: dict[str, Any]) -> None:
        self.rng = np.random.default_rng([fro, 77])
        self.level, self.par = level, par
        self.months = level.shape[1]
        self.end = int(datetime(asof.year, asof.month, asof.day, tzinfo=STOCKHOLM).timestamp())
        self.plan = Plan(urval, self._roles(urval), (-1, 0))
        self.plan.fh99 = self._fh99()
        self._turn = 0

    def _roles(self, urval: list[int]) -> dict[str, list[int]]:
        n, share = len(urval), self.par["roller_andel"]
        size = self.level.mean(axis=1)
        biggest = set(sorted(urval, key=lambda k: -size[k])[: max(1, n // 30)])
        order = [int(k) for k in self.rng.permutation(urval) if int(k) not in biggest]
        out: dict[str, list[int]] = {}
        for role, least in (("helt_ar", 3), ("enstaka", 4), ("slarvig", 5), ("aldrig", 40)):
            count = max(round(share[role] * n), 1 if n >= least else 0)
            out[role], order = order[:count], order[count:]
        return out

    def _fh99(self) -> tuple[int, int]:
        taken = {k for members in self.plan.roller.values() for k in members}
        free = sorted((k for k in self.plan.urval if k not in taken), key=lambda k: float(self.level[k].mean()))
        year = START_YEAR + (1 if self.months >= 24 else 0)
        return (free[(len(free) * 4) // 5], year) if free else (-1, 0)

    def _missing(self, kommun: int) -> set[int]:
        roles, months = self.plan.roller, range(self.months)
        if kommun in roles["aldrig"]:
            return set(months)
        if kommun in roles["helt_ar"]:
            last = max(self.months // 12 - 1, 0)
            patterns = [{last}, {max(last - 1, 0)}, {last, max(last - 1, 0)}, {0}]
            years = patterns[roles["helt_ar"].index(kommun) % 4]
            return {m for m in months if m // 12 in years}
        if kommun in roles["enstaka"]:
            return {int(m) for m in self.rng.choice(self.months, min(int(self.rng.integers(1, 5)), self.months), False)}
        return set()

    def _course(self, kommun: int) -> list[str]:
        missing, events = self._missing(kommun), self.par["handelser"]
        careless = kommun in self.plan.roller["slarvig"]
        names = [*events, "stoppad_orattad"]
        edges = np.cumsum([*events.values(), self.par["stoppad_orattad_slarvig"] if careless else 0.0])
        drawn: Arr = np.asarray(np.searchsorted(edges, self.rng.random(self.months), side="right"))
        out = [names[int(d)] if d < len(names) and m > 0 else "vanlig" for m, d in enumerate(drawn)]
        return ["saknas" if m in missing else name for m, name in enumerate(out)]

    def _guarantee(self, courses: dict[int, list[str]]) -> None:
        """Every course at least once, and one corrected stop of each kind, when there is room."""
        quiet = {k for role in ("aldrig", "helt_ar", "enstaka") for k in self.plan.roller[role]}
        free = [
            (k, m)
            for k, course in courses.items()
            for m, name in enumerate(course)
            if name == "vanlig" and m > 1 and k not in quiet and self.level[k, m] >= _NEEDS_ANY
        ]
        present = Counter(name for course in courses.values() for name in course)
        wanted = [n for n in FORLOPP if not present[n] and n not in ("saknas", "stoppad_orattad")]
        wanted += ["stoppad_rattad"] * max(len(STOPP) - present["stoppad_rattad"], 0)
        chosen = self.rng.permutation(len(free))[: min(len(wanted), len(free) // 3)]
        for name, place in zip(wanted, chosen, strict=False):
            k, m = free[int(place)]
            courses[k][m] = name

    def _stop(self, kommun: int, month: int) -> str:
        for _ in STOPP:
            kind = STOPP[self._turn % len(STOPP)]
            self._turn += 1
            if not kind.startswith("esk") or self.level[kommun, month] >= _NEEDS_ROWS:
                break
        return kind

    def _first_received(self, kommun: int, month: int, course: str) -> int:
        p, limit = self.par["mottagning"], deadline(month)
        if course.startswith("kant"):
            return int(limit.timestamp()) - (1 if course == "kant_i_tid" else 0)
        careless = kommun in self.plan.roller["slarvig"]
        late = self.rng.random() < (p["sena_slarviga"] if careless else p["sena"])
        low, high = p["sen_dagar"]
        day = (
            int(self.rng.integers(15 + low, 16 + high))
            if late
            else int(self.rng.integers(p["fran_dag"], p["till_dag"] + 1))
        )
        return int((limit - timedelta(days=16 - day)).timestamp()) + int(self.rng.integers(7 * 3600, 18 * 3600))

    def _next_received(self, before: int, stopped: bool) -> int:
        low, high = (1, 20) if stopped else self.par["mottagning"]["rattelse_dagar"]
        moment = before + int(self.rng.integers(low * 86400, high * 86400))
        if moment >= self.end and self.end - before > 7200:
            moment = before + int(self.rng.integers(3600, self.end - before - 1800))
        return moment

    def _packages(self, kommun: int, month: int, course: str) -> list[Paket]:
        if course == "utan_avslut" and self.level[kommun, month] >= _FEW:
            course = "utan_avslut_rattad"
        out: list[Paket] = []
        moment = self._first_received(kommun, month, course)
        for number, (version, brist, content) in enumerate(FORLOPP[course]):
            if number:
                moment = self._next_received(moment, bool(out[-1].brist))
            if moment >= self.end:
                break
            again = any(p.version == version for p in out)
            name = f"eb_{period_text(month)}" + (f"_v{version}" if version > 1 or again else "")
            kind = self._stop(kommun, month) if brist == "STOPP" else brist
            folder = bool(self.rng.random() < self.par["mapp_andel"])
            out.append(Paket(month, version, name, moment, kind, content, folder))
        return self._finish(out, course)

    def _finish(self, out: list[Paket], course: str) -> list[Paket]:
        if course == "dubbelsand" and out:
            p = out[0]
            later = p.mottagen + int(self.rng.integers(3600, 7200))
            out = [Paket(p.manad, 1, p.namn, p.mottagen, sands_igen=later if later < self.end else 0)]
        if course == "rattelse_fore" and len(out) == 2:
            first, second = out
            early = first.mottagen - int(self.rng.integers(3600, 3 * 86400))
            out[1] = Paket(second.manad, 2, second.namn, early, "", second.innehall)
        return out

    def draw(self) -> Plan:
        courses = {k: self._course(k) for k in self.plan.urval}
        self._guarantee(courses)
        for kommun, course in courses.items():
            self.plan.forlopp.update(course)
            self.plan.paket[kommun] = [p for m, name in enumerate(course) for p in self._packages(kommun, m, name)]
        return self.plan
