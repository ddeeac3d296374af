"""What a case of bad input is: a clean delivery, what is done to it, and how it must end.

Belongs here: the clean delivery, the four ends, and the small steps that cases are made of. Does not belong here: the
cases (the modules beside), the asking (tests/faults/test_bad_input.py), and any use of the product's code.

Every identifier in the clean delivery is a marker that can be recognised wherever it would turn up.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.delivery import Delivery, avslut, barn, hushall, number, person, reserv, zipped

MARKER = "KANARIE"
NUMBERS = (number(1), number(2), number(3, sex="1"), number(1, born="2012-01-01"), number(4, coordination=True))
RESERV = "RKANARIE7"
FILES = ("eb_hushall", "eb_person", "eb_avslut")
H, P, A = FILES
Found = tuple[str, int, str | None, str]


def clean(kommun: str = "0114") -> Delivery:
    """Four households with a child, a reservnummer and a coordination number, and two closings; nothing is wrong."""
    homes = [f"{MARKER}Å{i}" for i in range(1, 5)]
    return Delivery(
        hushall=[
            hushall(homes[0], "5"),
            hushall(homes[1], "8", 1, belopp_kr="12000"),
            hushall(homes[2], "9", belopp_kr="7000,5"),
            hushall(homes[3], "3", utrikes_fodd_kod="1"),
        ],
        person=[
            person(homes[0], personnummer=NUMBERS[0]),
            person(homes[1], personnummer=NUMBERS[1]),
            person(homes[1], personnummer=NUMBERS[2], roll_kod="medsokande"),
            barn(homes[1], personnummer=NUMBERS[3]),
            reserv(homes[2], RESERV),
            person(homes[3], personnummer=NUMBERS[4], id_typ="samordning"),
        ],
        avslut=[avslut(f"{MARKER}Å8"), avslut(f"{MARKER}Å9", avslutsorsak_kod="AO2")],
        kommun=kommun,
    )


@dataclass(frozen=True)
class Same:
    """Landed rows, counts and findings are those of the clean delivery, or of `twin` of it."""

    twin: Callable[[Delivery], Delivery] = lambda d: d


@dataclass(frozen=True)
class Stopped:
    """The package is stopped by the rule, and one sentence of the receipt says all of `says`.

    `lines`: data lines beyond the clean ones; `unopened`: no rows can be known.
    """

    rule: str
    says: tuple[str, ...] = ()
    lines: dict[str, int] = field(default_factory=dict)
    unopened: bool = False


@dataclass(frozen=True)
class Aside:
    """Exactly these findings; rows with a rule that sets aside are in quarantine and all others are loaded."""

    found: frozenset[Found]
    lines: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Left:
    """It is no package: it stays where it lies, and is listed as something else."""


End = Same | Stopped | Aside | Left
Put = Callable[[Delivery, Path], None]


@dataclass(frozen=True)
class Case:
    """One kind of bad input: `put` places what a clean delivery becomes in an inbox. `marks`: values planted beside."""

    name: str
    put: Put
    end: End
    marks: tuple[str, ...] = ()


# -- ends ----------------------------------------------------------------------------------------------------------


def aside(*found: Found, **lines: int) -> Aside:
    return Aside(frozenset(found), lines)


def gone(row: int, column: str, rule: str) -> Aside:
    """One cell of a household row; its persons fall with it. Rows: 2 a woman, 3 a family, 4 reserv, 5 samordning."""
    persons = {2: (2,), 3: (3, 4, 5), 4: (6,), 5: (7,)}[row]
    return aside((H, row, column, rule), *((P, p, "hushall_id", "EB-14") for p in persons))


# -- steps ---------------------------------------------------------------------------------------------------------


def case(name: str, how: Callable[[Delivery], Delivery], end: End, *marks: str) -> Case:
    """A delivery that is another delivery."""
    return Case(name, lambda d, inbox: _put(how(d), inbox), end, marks)


def wrapped(name: str, how: Callable[[Delivery], bytes], end: End, *marks: str) -> Case:
    """A delivery whose zip is other bytes."""
    return Case(name, lambda d, inbox: _put(d, inbox, how(d)), end, marks)


def unpacked(name: str, how: Callable[[Delivery], Delivery], end: End) -> Case:
    """A delivery that is another delivery, as a folder: packed, what is so much alike would be refused for that."""
    return Case(name, lambda d, inbox: _put_folder(how(d), inbox), end)


def _put_folder(delivery: Delivery, inbox: Path) -> None:
    delivery.put(inbox, folder=True)


def folder(name: str, how: Callable[[Path], object], end: End, *marks: str) -> Case:
    """A folder delivery in which something is done."""

    def put(delivery: Delivery, inbox: Path) -> None:
        path = delivery.put(inbox, folder=True)
        how(path)
        for written in (*path.glob("*"), path):
            os.utime(written, (delivery.received.timestamp(),) * 2, follow_symlinks=False)

    return Case(name, put, end, marks)


def _put(delivery: Delivery, inbox: Path, content: bytes | None = None) -> None:
    delivery.put(inbox, wrapped=content)


def text(
    dataset: str, how: Callable[[str], str], rows: int | None = None, encoding: str | None = None, **entry: Any
) -> Callable[[Delivery], Delivery]:
    """A dataset's file rewritten as text; `rows` and `entry` are what the manifest then says of it."""

    def rewrite(text: str) -> bytes:
        return how(text).encode(encoding or "utf-8")

    return raw(dataset, lambda content: rewrite(content.decode()), rows, **entry)


