"""Reads the parameters of a yearly society: those of its own beside those that all share.

Belongs here: loading and nothing else. What a parameter means stands in the files.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipelines.synthetic.parametrar import las

DELADE = Path(__file__).with_name("parametrar.yaml")


def parametrar(rum: str) -> dict[str, Any]:
    """Name -> value, of the society in that folder of pipelines/synthetic."""
    return las(DELADE) | las(DELADE.parents[1] / rum / "parametrar.yaml")
