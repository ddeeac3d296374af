"""The truth about packages: which are approved, which rule stopped the others, what is in force of each month.

Belongs here: package rules, escalation, versions and years over a sender's history, coverage and timeliness. Does not
belong here: single rows (facit_rader) and indicators. Source: docs/reference/leverans.md, readings R1 and R18.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from pipelines.synthetic.facit_rader import RULES, Utfall, free_text
from pipelines.synthetic.koder import DATASETS, Arr, period_text
from pipelines.synthetic.plan import Paket, deadline
from pipelines.synthetic.rader import Leveranser

ESCALATES = {"GEN-10": 10, "GEN-12": 10, "GEN-14": 5}  # rows of a thousand
AT_LEAST = 10
DONE_TO = {
    "sha": "GEN-01",
    "rader": "GEN-01",
    "avkortad": "GEN-01",
    "frammande": "GEN-02",
    "period": "GEN-03",
    "kolumn_saknas": "GEN-04",
    "kolumn_okand": "GEN-04",
}
Counts = dict[str, Arr]  # dataset -> rows received [package, month of the year]


@dataclass
class Omdome:
    """Verdict over one municipality's packages: stopping rule per package ('' = approved), and what is in force."""

    regel: list[str]
    i_kraft: dict[tuple[str, int], int] = field(default_factory=dict)  # stadsdel, month -> place of the package


def _escalated(lev: Leveranser, utfall: dict[str, Utfall], rows: Counts) -> list[str]:
    """First rule, in name order, whose share is too large in some dataset."""
    out = [""] * len(lev.paket)
    for rule, share in sorted(ESCALATES.items(), reverse=True):
        for dataset in DATASETS:
            total = rows[dataset].sum(axis=1)
            fell = utfall[dataset].regler.get(rule)
            if fell is None:
                continue
            count = np.bincount(lev.rows(dataset)["pkg"][fell], minlength=len(out))
            for place in np.flatnonzero((count >= AT_LEAST) & (count * 1000 > share * total)):
                out[int(place)] = rule
    return out


class _History:
    """Everything one sender has sent, read from its first period to its last."""

    def __init__(
        self, lev: Leveranser, stadsdel: str, rows: Counts, shares: list[str], fri: list[str], out: Omdome
    ) -> None:
        self.paket, self.stadsdel, self.rows, self.out = lev.paket, stadsdel, rows, out
        self.shares, self.fri = shares, fri
        self.own = [i for i, p in enumerate(lev.paket) if p.stadsdel == stadsdel]

    def read(self) -> None:
        self._own_faults()
        years = {p.manad: self._years(p.manad) for p in (self.paket[i] for i in self.own) if p.helar}
        whole = {m: place for start, place in years.items() if place is not None for m in range(start, start + 12)}
        before: tuple[int, int] | None = None
        for month in sorted({self.paket[i].manad for i in self.own if not self.paket[i].helar} | set(whole)):
            place = self._months(month, before)
            place = whole.get(month, place)
            if place is not None:
                before = place, month
                self.out.i_kraft[self.stadsdel, month] = place

    def _own_faults(self) -> None:
        """GEN-24: of the same period and version only the first received is judged; and what was done to the file."""
        seen: set[tuple[str, int]] = set()
        for i in sorted(self.own, key=lambda i: self.paket[i].mottagen):
            p = self.paket[i]
            twin = (p.period, p.version) in seen
            seen.add((p.period, p.version))
            self.out.regel[i] = "GEN-24" if twin else DONE_TO.get(p.brist, "") or self.fri[i]

    def _highest(self, places: Iterable[int]) -> int | None:
        """The highest approved version, once every version has its verdict."""
        approved = [i for i in places if not self.out.regel[i]]
        return max(approved, key=lambda i: self.paket[i].version, default=None)

    def _silent(self, i: int) -> list[str]:
        """Datasets without rows in some month of the package, and not said to be empty there."""
        p = self.paket[i]
        return [
            d
            for d in DATASETS
            for m in p.months
            if not self.rows[d][i, m % 12] and (f"{d}/{period_text(m)}" if p.helar else d) not in p.nolleverans
        ]

    def _years(self, start: int) -> int | None:
        """GEN-05 of a year's versions, each by itself; the one in force."""
        places = [i for i in self.own if self.paket[i].helar and self.paket[i].manad == start]
        for i in places:
            self.out.regel[i] = self.out.regel[i] or ("GEN-05" if self._silent(i) else self.shares[i])
        return self._highest(places)

    def _months(self, month: int, before: tuple[int, int] | None) -> int | None:
        """GEN-05 of a month's versions against what is in force of the latest month before (R1)."""
        places = [i for i in self.own if not self.paket[i].helar and self.paket[i].manad == month]
        for i in places:
            had = before is not None and any(self.rows[d][before[0], before[1] % 12] for d in self._silent(i))
            self.out.regel[i] = self.out.regel[i] or ("GEN-05" if had else self.shares[i])
        return self._highest(places)


