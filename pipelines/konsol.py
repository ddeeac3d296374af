"""The run's voice in a terminal: what a room says, and each step's start and end, on standard error.

Belongs here: one Dagster logger. Does not belong here: what is said; rooms use `context.log`.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping
from typing import Any

import dagster as dg

# a page of names that says no more than that an earlier step fell; that all of dbt's models are built
NOISE = ("Dependencies for step ", "A dbt subsetted execution is not being performed")
STEPS = {"STEP_START": "börjar", "STEP_SUCCESS": "klar", "STEP_FAILURE": "föll", "STEP_UP_FOR_RETRY": "försöker igen"}


class _Short(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        meta = getattr(record, "dagster_meta", {}) or {}
        event = meta.get("dagster_event")
        step = meta.get("step_key") or ""
        clock = self.formatTime(record, "%H:%M:%S")
        if event is None:
            return f"{clock}  {step}: {_words(record, meta)}"
        return f"{clock}  {step} {STEPS[event.event_type_value]}{_advice(event)}"


def _words(record: logging.LogRecord, meta: Mapping[str, Any]) -> str:
    """What was said, without Dagster's run and step before it."""
    return str(meta.get("orig_message") or record.getMessage())


def _advice(event: dg.DagsterEvent) -> str:
    """What a failed step itself says that one should do."""
    told = event.step_failure_data.user_failure_data if event.is_step_failure else None
    return f": {told.description}" if told and told.description else ""


class _Worth(logging.Filter):
    """Our own messages, and the steps' beginnings and ends."""

    def filter(self, record: logging.LogRecord) -> bool:
        meta = getattr(record, "dagster_meta", {}) or {}
        event = meta.get("dagster_event")
        if event is None:
            return record.levelno >= logging.INFO and not _words(record, meta).startswith(NOISE)
        return event.event_type_value in STEPS


@dg.logger(config_schema={}, description="Korta rader på standard error.")
def short_logger(_: dg.InitLoggerContext) -> logging.Logger:
    """A logger that says little."""
    logger = logging.Logger("lager", level=logging.DEBUG)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Short())
    handler.addFilter(_Worth())
    logger.addHandler(handler)
    return logger
