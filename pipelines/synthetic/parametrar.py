"""Reads parameter files.

Belongs here: loading and nothing else. What a parameter means stands in the file.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from pipelines.contracts.files import read_yaml

FILE = Path(__file__).with_name("parametrar.yaml")


@lru_cache(maxsize=8)
def las(file: Path) -> dict[str, Any]:
    """Name -> value of every parameter in a file; sources and remarks are left in it."""
    raw: dict[str, dict[str, Any]] = read_yaml(file)
    return {name: entry["varde"] for name, entry in raw.items()}


def parametrar() -> dict[str, Any]:
    """The parameters of ekonomiskt bistånd."""
    return las(FILE)
