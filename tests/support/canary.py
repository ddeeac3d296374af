"""The canary: a search for secrets in everything a run wrote.

Belongs here: which byte strings give a secret away, and one pass over a home for all of them. Does not belong here:
which secrets there are, and how a packed file is opened (`canary_inside.py`). Use: `leaks(home, secrets) == []`, with
more folders in `also` (a temp dir, dagster's storage, dbt's target).

Left out are only the inbox, where packages wait as they were sent, and the key file; the sealed stores are searched.
"""

from __future__ import annotations

import base64
import re
import struct
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from tests.support.canary_inside import Unreadable, layers

WAITING = ("inbox",)
UNREAD = -1
PERSONNUMMER = re.compile(r"\d{12}")
# as people write it: with or without century, the date's parts divided or not, and something or nothing before the last
WRITTEN = re.compile(
    rb"(\d)(?<!\d\d)(?=(\d(?:\d\d)?)[-./]?(\d\d)[-./]?(\d\d)(?:[^0-9A-Za-z]{0,4}|%2[BDbd]|&#4[35];)(\d{4})(?!\d))"
)
SHORTEST = 6
WINDOW = 1 << 24


@dataclass(frozen=True)
class Leak:
    """A secret's place in `secrets`, where it lay and in which form; never the secret itself.

    `secret` is UNREAD for a file that says it is a container and could not be opened.
    """

    file: str
    secret: int
    form: str


