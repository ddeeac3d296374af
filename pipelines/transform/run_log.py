"""`dbt/logs/kor.log`: what is printed while Dagster and dbt work.

Belongs here: the file, and that it never stops what is printed to it. Does not belong here: what a run says to who
started it (`cli/report.py`), and Dagster's own log.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout, suppress
from pathlib import Path

from pipelines.settings import Settings


class _Lost(io.TextIOBase):
    """A text file whose words are lost where they find no room: dagster-dbt, stopped by one, would let go of a dbt that
    still writes.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("ab", buffering=0)

    def write(self, text: str) -> int:
        with suppress(OSError):
            self._file.write(text.encode())
        return len(text)

    def fileno(self) -> int:
        return self._file.fileno()

    def close(self) -> None:
        super().close()
        with suppress(OSError):
            self._file.close()


@contextmanager
def printed_to_log(settings: Settings) -> Iterator[None]:
    """What is printed within goes to the log."""
    logs = settings.home / "dbt" / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    with _Lost(logs / "kor.log") as log, redirect_stdout(log):
        yield
