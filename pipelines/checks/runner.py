"""Run suites on a build file: a query gives a small frame, each expectation gives an outcome.

Here belongs the order of work and what an outcome may say: counts, thresholds and the extremes of
measures. Never a person's values, and never the text of an error that met them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import duckdb

from pipelines.checks import gx
from pipelines.checks.build import connect
from pipelines.checks.suites import Expectation, Suite

if TYPE_CHECKING:
    import pandas as pd

Status = Literal["ok", "ok_med_traffar", "varning", "fel", "ej_tillamplig", "ej_korbar"]
MAX_ROWS = 50_000
_PERSON_COLUMNS = {"person_id", "hushall_id", "personnummer", "leverans_id"}
_PASSED: tuple[Status, ...] = ("ok", "ok_med_traffar", "ej_tillamplig")


@dataclass(frozen=True)
class Outcome:
    """What one expectation gave: numbers only. `error` names a kind of fault, never its text."""

    expectation: Expectation
    status: Status
    rows: int = 0
    unexpected: int | None = None
    observed: Mapping[str, float] = field(default_factory=dict)
    error: str | None = None

    @property
    def passed(self) -> bool:
        return self.status in _PASSED

    @property
    def threshold(self) -> dict[str, float]:
        """The numbers the expectation was given."""
        return {name: value for name, value in self.expectation.kwargs.items() if _is_number(value)}


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


class _FrameError(Exception):
    """The frame may not be used; the message is ours and safe."""


def run_suites(build_path: Path, suites: Iterable[Suite]) -> Iterator[Outcome]:
    """All outcomes of the suites over one read-only connection, which is closed afterwards."""
    wanted = tuple(suites)
    try:
        con = connect(build_path)
    except duckdb.Error as error:
        yield from (_unable(e, type(error).__name__) for suite in wanted for e in suite.forvantningar)
        return
    with con:
        for suite in wanted:
            yield from run_suite(con, suite)


def run_suite(con: duckdb.DuckDBPyConnection, suite: Suite) -> list[Outcome]:
    """The outcomes of one suite, in its order."""
    frames: dict[str, pd.DataFrame | str] = {}
    outcomes = []
    for expectation in suite.forvantningar:
        query = expectation.fraga or suite.fraga
        if query not in frames:
            frames[query] = _frame(con, query)
        outcomes.append(_outcome(frames[query], expectation))
    return outcomes


def _frame(con: duckdb.DuckDBPyConnection, query: str) -> pd.DataFrame | str:
    try:
        # One row more than allowed is read, so that a frame of person rows never fills the memory.
        frame = con.sql(f"SELECT * FROM ({query.rstrip().rstrip(';')}) AS ram LIMIT {MAX_ROWS + 1}").df()
        _require_measures(frame)
        return frame
    except _FrameError as error:
        return str(error)
    except Exception as error:
        return type(error).__name__


def _require_measures(frame: pd.DataFrame) -> None:
    if _PERSON_COLUMNS & {str(column).lower() for column in frame.columns}:
        raise _FrameError("RamMedPersonkolumn")
    if len(frame) > MAX_ROWS:
        raise _FrameError("RamForStor")


def _outcome(frame: pd.DataFrame | str, expectation: Expectation) -> Outcome:
    if isinstance(frame, str):
        return _unable(expectation, frame)
    try:
        return _tried(frame, expectation)
    except Exception as error:
        return _unable(expectation, type(error).__name__, len(frame))


def _tried(frame: pd.DataFrame, expectation: Expectation) -> Outcome:
    if _is_empty(frame, expectation):
        status: Status = "ej_tillamplig" if expectation.tom == "ok" else _failed(expectation)
        return Outcome(expectation, status, rows=len(frame))
    verdict = gx.validate(frame, expectation.typ, expectation.kwargs)
    if verdict.error:
        return _unable(expectation, verdict.error, len(frame))
    observed = _extremes(frame, expectation)
    if verdict.observed is not None:
        observed["observerat"] = verdict.observed
    return Outcome(expectation, _status(verdict, expectation), len(frame), verdict.unexpected, observed)


def _is_empty(frame: pd.DataFrame, expectation: Expectation) -> bool:
    """No rows, or no value in the column asked of: nothing to try, which is not the same as right."""
    if expectation.typ.startswith("expect_table_"):
        return False
    column = expectation.kwargs.get("column")
    asks_for_values = expectation.typ != "expect_column_values_to_not_be_null"
    return frame.empty or (asks_for_values and column in frame and bool(frame[column].isna().all()))


def _status(verdict: gx.Verdict, expectation: Expectation) -> Status:
    if not verdict.success:
        return _failed(expectation)
    return "ok_med_traffar" if verdict.unexpected else "ok"


def _failed(expectation: Expectation) -> Status:
    return "fel" if expectation.allvar == "ERROR" else "varning"


def _unable(expectation: Expectation, error: str, rows: int = 0) -> Outcome:
    return Outcome(expectation, "ej_korbar", rows=rows, error=error)


def _extremes(frame: pd.DataFrame, expectation: Expectation) -> dict[str, float]:
    column: Any = expectation.kwargs.get("column")
    if column not in frame or frame[column].dtype.kind not in "iuf":
        return {}
    values = frame[column].dropna()
    return {"lagsta": float(values.min()), "hogsta": float(values.max())} if len(values) else {}
