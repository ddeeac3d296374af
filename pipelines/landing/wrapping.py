"""The wrapping of a package, zip or folder: its bytes from disk and its members from its bytes, within limits.

Belongs here: sizes, kinds of files, and unpacking what a sender may have made in order to hurt. Does not belong here:
what the members say (`package.py`, `readers/`).

Nothing is read before its size is known, links are never followed, and no member is unpacked beyond the size that its
package declares. What is refused before it is read leaves a note of its size in its place, so that it has an identity,
a receipt and a line in the archive like any other package.
"""

from __future__ import annotations

import io
import os
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path

from pipelines.landing import guard

MAX_MEMBERS = 50
MAX_PACKED = 25_000_000
MAX_BYTES = 50_000_000
MAX_RATIO = 100
GUARDED_ABOVE = 16_000_000
FREE_BYTES = 100_000  # small files may be packed harder
ENTRY = b"PK\x01\x02"  # begins every entry of a zip's directory
COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
NOTE = b"Socialtjanstlagret: paketet lastes inte, det ar for stort.\n"

TOO_LARGE = "Paketet är för stort eller orimligt hårt packat."
NOT_ZIP = "Paketet är inte en hel zip-fil."
NOT_PLAIN = "Paketet får bara innehålla vanliga filer med olika namn, utan mappar och länkar."
COMPRESSION = "Paketet är packat på ett sätt som inte tas emot (bara deflate, utan lösenord)."


class WrappingError(ValueError):
    """A package that cannot be unpacked. Its text is Swedish for the sender and holds nothing of the package."""


def _note(path: Path) -> bytes:
    """What stands for a package that is refused unread: the same one again gives the same note."""
    found = path.lstat()
    own = f"{path.parent.name}/{path.name}\n{found.st_size}\n{found.st_mtime_ns}\n"
    return NOTE + own.encode("utf-8", "replace")


def read_content(path: Path, limit: int) -> bytes | None:
    """A regular file's bytes; None when it is larger than the limit, or grows beyond it. Never waits, follows no link.

    Raises OSError, also for what is no regular file.
    """
    with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode):
            raise OSError("not a regular file")
        content = file.read(found.st_size + 1) if found.st_size <= limit else b""
    return content if len(content) <= found.st_size <= limit else None


def _entries(folder: Path) -> Iterator[os.DirEntry[str]]:
    """Everything below a folder, not below links."""
    folders = [str(folder)]
    while folders:
        with os.scandir(folders.pop()) as found:
            for entry in found:
                yield entry
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)


def _pack_folder(folder: Path) -> bytes | None:
    """A folder delivery as zip bytes that depend on names and contents alone; None when it is too large.

    What is no regular file is packed as the name of a folder, so that it is refused.
    """
    files: dict[str, bytes] = {}
    left = MAX_BYTES
    for entry in _entries(folder):
        # a name that is not UTF-8, or lies in a folder, is kept so that it can be refused
        name = Path(entry.path).relative_to(folder).as_posix().encode("utf-8", "replace").decode()
        regular = entry.is_file(follow_symlinks=False)
        content = read_content(Path(entry.path), left) if regular else b""
        if content is None or len(files) >= MAX_MEMBERS:
            return None
        left -= len(content)
        files[name if regular else f"{name}/"] = content
    return _zipped(files)


def _zipped(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
        for name in sorted(files):
            target.writestr(zipfile.ZipInfo(name[:0xFFFF]), files[name])
    return buffer.getvalue()


def read_wrapped(path: Path) -> bytes:
    """The bytes of a package, zip or folder; a note in their place when it is larger than any package may be.

    Raises OSError when it has gone, or cannot be read.
    """
    folder = stat.S_ISDIR(path.lstat().st_mode)
    content = _pack_folder(path) if folder else read_content(path, MAX_PACKED)
    return _note(path) if content is None else content


def _refusal(entries: list[zipfile.ZipInfo], packed: int) -> str | None:
    """Why a zip with these members is not unpacked."""
    total = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_MEMBERS or total > min(MAX_BYTES, MAX_RATIO * packed + FREE_BYTES):
        return TOO_LARGE
    names = [entry.filename for entry in entries]
    if len(set(names)) != len(names) or any("/" in name or "\\" in name for name in names):
        return NOT_PLAIN
    if any(stat.S_ISLNK(entry.external_attr >> 16) for entry in entries):
        return NOT_PLAIN
    if any(entry.flag_bits & 1 or entry.compress_type not in COMPRESSIONS for entry in entries):
        return COMPRESSION
    return None


def unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """A member's bytes, its checksum tried. Raises BadZipFile when they are more or fewer than declared."""
    declared = entry.file_size
    entry.file_size = declared + 1  # one byte of room, so that there is more than declared can be seen
    with archive.open(entry) as member:
        content = member.read(declared + 1)
    if len(content) != declared:
        raise zipfile.BadZipFile
    return content


def unpack(wrapped: bytes, *, guarded: bool = True) -> dict[str, bytes]:
    """The members of a package by name. Raises WrappingError.

    `guarded`: one larger than deliveries are is tried in a process of its own first (`guard.py`).
    """
    if wrapped.startswith(NOTE) or wrapped.count(ENTRY) > 2 * MAX_MEMBERS:
        raise WrappingError(TOO_LARGE)
    try:
        with zipfile.ZipFile(io.BytesIO(wrapped)) as archive:
            entries = archive.infolist()
            refusal = _refusal(entries, len(wrapped))
            size = max(len(wrapped), sum(entry.file_size for entry in entries))
            if refusal is None and guarded and size > GUARDED_ABOVE and not guard.survives(wrapped):
                refusal = TOO_LARGE
            if refusal is None:
                return {entry.filename: unpacked(archive, entry) for entry in entries}
    except Exception:  # zlib.error has no public base, and any text may hold file content
        raise WrappingError(NOT_ZIP) from None
    raise WrappingError(refusal)
