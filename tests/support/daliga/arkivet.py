"""Zips, folders and inboxes that are made wrong, by accident or in order to hurt.

Belongs here: cases in which what is wrong is around the files. Does not belong here: how a case is asked, and what must
be tried with a limit on time and memory (tests/faults/test_hostile.py).
"""

from __future__ import annotations

import io
import os
import socket
import stat
import struct
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

from tests.support.daliga.bas import MARKER, Case, Delivery, Left, Same, Stopped, folder, members, wrapped
from tests.support.delivery import zipped

CLOSED = Stopped("GEN-01", ("Paketet",), unopened=True)
EXTRA = Stopped("GEN-01", ("manifestet inte nämner",))
SECRET = "HEMLIGUTANFOR"


def written(how: Callable[[zipfile.ZipFile, Delivery], object]) -> Callable[[Delivery], bytes]:
    """A zip written by hand."""

    def pack(delivery: Delivery) -> bytes:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a name that stands twice
            how(archive, delivery)
        return buffer.getvalue()

    return pack


def all_members(**settings: object) -> Callable[[zipfile.ZipFile, Delivery], None]:
    """Every member under the same settings of its entry."""

    def write(archive: zipfile.ZipFile, delivery: Delivery) -> None:
        for name, content in delivery.members().items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            for setting, value in settings.items():
                setattr(entry, setting, value)
            archive.writestr(entry, content)

    return write


def plus(name: str | zipfile.ZipInfo, content: bytes = b"x", times: int = 1) -> Callable[[Delivery], bytes]:
    """Every member, and one more."""

    def write(archive: zipfile.ZipFile, delivery: Delivery) -> None:
        all_members()(archive, delivery)
        for _ in range(times):
            archive.writestr(name, content)

    return written(write)


def streamed(delivery: Delivery) -> bytes:
    """As a tool writes that cannot go back: sizes and checksums come after the content."""

    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.parts: list[bytes] = []

        def writable(self) -> bool:
            return True

        def write(self, part: object) -> int:
            self.parts.append(bytes(part))  # type: ignore[call-overload]
            return len(self.parts[-1])

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[arg-type]
        all_members()(archive, delivery)
    return b"".join(pipe.parts)


def zip64(archive: zipfile.ZipFile, delivery: Delivery) -> None:
    for name, content in delivery.members().items():
        with archive.open(name, "w", force_zip64=True) as member:
            member.write(content)


def patched(offset: int, value: bytes, *, first: bool = False) -> Callable[[Delivery], bytes]:
    """Bytes of the directory's last entry (or first) overwritten."""

    def pack(delivery: Delivery) -> bytes:
        content = bytearray(zipped(delivery.members()))
        entry = content.find(b"PK\x01\x02") if first else content.rfind(b"PK\x01\x02")
        content[entry + offset : entry + offset + len(value)] = value
        return bytes(content)

    return pack


def lying(change: int) -> Callable[[Delivery], bytes]:
    """A directory that gives the last member another size than it has, with the checksum of what that would be."""

    def pack(delivery: Delivery) -> bytes:
        content = bytearray(zipped(delivery.members()))
        entry = content.rfind(b"PK\x01\x02")
        (size,) = struct.unpack_from("<L", content, entry + 24)
        data = list(delivery.members().values())[-1]
        struct.pack_into("<L", content, entry + 16, zipfile.crc32(data[: size + change]))  # type: ignore[attr-defined]
        struct.pack_into("<L", content, entry + 24, size + change)
        return bytes(content)

    return pack


def overlapping(delivery: Delivery) -> bytes:
    """Two names in the directory for the same bytes."""
    content = zipped(delivery.members())
    start, end = content.rfind(b"PK\x01\x02"), content.rfind(b"PK\x05\x06")
    entry = content[start:end].replace(b"eb_avslut.csv", b"eb_avslyt.csv")
    tail = bytearray(content[end:])
    count, size = len(delivery.members()) + 1, end - content.find(b"PK\x01\x02") + len(entry)
    struct.pack_into("<HHL", tail, 8, count, count, size)
    return content[:end] + entry + bytes(tail)


def cp437(delivery: Delivery) -> bytes:
    """A member whose name is written in bytes that are not UTF-8."""
    return zipped({**delivery.members(), "hushXll.csv": b"x"}).replace(b"hushXll.csv", b"hush\xe5ll.csv")


