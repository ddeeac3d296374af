"""The suites: what each file in `expectations/` may say, and its loading.

Here belongs the form of a suite. Nothing here runs a check or imports Great Expectations.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from pipelines.contracts.files import read_yaml

Text = Annotated[str, Field(min_length=1)]


class SuiteError(Exception):
    """A suite file breaks the form; the message names file and field."""


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Expectation(_Strict):
    """One threshold with its basis. `fraga`, when given, replaces the suite's frame for this one.

    `tom` says what a frame without values means: nothing to try ("ok") or a fault ("fel").
    """

    id: Annotated[str, Field(pattern=r"^[A-Z]{3}-\d{3}$")]
    beskrivning: Text
    typ: Annotated[str, Field(pattern=r"^expect_[a-z_]+$")]
    kwargs: dict[str, Any]
    allvar: Literal["WARN", "ERROR"]
    blockerande: bool
    basis: Text
    agare: Text
    datum: date
    atgard: Text
    fraga: Text | None = None
    tom: Literal["ok", "fel"] = "ok"

    @model_validator(mode="after")
    def _only_errors_block(self) -> Expectation:
        if self.blockerande and self.allvar != "ERROR":
            raise ValueError("blockerande kräver allvar ERROR")
        return self

    @property
    def check_name(self) -> str:
        """The id as Dagster allows it."""
        return self.id.replace("-", "_")


class Suite(_Strict):
    """One table's expectations and the query that gives their frame: measures, never person rows."""

    tabell: Annotated[str, Field(pattern=r"^[a-z_]+\.[a-z0-9_]+$")]
    tillgang: Annotated[str, Field(pattern=r"^[a-z_]+(/[a-z0-9_]+)+$")]
    fraga: Text
    forvantningar: Annotated[tuple[Expectation, ...], Field(min_length=1)]

    @property
    def asset_path(self) -> list[str]:
        return self.tillgang.split("/")


def load_suites(folder: Path) -> tuple[Suite, ...]:
    """Every `*.yaml` in `folder`, sorted by name. Raises SuiteError on a bad file or an id used twice."""
    suites = tuple(_load(path) for path in sorted(folder.glob("*.yaml")))
    ids = Counter(expectation.id for suite in suites for expectation in suite.forvantningar)
    twice = sorted(id_ for id_, number in ids.items() if number > 1)
    if twice:
        raise SuiteError(f"samma id i flera förväntningar: {', '.join(twice)}")
    return suites


def _load(path: Path) -> Suite:
    try:
        return Suite.model_validate(read_yaml(path))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise SuiteError(f"{path.name}: inte läsbar YAML, rad {line}") from None
    except ValidationError as error:
        found = (f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise SuiteError(f"{path.name}: " + "; ".join(found)) from None
