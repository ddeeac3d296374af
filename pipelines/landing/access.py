"""The access log: who read what of archive and quarantine, when and why; append-only and chained.

Belongs here: writing a line before a read, the permission it gives, and proving the chain. Does not belong here: the
stores (`archive.py`), and what is done with what was read.

A line is JSON. `foregaende` is the SHA-256 of the line before it, so that no line can be changed or taken out unseen.
`intyg` is an HMAC of the line under a key derived from the master key, so that nobody without the key can write a new
chain. After a change of key the lines under the new key vouch for the older ones through the chain. What the chain
cannot show is that the last lines are gone: that takes a head noted elsewhere (each backup notes it).
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import json
import os
import pwd
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from pipelines.landing.keys import Keys

USE = "atkomstlogg"
NOTHING = "0" * 64
# as in a manifest: short, and without a run of digits that could be someone's number
WORDS = re.compile(r"(?:[^\W\d]|[ .,:;()/_@%+&–-]|\d{1,5}(?!\d))+")
MAX_WORDS = 200


class AccessError(RuntimeError):
    """A read that may not be made. Safe to show."""


@dataclass(frozen=True)
class Access:
    """Leave to read the deliveries of one line in the log, from one store."""

    store: str
    leveranser: frozenset[str]

    def require(self, store: str, leverans_id: str) -> None:
        """Raises AccessError for a read that the line in the log does not cover."""
        if store != self.store or leverans_id not in self.leveranser:
            raise AccessError(f"Läsningen av {leverans_id} ({store}) står inte i åtkomstloggen.")


@dataclass(frozen=True)
class Head:
    """Where the log ends: its number of lines and the SHA-256 of the last."""

    rader: int = 0
    sha256: str = NOTHING


@dataclass
class Proof:
    """What a log says of itself. `fel` names broken lines, the first one first."""

    huvud: Head = field(default_factory=Head)
    fel: list[str] = field(default_factory=list)


def account() -> str:
    """The account of the operating system that runs this; the environment has no say in it."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())


def words(text: str, what: str) -> str:
    """A purpose or a name as it may stand in a log. Raises AccessError: no long runs of digits, nothing but text."""
    if not WORDS.fullmatch(text.strip()) or len(text) > MAX_WORDS:
        raise AccessError(
            f"{what} ska vara vanlig text, högst {MAX_WORDS} tecken, utan nummer som kan vara någons personnummer."
        )
    return text.strip()


class AccessLog:
    """The log of one home."""

    def __init__(self, path: Path, keys: Keys) -> None:
        self._path, self._keys = path, keys

    def reading(self, store: str, syfte: str, leveranser: Iterable[str], av: str | None = None) -> Access:
        """One line for one purpose, on the disk before anything is read; leave to read just these deliveries.

        One delivery is named. Of many the line holds the number and the SHA-256 of the sorted names: a rebuild is one
        act by one person, and which deliveries it covered can be proved from the ledger.
        """
        names = sorted(set(leveranser))
        digest = hashlib.sha256("\n".join(names).encode()).hexdigest()
        one = {"leverans": names[0]} if len(names) == 1 else {"leveranser_sha256": digest}
        self.note("läst", syfte, av, lager=store, antal=len(names), **one)
        return Access(store, frozenset(names))

    def note(self, handelse: str, syfte: str, av: str | None = None, **facts: Any) -> Head:
        """Append one line; where the log then ends."""
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            head, torn = _end(file)
            if torn:
                head = self._append(file, head, {"handelse": "avbruten rad borttagen", "antal": torn})
            entry = {"handelse": handelse, **facts, "syfte": words(syfte, "Syftet")}
            return self._append(file, head, entry | {"av": words(av, "Namnet") if av else None})

    def _append(self, file: IO[bytes], head: Head, entry: dict[str, Any]) -> Head:
        body = {"nr": head.rader + 1, "tid": datetime.now(UTC).isoformat(timespec="seconds"), "konto": account()}
        body |= entry | {"foregaende": head.sha256, "nyckel": self._keys.fingerprint}
        line = _canonical(body | {"intyg": _vouch(self._keys, body)})
        file.write(line)
        file.flush()
        os.fsync(file.fileno())
        return Head(head.rader + 1, hashlib.sha256(line).hexdigest())


def _end(file: IO[bytes]) -> tuple[Head, int]:
    """The head, and how many bytes of a line that was never finished were cut off: what it was to allow never began."""
    content = file.read()
    whole = content.rfind(b"\n") + 1
    torn = len(content) - whole
    if torn:
        file.truncate(whole)
    file.seek(whole)
    lines = content[:whole].splitlines(keepends=True)
    return (Head(len(lines), hashlib.sha256(lines[-1]).hexdigest()) if lines else Head()), torn


def _canonical(entry: dict[str, Any]) -> bytes:
    return (json.dumps(entry, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def _vouch(keys: Keys, body: dict[str, Any]) -> str:
    return hmac.new(keys.derive(USE), _canonical(body), hashlib.sha256).hexdigest()


def entries(path: Path) -> list[dict[str, Any]]:
    """The log's lines as they can be read; those that cannot are left out (`prove` names them)."""
    found = (_parsed(line) for line in (path.read_bytes() if path.exists() else b"").splitlines(keepends=True))
    return [entry for entry in found if entry is not None]


def _parsed(line: bytes) -> dict[str, Any] | None:
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) and _canonical(entry) == line else None


def prove(path: Path, keys: Keys | None, noted: str | None = None) -> Proof:
    """Go through the whole log. Without keys the chain alone is proved. `noted`: a head noted before, still there?"""
    lines = (path.read_bytes() if path.exists() else b"").splitlines(keepends=True)
    hashes = [hashlib.sha256(line).hexdigest() for line in lines]
    proof = Proof(Head(len(lines), hashes[-1]) if lines else Head())
    vouched = False
    for nr, line in enumerate(lines, 1):
        entry, before = _parsed(line), hashes[nr - 2] if nr > 1 else NOTHING
        own = keys is not None and entry is not None and entry.get("nyckel") == keys.fingerprint
        fault = _fault(entry, nr, before, keys, own=own, vouched=vouched)
        vouched = vouched or own
        if fault:
            proof.fel.append(f"Rad {nr}: {fault}")
    if lines and keys is not None and not vouched:
        proof.fel.append(f"Rad {len(lines)}: ingen rad är intygad med den nuvarande nyckeln.")
    if noted is not None and noted not in (*hashes, NOTHING):
        proof.fel.append("Det antecknade huvudet finns inte i loggen: rader har tagits bort eller skrivits om.")
    return proof


def _fault(
    entry: dict[str, Any] | None, nr: int, before: str, keys: Keys | None, *, own: bool, vouched: bool
) -> str | None:
    if entry is None:
        return "raden är skadad eller avbruten."
    if entry.get("nr") != nr or entry.get("foregaende") != before:
        return "raden följer inte på raden före: någon rad är ändrad, borttagen eller inskjuten."
    if keys is not None and own:
        body = {name: value for name, value in entry.items() if name != "intyg"}
        if not hmac.compare_digest(str(entry.get("intyg")), _vouch(keys, body)):
            return "radens intyg stämmer inte: den är skriven av någon utan nyckeln."
    elif keys is not None and vouched:
        return "raden är intygad med en annan nyckel än raderna före."
    return None
