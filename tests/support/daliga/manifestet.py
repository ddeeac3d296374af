"""Manifests that are not what they should be.

Belongs here: cases in which the files are right and what is said of them is not. Does not belong here: how a case is
asked.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from tests.support.daliga.bas import (
    MARKER,
    Case,
    H,
    P,
    Same,
    Stopped,
    manifest,
    members,
    wrapped,
    written_manifest,
)
from tests.support.delivery import Delivery, number, zipped

UNREAD = Stopped("GEN-01", ("manifest.json",), unopened=True)


def said(name: str, rule: str, says: tuple[str, ...] = (), **fields: Any) -> Case:
    """Fields of the manifest replaced; a manifest that can be read leaves the rows known."""
    return wrapped(name, manifest(lambda m: m.update(fields)), Stopped(rule, says))


def unread(name: str, *where: str, **fields: Any) -> Case:
    """Fields replaced by what makes it no manifest; the fault names the field."""
    end = Stopped("GEN-01", ("manifest.json", *where), unopened=True)
    return wrapped(name, manifest(lambda m: m.update(fields)), end)


def without(field: str) -> Case:
    def change(m: dict[str, Any]) -> None:
        del m[field]

    return wrapped(
        f"a manifest without {field}", manifest(change), Stopped("GEN-01", ("manifest.json", field), unopened=True)
    )


def entry(name: str, end: Stopped | Same, place: int = 0, **fields: Any) -> Case:
    """Fields of a file's entry replaced."""
    return wrapped(name, manifest(lambda m: m["filer"][place].update(fields)), end)


def no_entry(name: str, field: str, value: Any) -> Case:
    """An entry's field that makes the manifest none."""
    return entry(name, Stopped("GEN-01", ("manifest.json", f"filer.0.{field}"), unopened=True), **{field: value})


def as_bytes(name: str, how: Any, end: Stopped | Same = UNREAD) -> Case:
    """The manifest as other bytes."""
    return wrapped(name, manifest(lambda m: how(json.dumps(m))), end)


def deep(name: str, how: Any) -> Case:
    """The manifest of a folder as other bytes."""
    return written_manifest(name, how, UNREAD)


def doubled_key(extra: str) -> Any:
    return lambda t: f"{{{extra}, {t[1:]}".encode()


def again(m: dict[str, Any]) -> None:
    m["filer"].append(dict(m["filer"][0]))


def renamed(delivery: Delivery) -> bytes:
    files = delivery.members()
    files["MANIFEST.JSON"] = files.pop("manifest.json")
    return zipped(files)


