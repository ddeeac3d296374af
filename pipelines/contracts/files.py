"""The project's own files: their YAML, what is wrong with it, and whether any of them has changed.

Belongs here: reading. Does not belong here: what the files must hold.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

from pipelines.settings import PROJECT_ROOT

# libyaml does the same as PyYAML's own parser in a tenth of the time; a wheel without it still works
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class ContractError(ValueError):
    """A contract, or a file beside it, that cannot be read or does not hang together; names the file and the fault."""


def read_yaml(path: Path) -> Any:
    """A YAML file's content. Raises yaml.YAMLError and OSError."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506  a safe loader


SUFFIXES = {".sql", ".yml", ".yaml", ".csv", ".py", ".txt", ".j2"}
LEFT_OUT = {"_generated", "target", "logs", "__pycache__"}


def written_in(rooms: Iterable[str]) -> Iterator[Path]:
    """What people have written in some of the project's rooms, sorted; nothing that is rendered or built."""
    found = (p for room in rooms for p in (PROJECT_ROOT / room).rglob("*") if p.suffix in SUFFIXES)
    return iter(sorted(p for p in found if not LEFT_OUT & set(p.parts)))


def digest_of(paths: Iterable[Path]) -> str:
    """One SHA-256 over the names and the bytes of files, in their order."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
