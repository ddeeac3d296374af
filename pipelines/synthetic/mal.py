"""The published levels: how many households a municipality should have in each month, and its population.

Belongs here: reading the reference seeds and filling what is suppressed or not published. Does not belong
here: the simulation. Source: Socialstyrelsen, households per kommun and month 2017; SCB, population.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from pipelines.synthetic.koder import Arr

SEEDS = Path(__file__).resolve().parents[2] / "dbt_project" / "seeds" / "reference"
AGE_LIMITS = (18, 25, 65)
BAKGRUND = ("inrikes", "utrikes")


@dataclass(frozen=True)
class Referens:
    """Municipalities in code order, their län, population [kommun, kön 1-2, age group 0-3] and published
    cells.
    """

    kommuner: tuple[str, ...]
    lan: tuple[str, ...]
    befolkning: Arr
    publicerat: Arr  # [kommun, bakgrund, month 0-11] float, nan where not published
    undertryckt: Arr  # same shape, bool
    riket: Arr  # [bakgrund, month]

    @property
    def invanare(self) -> Arr:
        return np.asarray(self.befolkning.sum(axis=(1, 2)))


def _read(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _population(rows: list[dict[str, str]], index: dict[str, int]) -> Arr:
    out = np.zeros((len(index), 2, 4), dtype=np.int64)
    known = [r for r in rows if r["kommun_kod"] in index]
    group = np.searchsorted(AGE_LIMITS, [int(r["alder"]) for r in known], side="right")
    place = np.array([index[r["kommun_kod"]] for r in known], dtype=np.int64)
    kon = np.array([int(r["kon_kod"]) - 1 for r in known], dtype=np.int64)
    np.add.at(out, (place, kon, group), [int(r["antal"]) for r in known])
    return out


def _published(rows: list[dict[str, str]], index: dict[str, int]) -> tuple[Arr, Arr, Arr]:
    values = np.full((len(index), 2, 12), np.nan)
    hidden = np.zeros((len(index), 2, 12), dtype=bool)
    total = np.full((2, 12), np.nan)
    for r in rows:
        cell = (BAKGRUND.index(r["bakgrund"]), int(r["manad"]) - 1)
        kod, status = r["kommun_kod"], r["publiceringsstatus"]
        value = float(r["antal"]) if status == "ok" else np.nan
        if kod == "00":
            total[cell] = value
        elif kod in index:
            values[(index[kod], *cell)] = value
            hidden[(index[kod], *cell)] = status == "undertryckt"
    return values, hidden, total


def read_reference(folder: Path = SEEDS) -> Referens:
    """The three seeds this module needs; only municipalities valid today."""
    valid = [r for r in _read(folder, "kommuner") if not r["giltig_till"]]
    valid.sort(key=lambda r: r["kommun_kod"])
    codes = tuple(r["kommun_kod"] for r in valid)
    index = {code: place for place, code in enumerate(codes)}
    published = [r for r in _read(folder, "publicerade_hushall") if r["ar"] == "2017"]
    values, hidden, total = _published(published, index)
    population = _population(_read(folder, "befolkning"), index)
    return Referens(codes, tuple(r["lan_kod"] for r in valid), population, values, hidden, total)


def _own_level(ref: Referens, season: Arr, cap: float) -> Arr:
    """Mean of published months over season; nan where a municipality has none."""
    known = ~np.isnan(ref.publicerat)
    total = np.where(known, ref.publicerat, 0).sum(axis=2)
    weight = (known * season).sum(axis=2)
    level = np.where(weight > 0, total / np.maximum(weight, 1e-9), np.nan)
    return np.where(np.isnan(level) & ref.undertryckt.any(axis=2), cap / 2, level)


def _fallback(ref: Referens, level: Arr, months: Arr, season: Arr) -> Arr:
    """Households per inhabitant for those with neither figure nor suppression, from riket's residual."""
    out = np.zeros(2)
    for b in range(2):
        lacking = np.isnan(level[:, b])
        seen = np.where(
            np.isnan(ref.publicerat[:, b]), np.nan_to_num(level[:, b])[:, None] * season, ref.publicerat[:, b]
        )
        rest = float((ref.riket[b] - seen.sum(axis=0))[months].mean())
        people = float(ref.invanare[lacking].sum())
        typical = float(np.nanmedian(level[:, b] / ref.invanare))
        out[b] = np.clip(rest / people, 0.3 * typical, 3 * typical) if people else 0.0
    return out


def levels(ref: Referens, months: int, par: dict[str, Any]) -> Arr:
    """Expected households [kommun, bakgrund, month] at scale 1: as published, else as assumed."""
    season = np.array(par["sasong"])
    cap = float(par["undertryckt_max"])
    own = _own_level(ref, season, cap)
    rate = _fallback(ref, own, np.array(par["residual_manader"]) - 1, season)
    own = np.where(np.isnan(own), ref.invanare[:, None] * rate, own)
    month = np.arange(months)
    trend = np.array(par["arstrend"])[np.minimum(month // 12, len(par["arstrend"]) - 1)]
    out = own[:, :, None] * season[month % 12] * trend
    first = min(12, months)
    known = ref.publicerat[:, :, :first]
    out[:, :, :first] = np.where(np.isnan(known), out[:, :, :first], known)
    hidden = ref.undertryckt[:, :, :first]
    out[:, :, :first] = np.where(hidden, np.minimum(out[:, :, :first], cap), out[:, :, :first])
    return np.asarray(out)
