"""Deliveries that fall, each with a number of its own planted where it does not belong.

Belongs here: one entry per way to fall, what is sent and which rule answers. Does not belong here: receiving them, and
what must not be seen afterwards. Name → how it is made of a planted number, the rule that stops it (None: approved).
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.support.delivery import Delivery, Row, avslut, hushall, number, person, quoted, zipped

Make = Callable[[str], Delivery]


def planted(place: int) -> str:
    """The number of one way to fall; every fifth is a samordningsnummer."""
    return number(place, born="1961-03-07", sex="1", coordination=place % 5 == 0)


def kind(digits: str) -> str:
    return "samordning" if int(digits[6]) > 3 else "pnr"


def row(digits: str, **cells: str) -> Row:
    return {**person("H", personnummer=digits, id_typ=kind(digits)), **cells}


def sound(digits: str, **fields: Any) -> Delivery:
    """A delivery in order but for what `fields` say, with the number in the one column where it belongs."""
    return Delivery(**{"hushall": [hushall("H", "9")], "person": [row(digits)], **fields})


def big(count: int) -> Delivery:
    """In order, and of many households."""
    people = [row(planted(i), hushall_id=f"H{i}") for i in range(count)]
    return Delivery([hushall(f"H{i}", "9") for i in range(count)], people, mottagen="2019-04-10T10:00:00")


def of_rows(**tables: Callable[[str], list[Row]]) -> Make:
    return lambda digits: sound(digits, **{name: made(digits) for name, made in tables.items()})


def of_manifest(field: str, made: Callable[[str], Any] = str) -> Make:
    return lambda digits: sound(digits, manifest={field: made(digits)})


def of_entry(field: str, made: Callable[[str], Any] = str) -> Make:
    return lambda digits: sound(digits, entry={"eb_person": {field: made(digits)}})


def of_bytes(changed: Callable[[bytes, str], bytes], encoding: str = "utf-8") -> Make:
    def make(digits: str) -> Delivery:
        whole = sound(digits, encoding=encoding)
        return whole.but(content={"eb_person": changed(whole.bytes_of("eb_person"), digits)})

    return make


@dataclass
class Wrapped(Delivery):
    """A delivery whose members are packed in another way than they should."""

    wrap: Callable[[dict[str, bytes], str], bytes] = lambda members, _: zipped(members)
    digits: str = ""

    def put(self, inbox: Any, **_: Any) -> Any:
        return super().put(inbox, wrapped=self.wrap(self.members(), self.digits))


def of_wrapping(wrap: Callable[[dict[str, bytes], str], bytes]) -> Make:
    return lambda digits: Wrapped([hushall("H", "9")], [row(digits)], wrap=wrap, digits=digits)


def _twice(members: dict[str, bytes], digits: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for info in (zipfile.ZipInfo(name) for name in (*members, f"{digits}.csv", f"{digits}.CSV")):
            archive.writestr(info, members.get(info.filename, b""))
        archive.writestr(zipfile.ZipInfo(f"{digits}.csv/"), b"")
    return out.getvalue()


def _damaged(members: dict[str, bytes], digits: str) -> bytes:
    """Stored, so that the number stands in plain sight, and with a checksum that does not hold."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue().replace(digits.encode(), digits[:-1].encode() + b"x", 1)


def _locked(members: dict[str, bytes], _: str) -> bytes:
    """Every member says that it is encrypted."""
    content = bytearray(zipped(members))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = content.find(mark)
        while place >= 0:
            content[place + at] |= 1
            place = content.find(mark, place + 1)
    return bytes(content)


def _swelling(members: dict[str, bytes], digits: str) -> bytes:
    return zipped({**members, "eb_person.csv": f"{digits}\n".encode() * 200_000})


def _twelve(cells: dict[str, str]) -> Callable[[str], list[Row]]:
    return lambda digits: [avslut(f"H{i}", **{k: v.format(digits) for k, v in cells.items()}) for i in range(12)]


def _dashed(digits: str) -> str:
    return f"{digits[2:8]}-{digits[8:]}"


