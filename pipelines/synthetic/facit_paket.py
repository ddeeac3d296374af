"""The truth about packages: which are approved, which rule stopped the others, which version is in force.

Belongs here: package rules, escalation, order of versions, timeliness. Does not belong here: single rows
(facit_rader) and indicators. Source: docs/reference/leverans.md, readings R1 and R18.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from pipelines.synthetic.facit_rader import RULES, Utfall, free_text
from pipelines.synthetic.koder import DATASETS, Arr
from pipelines.synthetic.plan import Paket, deadline
from pipelines.synthetic.rader import Leveranser

ESCALATES = {"GEN-10": 10, "GEN-12": 10, "GEN-14": 5}  # rows of a thousand
AT_LEAST = 10
DONE_TO = {
    "sha": "GEN-01",
    "rader": "GEN-01",
    "frammande": "GEN-02",
    "period": "GEN-03",
    "kolumn_saknas": "GEN-04",
    "kolumn_okand": "GEN-04",
}


@dataclass
class Omdome:
    """Verdict over one municipality's packages: stopping rule per package ('' = approved) and what is in
    force.
    """

    regel: list[str]
    i_kraft: dict[int, int] = field(default_factory=dict)  # month -> place of the package


def received(lev: Leveranser) -> dict[str, Arr]:
    """Rows received per dataset and package."""
    return {d: np.bincount(lev.rows(d)["pkg"], minlength=len(lev.paket)) for d in DATASETS}


def _escalated(lev: Leveranser, utfall: dict[str, Utfall], rows: dict[str, Arr]) -> list[str]:
    """First rule, in name order, whose share is too large in some dataset."""
    out = [""] * len(lev.paket)
    for rule, share in sorted(ESCALATES.items(), reverse=True):
        for dataset in DATASETS:
            fell = utfall[dataset].regler.get(rule)
            if fell is None:
                continue
            count = np.bincount(lev.rows(dataset)["pkg"][fell], minlength=len(out))
            for place in np.flatnonzero((count >= AT_LEAST) & (count * 1000 > share * rows[dataset])):
                out[int(place)] = rule
    return out


def _empty(paket: Paket, before: int | None, rows: dict[str, Arr]) -> bool:
    """GEN-05 against the package in force for the latest earlier period."""
    return before is not None and any(rows[d][before] > 0 for d in paket.unconfirmed)


def verdict(lev: Leveranser, utfall: dict[str, Utfall]) -> Omdome:
    """Periods in order: the highest approved version of each is in force and decides GEN-05 of the next."""
    rows = received(lev)
    shares, fri = _escalated(lev, utfall, rows), free_text(lev)
    out = Omdome([""] * len(lev.paket))
    before: int | None = None
    for month in sorted({p.manad for p in lev.paket}):
        places = [i for i, p in enumerate(lev.paket) if p.manad == month]
        seen: set[int] = set()
        for i in sorted(places, key=lambda i: lev.paket[i].mottagen):
            p = lev.paket[i]
            if p.version in seen:
                out.regel[i] = "GEN-24"
                continue
            seen.add(p.version)
            first = DONE_TO.get(p.brist, "") or fri[i]
            out.regel[i] = first or ("GEN-05" if _empty(p, before, rows) else shares[i])
        approved = [i for i in places if not out.regel[i]]
        if approved:
            before = max(approved, key=lambda i: lev.paket[i].version)
            out.i_kraft[month] = before
    return out


def coverage(lev: Leveranser, omdome: Omdome, months: int) -> tuple[Arr, Arr]:
    """Per month and dataset: approved, and approved in time (first approved version before the deadline)."""
    approved = np.zeros((months, len(DATASETS)), dtype=bool)
    in_time = np.zeros_like(approved)
    for month, place in omdome.i_kraft.items():
        for d, dataset in enumerate(DATASETS):
            approved[month, d] = dataset in lev.paket[place].delivered
    for i, p in enumerate(lev.paket):
        if not omdome.regel[i]:
            early = p.mottagen < deadline(p.manad).timestamp()
            for d, dataset in enumerate(DATASETS):
                in_time[p.manad, d] |= early and dataset in p.delivered
    return approved, in_time


def package_rows(kommun: str, lev: Leveranser, omdome: Omdome, utfall: dict[str, Utfall]) -> list[tuple[object, ...]]:
    """Rows of the truth table leverans."""
    n = len(lev.paket)
    counts = {
        d: [np.bincount(lev.rows(d)["pkg"][mask], minlength=n) for mask in (u.lastad, u.karantan, u.skyddad)]
        for d, u in utfall.items()
    }
    rows = received(lev)
    out: list[tuple[object, ...]] = []
    for i, p in enumerate(lev.paket):
        for d in p.delivered:
            total, rule = int(rows[d][i]), omdome.regel[i]
            ends = (0, 0, 0, total) if rule else (*(int(c[i]) for c in counts[d]), 0)
            status = "stoppad" if rule else "godkand"
            out.append((kommun, p.manad, p.version, p.namn, d, status, rule or None, total, *ends))
    return out


def is_late(paket: Paket) -> bool:
    """A first delivery received when the deadline has passed."""
    return paket.leveranstyp == "ordinarie" and paket.mottagen >= deadline(paket.manad).timestamp()


def rule_rows(kommun: str, lev: Leveranser, omdome: Omdome, utfall: dict[str, Utfall]) -> list[tuple[object, ...]]:
    """Rows of the truth table regelutfall: (row, rule) pairs in packages that are not stopped, and those that came
    late (GEN-06, no dataset and no rows).
    """
    late = (p for p, rule in zip(lev.paket, omdome.regel, strict=True) if not rule and is_late(p))
    out: list[tuple[object, ...]] = [(kommun, p.manad, p.version, p.namn, None, "GEN-06", 0) for p in late]
    for dataset, u in utfall.items():
        for rule in RULES:
            fell = u.regler.get(rule)
            if fell is None:
                continue
            count = np.bincount(lev.rows(dataset)["pkg"][fell], minlength=len(lev.paket))
            for i in np.flatnonzero(count):
                p = lev.paket[int(i)]
                if not omdome.regel[int(i)]:
                    out.append((kommun, p.manad, p.version, p.namn, dataset, rule, int(count[i])))
    return out