def link(target: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo("lank.csv")
    entry.create_system = 3
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    entry.comment = target.encode()
    return entry


def linked_file(delivery: Delivery) -> bytes:
    """The households' file as a link."""

    def write(archive: zipfile.ZipFile, d: Delivery) -> None:
        for name, content in d.members().items():
            entry = zipfile.ZipInfo(name)
            if name == "eb_hushall.csv":
                entry.create_system, entry.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
            archive.writestr(entry, content)

    return written(write)(delivery)


def nested(delivery: Delivery) -> bytes:
    return zipped({"eb_2019-03.zip": zipped(delivery.members())})


ZIPS = [
    wrapped("something that is no zip", lambda d: f"hej {MARKER}".encode(), CLOSED),
    wrapped("a zip without a byte", lambda d: b"", CLOSED),
    wrapped("a zip of noughts", lambda d: b"\0" * 4096, CLOSED),
    wrapped("gzip named zip", lambda d: b"\x1f\x8b\x08" + b"\0" * 40, CLOSED),
    wrapped("7z named zip", lambda d: b"7z\xbc\xaf\x27\x1c" + b"\0" * 40, CLOSED),
    wrapped("a zip cut in its directory", lambda d: zipped(d.members())[:-100], CLOSED),
    wrapped("a zip cut in the middle", lambda d: zipped(d.members())[: len(zipped(d.members())) // 2], CLOSED),
    wrapped("a zip cut at its beginning", lambda d: zipped(d.members())[50:], CLOSED),
    wrapped("a zip with nothing in it", lambda d: zipped({}), CLOSED),
    wrapped("a wrong checksum", patched(16, b"\x01\x02\x03\x04"), CLOSED),
    wrapped(
        "a local header that is none", lambda d: zipped(d.members()).replace(b"PK\x03\x04", b"PK\x03\x05", 1), CLOSED
    ),
    wrapped("an offset beyond the end", patched(42, b"\xff\xff\xff\x7f"), CLOSED),
    wrapped(
        "a flipped bit in the packed bytes",
        lambda d: (z := bytearray(zipped(d.members()))).__setitem__(60, z[60] ^ 4) or bytes(z),
        CLOSED,
    ),
    wrapped("an encrypted member", patched(8, b"\x01\x00"), CLOSED),
    wrapped("strong encryption", patched(8, b"\x41\x00"), CLOSED),
    wrapped("packed with bzip2", written(all_members(compress_type=zipfile.ZIP_BZIP2)), CLOSED),
    wrapped("packed with LZMA", written(all_members(compress_type=zipfile.ZIP_LZMA)), CLOSED),
    wrapped("packed in a way no one knows", patched(10, b"\x63\x00"), CLOSED),
    wrapped("a zip version to come", patched(6, b"\xff\x00"), CLOSED),
    wrapped("a size that is less than there is", lying(-30), CLOSED),
    wrapped("a size that is more than there is", lying(30), CLOSED),
    wrapped("a size of four gigabytes", patched(24, b"\xff\xff\xff\xfe"), CLOSED),
    wrapped("two names for the same bytes", overlapping, CLOSED),
    wrapped("junk before the zip", lambda d: b"#!/bin/sh\nexit\n" + zipped(d.members()), Same()),
    wrapped("junk after the zip", lambda d: zipped(d.members()) + b"\r\n" * 10, Same()),
    wrapped("a comment on the zip", written(lambda z, d: (all_members()(z, d), setattr(z, "comment", b"hej"))), Same()),
    wrapped("members that are only stored", written(all_members(compress_type=zipfile.ZIP_STORED)), Same()),
    wrapped(
        "members with an extra field", written(all_members(extra=struct.pack("<HH4s", 0x7075, 4, b"abcd"))), Same()
    ),
    wrapped("members of 1980 and of Windows", written(all_members(create_system=0, external_attr=0x20)), Same()),
    wrapped("sizes in sixty-four bits", written(zip64), Same()),
    wrapped("a zip written as a stream", streamed, Same()),
    wrapped("members in another order", lambda d: zipped(dict(reversed(d.members().items()))), Same()),
]
MEMBERS = [
    *(
        wrapped(f"a member named {name[:40]!r}", plus(name, SECRET.encode()), CLOSED)
        for name in (
            "../../utanfor.csv",
            "/etc/cron.d/x",
            "mapp/x.csv",
            "mapp\\x.csv",
            "C:\\x.csv",
            "..\\x.csv",
            "./x.csv",
            "mapp/",
        )
    ),
    *(
        wrapped(f"a member named {name[:40]!r} beside", plus(name, SECRET.encode()), EXTRA)
        for name in (
            "*.csv",
            "eb_?ushall.csv",
            "[a-z].csv",
            "..",
            "C:x.csv",
            ".DS_Store",
            "EB_HUSHALL.CSV",
            "eb_hushall.csv ",
            "x" * 5000,
            "'; drop table paket; --",
            "<script>.csv",
            "\u202evsc.eb",
            "ＥＢ.csv",
            "läs mig.txt",
        )
    ),
    wrapped("a member's name that is not UTF-8", cp437, EXTRA),
    wrapped("the same member twice", plus("eb_avslut.csv", b"annat"), CLOSED),
    wrapped("the manifest twice", plus("manifest.json", b"{}"), CLOSED),
    wrapped(
        "sixty members",
        written(lambda z, d: (all_members()(z, d), [z.writestr(f"{i}.csv", b"") for i in range(60)])),
        CLOSED,
    ),
    wrapped("ten thousand members", written(lambda z, d: [z.writestr(f"{i}.csv", b"") for i in range(10_000)]), CLOSED),
    wrapped("a link to a file outside", plus(link("/etc/passwd"), b"/etc/passwd"), CLOSED),
    wrapped("a link in the place of a file", linked_file, CLOSED),
    wrapped("a zip in the zip", nested, Stopped("GEN-01", ("manifest.json",), unopened=True)),
    wrapped("a zip beside the files", plus("mer.zip", zipped({"x.csv": b"x"})), EXTRA),
    wrapped("a bomb of noughts", plus("bomb.csv", b"\0" * 20_000_000), CLOSED),
    wrapped(
        "a declared file that is left out",
        members(lambda f: f.pop("eb_person.csv")),
        Stopped("GEN-01", ("eb_person", "saknas")),
    ),
    wrapped("a file beside that is not declared", plus("mer.csv"), EXTRA),
]


def outside(path: Path) -> Path:
    """A file that lies outside the inbox, whose content may come nowhere."""
    secret = path.parents[2] / "utanfor"
    secret.mkdir(exist_ok=True)
    (secret / "hemlig.csv").write_text(SECRET)
    return secret


def strange(name: bytes) -> Callable[[Path], object]:
    return lambda path: Path(os.fsdecode(os.fsencode(path) + b"/" + name)).write_bytes(b"x")


def deep(path: Path) -> None:
    for _ in range(60):
        path = path / "m"
        path.mkdir()
    (path / "x.csv").write_bytes(b"x")


def replaced(path: Path) -> None:
    """The households' file as a link to the very same content outside."""
    target = outside(path) / "eb_hushall.csv"
    target.write_bytes((path / "eb_hushall.csv").read_bytes())
    (path / "eb_hushall.csv").unlink()
    (path / "eb_hushall.csv").symlink_to(target)


def hear(path: Path) -> None:
    """A socket; its name is short because its whole path may be no longer than a hundred signs."""
    here = os.open(path, os.O_RDONLY)
    with socket.socket(socket.AF_UNIX) as ear:
        ear.bind(f"/proc/self/fd/{here}/s")
    os.close(here)


FOLDERS = [
    folder("a folder", lambda p: None, Same()),
    folder("an empty folder in the folder", lambda p: (p / "tom").mkdir(), CLOSED),
    folder(
        "a folder with a file in the folder",
        lambda p: ((p / "m").mkdir(), (p / "m" / "x.csv").write_bytes(b"x")),
        CLOSED,
    ),
    folder("sixty folders deep", deep, CLOSED),
    folder(
        "a link to a file outside the folder", lambda p: (p / "lank.csv").symlink_to(outside(p) / "hemlig.csv"), CLOSED
    ),
    folder("a link to a folder outside the folder", lambda p: (p / "lank").symlink_to(outside(p)), CLOSED),
    folder("a link that leads nowhere", lambda p: (p / "lank.csv").symlink_to("finns-inte"), CLOSED),
    folder("a link to the folder itself", lambda p: (p / "lank").symlink_to("."), CLOSED),
    folder("a link in the place of a declared file", replaced, CLOSED),
    folder("a pipe in the folder", lambda p: os.mkfifo(p / "ror.csv"), CLOSED),
    folder(
        "a pipe in the place of a declared file",
        lambda p: ((p / "eb_hushall.csv").unlink(), os.mkfifo(p / "eb_hushall.csv")),
        CLOSED,
    ),
    folder("a socket in the folder", hear, CLOSED),
    folder("a name in the folder that is not UTF-8", strange(b"hush\xe5ll.csv"), EXTRA),
    folder("a name in the folder with a line end", strange(b"a\nb.csv"), EXTRA),
    folder("a name in the folder with a backslash", strange(b"a\\b.csv"), CLOSED),
    folder("a hidden file in the folder", strange(b".DS_Store"), EXTRA),
    folder("sixty files in the folder", lambda p: [(p / f"{i}.csv").write_bytes(b"") for i in range(60)], CLOSED),
    folder(
        "a manifest that is a link",
        lambda p: ((p / "manifest.json").unlink(), (p / "manifest.json").symlink_to(outside(p) / "hemlig.csv")),
        CLOSED,
    ),
    folder(
        "a manifest that is a folder", lambda p: ((p / "manifest.json").unlink(), (p / "manifest.json").mkdir()), CLOSED
    ),
    folder(
        "a declared file that is not in the folder",
        lambda p: (p / "eb_person.csv").unlink(),
        Stopped("GEN-01", ("eb_person", "saknas")),
    ),
    folder(
        "a file cut in the folder",
        lambda p: (p / "eb_person.csv").write_bytes(b"kommun_kod"),
        Stopped("GEN-01", ("eb_person", "sha256"), {"eb_person": -6}),
    ),
]


def left(name: str, how: Callable[[Delivery, Path], object]) -> Case:
    """Something in the sender's inbox that is no package; `how` is given the inbox of the sender."""

    def put(delivery: Delivery, inbox: Path) -> None:
        own = inbox / delivery.kommun
        own.mkdir(parents=True, exist_ok=True)
        how(delivery, own)

    return Case(name, put, Left())


def named(name: str | bytes) -> Callable[[Delivery, Path], object]:
    raw = name.encode() if isinstance(name, str) else name
    return lambda d, own: Path(os.fsdecode(os.fsencode(own) + b"/" + raw)).write_bytes(zipped(d.members()))


def late(year: int) -> Callable[[Delivery, Path], object]:
    def write(delivery: Delivery, own: Path) -> None:
        path = own / "eb_2019-03.zip"
        path.write_bytes(zipped(delivery.members()))
        os.utime(path, ((year - 1970) * 31_556_952,) * 2)

    return write


def linked_package(delivery: Delivery, own: Path) -> None:
    target = outside(own / "x") / "eb_2019-03.zip"
    target.write_bytes(zipped(delivery.members()))
    (own / "eb_2019-03.zip").symlink_to(target)


INBOX = [
    left("a pipe named as a package", lambda d, own: os.mkfifo(own / "eb_2019-03.zip")),
    left("a pipe named as a folder", lambda d, own: os.mkfifo(own / "eb_2019-03")),
    left("a link named as a package", linked_package),
    left("a link to a folder named as a package", lambda d, own: (own / "eb_2019-03").symlink_to(outside(own / "x"))),
    left(
        "a link that leads nowhere named as a package", lambda d, own: (own / "eb_2019-03.zip").symlink_to("borta.zip")
    ),
    left("a folder without a manifest", lambda d, own: (own / "eb_2019-03").mkdir()),
    left("a folder named zip without a manifest", lambda d, own: (own / "eb_2019-03.zip").mkdir()),
    left("a name in full-width digits", named("eb_２０１９-03.zip")),
    left("a version in Arabic digits", named("eb_2019-03_v١.zip")),
    left("a name that is not UTF-8", named(b"eb_2019-03\xe5.zip")),
    left("a name that is markup", named("[red]eb_2019-03.zip")),
    left("a name that colours a terminal", named("\x1b[31meb_2019-03.zip")),
    left("a name with a line end", named("eb_2019-03.zip\n")),
    left("a name that is a glob", named("eb_*.zip")),
    left("a name in capitals", named("EB_2019-03.ZIP")),
    left("another kind of file", named("eb_2019-03.7z")),
    left("a bare manifest", lambda d, own: (own / "manifest.json").write_bytes(d.members()["manifest.json"])),
    left("a package from before there was time", late(1960)),
]
CASES: list[Case] = [*ZIPS, *MEMBERS, *FOLDERS, *INBOX]
