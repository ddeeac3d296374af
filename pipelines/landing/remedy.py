"""What a failed step of the reception says: what happened, and what to do about it, in Swedish.

Belongs here: the advice for each kind of fault that stops a run. Does not belong here: faults in a delivery; those stop
the delivery alone and are told on its receipt (`receipts.py`).
"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from traceback import extract_tb

import dagster as dg
import duckdb

from pipelines.landing.gate import GateError
from pipelines.landing.keys import KeyFileError, SealError
from pipelines.landing.rewrite import LandingError

KEPT = "Inget har gått förlorat: det som inte hunnits med ligger kvar, och nästa körning tar vid."
FULL = "Disken är full. Frigör utrymme under LAGER_HOME (df -h), och kör sedan lager run igen."
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
SAFE_TO_SHOW = (KeyFileError, SealError, LandingError)
ADVICE: tuple[tuple[type[Exception], str], ...] = (
    (
        KeyFileError,
        "Se efter att LAGER_KEY_FILE pekar på rätt fil med rättigheten 0400; hämta annars kopian av den.",
    ),
    (SealError, "Filen är skadad eller förseglad med en annan nyckel. Hämta den ur säkerhetskopian; byt inte nyckel."),
    (
        LandingError,
        "Kör lager aterskapa, som gör om landningen ur arkivet, och sedan lager run. Räcker inte arkivet: hämta filen "
        "ur säkerhetskopian.",
    ),
    (GateError, "Felet ligger i grinden, inte hos en avsändare. Kör om; faller det igen, felanmäl."),
    (OSError, "Se efter ledigt utrymme och rättigheter under LAGER_HOME (df -h), och kör sedan lager run igen."),
    (
        Exception,
        "Felet ligger i koden eller miljön, inte hos en avsändare. Kör om; faller det igen, felanmäl.",
    ),
)


def advice(error: BaseException) -> str:
    """What to do about an error."""
    return FULL if _no_room(error) else next(text for kind, text in ADVICE if isinstance(error, kind))


def _no_room(error: BaseException) -> bool:
    """Whether a disk was full, in whichever library's words; the words themselves go no further."""
    if isinstance(error, OSError):
        return error.errno in NO_ROOM
    if isinstance(error, duckdb.IOException):
        return "No space left" in str(error) or "File too large" in str(error)
    inner = getattr(error, "orig", None) or error  # SQLAlchemy wraps the driver's
    return isinstance(inner, sqlite3.Error) and getattr(inner, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL


@contextmanager
def remedy(step: str, but: tuple[type[Exception], ...] = ()) -> Iterator[None]:
    """Turn whatever stops the step into a failure that says what to do, `but` for what the caller tells itself."""
    try:
        yield
    except Exception as error:
        if isinstance(error, (dg.Failure, *but)):
            raise
        text = f"{step} stannade ({type(error).__name__}). Gör så här: {advice(error)} {KEPT}"
        if isinstance(error, SAFE_TO_SHOW):
            text += f" Felet: {error}"
        # the error's own text may quote a row, and Dagster would keep it; where it arose is enough to find it
        frames = [f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in extract_tb(error.__traceback__)]
        raise dg.Failure(text, metadata={"var": "\n".join(frames)}) from None
