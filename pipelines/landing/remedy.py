"""What a failed step of the reception says: what happened, and what to do about it, in Swedish.

Belongs here: the advice for each kind of fault that stops a run. Does not belong here: faults in a delivery; those stop
the delivery alone and are told on its receipt (`receipts.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from traceback import extract_tb

import dagster as dg

from pipelines.landing.gate import GateError
from pipelines.landing.keys import KeyFileError, SealError

KEPT = "Inget har gått förlorat: det som inte hunnits med ligger kvar, och nästa körning tar vid."
ADVICE: tuple[tuple[type[Exception], str], ...] = (
    (
        KeyFileError,
        "Se efter att LAGER_KEY_FILE pekar på rätt fil med rättigheten 0400; hämta annars kopian av den.",
    ),
    (SealError, "Filen är skadad eller förseglad med en annan nyckel. Hämta den ur säkerhetskopian; byt inte nyckel."),
    (GateError, "Felet ligger i grinden, inte hos en avsändare. Kör om; faller det igen, felanmäl."),
    (OSError, "Se efter ledigt utrymme och rättigheter under LAGER_HOME (df -h), och kör sedan lager run igen."),
    (
        Exception,
        "Felet ligger i koden eller miljön, inte hos en avsändare. Kör om; faller det igen, felanmäl.",
    ),
)


@contextmanager
def remedy(step: str) -> Iterator[None]:
    """Turn whatever stops the step into a failure that says what to do."""
    try:
        yield
    except dg.Failure:
        raise
    except Exception as error:
        advice = next(text for kind, text in ADVICE if isinstance(error, kind))
        text = f"{step} stannade ({type(error).__name__}). Gör så här: {advice} {KEPT}"
        # the error's own text may quote a row, and Dagster would keep it; where it arose is enough to find it
        frames = [f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in extract_tb(error.__traceback__)]
        raise dg.Failure(text, metadata={"var": "\n".join(frames)}) from None