def _base64_cores(raw: bytes) -> set[bytes]:
    """Base64 of the bytes at each of the three offsets, without the ends that depend on what stands around."""
    cores = set()
    for offset in range(3):
        encoded = base64.b64encode(b"\0" * offset + raw)
        start = (8 * offset + 5) // 6
        cores.add(encoded[start : (8 * (offset + len(raw))) // 6])
    return cores | {core.replace(b"+", b"-").replace(b"/", b"_") for core in cores}


def _encoded(raw: bytes) -> dict[str, set[bytes]]:
    """What would be read out again by anyone who knows the encoding."""
    signs = [f"{byte:02x}" for byte in raw]
    found = {
        "hex": {raw.hex().encode(), raw.hex().upper().encode(), raw.hex(" ").encode()},
        "base64": _base64_cores(raw),
        "percent": {"".join(f"%{sign}" for sign in signs).encode()},
        "escaped": {"".join(f"{lead}{sign}" for sign in signs).encode() for lead in ("\\u00", "\\x", "\\\\u00")},
        "octal": {"".join(f"\\{byte:03o}" for byte in raw).encode()},
        "entities": {"".join(f"&#{byte};" for byte in raw).encode(), "".join(f"&#x{s};" for s in signs).encode()},
    }
    found["percent"] |= {needle.upper() for needle in found["percent"]}
    return found


def _as_integer(digits: str) -> set[bytes]:
    """The number as it lies in binary files: 48 and 64 bits either way round, in a pickle, and as a double."""
    value = int(digits)
    needles = {value.to_bytes(6, "little") + b"\0\0", value.to_bytes(6, "big")}
    return needles | {b"\x8a\x05" + value.to_bytes(5, "little"), struct.pack("<d", value), struct.pack(">d", value)}


def _spellings(secret: str) -> list[str]:
    """Of a personnummer its ten digits, which lie in the twelve as well, with nothing or a sign before the last."""
    if not PERSONNUMMER.fullmatch(secret):
        return [secret]
    return [secret[2:], f"{secret[2:8]}-{secret[8:]}", f"{secret[2:8]}+{secret[8:]}"]


def forms(secret: str | bytes) -> dict[str, set[bytes]]:
    """The byte strings that would give the secret away, besides how people write a number (WRITTEN)."""
    raw = secret.encode() if isinstance(secret, str) else secret
    found: dict[str, set[bytes]] = defaultdict(set)
    found["raw"] = {raw}
    for spelling in _spellings(secret) if isinstance(secret, str) else [raw]:
        text = spelling.encode() if isinstance(spelling, str) else spelling
        for form, needles in _encoded(text).items():
            found[form] |= needles
        if isinstance(spelling, str):
            wide = spelling.encode("utf-16-le")
            found["utf-16"] |= {wide, spelling.encode("utf-16-be")}
            found["base64"] |= _base64_cores(wide) | _base64_cores(wide[1:])
    if isinstance(secret, str) and PERSONNUMMER.fullmatch(secret):
        found["integer"] = _as_integer(secret) | _as_integer(secret[2:])
    return found


def of_key(master: bytes) -> list[str | bytes]:
    """A master key as bytes and as the text of its file."""
    return [master, master.hex()]


def of_key_file(path: Path) -> list[str | bytes]:
    """Every secret in a key file."""
    return [form for line in path.read_text().split() for form in of_key(bytes.fromhex(line))]


class Search:
    """All forms of all secrets, sought in one pass: the first six bytes by three tables, the rest one by one."""

    def __init__(self, secrets: tuple[str | bytes, ...]) -> None:
        self._people = {s[2:]: i for i, s in enumerate(secrets) if isinstance(s, str) and PERSONNUMMER.fullmatch(s)}
        self._after: dict[bytes, list[tuple[bytes, int, str]]] = defaultdict(list)
        for i, secret in enumerate(secrets):
            for form, needles in forms(secret).items():
                for needle in needles:
                    assert len(needle) >= SHORTEST, f"secret {i} is too short to be sought"
                    self._after[needle[:SHORTEST]].append((needle, i, form))
        self._tables = np.zeros((3, 1 << 16), dtype=bool)
        for head in self._after:
            self._tables[range(3), np.frombuffer(head, "<u2")] = True

    def find(self, content: bytes) -> set[tuple[int, str]]:
        """(secret, form) of what stands in plain sight; texts of two and four bytes a sign are read as such."""
        found = self._literals(content) | self._written(content)
        if b"\0" in content:
            narrow = content.replace(b"\0", b"")
            found |= {(i, "utf-16") for i, _ in self._written(narrow) | self._literals(narrow)}
        return found

    def _literals(self, content: bytes) -> set[tuple[int, str]]:
        places = (at for start in range(0, len(content), WINDOW) for at in self._places(content, start))
        candidates = ((at, n) for at in places for n in self._after.get(content[at : at + SHORTEST], ()))
        return {(i, form) for at, (needle, i, form) in candidates if content.startswith(needle, at)}

    def _places(self, content: bytes, start: int) -> Iterator[int]:
        """Where one of the forms may begin, in a part of the content."""
        signs = np.frombuffer(content[start : start + WINDOW + SHORTEST - 1], np.uint8).astype(np.uint16)
        if len(signs) < SHORTEST:
            return
        pairs = signs[:-1] | (signs[1:] << 8)
        hit = self._tables[0][pairs[:-4]] & self._tables[1][pairs[2:-2]] & self._tables[2][pairs[4:]]
        yield from (start + int(at) for at in np.flatnonzero(hit))

    def _written(self, content: bytes) -> set[tuple[int, str]]:
        if not self._people:
            return set()
        texts = {b"".join(parts)[-10:] for parts in WRITTEN.findall(content)}
        return {(self._people[t.decode()], "written") for t in texts if t.decode() in self._people}


@lru_cache(maxsize=8)
def _search(secrets: tuple[str | bytes, ...]) -> Search:
    return Search(secrets)


def _files(home: Path, also: Iterable[Path], key_file: Path | None) -> Iterator[Path]:
    for folder in (home, *also):
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            waiting = folder == home and path.relative_to(folder).parts[0] in WAITING
            if not waiting and path != key_file:
                yield path


def leaks_in(content: bytes, secrets: Iterable[str | bytes], name: str = "", path: Path | None = None) -> list[Leak]:
    """Every form in which a secret can be read in a content, or in what is packed in it."""
    search, found = _search(tuple(secrets)), set()
    try:
        for packed, layer in layers(content, path):
            found |= {Leak(name, i, f"{packed}>{form}".strip(">")) for i, form in search.find(layer)}
    except Unreadable as error:
        found.add(Leak(name, UNREAD, str(error)))
    return sorted(found, key=lambda leak: (leak.secret, leak.form))


def leaks(
    home: Path, secrets: Iterable[str | bytes], *, also: Iterable[Path] = (), key_file: Path | None = None
) -> list[Leak]:
    """Every place below `home` and `also` where a secret can be read; file names are searched too."""
    wanted, found = tuple(secrets), []
    for path in _files(home, also, key_file):
        found += leaks_in(str(path).encode("utf-8", "replace"), wanted, str(path))
        found += leaks_in(path.read_bytes(), wanted, str(path), path)
    return sorted(set(found), key=lambda leak: (leak.file, leak.secret, leak.form))
