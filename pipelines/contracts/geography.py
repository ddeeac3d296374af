"""Which municipalities there are and how large they are, from the project's own seeds.

Belongs here: codes with their validity, name and population, for whoever must know a sender. Does not belong here:
counties, groups; those are dbt's.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from pipelines.contracts.model import SEEDS


@lru_cache(maxsize=1)
def _validity() -> tuple[tuple[str, str, str], ...]:
    with (SEEDS / "reference" / "kommuner.csv").open(encoding="utf-8", newline="") as handle:
        return tuple((r["kommun_kod"], r["giltig_fran"], r["giltig_till"]) for r in csv.DictReader(handle))


@lru_cache(maxsize=1000)
def municipalities(on: str | None = None) -> tuple[str, ...]:
    """Codes of the municipalities that exist on an ISO date, or that have ever existed."""
    return tuple(sorted({k for k, start, end in _validity() if on is None or (start <= on and (not end or on < end))}))


@lru_cache(maxsize=1)
def _names() -> Mapping[str, str]:
    with (SEEDS / "reference" / "kommuner.csv").open(encoding="utf-8", newline="") as handle:
        return MappingProxyType({r["kommun_kod"]: r["kommun_namn"] for r in csv.DictReader(handle)})


def name_of(kommun_kod: str) -> str | None:
    """A municipality's name, its last one; None for a code that is nobody's."""
    return _names().get(kommun_kod)


@lru_cache(maxsize=1)
def population() -> Mapping[str, int]:
    """Inhabitants per municipality, all ages and both sexes, by the seed `befolkning`."""
    found: Counter[str] = Counter()
    with (SEEDS / "reference" / "befolkning.csv").open(encoding="utf-8", newline="") as handle:
        for kommun, _, _, number, *_ in list(csv.reader(handle))[1:]:
            found[kommun] += int(number)
    return MappingProxyType(found)
