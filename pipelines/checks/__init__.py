"""Plausibility: is what was delivered and calculated believable?

Here belongs the running of the suites in `expectations/` on small frames of measures, and their face
in Dagster. Not here: the thresholds (the suites), the shape of deliveries (the gate), agreement
between tables (dbt tests), disclosure control (disclosure).
"""

from pipelines.checks.runner import Outcome, run_suite, run_suites
from pipelines.checks.suites import Expectation, Suite, SuiteError, load_suites

__all__ = ["Expectation", "Outcome", "Suite", "SuiteError", "load_suites", "run_suite", "run_suites"]