def verdict(lev: Leveranser, utfall: dict[str, Utfall]) -> Omdome:
    """Every sender's packages: an approved year is in force before any version of its months, whenever it came; else
    the highest approved version of the month.
    """
    rows = {d: lev.received(d) for d in DATASETS}
    shares, fri = _escalated(lev, utfall, rows), free_text(lev)
    out = Omdome([""] * len(lev.paket))
    for stadsdel in lev.stadsdelar:
        _History(lev, stadsdel, rows, shares, fri, out).read()
    return out


def coverage(lev: Leveranser, omdome: Omdome, months: int) -> tuple[Arr, Arr]:
    """Of the municipality, per month and dataset: approved, and in time. Every part must be that has delivered any
    period of the year, stopped ones too (R18); in time by its first approved package that covers dataset and month.
    """
    shape = (len(lev.stadsdelar), months, len(DATASETS))
    force, first = np.zeros(shape, dtype=bool), np.full(shape, np.inf)
    part = np.zeros((shape[0], -(-months // 12)), dtype=bool)
    for i, p in enumerate(lev.paket):
        s = lev.stadsdelar.index(p.stadsdel)
        part[s, p.manad // 12] = True
        covered = (s, slice(p.months.start, p.months.stop), [d in p.delivered for d in DATASETS])
        if not omdome.regel[i]:
            first[covered] = np.minimum(first[covered], p.mottagen)
    for (stadsdel, month), place in omdome.i_kraft.items():
        force[lev.stadsdelar.index(stadsdel), month] = [d in lev.paket[place].delivered for d in DATASETS]
    limit = np.array([deadline(m).timestamp() for m in range(months)])[:, None]
    lacking = ~part[:, np.arange(months) // 12, None]
    anyone = ~lacking.all(axis=0)
    approved, in_time = (np.asarray(anyone & (ok | lacking).all(axis=0)) for ok in (force, first < limit))
    return approved, in_time


def package_rows(kommun: str, lev: Leveranser, omdome: Omdome, utfall: dict[str, Utfall]) -> list[tuple[object, ...]]:
    """Rows of the truth table leverans."""
    n = len(lev.paket)
    counts = {
        d: [np.bincount(lev.rows(d)["pkg"][mask], minlength=n) for mask in (u.lastad, u.karantan, u.skyddad)]
        for d, u in utfall.items()
    }
    rows = {d: lev.received(d).sum(axis=1) for d in DATASETS}
    out: list[tuple[object, ...]] = []
    for i, p in enumerate(lev.paket):
        for d in p.delivered:
            total, rule = int(rows[d][i]), omdome.regel[i]
            ends = (0, 0, 0, total) if rule else (*(int(c[i]) for c in counts[d]), 0)
            status = "stoppad" if rule else "godkand"
            out.append((kommun, *_name(p), d, status, rule or None, total, *ends))
    return out


def _name(p: Paket) -> tuple[object, ...]:
    return p.stadsdel, p.period, p.version, p.namn


def is_late(paket: Paket) -> bool:
    """A first delivery received when the deadline has passed."""
    return paket.leveranstyp == "ordinarie" and paket.mottagen >= deadline(paket.manad).timestamp()


def rule_rows(kommun: str, lev: Leveranser, omdome: Omdome, utfall: dict[str, Utfall]) -> list[tuple[object, ...]]:
    """Rows of the truth table regelutfall: (row, rule) pairs in packages that are not stopped, and those that came
    late (GEN-06, no dataset and no rows).
    """
    late = (p for p, rule in zip(lev.paket, omdome.regel, strict=True) if not rule and is_late(p))
    out: list[tuple[object, ...]] = [(kommun, *_name(p), None, "GEN-06", 0) for p in late]
    for dataset, u in utfall.items():
        for rule in RULES:
            fell = u.regler.get(rule)
            if fell is None:
                continue
            count = np.bincount(lev.rows(dataset)["pkg"][fell], minlength=len(lev.paket))
            places = [int(i) for i in np.flatnonzero(count) if not omdome.regel[int(i)]]
            out += [(kommun, *_name(lev.paket[i]), dataset, rule, int(count[i])) for i in places]
    return out


def force_rows(kommun: str, lev: Leveranser, omdome: Omdome) -> list[tuple[object, ...]]:
    """Rows of the truth table i_kraft: each sender's package in force for dataset and month, and the month's rows."""
    rows = {d: lev.received(d) for d in DATASETS}
    return [
        (kommun, stadsdel, d, period_text(month), lev.paket[i].namn, int(rows[d][i, month % 12]))
        for (stadsdel, month), i in sorted(omdome.i_kraft.items())
        for d in lev.paket[i].delivered
    ]
