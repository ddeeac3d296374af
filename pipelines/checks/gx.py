"""The one door to Great Expectations: imported late, silent, and asked for numbers only.

Here belongs all that knows the library. What comes out is success and counts; values it saw, error
texts and tracebacks stay inside, since they may carry what was delivered.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from numbers import Real
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

_RESULT_FORMAT = {"result_format": "BASIC", "partial_unexpected_count": 0}


@dataclass(frozen=True)
class Verdict:
    """What one expectation said: `error` is a class name, and only set when it could not be tried."""

    success: bool
    observed: float | None = None
    unexpected: int | None = None
    error: str | None = None


@lru_cache(maxsize=1)
def _frames() -> Any:
    """The one batch definition all frames pass through; making one per frame costs twice the check."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    asset = context.data_sources.add_pandas("ramar").add_dataframe_asset("ram")
    return asset.add_batch_definition_whole_dataframe("allt")


def validate(frame: pd.DataFrame, kind: str, kwargs: dict[str, Any]) -> Verdict:
    """Try one expectation (snake_case name) on a frame; whatever goes wrong is a failed verdict."""
    try:
        result = _validated(frame, kind, kwargs)
        return _verdict(result)
    except Exception as error:
        return Verdict(success=False, error=type(error).__name__)


def _validated(frame: pd.DataFrame, kind: str, kwargs: dict[str, Any]) -> Any:
    batch = _frames().get_batch({"dataframe": frame})
    import great_expectations.expectations as known

    expectation = getattr(known, "".join(part.title() for part in kind.split("_")))(**kwargs)
    return batch.validate(expectation, result_format=_RESULT_FORMAT)


def _verdict(result: Any) -> Verdict:
    if _raised(result.exception_info or {}):
        return Verdict(success=False, error="UtvarderingsFel")
    numbers = result.result or {}
    return Verdict(
        success=bool(result.success),
        observed=_number(numbers.get("observed_value")),
        unexpected=_whole(numbers.get("unexpected_count")),
    )


def _raised(info: dict[str, Any]) -> bool:
    nested = (value for value in info.values() if isinstance(value, dict))
    return bool(info.get("raised_exception")) or any(value.get("raised_exception") for value in nested)


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, Real) and not isinstance(value, bool) else None


def _whole(value: Any) -> int | None:
    return None if value is None else int(value)
