"""What happens in families over time: births, eighteenth birthdays, changed roles, moves in, out and between.

Belongs here: edits of the member table. Every family with adults keeps exactly one applicant in every month.
Does not belong here: how a family looks when it begins (familjer).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from pipelines.synthetic.familjer import ALWAYS, Familjer, Medlemmar, Personer, stack
from pipelines.synthetic.koder import BARNROLL, MEDSOKANDE, SOKANDE, START_YEAR, Arr


class Levnad:
    """The member table while it is being edited."""

    def __init__(
        self,
        fam: Familjer,
        personer: Personer,
        medl: Medlemmar,
        fdat: Arr,
        rng: np.random.Generator,
        par: dict[str, Any],
    ) -> None:
        self.fam, self.personer, self.medl, self.rng, self.par = fam, personer, medl, rng, par
        self.birth_month = (fdat // 10000 - START_YEAR) * 12 + fdat // 100 % 100 - 1
        self.movers: list[tuple[Arr, Arr]] = []  # (row in the member table, first month outside)

    def _moment(self, family: Arr) -> Arr:
        """A month after the family's first and up to its last; the first when there is only one."""
        first, last = self.fam.first[family], self.fam.last[family]
        step = np.floor(self.rng.random(len(family)) * np.maximum(last - first, 0))
        return np.asarray(first + 1 + step, dtype=np.int64)

    def grow_up(self) -> None:
        """Children enter at birth; at eighteen most leave, the others stay as children until twenty."""
        m = self.medl
        rows = np.flatnonzero((m.roll == BARNROLL) & (self.fam.typ[m.familj] != 1))
        born = self.birth_month[m.person[rows]]
        leaves = self.rng.random(len(rows)) < self.par["lamnar_vid_18"]
        m.fran[rows] = born
        m.till[rows] = born + np.where(leaves, 18, 20) * 12
        self.movers.append((rows[leaves], m.till[rows[leaves]] + 1))

    def come_and_go(self) -> None:
        """In some families all children leave at some moment, in others they come then."""
        m, share = self.medl, self.par["barnen_byter_hem"]
        u, when = self.rng.random(len(self.fam.typ)), self._moment(np.arange(len(self.fam.typ)))
        rows = np.flatnonzero((m.roll == BARNROLL) & (self.fam.typ[m.familj] != 1))
        leaves, comes = (rows[x[m.familj[rows]]] for x in (u < share["lamnar"], u >= 1 - share["kommer"]))
        m.till[leaves] = np.minimum(m.till[leaves], when[m.familj[leaves]] - 1)
        m.fran[comes] = np.maximum(m.fran[comes], when[m.familj[comes]])

    def change_pairs(self) -> None:
        """Some co-applicants take over the application, others leave for a household of their own."""
        m = self.medl
        rows = np.flatnonzero(m.roll == MEDSOKANDE)
        u = self.rng.random(len(rows))
        swap = rows[u < self.par["rollbyte_andel"]]
        part = rows[(u >= self.par["rollbyte_andel"]) & (u < self.par["rollbyte_andel"] + self.par["separation_andel"])]
        when = self._moment(m.familj[part])
        m.till[part] = when - 1
        self.movers.append((part, when))
        self._swap(swap)

    def _swap(self, rows: Arr) -> None:
        m = self.medl
        when = self._moment(m.familj[rows])
        applicant = np.flatnonzero(m.roll == SOKANDE)
        applicant = applicant[np.searchsorted(m.familj[applicant], m.familj[rows])]
        m.till[rows] = when - 1
        m.till[applicant] = when - 1
        stays = self.rng.random(len(rows)) < 0.5
        end = np.full(len(rows), ALWAYS)
        new = Medlemmar(m.familj[rows], m.person[rows], np.full(len(rows), SOKANDE), when, end)
        old = Medlemmar(
            m.familj[rows][stays],
            m.person[applicant][stays],
            np.full(int(stays.sum()), MEDSOKANDE),
            when[stays],
            end[stays],
        )
        self.medl = stack([m, new, old])

    def move_out(self) -> None:
        """Movers become applicants of new one-person households that begin soon after; some are in both a
        while.
        """
        rows = np.concatenate([r for r, _ in self.movers])
        when = np.concatenate([w for _, w in self.movers])
        applicant = np.full(len(self.fam.typ), -1)
        own = np.flatnonzero(self.medl.roll == SOKANDE)
        applicant[self.medl.familj[own]] = own
        for kon, typ in ((1, 3), (2, 5)):
            mine = self.personer.kon[self.medl.person[rows]] == kon
            self._settle(rows[mine], when[mine], np.flatnonzero(self.fam.typ == typ), applicant)

    def _settle(self, rows: Arr, when: Arr, homes: Arr, applicant: Arr) -> None:
        homes = homes[self.fam.first[homes] > 0]
        homes = homes[np.argsort(self.fam.first[homes], kind="stable")]
        starts = self.fam.first[homes]
        low, high = np.searchsorted(starts, when), np.searchsorted(starts, when + 6)
        place = low + np.floor(self.rng.random(len(rows)) * (high - low)).astype(np.int64)
        ok = (when > 0) & (high > low)
        place, kept = np.unique(place[ok], return_index=True)
        rows, homes = rows[ok][kept], homes[place]
        self.medl.person[applicant[homes]] = self.medl.person[rows]
        both = self.rng.random(len(rows)) < self.par["flytt_overlapp"]
        extra = self.rng.integers(0, 2, len(rows))
        self.medl.till[rows[both]] = (self.fam.first[homes] + extra)[both]

    def move_children(self) -> None:
        """Children who move to another household with aid; some are in both a while, some live in both."""
        m, share = self.medl, self.par["barn_overlapp"]
        minor = self.birth_month[m.person] + 216 > self.fam.last.max(initial=0)  # nobody who also moves out
        small = (m.roll == BARNROLL) & (self.fam.typ[m.familj] != 1) & minor
        rows = np.flatnonzero(small & (self.rng.random(len(m.roll)) < self.par["barn_flyttar_andel"]))
        when = self._moment(m.familj[rows])
        target = self.rng.integers(0, max(len(self.fam.typ), 1), len(rows))
        ok = (self.fam.first[target] <= when) & (self.fam.last[target] >= when) & (self.fam.typ[target] != 1)
        ok &= (target != m.familj[rows]) & (when > m.fran[rows]) & (when <= m.till[rows])
        rows, when, target = rows[ok], when[ok], target[ok]
        moved = Medlemmar(target, m.person[rows], m.roll[rows], when, m.till[rows].copy())
        u = self.rng.random(len(rows))
        stay = np.where(u < share["kort"], when + self.rng.integers(0, 2, len(rows)), when - 1)
        stay = np.where(u > 1 - share["vaxelvis"], m.till[rows], stay)
        m.till[rows] = np.minimum(stay, m.till[rows])
        self.medl = stack([m, moved])


def live(
    fam: Familjer,
    personer: Personer,
    medl: Medlemmar,
    fdat: Arr,
    rng: np.random.Generator,
    par: dict[str, Any],
) -> Medlemmar:
    """The member table after everything that happens, ordered by family."""
    life = Levnad(fam, personer, replace(medl), fdat, rng, par)
    life.grow_up()
    life.come_and_go()
    life.change_pairs()
    life.move_out()
    life.move_children()
    order = np.argsort(life.medl.familj, kind="stable")
    m = life.medl
    return Medlemmar(m.familj[order], m.person[order], m.roll[order], m.fran[order], m.till[order])
