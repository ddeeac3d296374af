"""Simulated deliveries of ekonomiskt bistånd and the truth about them, for demo, tests and benchmarks.

Belongs here: a society calibrated to published figures, its packages, and a tally that shares no code with
the pipeline. Does not belong here: anything the real pipeline needs; nothing of landing, contracts or dbt is
imported.
"""

from pipelines.synthetic.demo import DemoSummary, write_demo

__all__ = ["DemoSummary", "write_demo"]
