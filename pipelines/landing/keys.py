"""Keys: the master key file and what is derived from it.

Belongs here: the key file's form, HKDF derivation per use, sealing and opening of bytes, and a key's successor.
Does not belong here: what is sealed (archive, quarantine), how pseudonyms are made, and the order of steps when the key
is changed (`rotation.py`).

The file holds hexadecimal lines of 32 bytes: first the master, under which everything is sealed, then the roots of the
pseudonyms, oldest first. A file with one line is of the first form: its master is also the only root.
"""

from __future__ import annotations

import os
import resource
import secrets
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from pipelines.landing.files import write_durably

KEY_BYTES = 32
NONCE_BYTES = 12
FINGERPRINT_BYTES = 6
MAGIC = b"LAGER1"


class KeyFileError(RuntimeError):
    """The master key is missing, malformed, readable by others or not the one that is meant. Safe to show."""


class SealError(RuntimeError):
    """Sealed bytes that do not open: another key, another name or damaged content. Safe to show."""


@lru_cache(maxsize=4096)  # a key per municipality, and one per store asked for at every file
def _derive(secret: bytes, use: str, length: int = KEY_BYTES) -> bytes:
    """HKDF-SHA-256 (RFC 5869) without salt."""
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=use.encode()).derive(secret)


@dataclass(frozen=True, repr=False)
class Keys:
    """The master key in memory. Derives one key per use; never printed.

    `_others` are keys that may also open what is sealed, while one key gives way to another; nothing is sealed with
    them.
    """

    _master: bytes
    _roots: tuple[bytes, ...] = ()
    _others: tuple[Keys, ...] = ()

    def __post_init__(self) -> None:
        """Who holds keys holds what they open: the system writes no core of such a process, should it crash."""
        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))

    def derive(self, use: str) -> bytes:
        """A 32-byte key for one use, e.g. `arkiv`."""
        return _derive(self._master, use)

    def links(self, use: str) -> list[bytes]:
        """The keys that together make the pseudonyms of one use, e.g. `person|0114|statistik`; one per key so far."""
        return [_derive(root, use) for root in self._roots or (self._master,)]

    @property
    def fingerprint(self) -> str:
        """Twelve hexadecimal digits that tell two keys apart and say nothing of either."""
        whole = b"".join((self._master, *self._roots))
        return _derive(whole, "fingeravtryck", FINGERPRINT_BYTES).hex()

    @property
    def protection(self) -> str:
        """The secret that the protection's record keys are made with where no pseudonym is; it goes with the newest
        link, as pseudonyms do, and gives away none of them.
        """
        return self.links("skydd|antal")[-1].hex()

    def successor(self) -> Keys:
        """New keys: a new master, and one more root, so that what has a pseudonym can be given its next one."""
        new_root = secrets.token_bytes(KEY_BYTES)
        return Keys(secrets.token_bytes(KEY_BYTES), (*(self._roots or (self._master,)), new_root))

    def also_opening(self, *others: Keys) -> Keys:
        """The same keys, which also open what these others have sealed."""
        return replace(self, _others=others)

    def text(self) -> str:
        """The key file's content."""
        return "".join(f"{secret.hex()}\n" for secret in (self._master, *self._roots))

    def seal(self, use: str, name: str, content: bytes) -> bytes:
        """Encrypt with AES-256-GCM; `name` is bound to the content, so files cannot change places."""
        nonce = os.urandom(NONCE_BYTES)
        return MAGIC + nonce + AESGCM(self.derive(use)).encrypt(nonce, content, name.encode())

    def open(self, use: str, name: str, sealed: bytes) -> bytes:
        """The inverse of `seal`. Raises SealError when the bytes are not what was sealed."""
        if not sealed.startswith(MAGIC):
            raise SealError(f"{name}: filen är inte förseglad, eller skadad.")
        for keys in (self, *self._others):
            content = keys._opened(use, name, sealed)
            if content is not None:
                return content
        raise SealError(f"{name}: filen är skadad eller förseglad med en annan nyckel.")

    def _opened(self, use: str, name: str, sealed: bytes) -> bytes | None:
        head = len(MAGIC) + NONCE_BYTES
        try:
            return AESGCM(self.derive(use)).decrypt(sealed[len(MAGIC) : head], sealed[head:], name.encode())
        except (InvalidTag, ValueError):
            return None


def create_master_key(path: Path) -> None:
    """Write new random keys, readable by their owner only (0400). Raises FileExistsError; never overwrites."""
    write_key(path, Keys(secrets.token_bytes(KEY_BYTES), (secrets.token_bytes(KEY_BYTES),)))


def write_key(path: Path, keys: Keys) -> None:
    """A key file, whole and on the disk before anything is sealed with it. Raises FileExistsError."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_durably(path, keys.text().encode(), 0o400, new=True)


def load_keys(path: Path, *, create: bool = False) -> Keys:
    """Read the master key, creating it first when `create` and none exists. Raises KeyFileError."""
    if create and not path.exists():
        create_master_key(path)
    try:
        if path.stat().st_mode & 0o077:
            raise KeyFileError("Nyckelfilen är öppen för andra än ägaren. Sätt rättigheten 0400.")
        first, *rest = [bytes.fromhex(line) for line in path.read_text().split()] or [b""]
    except FileNotFoundError:
        raise KeyFileError("Nyckelfilen saknas. LAGER_KEY_FILE säger var den ligger.") from None
    except ValueError:
        raise KeyFileError("Nyckelfilen innehåller ingen nyckel.") from None
    except OSError as error:
        raise KeyFileError(f"Nyckelfilen går inte att läsa ({type(error).__name__}).") from None
    if any(len(secret) != KEY_BYTES for secret in (first, *rest)):
        raise KeyFileError("Nyckelfilen innehåller ingen nyckel av 32 byte.")
    return Keys(first, tuple(rest))
