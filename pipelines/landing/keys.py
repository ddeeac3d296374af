"""Keys: the master key file and what is derived from it.

Belongs here: creating and reading the master key, HKDF derivation per use, sealing and opening of bytes.
Does not belong here: what is sealed (archive, quarantine) and how pseudonyms are made.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
NONCE_BYTES = 12
MAGIC = b"LAGER1"


class KeyFileError(RuntimeError):
    """The master key is missing, malformed or readable by others."""


class SealError(RuntimeError):
    """Sealed bytes that do not open: another key, another name or damaged content."""


@dataclass(frozen=True, repr=False)
class Keys:
    """The master key in memory. Derives one key per use; never printed."""

    _master: bytes

    def derive(self, use: str) -> bytes:
        """A 32-byte key for one use, e.g. `person|0114|statistik` (HKDF-SHA-256, RFC 5869)."""
        return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=use.encode()).derive(self._master)

    def seal(self, use: str, name: str, content: bytes) -> bytes:
        """Encrypt with AES-256-GCM; `name` is bound to the content, so files cannot change places."""
        nonce = os.urandom(NONCE_BYTES)
        return MAGIC + nonce + AESGCM(self.derive(use)).encrypt(nonce, content, name.encode())

    def open(self, use: str, name: str, sealed: bytes) -> bytes:
        """The inverse of `seal`. Raises SealError when the bytes are not what was sealed."""
        head = len(MAGIC) + NONCE_BYTES
        if not sealed.startswith(MAGIC):
            raise SealError(f"{name}: not a sealed file")
        try:
            cipher = AESGCM(self.derive(use))
            return cipher.decrypt(sealed[len(MAGIC) : head], sealed[head:], name.encode())
        except InvalidTag:
            raise SealError(f"{name}: damaged, or sealed with another key") from None


def create_master_key(path: Path) -> None:
    """Write a new random master key, readable by its owner only (0400). Refuses to overwrite one."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_hex(KEY_BYTES) + "\n")
        file.flush()
        os.fsync(file.fileno())


def load_keys(path: Path, *, create: bool = False) -> Keys:
    """Read the master key, creating it first when `create` and none exists. Raises KeyFileError."""
    if create and not path.exists():
        create_master_key(path)
    try:
        if path.stat().st_mode & 0o077:
            raise KeyFileError("the master key file is open to others than its owner; set its mode to 0400")
        master = bytes.fromhex(path.read_text().strip())
    except FileNotFoundError:
        raise KeyFileError("there is no master key file; LAGER_KEY_FILE names it") from None
    except ValueError:
        raise KeyFileError("the master key file does not hold a key") from None
    if len(master) != KEY_BYTES:
        raise KeyFileError("the master key file does not hold a key of 32 bytes")
    return Keys(master)
