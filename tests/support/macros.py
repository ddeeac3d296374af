"""The project's SQL macros without dbt: rendered as they stand, so that a test can run them on a database of its own.

Belongs here: the rendering. Does not belong here: SQL.
"""

from __future__ import annotations

from functools import lru_cache
from types import SimpleNamespace

from jinja2 import Environment

from pipelines.contracts.render import renderings
from tests.support.repo import DBT, ROOT


@lru_cache(maxsize=1)
def _macros() -> str:
    rendered = [text for path, text in renderings(ROOT).items() if path.name == "skydd.sql"]
    own = ((DBT / "macros" / name).read_text(encoding="utf-8") for name in ("skydd.sql", "nyckel.sql"))
    return "\n".join([*rendered, *own])


def sql(text: str) -> str:
    """The text with the macros of the protection and of keys filled in, a model by its own name."""
    known = {
        "return": lambda value: value,
        "ref": lambda name: name,
        "dbt": SimpleNamespace(hash=lambda x: x, concat=lambda x: x),
    }
    return Environment(autoescape=False).from_string(_macros() + text).render(known)
