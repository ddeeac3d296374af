"""Pseudonyms: keyed, one key per municipality and purpose, so that nothing joins across municipalities.

Belongs here: the HMAC of identity numbers, on distinct values. Does not belong here: which column is an identity (the
contract says), whether a number holds, and where the results are joined back (the gate).

A pseudonym is the first 64 bits, as a signed integer, of HMAC-SHA-256(key of municipality and purpose, id type and
number). A reservnummer also carries its calendar year, because it is one person only within it. When the key has been
changed, each further link is the HMAC of the pseudonym before it (ADR 0008): rows whose packages are gone can follow.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from pipelines.landing.keys import Keys

BLOCK = 64


class Pseudonymiser:
    """HMAC-SHA-256 with the inner and outer pads hashed once (RFC 2104), then copied per value."""

    def __init__(self, key: bytes) -> None:
        block = key.ljust(BLOCK, b"\0")
        self._inner = hashlib.sha256(bytes(b ^ 0x36 for b in block))
        self._outer = hashlib.sha256(bytes(b ^ 0x5C for b in block))

    def digest(self, message: bytes) -> bytes:
        """The 32 bytes of the HMAC."""
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(message)
        outer.update(inner.digest())
        return outer.digest()

    def person_id(self, message: bytes) -> int:
        """The pseudonym as it stands in the warehouse: a signed 64-bit integer."""
        return int.from_bytes(self.digest(message)[:8], "big", signed=True)


def person_key_use(kommun_kod: str, andamal: str) -> str:
    """The name under which a municipality's person key is derived."""
    return f"person|{kommun_kod}|{andamal}"


def pseudonymise(keys: Keys, kommun_kod: str, andamal: str, messages: Iterable[str]) -> list[int]:
    """Pseudonyms of one municipality's distinct identities, in their order."""
    first, *further = (Pseudonymiser(key) for key in keys.links(person_key_use(kommun_kod, andamal)))
    found = [first.person_id(message.encode()) for message in messages]
    for maker in further:
        found = [maker.person_id(_bytes(person_id)) for person_id in found]
    return found


def succeed(keys: Keys, kommun_kod: str, andamal: str, person_ids: Iterable[int]) -> list[int]:
    """What pseudonyms made without the last link of `keys` become with it: no identity is needed for it."""
    maker = Pseudonymiser(keys.links(person_key_use(kommun_kod, andamal))[-1])
    return [maker.person_id(_bytes(person_id)) for person_id in person_ids]


def _bytes(person_id: int) -> bytes:
    return person_id.to_bytes(8, "big", signed=True)
