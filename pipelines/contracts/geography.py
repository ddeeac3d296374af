"""Which municipalities there are, from the project's own seed.

Belongs here: codes and their validity, for whoever must know a sender. Does not belong here: names, counties, groups;
those are dbt's.
"""

from __future__ import annotations

import csv
from functools import lru_cache

from pipelines.contracts.model import SEEDS


@lru_cache(maxsize=1)
def _validity() -> tuple[tuple[str, str, str], ...]:
    with (SEEDS / "reference" / "kommuner.csv").open(encoding="utf-8", newline="") as handle:
        return tuple((r["kommun_kod"], r["giltig_fran"], r["giltig_till"]) for r in csv.DictReader(handle))


@lru_cache(maxsize=1000)
def municipalities(on: str | None = None) -> tuple[str, ...]:
    """Codes of the municipalities that exist on an ISO date, or that have ever existed."""
    return tuple(sorted({k for k, start, end in _validity() if on is None or (start <= on and (not end or on < end))}))
