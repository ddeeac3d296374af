"""Reads this room's parameter file.

Belongs here: loading and nothing else. What a parameter means stands in the file.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from pipelines.contracts.files import read_yaml

FILE = Path(__file__).with_name("parametrar.yaml")


@lru_cache(maxsize=1)
def parametrar() -> dict[str, Any]:
    """Name -> value of every parameter; sources and remarks are left in the file."""
    raw: dict[str, dict[str, Any]] = read_yaml(FILE)
    return {name: entry["varde"] for name, entry in raw.items()}
