"""Years sent again (slutlig): who sends one, for which year, when, and what was done to it.

Belongs here: the yearly packages of the plan and the corrections of single months that come after them. Does not
belong here: the months' own courses (planering) and any judgement of the outcome (facit).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import numpy as np

from pipelines.synthetic.koder import START_YEAR, period_text
from pipelines.synthetic.plan import STOCKHOLM, Paket, Plan, Sandare, package_name

_VER = tuple[int, str, str]  # as in plan.FORLOPP
SLUTLIGA: dict[str, list[_VER]] = {
    "slutlig": [(1, "", "rattad")],
    "slutlig_fore_rattelse": [(1, "", "rattad")],  # the later correction of a month must not win
    "slutlig_tom_manad": [(1, "tom_manad_avslut", "rattad"), (2, "", "rattad")],
    "slutlig_stoppad": [(1, "frammande", "rattad")],
    "slutlig_tomma_manader": [(1, "tomma_manader", "rattad")],
    "slutlig_rattad": [(1, "", "ofullstandig"), (2, "", "rattad")],
    "slutlig_rattelse_stoppad": [(1, "", "rattad"), (2, "tom_manad", "rattad")],
    "slutlig_stoppad_fore_rattelse": [(1, "period", "rattad")],  # there the later correction wins
    "slutlig_avkortad": [(1, "avkortad", "rattad")],
}
WANTED = 6  # so many of them, in order, also where few municipalities send, but in no more than half of these
_DAY = 86400


class Slutliga:
    """Adds the yearly packages to the plan. senders: those that may send one, at most one of a municipality."""

    def __init__(
        self, plan: Plan, senders: list[Sandare], rng: np.random.Generator, par: dict[str, Any], end: int
    ) -> None:
        self.plan, self.senders, self.rng, self.par, self.end = plan, senders, rng, par["slutlig"], end

    def draw(self, months: int, courses: Mapping[Sandare, list[str]]) -> None:
        """`months` are those of the demo, `courses` what happens in each of them."""
        years = [y for y in range(months // 12) if self._new_year(y) + 6 * _DAY < self.end]
        for turn, sender in enumerate(self._chosen() if years else []):
            self._add(sender, self._year(sender, years, courses[sender]), self._course(turn), turn % 2 == 0)

    def _chosen(self) -> list[Sandare]:
        """About the given share: one that lacks months, a stadsdel, one that lacks a whole year, then any."""
        of = {s.kommun: s for s in self.senders}
        roles, n = self.plan.roller, len(self.plan.urval)
        first = [*roles["enstaka"][:1], *[k for k, s in of.items() if s.stadsdel][-1:], *roles["helt_ar"][1:2]]
        rest = [int(k) for k in self.rng.permutation(sorted(set(of) - set(first)))]
        count = max(round(self.par["andel"] * n), min(WANTED, n // 2))
        return [of[k] for k in [*first, *rest] if k in of][:count]

    def _course(self, turn: int) -> str:
        names = list(SLUTLIGA)
        if turn < len(names):
            return names[turn]
        rest = (1 - self.par["enkel"]) / (len(names) - 1)
        return str(self.rng.choice(names, p=[self.par["enkel"]] + [rest] * (len(names) - 1)))

    def _year(self, sender: Sandare, years: list[int], course: list[str]) -> int:
        """A year with missing months, if there is one; for a stadsdel not the last, where another lacks a month."""
        lacking = [y for y in years if "saknas" in course[12 * y : 12 * y + 12]]
        first = years[:-1] if sender.stadsdel and len(years) > 1 else years
        return int(self.rng.choice(lacking or first))

    @staticmethod
    def _new_year(year: int) -> int:
        """The first second after the year."""
        return int(datetime(START_YEAR + year + 1, 1, 1, tzinfo=STOCKHOLM).timestamp())

    def _within(self, start: int, low: int, high: int) -> int:
        """A moment `low` to `high` days after start, or somewhere before the end when that is too late."""
        moment = start + int(self.rng.integers(low * _DAY, high * _DAY))
        left = self.end - start - 1800
        return moment if moment < self.end or left < 7200 else start + int(self.rng.integers(3600, left))

    def _add(self, sender: Sandare, year: int, course: str, early: bool) -> None:
        self.plan.forlopp[course] += 1
        self.plan.slutliga.append((sender.kommun, sender.stadsdel, START_YEAR + year, course))
        low, high = self.par["tidig_dagar"] if early else self.par["sen_dagar"]
        moment = self._within(self._new_year(year), low, high)
        for version, brist, content in SLUTLIGA[course]:
            if version > 1:
                moment = self._within(moment, *self.par["rattelse_dagar"])
            if moment >= self.end:
                return
            name = package_name(str(START_YEAR + year), sender.stadsdel, version)
            package = Paket(12 * year, version, name, moment, brist, content, stadsdel=sender.stadsdel, helar=True)
            self.plan.paket[sender.kommun].append(package)
        if course.endswith("fore_rattelse"):
            self._correct_a_month(sender, year, self._within(moment, *self.par["rattelse_dagar"]))

    def _correct_a_month(self, sender: Sandare, year: int, moment: int) -> None:
        """The next version of a month of the year, with fewer rows and other amounts than the year holds."""
        sent = [p for p in self.plan.of(sender) if not p.helar and p.manad // 12 == year]
        if not sent or moment >= self.end:
            return
        month = int(self.rng.choice([p.manad for p in sent]))
        version = 1 + max(p.version for p in sent if p.manad == month)
        name = package_name(period_text(month), sender.stadsdel, version)
        self.plan.paket[sender.kommun].append(
            Paket(month, version, name, moment, innehall="ofullstandig", stadsdel=sender.stadsdel)
        )