def _vendor(digits: str) -> Delivery:
    return sound(digits, manifest={"profil": "pahittad_beta"}, encoding="utf-8-sig")


STOPS: dict[str, tuple[Make, str | None]] = {
    # rows
    "nothing": (sound, None),
    "a number without its last digit": (of_rows(person=lambda d: [row(d), row(d, personnummer=d[:-1])]), None),
    "numbers without their last digit, many": (
        of_rows(person=lambda d: [row(d[:-1] if i else d, id_typ=kind(d)) for i in range(12)]),
        "GEN-10",
    ),
    "the same person twelve times": (of_rows(person=lambda d: [row(d)] * 12), "GEN-12"),
    "a number as the period": (of_rows(avslut=lambda d: [avslut(period=d)]), "GEN-08"),
    "a number as the municipality": (of_rows(avslut=lambda d: [avslut(kommun_kod=d)]), "GEN-08"),
    "a number as the part of the city": (of_rows(avslut=lambda d: [avslut(stadsdel_kod=d)]), "GEN-08"),
    "numbers as codes": (of_rows(avslut=_twelve({"avslutsorsak_kod": "{}"})), "GEN-08"),
    "numbers as dates": (of_rows(avslut=_twelve({"avslut_datum": "{}"})), None),
    "rows of another month": (of_rows(person=lambda d: [row(d, period="2016-01")]), "GEN-03"),
    "rows of another municipality": (of_rows(person=lambda d: [row(d, kommun_kod="0116")]), "GEN-02"),
    "codes that are not known, many": (
        of_rows(person=lambda d: [row(d), *(row(planted(900 + i), roll_kod="?") for i in range(12))]),
        "GEN-14",
    ),
    "a number as an amount": (of_rows(hushall=lambda d: [hushall("H", "9", belopp_kr=d)]), None),
    "a number as the household": (of_rows(hushall=lambda d: [hushall(d, "9")]), "GEN-08"),
    "a number with a dash in the household": (of_rows(hushall=lambda d: [hushall(f"f {_dashed(d)}", "9")]), "GEN-08"),
    "an address of mail": (of_rows(hushall=lambda d: [hushall(f"{d}@kommun.example", "9")]), "GEN-08"),
    "a person under protection": (of_rows(person=lambda d: [row(d, skyddad="1")]), None),
    # files
    "a file without its header": (of_bytes(lambda text, d: text.split(b"\n", 1)[1]), "GEN-04"),
    "a number in the header": (of_bytes(lambda text, d: text.replace(b"skyddad", d.encode(), 1)), "GEN-04"),
    "a byte that is no UTF-8": (of_bytes(lambda text, d: text + b"\xff\n"), "GEN-01"),
    "a NUL": (of_bytes(lambda text, d: text + b"\0\n"), "GEN-01"),
    "UTF-16": (of_bytes(lambda text, d: text.decode().encode("utf-16")), "GEN-01"),
    "a quote that never ends": (of_bytes(lambda text, d: text + f'"{d}'.encode()), "GEN-01"),
    "a cell without end": (of_bytes(lambda text, d: text + f'"{d}{"x" * 140_000}"\n'.encode()), "GEN-01"),
    "one cell too many": (of_bytes(lambda text, d: text.replace(b";0\n", b";0;x\n")), None),
    "one cell too many, in quotes": (
        of_bytes(lambda text, d: quoted(text.decode()).replace('"0"\n', '"0";"x"\n').encode()),
        None,
    ),
    "fewer rows than promised": (of_entry("antal_rader", lambda d: 7), "GEN-01"),
    "an empty file that has numbers after its end": (of_bytes(lambda text, d: b"\n\n" + text), "GEN-04"),
    # manifest
    "the manifest's kommun_kod": (of_manifest("kommun_kod"), "GEN-01"),
    "the manifest's stadsdel_kod": (of_manifest("stadsdel_kod"), "GEN-01"),
    "the manifest's period": (of_manifest("period"), "GEN-01"),
    "the manifest's kalla": (of_manifest("kalla"), "GEN-01"),
    "the manifest's version": (of_manifest("version", int), "GEN-01"),
    "the manifest's leveranstyp": (of_manifest("leveranstyp"), "GEN-01"),
    "the manifest's profil": (of_manifest("profil", lambda d: f"p{d}"), "GEN-01"),
    "the manifest's system": (of_manifest("system", _dashed), "GEN-01"),
    "the manifest's system_version": (of_manifest("system_version"), "GEN-01"),
    "the manifest's uttag_tid as text": (of_manifest("uttag_tid"), None),
    "the manifest's uttag_tid as a number": (of_manifest("uttag_tid", int), None),
    "the manifest's kontakt": (of_manifest("kontakt", lambda d: f"{d}@kommun.example"), None),
    "the manifest's skyddade_deklarerade": (of_manifest("skyddade_deklarerade"), "GEN-01"),
    "the manifest's nolleverans": (of_manifest("nolleverans", lambda d: ["eb_avslut", f"eb_avslut/{d}", d]), None),
    "the manifest's filer": (of_manifest("filer", lambda d: [d]), "GEN-01"),
    "a field of the manifest that is not known": (lambda d: sound(d, manifest={d: _dashed(d)}), None),
    "a file's namn": (of_entry("namn", lambda d: f"{d}.csv"), "GEN-01"),
    "a file's dataset": (of_entry("dataset", lambda d: f"eb_{d}"), "GEN-01"),
    "a file's schema_version": (of_entry("schema_version"), "GEN-01"),
    "a file's teckenkodning": (of_entry("teckenkodning"), "GEN-01"),
    "a file's antal_rader": (of_entry("antal_rader", int), "GEN-01"),
    "a file's sha256": (of_entry("sha256", lambda d: f"{d:0>64}"), "GEN-01"),
    "a manifest that is no JSON": (lambda d: sound(d, extra={"manifest.json": f"{{{d}".encode()}), "GEN-01"),
    "a manifest that is a list": (lambda d: sound(d, extra={"manifest.json": json.dumps([d]).encode()}), "GEN-01"),
    "a manifest in UTF-16": (lambda d: sound(d, extra={"manifest.json": f'"{d}"'.encode("utf-16")}), "GEN-01"),
    "a profile of another system": (_vendor, "GEN-04"),
    # wrapping
    "a member that nobody named": (lambda d: sound(d, extra={f"{_dashed(d)}.csv": b""}), "GEN-01"),
    "a member in a folder": (lambda d: sound(d, extra={f"{d}/a.csv": b""}), "GEN-01"),
    "a member above its folder": (lambda d: sound(d, extra={f"../../{d}.csv": b""}), "GEN-01"),
    "two members of one name": (of_wrapping(_twice), "GEN-01"),
    "no manifest": (of_wrapping(lambda m, d: zipped({f"{d}.csv": m["eb_person.csv"]})), "GEN-01"),
    "a zip that is cut off": (of_wrapping(lambda m, d: zipped(m)[:-40]), "GEN-01"),
    "a zip with a wrong checksum": (of_wrapping(_damaged), "GEN-01"),
    "a zip that asks for a password": (of_wrapping(_locked), "GEN-01"),
    "a zip that swells": (of_wrapping(_swelling), "GEN-01"),
    "a zip of too many members": (of_wrapping(lambda m, d: zipped({f"{d}_{i}": b"" for i in range(60)})), "GEN-01"),
    "a zip that is a text": (of_wrapping(lambda m, d: d.encode()), "GEN-01"),
}


def stopped() -> dict[str, tuple[Delivery, str | None, str]]:
    """Name → (delivery, the rule that stops it, its number); each its own month of its own sender."""
    places = {name: i for i, name in enumerate(STOPS)}
    made = {}
    for name, (make, rule) in STOPS.items():
        digits, place = planted(places[name]), places[name]
        month = f"{2017 + place % 36 // 12}-{place % 12 + 1:02d}"
        delivery = make(digits).but(kommun=("0114", "0115")[place // 36], period=month, mottagen="2020-01-10T10:00:00")
        made[name] = (delivery, rule, digits)
    return made
