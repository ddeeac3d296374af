"""Drawing the plan: roles of municipalities, courses of events per sender and month, received times.

Belongs here: everything of the months, drawn for all senders at once so that every planted course occurs. Does not
belong here: what a course is (plan), the years sent again (slutlig), faults in single rows (radfel).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np

from pipelines.synthetic.koder import START_YEAR, Arr, period_text
from pipelines.synthetic.plan import (
    FORLOPP,
    STOCKHOLM,
    STOCKHOLM_KOMMUN,
    STOPP,
    Paket,
    Plan,
    Sandare,
    deadline,
    package_name,
)
from pipelines.synthetic.slutlig import Slutliga

_NEEDS_ROWS = 15  # households a month below which no share can be made to escalate
_FEW = 60  # households a month below which a month without closings is to be expected
_NEEDS_ANY = 4  # and below which nothing is planted on purpose
_SEEN_IN_HISTORY = 40  # households a month from which half of them gone is seen beside the year before
_PLACED = ("saknas", "sen", "stoppad_orattad")  # courses that have an owner of their own
Course = dict[Sandare, list[str]]


class Planner:
    """Draws the plan; level[kommun, month] is the expected number of households at the chosen scale."""

    def __init__(
        self, urval: list[int], koder: tuple[str, ...], level: Arr, asof: date, fro: int, par: dict[str, Any]
    ) -> None:
        self.rng = np.random.default_rng([fro, 77])
        self.koder, self.level, self.par = koder, level, par
        self.months = level.shape[1]
        self.end = int(datetime(asof.year, asof.month, asof.day, tzinfo=STOCKHOLM).timestamp())
        self.cities = [k for k in urval if koder[k] in par["stadsdelar"]]
        self.plan = Plan(urval, self._roles(urval), (-1, 0))
        self.plan.fh99 = self._fh99()
        self._turn = 0

    def senders(self, kommun: int) -> list[Sandare]:
        """The municipality itself, or its stadsdelar."""
        parts = self.par["stadsdelar"].get(self.koder[kommun], {"": 1.0})
        return [Sandare(kommun, code, share / sum(parts.values())) for code, share in parts.items()]

    def _size(self, s: Sandare, month: int) -> float:
        return float(self.level[s.kommun, month] * s.andel)

    def _roles(self, urval: list[int]) -> dict[str, list[int]]:
        n, share = len(urval), self.par["roller_andel"]
        size = self.level.mean(axis=1)
        biggest = {*sorted(urval, key=lambda k: -size[k])[: max(1, n // 30)], *self.cities}
        order = [int(k) for k in self.rng.permutation(urval) if int(k) not in biggest]
        out: dict[str, list[int]] = {}
        for role, least in (("helt_ar", 3), ("enstaka", 4), ("slarvig", 5), ("aldrig", 40)):
            count = max(round(share[role] * n), 1 if n >= least else 0)
            out[role], order = order[:count], order[count:]
        return out

    def _fh99(self) -> tuple[int, int]:
        taken = {k for members in self.plan.roller.values() for k in members} | set(self.cities)
        free = sorted((k for k in self.plan.urval if k not in taken), key=lambda k: float(self.level[k].mean()))
        year = START_YEAR + (1 if self.months >= 24 else 0)
        return (free[(len(free) * 4) // 5], year) if free else (-1, 0)

    def _missing(self, s: Sandare) -> set[int]:
        roles, months, kommun = self.plan.roller, range(self.months), s.kommun
        if kommun in roles["aldrig"]:
            return set(months)
        if kommun in roles["helt_ar"]:
            last = max(self.months // 12 - 1, 0)
            patterns = [{last}, {max(last - 1, 0)}, {last, max(last - 1, 0)}, {0}]
            years = patterns[roles["helt_ar"].index(kommun) % 4]
            return {m for m in months if m // 12 in years}
        if kommun in roles["enstaka"]:
            return {int(m) for m in self.rng.choice(self.months, min(int(self.rng.integers(1, 5)), self.months), False)}
        if s.stadsdel:
            return {int(m) for m in np.flatnonzero(self.rng.random(self.months) < self.par["stadsdel_saknas"])}
        return set()

    def _course(self, s: Sandare) -> list[str]:
        missing, events = self._missing(s), self.par["handelser"]
        careless = s.kommun in self.plan.roller["slarvig"]
        names = [*events, "stoppad_orattad"]
        edges = np.cumsum([*events.values(), self.par["stoppad_orattad_slarvig"] if careless else 0.0])
        drawn: Arr = np.asarray(np.searchsorted(edges, self.rng.random(self.months), side="right"))
        out = [names[int(d)] if d < len(names) and m > 0 else "vanlig" for m, d in enumerate(drawn)]
        return ["saknas" if m in missing else name for m, name in enumerate(out)]

    def _part_of_a_city(self, courses: Course) -> None:
        """In the smallest city one stadsdel misses a month of the last year, and another is late with a month."""
        if not self.cities:
            return
        senders = self.senders(min(self.cities, key=lambda k: float(self.level[k].sum())))
        courses[senders[1]][max(self.months - 8, 0)] = "saknas"
        courses[senders[2]][self.months // 2] = "sen"

    def _guarantee(self, courses: Course) -> None:
        """Every course at least once, and one corrected stop of each kind, when there is room."""
        quiet = {k for role in ("aldrig", "helt_ar", "enstaka") for k in self.plan.roller[role]}
        free = [
            (s, m)
            for s, course in courses.items()
            for m, name in enumerate(course)
            if name == "vanlig" and m > 1 and s.kommun not in quiet and self._size(s, m) >= _NEEDS_ANY
        ]
        present = Counter(name for course in courses.values() for name in course)
        wanted = [n for n in FORLOPP if not present[n] and n not in _PLACED]
        wanted += ["stoppad_rattad"] * max(len(STOPP) - present["stoppad_rattad"], 0)
        order = [free[int(i)] for i in self.rng.permutation(len(free))]
        for name in wanted[: len(order) // 3]:
            s, m = order.pop(self._fit(name, order))
            courses[s][m] = name

    def _fit(self, name: str, free: list[tuple[Sandare, int]]) -> int:
        """First place where the course can be seen: a silent cut needs rows, and the year before beside it."""
        if not name.startswith("tyst"):
            return 0
        return next((i for i, (s, m) in enumerate(free) if m >= 12 and self._size(s, m) >= _SEEN_IN_HISTORY), 0)

    def _stop(self, s: Sandare, month: int) -> str:
        for _ in STOPP:
            kind = STOPP[self._turn % len(STOPP)]
            self._turn += 1
            if not kind.startswith("esk") or self._size(s, month) >= _NEEDS_ROWS:
                break
        return kind

    def _first_received(self, s: Sandare, month: int, course: str) -> int:
        p, limit = self.par["mottagning"], deadline(month)
        if course.startswith("kant"):
            return int(limit.timestamp()) - (1 if course == "kant_i_tid" else 0)
        careless = s.kommun in self.plan.roller["slarvig"]
        late = self.rng.random() < (p["sena_slarviga"] if careless else p["sena"]) or course == "sen"
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

    def _packages(self, s: Sandare, month: int, course: str) -> list[Paket]:
        if course == "utan_avslut" and self._size(s, month) >= _FEW:
            course = "utan_avslut_rattad"
        out: list[Paket] = []
        moment = self._first_received(s, month, course)
        for number, (version, brist, content) in enumerate(FORLOPP[course]):
            if number:
                moment = self._next_received(moment, bool(out[-1].brist))
            if moment >= self.end:
                break
            again = any(p.version == version for p in out)
            name = package_name(period_text(month), s.stadsdel, version, again)
            kind = self._stop(s, month) if brist == "STOPP" else brist
            folder = bool(self.rng.random() < self.par["mapp_andel"])
            out.append(Paket(month, version, name, moment, kind, content, folder, stadsdel=s.stadsdel))
        return self._finish(out, course)

    def _finish(self, out: list[Paket], course: str) -> list[Paket]:
        if course == "dubbelsand" and out:
            later = out[0].mottagen + int(self.rng.integers(3600, 7200))
            out = [replace(out[0], mapp=False, sands_igen=later if later < self.end else 0)]
        if course == "rattelse_fore" and len(out) == 2:
            early = out[0].mottagen - int(self.rng.integers(3600, 3 * 86400))
            out[1] = replace(out[1], mottagen=early, mapp=False)
        return out

    def draw(self) -> Plan:
        courses = {s: self._course(s) for k in self.plan.urval for s in self.senders(k)}
        self._part_of_a_city(courses)
        self._guarantee(courses)
        for s, course in courses.items():
            self.plan.forlopp.update(course)
            packages = self.plan.paket.setdefault(s.kommun, [])
            packages += [p for m, name in enumerate(course) for p in self._packages(s, m, name)]
        again = [self.senders(k)[0] for k in self.plan.urval if self._may_send_a_year(k)]
        Slutliga(self.plan, again, self.rng, self.par, self.end).draw(self.months, courses)
        return self.plan

    def _may_send_a_year(self, kommun: int) -> bool:
        return kommun not in self.plan.roller["aldrig"] and self.koder[kommun] != STOCKHOLM_KOMMUN
