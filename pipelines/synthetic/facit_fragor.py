"""The truth's questions: cells, numerator, denominator and counting municipalities of every indicator.

Belongs here: what each indicator is made of, and the months and datasets it needs. Does not belong here: counting
within a municipality (facit_kommun), estimates, sums and rows (facit_geo). Source:
docs/reference/ekonomiskt_bistand.md and readings R13, R14, R17, R23-R31.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from pipelines.synthetic.facit_avslut import CAUSES
from pipelines.synthetic.facit_geo import Cell, Fraga, Tabell, Tackning
from pipelines.synthetic.facit_hushall import (
    ALL_MONTHS,
    CHILDREN_LONG,
    HOUSEHOLD_MONTHS,
    HOUSEHOLDS,
    MEASURE,
    UNEMPLOYED,
    UNKNOWN,
    WINDOW_YEARS,
    WITH_CHILDREN,
)
from pipelines.synthetic.facit_kommun import KommunTal
from pipelines.synthetic.facit_varning import often_empty, uncertain, unknown_hinder
from pipelines.synthetic.koder import DATASETS, GRUPPER, ORSAK, START_YEAR, TYP, TYP_GOOD, Arr, period_text
from pipelines.synthetic.mal import Referens

AGES = ("0-17", "18-24", "25-64", "65+", "T")
KON = ("1", "2", "T")
TOTAL: Cell = ("T", "T", "-", "T")
KON_CELLS: list[Cell] = [(k, "T", "-", "T") for k in KON]
ADULT_CELLS: list[Cell] = [(k, a, "-", "T") for k in KON for a in AGES[1:]]
TYP_CELLS: list[Cell] = [("T", "T", "hushallstyp", typ) for typ in TYP[:TYP_GOOD]]
ORSAK_CELLS: list[Cell] = [("T", "T", "avslutsorsak", code) for code in ORSAK[:CAUSES]]


def _margins(values: Arr, axes: tuple[int, ...]) -> Arr:
    """Append totals along the given axes."""
    for axis in axes:
        values = np.concatenate([values, values.sum(axis=axis, keepdims=True)], axis=axis)
    return values


def _flat(values: Arr) -> Arr:
    """Cells flattened, in hundredths."""
    return (values.reshape(*values.shape[:2], -1) * 100).astype(np.int64)


def _window(ok: Arr, years: int) -> Arr:
    """[kommun, year]: whether the year and the ones before it in the window all are."""
    out = ok.copy()
    for back in range(1, years):
        out[:, back:] &= ok[:, :-back]
        out[:, :back] = False
    return out


class Facit:
    """Builds the questions from the municipalities' counts."""

    def __init__(self, ref: Referens, tal: list[KommunTal], tackning: Tackning) -> None:
        self.ref, self.tal, self.tackning = ref, tal, tackning
        self.ar = [(y, str(START_YEAR + y)) for y in tackning.years]
        self.manader = [(m, period_text(m)) for m in tackning.months]
        self.helt = tackning.year_approved()
        self.personer = np.asarray(self.helt[:, :, :2].all(axis=2))  # years with households and persons

    def _stack(self, name: str) -> Arr:
        return np.stack([getattr(t, name) for t in self.tal])

    def _people(self) -> Arr:
        years = self.helt.shape[1]
        return np.repeat(self.ref.befolkning[:, None], years, axis=1)

    def _by_year(self, month: Arr) -> Arr:
        """[kommun, month, ...] summed to [kommun, year, ...]."""
        kommuner, months, *rest = month.shape
        padded = np.zeros((kommuner, self.helt.shape[1] * 12, *rest), dtype=np.int64)
        padded[:, :months] = month
        return np.asarray(padded.reshape(kommuner, -1, 12, *rest).sum(axis=2))

    def questions(self) -> list[Fraga]:
        first = [*self._eb01(), self._eb04(), *self._eb07(), self._eb09(), *self._su()]
        found = [*first, *self._population(), self._eb06(), *self._households(), *self._months(), *self._spells()]
        found = [question for question in found if question.perioder]  # no whole year may be expected yet
        tomma, okand = often_empty(self._stack("tomma")), unknown_hinder(self._stack("okand"))
        for question in found:
            yearly = question.perioder[0][1].isdigit()
            month = self._stack("varning").astype(bool)
            question.osaker = uncertain(question.indikator, yearly, month, tomma.any(axis=2) | okand)
        return found

    def _year(self, name: str, cells: list[Cell], taljare: Arr, namnare: Arr, counts: Arr) -> Fraga:
        """A yearly share with estimates."""
        return Fraga(name, cells, _flat(taljare), _flat(namnare), counts, self.ar, 1)

    def _eb01(self) -> list[Fraga]:
        cells: list[Cell] = [(k, a, "-", "T") for k in KON for a in AGES]
        taljare, people = _margins(self._stack("personer"), (2, 3)), _margins(self._people(), (2, 3))
        origin: list[Cell] = [("T", "T", "inrikes_utrikes", code) for code in ("0", "1", "9")]
        return [
            Fraga("EB01", cells, _flat(taljare), _flat(people), self.personer, self.ar, 1),
            Fraga("EB01", origin, _flat(self._stack("ursprung")), None, self.personer, self.ar, 1, False),
        ]

    def _eb04(self) -> Fraga:
        long, some = (_margins(self._stack(n)[..., 1:], (2, 3)) for n in ("langvarig", "personer"))
        return self._year("EB04", ADULT_CELLS, long, some, self.personer)

    def _eb07(self) -> list[Fraga]:
        month = self._stack("belopp")[:, :, None]
        people = np.broadcast_to(self.ref.invanare[:, None, None] * 100, month.shape)
        year = self._by_year(month)
        yearly = np.broadcast_to(self.ref.invanare[:, None, None] * 100, year.shape)
        expected = self.tackning.godkand[:, :, 0]
        return [
            Fraga("EB07", [TOTAL], year, yearly, self.helt[:, :, 0], self.ar, 1, False),
            Fraga("EB07", [TOTAL], month, people, expected, self.manader, 12, False),
        ]

    def _eb09(self) -> Fraga:
        cells: list[Cell] = [(k, "T", "forsorjningshinder", g) for k in KON for g in GRUPPER]
        group = _margins(self._stack("hinder"), (2,))
        adults = np.repeat(group.sum(axis=3, keepdims=True), len(GRUPPER), axis=3)
        hidden = unknown_hinder(self._stack("okand"))
        return Fraga("EB09", cells, _flat(group), _flat(adults), self.personer, self.ar, 1, True, hidden)

    def _su(self) -> list[Fraga]:
        i_tid = self.tackning.i_tid.astype(np.int64)
        everyone = np.ones(i_tid.shape[:2], dtype=bool)
        own: list[Cell] = [("T", "T", "dataset", d) for d in DATASETS]
        total = np.concatenate([i_tid.sum(axis=2, keepdims=True), i_tid], axis=2)
        of = np.broadcast_to(np.array([len(DATASETS)] + [1] * len(DATASETS)), total.shape)
        out = [Fraga("SU01", [("T", "T", "-", "T"), *own], total * 100, of * 100, everyone, self.manader)]
        for approved, periods in ((self.tackning.godkand, self.manader), (self.helt, self.ar)):
            people = np.broadcast_to(self.ref.invanare[:, None, None] * 100, approved.shape)
            counts = np.ones(approved.shape[:2], dtype=bool)
            out.append(Fraga("SU02", own, approved * people, people, counts, periods, kommun=False))
        return out

    def _population(self) -> list[Fraga]:
        """EB02, EB03 and EB05: shares of a part of the population."""
        persons, people, long = self._stack("personer"), self._people(), self._stack("langvarig")
        children, all_children = persons[..., 0].sum(axis=2), people[..., 0].sum(axis=2)
        young, all_young = _margins(persons[..., 1], (2,)), _margins(people[..., 1], (2,))
        adults, all_adults = (_margins(x[..., 1:].sum(axis=3), (2,)) for x in (long, people))
        return [
            self._year("EB02", [TOTAL], children, all_children, self.personer),
            self._year("EB03", KON_CELLS, young, all_young, self.personer),
            self._year("EB05", KON_CELLS, adults, all_adults, self.personer),
        ]

    def _eb06(self) -> Fraga:
        lasting, some = (_margins(self._stack(n)[..., 1:], (2, 3)) for n in ("varaktig", "personer"))
        return self._year("EB06", ADULT_CELLS, lasting, some, _window(self.personer, WINDOW_YEARS))

    def _households(self) -> list[Fraga]:
        """EB08 and EB13: all households, then by type."""
        by_type = self._stack("hushall")
        of = np.concatenate([by_type.sum(axis=2, keepdims=True), by_type], axis=2)
        counts, cells = self.helt[:, :, 0], [TOTAL, *TYP_CELLS]
        mean = self._year("EB08", cells, of[..., HOUSEHOLD_MONTHS], of[..., HOUSEHOLDS], counts)
        mean.intervall = False
        return [mean, self._year("EB13", cells, of[..., CHILDREN_LONG], of[..., WITH_CHILDREN], counts)]

    def _months(self) -> list[Fraga]:
        """EB10 and EB15, by year and by month."""
        month = self._stack("vuxenmanader")
        approved = np.asarray(self.tackning.godkand[:, :, :2].all(axis=2))
        out = []
        for of, counts, periods, step in (
            (self._by_year(month), self.personer, self.ar, 1),
            (month, approved, self.manader, 12),
        ):
            unknown, everything = (of[..., n].sum(axis=(2, 3)) for n in (UNKNOWN, ALL_MONTHS))
            measure, unemployed = (_margins(of[..., 1:, n], (2, 3)) for n in (MEASURE, UNEMPLOYED))
            out.append(Fraga("EB10", [TOTAL], _flat(unknown), _flat(everything), counts, periods, step))
            out.append(Fraga("EB15", ADULT_CELLS, _flat(measure), _flat(unemployed), counts, periods, step))
        return out

    def _spells(self) -> list[Fraga]:
        """EB11 and EB12; an applicant who is not yet an adult does not pass the gate (EB-13)."""
        closed, after = (_margins(self._stack(n)[..., 1:, :], (2, 3)) for n in ("avslutade", "aterkomna"))
        cause = self._stack("aterkomna_orsak")
        everything = np.asarray(self.helt.all(axis=2))
        two = _window(everything, 2)
        return [
            self._year("EB11", ADULT_CELLS, closed[..., 1], closed[..., 0], everything),
            self._year("EB12", ADULT_CELLS, after[..., 1], after[..., 0], two),
            self._year("EB12", ORSAK_CELLS, cause[..., 1], cause[..., 0], two),
        ]


def indicator_table(ref: Referens, tal: list[KommunTal], tackning: Tackning) -> pa.Table:
    """fct_indikatorvarde as it should be."""
    table = Tabell(ref)
    for question in Facit(ref, tal, tackning).questions():
        table.add(question)
    return table.table()