WHOLE = [
    wrapped(
        "no manifest", members(lambda f: f.pop("manifest.json")), Stopped("GEN-01", ("manifest.json",), unopened=True)
    ),
    wrapped("a manifest in capitals", renamed, Stopped("GEN-01", ("manifest.json",), unopened=True)),
    as_bytes("an empty manifest", lambda t: b""),
    as_bytes("a manifest that is not JSON", lambda t: b"kommun: 0114"),
    as_bytes("a manifest cut short", lambda t: t[:-40].encode()),
    as_bytes("a manifest with a comma too many", lambda t: f"{t[:-1]},}}".encode()),
    as_bytes("a manifest in single quotes", lambda t: t.replace('"', "'").encode()),
    as_bytes("a manifest with a comment", lambda t: f"// {MARKER}\n{t}".encode()),
    as_bytes("a manifest with BOM", lambda t: t.encode("utf-8-sig")),
    as_bytes("a manifest in UTF-16", lambda t: t.encode("utf-16")),
    as_bytes("a manifest in cp1252", lambda t: t.replace("Provsystem", "Åsystem").encode("cp1252")),
    as_bytes("a manifest that is a list", lambda t: f"[{t}]".encode()),
    as_bytes("a manifest that is null", lambda t: b"null"),
    as_bytes("a manifest that is a number", lambda t: b"1e999"),
    as_bytes("two manifests in one", lambda t: (t + t).encode()),
    deep("lists a hundred thousand deep", lambda t: b"[" * 100_000),
    deep("objects a hundred thousand deep", lambda t: b'{"a":' * 100_000),
    deep(
        "an unknown field a hundred thousand deep", lambda t: f'{{"x": {"[" * 100_000}{"]" * 100_000}, {t[1:]}'.encode()
    ),
    deep("a manifest of a megabyte of spaces", lambda t: (t + " " * 1_000_000).encode()),
    as_bytes("spaces around the manifest", lambda t: f"\r\n {t} \r\n".encode(), Same()),
    as_bytes("the same field twice, alike", doubled_key('"kalla": "eb"'), Same()),
    as_bytes("the same field twice, the last one right", doubled_key('"kommun_kod": "0000"'), Same()),
    as_bytes("a NaN in a field that no one asks for", doubled_key('"x": NaN'), Same()),
    wrapped(
        "fields that no one asks for", manifest(lambda m: m.update({"x": [1, {"y": None}], MARKER: MARKER})), Same()
    ),
]
FIELDS = [
    *(without(f) for f in ("kommun_kod", "kalla", "period", "version", "leveranstyp", "filer")),
    unread("a municipality as a number", "kommun_kod", kommun_kod=114),
    unread("a municipality in full-width digits that are too few", "kommun_kod", kommun_kod="１１４"),
    unread("a period of a thirteenth month", "period", period="2019-13"),
    unread("a period as a number", "period", period=2019),
    unread("a version of nought", "version", version=0),
    unread("a version and a half", "version", version=1.5),
    unread("a kind of delivery that is none", "leveranstyp", leveranstyp="utkast"),
    unread("a list of files that is an object", "filer", filer={}),
    unread("a list of files that is null", "filer", filer=None),
    unread("a list of numbers for files", "filer", filer=[1, 2, 3]),
    deep("a hundred thousand files", lambda t: json.dumps({**json.loads(t), "filer": [{}] * 100_000}).encode()),
    unread("a confirmation that is a word", "nolleverans", nolleverans="eb_avslut"),
    unread("a time that is none", "uttag_tid", uttag_tid="i går"),
    unread("a personnummer for the system", "system", system=number(1)),
    unread("a system of sixty-five signs", "system", system="x" * 65),
    unread("a profile with a path", "profil", profil="../../kanonisk"),
    unread("a mark of protection that is a list", "skyddade_deklarerade", skyddade_deklarerade=[]),
    said("another municipality in the manifest", "GEN-02", ("kommun",), kommun_kod="0000"),
    said("a stadsdel that the name does not have", "GEN-02", ("stadsdel",), stadsdel_kod="01"),
    said("another period than the name's", "GEN-03", ("period",), period="2019-02"),
    said("a month that calls itself a year's last", "GEN-03", ("leveranstyp",), leveranstyp="slutlig"),
    said("another version than the name's", "GEN-01", ("version",), version=2),
    said("a version beyond all", "GEN-01", ("version",), version=10**30),
    said("another source than the name's", "GEN-01", ("källa",), kalla="xx"),
    said("a profile that is not known", "GEN-01", ("Profilen",), profil="okand"),
    said("a file confirmed empty that has rows", "GEN-01", ("tom",), nolleverans=[P]),
]
ENTRIES = [
    entry("another sha256", Stopped("GEN-01", (H, "sha256")), sha256="0" * 64),
    entry("a sha256 in capitals", Same(), sha256=None),
    entry("a row too few in the manifest", Stopped("GEN-01", (H, "4 rader", "3")), antal_rader=3),
    entry("ten million rows in the manifest", Stopped("GEN-01", (H, "4 rader")), antal_rader=10**7),
    entry("a number of rows in quotes", Same(), antal_rader="4"),
    no_entry("more rows than there can be", "antal_rader", 10**30),
    no_entry("a row for every byte and more", "antal_rader", 10**8),
    no_entry("rows below nought", "antal_rader", -1),
    no_entry("half a row", "antal_rader", 3.5),
    no_entry("a sha256 that is none", "sha256", MARKER),
    no_entry("an encoding that is not taken", "teckenkodning", "utf-16"),
    no_entry("an encoding that runs code", "teckenkodning", "rot13"),
    no_entry("a file's name that climbs out", "namn", "../eb_hushall.csv"),
    no_entry("a file's name from the root", "namn", "/etc/passwd"),
    no_entry("a file's name that is a glob", "namn", "*.csv"),
    no_entry("a file's name with a NUL", "namn", "eb\0.csv"),
    no_entry("a file's name of a hundred signs", "namn", "x" * 100),
    no_entry("a dataset that is SQL", "dataset", "eb_hushall; drop table paket"),
    entry("a dataset that is not known", Stopped("GEN-01", ("datamängd",), {H: -4}), dataset="eb_annat"),
    entry("a schema_version that is not known", Stopped("GEN-01", ("schema_version",)), schema_version="2.0.0"),
    entry("a file that is not there", Stopped("GEN-01", (H, "saknas")), namn="borta.csv"),
    entry("two datasets exchanged", Stopped("GEN-01", ("två gånger",), {H: -4, P: -2}), dataset=P),
    wrapped("a file that stands twice", manifest(again), Stopped("GEN-01", ("två gånger",))),
]


