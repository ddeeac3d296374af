"""The lock on LAGER_HOME: one run at a time, whoever started it.

Belongs here: the lock and its message. Does not belong here: what is done under it.
"""

from __future__ import annotations

import os
from contextlib import AbstractContextManager

from filelock import BaseFileLock, FileLock, Timeout

from pipelines.settings import CLOSED_TO_OTHERS, Settings

BUSY = "En annan körning pågår mot samma LAGER_HOME. Vänta tills den är klar och försök igen."


HALF_RESTORED = "En återställning av LAGER_HOME är inte klar. Kör lager aterstall igen, med samma säkerhetskopia."
LOCK, RESTORING = ".kor.lock", ".aterstaller"


class BusyError(RuntimeError):
    """Another process runs against the same home, or the home is not whole."""


def hold(settings: Settings, *, restoring: bool = False) -> AbstractContextManager[BaseFileLock]:
    """Take the lock, or raise BusyError at once. The same process may take it again within itself.

    Only who is `restoring` the home may take it while it is half restored. What the process writes from here on is for
    owner and group only.
    """
    os.umask(CLOSED_TO_OTHERS)
    settings.home.mkdir(parents=True, exist_ok=True)
    if not restoring and (settings.home / RESTORING).exists():
        raise BusyError(HALF_RESTORED)
    try:
        return FileLock(settings.home / LOCK, timeout=0, is_singleton=True).acquire()
    except Timeout:
        raise BusyError(BUSY) from None
