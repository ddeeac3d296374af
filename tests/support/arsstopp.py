"""Yearly deliveries that fall, in every format, each with a child's number of its own where it does not belong.

Belongs here: one entry per way to fall and source: what is sent and which rule answers (None: approved). Does not
belong here: receiving them, and what must not be seen afterwards. The monthly source's are in `stops.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.support import lokal
from tests.support.barn import Ar, barn
from tests.support.delivery import Parcel, Row, number
from tests.support.formats import sheet, workbook
from tests.support.lokal import Aktualiseringar, Bbic

FORMATS = ("csv", "xlsx", "xml")
AGREED, UNAGREED = "0114", "0120"
TABLE = {"bu": "bu_barn", "aktualisering": "aktualisering", "bbic": "bbic_barn"}
Changed = Callable[[bytes, str, str], bytes]


def planted(place: int) -> str:
    """The number of one way to fall; every fifth is a samordningsnummer."""
    return number(place, born="2010-03-07", sex="1", coordination=place % 5 == 0)


def _row(kalla: str, digits: str, **cells: str) -> Row:
    kind = {"personnummer": digits, "id_typ": "samordning" if int(digits[6]) > 3 else "pnr"}
    made = {"bu": barn, "aktualisering": lokal.aktualisering, "bbic": lokal.barn}[kalla]()
    return {**made, **kind, **cells}


def sound(kalla: str, digits: str, form: str, *further: Row, **fields: Any) -> Parcel:
    """A year in order but for further rows and what `fields` say, with the number where it belongs."""
    name = "aktualisering" if kalla == "aktualisering" else "barn"
    kind: Any = {"bu": Ar, "aktualisering": Aktualiseringar, "bbic": Bbic}[kalla]
    rows = {name: [_row(kalla, digits), *further]}
    made: Parcel = kind(**{"format": form, **rows, **fields})
    return made


def _besides(**cells: str) -> Callable[[str, str, str], Parcel]:
    """One more row, of another child: its cells, where {} is the number."""

    def make(kalla: str, digits: str, form: str) -> Parcel:
        other = {"barn_id": "B9", "aktualisering_id": "A9"} if kalla == "aktualisering" else {"barn_id": "B9"}
        filled = {name: text.format(digits) for name, text in cells.items()}
        return sound(kalla, digits, form, _row(kalla, digits, **{**other, **filled}))

    return make


def _of_bytes(changed: Changed) -> Callable[[str, str, str], Parcel]:
    """The table with the numbers as other bytes."""

    def make(kalla: str, digits: str, form: str) -> Parcel:
        whole, table = sound(kalla, digits, form), TABLE[kalla]
        entry = {table: {"antal_rader": 1}}
        return whole.but(content={table: changed(whole.bytes_of(table), digits, table)}, entry=entry)

    return make


def _hostile_xml(_: bytes, digits: str, table: str) -> bytes:
    """A number in an entity that would unfold without end."""
    return f'<!DOCTYPE b [<!ENTITY a "{digits}"><!ENTITY c "&a;&a;">]><{table}>&c;</{table}>'.encode()


def _far_cell(_: bytes, digits: str, table: str) -> bytes:
    cell = f'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>{digits}</t></is></c></row>'
    return workbook({table: sheet([["period"], [digits]]).replace("</sheetData>", f"{cell}</sheetData>")})


def _formula(_: bytes, digits: str, table: str) -> bytes:
    return workbook({table: sheet([["period"], [digits]], cells=f'<c r="B2"><f>"{digits}"</f><v>1</v></c>')})


def _unknown_column(kalla: str, digits: str, form: str) -> Parcel:
    """Named by nobody, and filled with words and the child's number."""
    table = TABLE[kalla]
    whole = sound(kalla, digits, form)
    row = {**_row(kalla, digits), "anteckning": f"ring {digits[2:8]}-{digits[8:]}"}
    name = "aktualisering" if kalla == "aktualisering" else "barn"
    return whole.but(**{name: [row], "order": {table: f"{whole.columns[table]} anteckning"}})


Make = Callable[[str, str, str], Parcel]
EVERY: dict[str, tuple[Make, str | None]] = {
    "nothing": (sound, None),
    "a row whose number has a wrong code beside it": (_besides(kon_kod="9", id_typ="?"), None),
    "a child under protection": (_besides(skyddad="1"), None),
    "a number as the name of the child": (_besides(barn_id="{}"), "GEN-08"),
    "a number as the municipality": (_besides(kommun_kod="{}"), "GEN-08"),
    "a row of another municipality": (_besides(kommun_kod="0117"), "GEN-02"),
    "a row of another year": (_besides(period="2018"), "GEN-03"),
    "half a file": (_of_bytes(lambda whole, d, t: whole[: len(whole) // 2] + d.encode() + b"\xff"), "GEN-01"),
    "a manifest that names another": (lambda k, d, f: sound(k, d, f, manifest={"system": d}), "GEN-01"),
}
OF_FORMAT: dict[str, tuple[str, Make, str | None]] = {
    "a column that is not known": ("csv", _unknown_column, "GEN-08"),
    "a heading that is not known": ("xlsx", _unknown_column, "GEN-08"),
    "an element that is not known": ("xml", _unknown_column, "GEN-08"),
    "an entity": ("xml", _of_bytes(_hostile_xml), "GEN-01"),
    "an element that is no element": (
        "xml",
        _of_bytes(lambda _, d, t: f"<{t}><rad a='{d}'/></{t}>".encode()),
        "GEN-01",
    ),
    "a cell far away": ("xlsx", _of_bytes(_far_cell), "GEN-01"),
    "a formula": ("xlsx", _of_bytes(_formula), "GEN-01"),
}


def _ways() -> dict[str, tuple[str, str, Make, str | None, str]]:
    """Name → (source, format, how it is made, the rule, sender)."""
    found = {}
    for kalla in TABLE:
        for form in FORMATS:
            own = {name: way for name, (f, *way) in OF_FORMAT.items() if f == form}
            for name, (make, rule) in {**EVERY, **own}.items():
                found[f"{kalla} {form}: {name}"] = (kalla, form, make, rule, AGREED)
            if kalla != "bu":
                found[f"{kalla} {form}: no agreement"] = (kalla, form, sound, "GEN-26", UNAGREED)
    return found


def stopped() -> dict[str, tuple[Parcel, str | None, str]]:
    """Name → (delivery, the rule that stops it, its number); each a version of its own of its sender's year."""
    made = {}
    for place, (name, (kalla, form, make, rule, kommun)) in enumerate(_ways().items()):
        digits = planted(place)
        made[name] = (make(kalla, digits, form).but(kommun=kommun, version=place + 1), rule, digits)
    return made
