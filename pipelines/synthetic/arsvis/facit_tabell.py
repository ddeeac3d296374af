"""The truth's rows for yearly indicators: kommun, kommungrupp, län and riket, pools of three years.

Belongs here: levels, pools, the median, what is said of a municipality without an agreement. Does not belong here: the
cells of an indicator (facit_fragor). Estimates, intervals and density are those of ekonomiskt bistånd's truth. Source:
docs/reference/barn_och_unga.md sections 7 and 8.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from pipelines.synthetic.arsvis.tal import FORSTA_AR
from pipelines.synthetic.facit_geo import Fraga, Tabell
from pipelines.synthetic.koder import Arr
from pipelines.synthetic.mal import Referens

INDELNING = "2023"
POOL = 3
Z_MEDEL = 1.96


@dataclass
class Arsfraga(Fraga):
    """An indicator by year. nivaer: area levels; utan_avtal [kommun, year]: no agreement; pool: also by three years;
    varden: values, one per cell, of the given municipalities in a place of the years, where they are not numerator by
    denominator; kvadrater [kommun, year, cell]: sums of squares of what the numerator sums, when the value is a mean;
    kommun: also the years of single municipalities.
    """

    nivaer: tuple[str, ...] = ("kommungrupp", "lan", "riket")
    utan_avtal: Arr | None = None
    pool: bool = True
    varden: Callable[[Arr, int], Arr | float] | None = None
    kvadrater: Arr | None = None


def grupper(folder: Path, ref: Referens) -> dict[str, str]:
    """kommun_kod -> kommungrupp_kod."""
    with (folder / "kommungrupper.csv").open(encoding="utf-8", newline="") as file:
        rows = [r for r in csv.DictReader(file) if r["indelning_ar"] == INDELNING]
    return {r["kommun_kod"]: r["kommungrupp_kod"] for r in rows if r["kommun_kod"] in set(ref.kommuner)}


def poolad(values: Arr) -> Arr:
    """Sums of each three years in a row."""
    n = values.shape[1] - POOL + 1
    return np.asarray(sum(values[:, i : i + n] for i in range(POOL)))


class Arstabell(Tabell):
    """Collects rows column by column."""

    def __init__(self, ref: Referens, omraden: dict[str, dict[str, str]]) -> None:
        """omraden: level -> kommun_kod -> the area of that level the municipality is in, if any."""
        super().__init__(ref)
        self._typ, self._kod, self._member = self.geo_typ, self.geo_kod, self.member
        for typ, area in omraden.items():
            codes = sorted(set(area.values()))
            of = np.array([[area.get(kommun) == code for kommun in ref.kommuner] for code in codes])
            self._typ = np.concatenate([np.array([typ] * len(codes)), self._typ])
            self._kod = np.concatenate([np.array(codes), self._kod])
            self._member = np.concatenate([of.reshape(len(codes), len(ref.kommuner)), self._member])

    def lagg_till(self, f: Arsfraga) -> None:
        if f.kommun:
            self._of_kommun(f)
        keep = np.isin(self._typ, f.nivaer)
        self.geo_typ, self.geo_kod, self.member = self._typ[keep], self._kod[keep], self._member[keep]
        if keep.any():
            self._geo(f)
            self._median(f, self.member)
            self._medel(f, self.member)
        if f.pool and len(f.perioder) >= POOL:
            self._of_kommun(self._pool(f))

    def _of_kommun(self, f: Arsfraga) -> None:
        self._kommun(f)
        alone = np.eye(len(self.ref.kommuner), dtype=bool)
        self._median(f, alone)
        self._medel(f, alone)
        part = self.parts[-1]
        if f.utan_avtal is not None:
            lacking = f.utan_avtal[:, [p for p, _ in f.perioder], None]
            lacking = np.broadcast_to(lacking, (*lacking.shape[:2], len(f.celler))).reshape(-1)
            part["status"] = np.where((part["status"] == "ej_rapporterad") & lacking, "avtal_saknas", part["status"])

    def _median(self, f: Arsfraga, members: Arr) -> None:
        if f.varden is None:
            return
        part = self.parts[-1]
        places = [p for p, _ in f.perioder]
        counting = members[:, None, :] & f.raknas.T[None, places]
        found = [f.varden(counting[g, i], p) for g in range(len(members)) for i, p in enumerate(places)]
        part["varde"] = np.where(np.isnan(part["varde"]), np.nan, np.array(found).reshape(-1))

    def _medel(self, f: Arsfraga, members: Arr) -> None:
        """The interval of a mean, from the spread of what it is the mean of."""
        if f.kvadrater is None or f.namnare is None:
            return
        places = [p for p, _ in f.perioder]
        counting = (members[:, None, :] & f.raknas.T[None, places]).astype(float)

        def total(values: Arr) -> Arr:
            return np.asarray(np.einsum("gpk,kpc->gpc", counting, values[:, places])).reshape(-1)

        n, s, q = total(f.namnare / 100), total(f.taljare / 100), total(1.0 * f.kvadrater)
        part = self.parts[-1]
        with np.errstate(divide="ignore", invalid="ignore"):
            half = Z_MEDEL * np.sqrt(np.maximum(q - s * s / n, 0) / (n - 1) / n)
            known = (n >= 2) & ~np.isnan(part["varde"])
            part["ki_nedre"] = np.where(known, s / n - half, np.nan)
            part["ki_ovre"] = np.where(known, s / n + half, np.nan)

    def _pool(self, f: Arsfraga) -> Arsfraga:
        """Three years as one: it counts when all three do."""
        years = [p for p, _ in f.perioder][: len(f.perioder) - POOL + 1]
        names = [(p, f"{FORSTA_AR + p}-{FORSTA_AR + p + POOL - 1}") for p in years]
        return replace(
            f,
            taljare=poolad(f.taljare),
            namnare=None if f.namnare is None else poolad(f.namnare),
            raknas=poolad(f.raknas.astype(int)) == POOL,
            osaker=None if f.osaker is None else poolad(f.osaker.astype(int)) > 0,
            utan_avtal=None if f.utan_avtal is None else f.utan_avtal[:, POOL - 1 :],
            perioder=names,
        )