def upper(m: dict[str, Any]) -> None:
    m["filer"][0]["sha256"] = m["filer"][0]["sha256"].upper()


ENTRIES[1] = wrapped("a sha256 in capitals", manifest(upper), Same())


def foreign(name: str, ending: str, content: bytes, says: str) -> Case:
    """A file of another format in the place of the households."""

    def change(delivery: Delivery) -> Delivery:
        said = {"namn": f"{H}.{ending}", "sha256": hashlib.sha256(content).hexdigest(), "antal_rader": 4}
        return delivery.but(entry={H: said}, content={H: content}, nolleverans=[])

    def pack(delivery: Delivery) -> bytes:
        files = change(delivery).members()
        files[f"{H}.{ending}"] = files.pop(f"{H}.csv")
        return zipped(files)

    readable = b"\0" not in content and content.isascii() and ending not in ("xlsx", "xml")
    lines = {H: content.rstrip().count(b"\n") - 4} if readable else {}
    return wrapped(name, pack, Stopped("GEN-01", (H, says), lines))


XML = b'<?xml version="1.0"?>\n<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n<a>&x;</a>\n'
BILLION = b'<?xml version="1.0"?>\n<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>\n<l>&b;</l>\n'
NOT_TAKEN = "ska sluta på .csv, .xlsx eller .xml"
FOREIGN = [
    foreign("a workbook that is none", "xlsx", zipped({"xl/workbook.xml": b"<x/>" * 99}), "Excel-arbetsbok"),
    foreign("a spreadsheet of the old kind", "xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504, NOT_TAKEN),
    foreign("a spreadsheet of the old kind by the new name", "xlsx", b"\xd0\xcf\x11\xe0" + b"\0" * 504, "lösenord"),
    foreign("Parquet for a file", "parquet", b"PAR1" + b"\x15\0\x15\x80" * 20 + b"PAR1", NOT_TAKEN),
    foreign("XML with an external entity for a file", "xml", XML, "DTD"),
    foreign("XML that grows for a file", "xml", BILLION, "DTD"),
    foreign("JSON for a file", "json", b'[{"kommun_kod": "0114"}]\n', NOT_TAKEN),
    foreign("a page for a file", "html", b"<html>\n<body>503</body>\n</html>\n", NOT_TAKEN),
    foreign("PDF for a file", "pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", NOT_TAKEN),
    foreign("gzip for a file", "csv.gz", b"\x1f\x8b\x08\0\0\0\0\0\0\x03" + b"\x01" * 40, NOT_TAKEN),
]
CASES: list[Case] = [*WHOLE, *FIELDS, *ENTRIES, *FOREIGN]