def raw(
    dataset: str, how: Callable[[bytes], bytes], rows: int | None = None, **entry: Any
) -> Callable[[Delivery], Delivery]:
    """A dataset's file rewritten as bytes; without `rows` the manifest declares the clean number."""

    def change(delivery: Delivery) -> Delivery:
        declared = len(delivery.rows(dataset)) if rows is None else rows
        said = {**delivery.entry, dataset: {"antal_rader": declared, **entry}}
        return delivery.but(
            content={**delivery.content, dataset: how(delivery.bytes_of(dataset))},
            entry=said,
            nolleverans=[d for d in FILES if not delivery.rows(d)],
        )

    return change


def every(how: Callable[[str], str], encoding: str = "utf-8", **entry: Any) -> Callable[[Delivery], Delivery]:
    """All three files rewritten."""

    def change(delivery: Delivery) -> Delivery:
        for dataset in FILES:
            delivery = text(dataset, how, None, encoding, **entry)(delivery)
        return delivery

    return change


def cell(dataset: str, row: int, column: str, value: str) -> Callable[[Delivery], Delivery]:
    """One cell; the header is row 1."""

    def change(delivery: Delivery) -> Delivery:
        name = dataset.removeprefix("eb_")
        rows = [dict(r) for r in getattr(delivery, name)]
        rows[row - 2][column] = value
        return delivery.but(**{name: rows})

    return change


def home(value: str) -> Callable[[Delivery], Delivery]:
    """Another hushall_id for the woman alone, on her household's row and her own."""
    return lambda d: cell(P, 2, "hushall_id", value)(cell(H, 2, "hushall_id", value)(d))


def line(number: int, how: Callable[[str], str]) -> Callable[[str], str]:
    """One line of a text rewritten; the header is line 1."""

    def change(text: str) -> str:
        lines = text.split("\n")
        lines[number - 1] = how(lines[number - 1])
        return "\n".join(lines)

    return change


def written_manifest(name: str, content: Callable[[str], bytes], end: End) -> Case:
    """A folder delivery whose manifest is other bytes."""

    def write(path: Path) -> None:
        place = path / "manifest.json"
        place.write_bytes(content(place.read_text()))

    return folder(name, write, end)


def manifest(how: Callable[[dict[str, Any]], Any]) -> Callable[[Delivery], bytes]:
    """The zip with another manifest: what `how` gives, or the object it was given when it gives nothing."""

    def change(delivery: Delivery) -> bytes:
        members = delivery.members()
        said = json.loads(members["manifest.json"])
        out = how(said)
        members["manifest.json"] = out if isinstance(out, bytes) else json.dumps(said if out is None else out).encode()
        return zipped(members)

    return change


def members(how: Callable[[dict[str, bytes]], object]) -> Callable[[Delivery], bytes]:
    """The zip with other members."""

    def change(delivery: Delivery) -> bytes:
        found = delivery.members()
        how(found)
        return zipped(found)

    return change
