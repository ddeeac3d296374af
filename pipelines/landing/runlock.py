"""The lock on LAGER_HOME: one run at a time, whoever started it.

Belongs here: the lock and its message. Does not belong here: what is done under it.
"""

from __future__ import annotations

from contextlib import AbstractContextManager

from filelock import BaseFileLock, FileLock, Timeout

from pipelines.settings import Settings

BUSY = "En annan körning pågår mot samma LAGER_HOME. Vänta tills den är klar och försök igen."


class BusyError(RuntimeError):
    """Another process runs against the same home."""


def hold(settings: Settings) -> AbstractContextManager[BaseFileLock]:
    """Take the lock, or raise BusyError at once. The same process may take it again within itself."""
    settings.home.mkdir(parents=True, exist_ok=True)
    try:
        return FileLock(settings.home / ".kor.lock", timeout=0, is_singleton=True).acquire()
    except Timeout:
        raise BusyError(BUSY) from None
