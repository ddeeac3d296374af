"""Slips of the hand: forty and more kinds of fault in a single cell, made by seed in packages that are right.

Belongs here: a right package of a dozen households, the kinds, and why some of what they make cannot be seen. Does not
belong here: what a rule says of a fault (`facit_grind.py`), and any use of the product's code.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from tests.support.delivery import COLUMNS, DATASETS, Delivery, Row, avslut, barn, hushall, number, person, reserv
from tests.support.facit_grind import HINDERS, LISTS

H, P, A = DATASETS
MONTHS = ("2019-01", "2019-02", "2019-03", "2019-04", "2019-05")


def right(rng: random.Random, kommun: str, period: str) -> Delivery:
    """A package without fault: every household type, children, couples, numbers of every kind, closings."""
    used: set[str] = set()

    def digits(since: int, until: int, sex: str = "2", *, coordination: bool = False) -> str:
        while True:
            day = date(since, 1, 2) + timedelta(days=rng.randrange(365 * (until - since)))
            found = number(rng.randrange(10), born=day.isoformat(), sex=sex, coordination=coordination)
            if found not in used and found[:8] <= f"{until}1231":
                used.add(found)
                return found

    def grown(home: str, sex: str = "2", **cells: str) -> Row:
        """An adult; half of them with the fields that the number already says."""
        own = digits(1950, 1999, sex, coordination=cells.get("id_typ") == "samordning")
        told = {"fodelsear": own[:4], "kon_kod": sex} if rng.random() < 0.5 else {}
        known = {"forsorjningshinder_kod": rng.choice(sorted(HINDERS)), "fodd_utrikes": rng.choice("019")}
        return {**EMPTY, **person(home, personnummer=own, **known, **told, **cells)}

    def child(home: str) -> Row:
        return {**EMPTY, **barn(home, personnummer=digits(2003, 2018, rng.choice("12")))}

    def home(i: int, kind: str, children: int = 0) -> Row:
        kronor = f"{rng.randrange(1500, 16000)},{rng.randrange(100):02d}"
        return hushall(f"H{kommun}{i}", kind, children, belopp_kr=kronor, utrikes_fodd_kod=rng.choice("012"))

    h = [f"H{kommun}{i}" for i in range(12)]
    couples = [
        grown(h[2]),
        grown(h[2], "1", roll_kod="medsokande"),
        grown(h[3], "1"),
        grown(h[3], roll_kod="medsokande"),
    ]
    strange = {**EMPTY, **reserv(h[6], f"R{rng.randrange(10**6)}", fodelsear="1971", kon_kod=rng.choice("12"))}
    small = {
        **EMPTY,
        **barn(h[9], personnummer=f"T{rng.randrange(10**6)}", id_typ="reserv", fodelsear="2012", kon_kod="1"),
    }
    protected = rng.random() < 0.5
    year, month = map(int, period.split("-"))
    closed = [(date(year, month, 1) - timedelta(days=rng.randrange(1, 80))).isoformat() for _ in range(3)]
    return Delivery(
        hushall=[
            *(
                home(0, "5"),
                home(1, "3"),
                home(2, "7"),
                home(3, "8", 2),
                home(4, "6", 1),
                home(5, "4", 1),
                home(6, "9"),
            ),
            *(home(7, "5"), home(8, "1", 1), home(9, "6", 1), home(10, "5"), home(11, "9", 1)),
        ],
        person=[
            *(grown(h[0]), grown(h[1], "1"), *couples, child(h[3]), child(h[3]), grown(h[4]), child(h[4])),
            *(
                grown(h[5], "1"),
                child(h[5]),
                strange,
                grown(h[7], id_typ="samordning"),
                child(h[8]),
                grown(h[9]),
                small,
            ),
            *(grown(h[10], skyddad="1" if protected else "0"), grown(h[11]), child(h[11])),
        ],
        avslut=[
            avslut(h[0], avslut_datum=closed[0]),
            *(avslut(f"S{i}", avslut_datum=closed[i], avslutsorsak_kod=f"AO{rng.randrange(1, 10)}") for i in (1, 2)),
        ],
        kommun=kommun,
        period=period,
        mottagen=f"{year}-{month + 1:02d}-10T10:00:00",
        manifest={"skyddade_deklarerade": protected},
    )


EMPTY = {"fodelsear": "", "kon_kod": ""}


@dataclass(frozen=True)
class Slip:
    """One fault: where, of which kind, and the package it is in. `line` counts the header as 1."""

    kind: str
    dataset: str
    line: int
    column: str
    package: Delivery


Change = Callable[[random.Random, str, Row, list[Row], str], str | None]
"""(seed, cell, its row, the rows of its table, its column) → another cell, or None where it does not apply."""
CODED = tuple(LISTS)
NUMBERS, AMOUNT, DAY, HOME, YEAR = ("personnummer",), ("belopp_kr",), ("avslut_datum",), ("hushall_id",), ("fodelsear",)
KIND = ("hushallstyp_kod",)
ANALYSED = tuple(c for c in CODED if c not in ("id_typ", "roll_kod", "skyddad", "kon_kod"))
ALL = tuple(dict.fromkeys(c for columns in COLUMNS.values() for c in columns.split() if c != "stadsdel_kod"))
CELLS = tuple(c for c in ALL if c not in ("kommun_kod", "period"))


def other_sign(rng: random.Random, cell: str, *_: object) -> str | None:
    place = rng.randrange(len(cell)) if cell else 0
    return f"{cell[:place]}X{cell[place + 1 :]}" if cell else None


def other_digit(rng: random.Random, cell: str, *_: object) -> str | None:
    place = rng.randrange(len(cell)) if cell.isdigit() else -1
    return f"{cell[:place]}{(int(cell[place]) + rng.randrange(1, 10)) % 10}{cell[place + 1 :]}" if place >= 0 else None


def exchanged(rng: random.Random, cell: str, *_: object) -> str | None:
    places = [i for i in range(2, len(cell) - 1) if cell[i] != cell[i + 1]] if len(cell) == 12 else []
    i = rng.choice(places) if places else 0
    return cell[:i] + cell[i + 1] + cell[i] + cell[i + 2 :] if places else None


def shifted(days: int) -> Change:
    return lambda rng, cell, *_: (date.fromisoformat(cell) + timedelta(days=days)).isoformat()


def times(factor: int) -> Change:
    def change(rng: random.Random, cell: str, *_: object) -> str | None:
        ore = int(cell.replace(",", "")) * factor
        return f"{ore // 100},{ore % 100:02d}"

    return change


def plus(much: int) -> Change:
    return lambda rng, cell, *_: str(int(cell) + much) if cell.isdigit() and int(cell) + much >= 0 else None


def one_of(*codes: str) -> Change:
    return lambda rng, cell, *_: rng.choice([c for c in codes if c != cell])


def another_code(rng: random.Random, cell: str, row: Row, rows: list[Row], column: str) -> str | None:
    return rng.choice(sorted(LISTS[column] - {cell})) if cell in LISTS[column] else None


def neighbours(rng: random.Random, cell: str, row: Row, rows: list[Row], column: str) -> str | None:
    others = [r[column] for r in rows if r[column] not in ("", cell)]
    return rng.choice(others) if others and cell else None


def exactly(cells: dict[str, str]) -> Change:
    return lambda rng, cell, *_: cells.get(cell)


def swapped_case(rng: random.Random, cell: str, *_: object) -> str | None:
    return cell.swapcase() if cell.swapcase() != cell else None


def doubled(rng: random.Random, cell: str, *_: object) -> str | None:
    return cell * 2 or None


def shortened(rng: random.Random, cell: str, *_: object) -> str | None:
    return cell[:-1] if len(cell) > 1 else None


def written(how: Callable[[str], str]) -> Change:
    """The same value written in another way; what does not change is no fault."""
    return lambda rng, cell, *_: how(cell) if cell and how(cell) != cell else None


def of_numbers(how: Callable[[str], str]) -> Change:
    """The same for personnummer and coordination numbers only."""
    return lambda rng, cell, *_: how(cell) if len(cell) == 12 else None


PLAUSIBLE = {"3": "5", "5": "3", "4": "6", "6": "4"}
KINDS: dict[str, tuple[tuple[str, ...], Change]] = {
    "stavfel i kod": ((*CODED, *KIND), other_sign),
    "kod utbytt mot en annan giltig": (ANALYSED, another_code),
    "fel siffra": (NUMBERS, other_digit),
    "två siffror omkastade": (NUMBERS, exchanged),
    "fel århundrade": (NUMBERS, of_numbers(lambda c: ("20" if c[:2] == "19" else "19") + c[2:])),
    "utan århundrade": (NUMBERS, of_numbers(lambda c: c[2:])),
    "födelseår med två siffror": (YEAR, written(lambda c: c[2:])),
    "bindestreck i nummer": (NUMBERS, of_numbers(lambda c: f"{c[:8]}-{c[8:]}")),
    "tömd cell": (CELLS, written(lambda c: "")),
    "decimalpunkt": (AMOUNT, written(lambda c: c.replace(",", "."))),
    "tusentalsavgränsare": (AMOUNT, written(lambda c: f"{c[:-6]} {c[-6:]}")),
    "minustecken": ((*AMOUNT, "antal_barn"), written(lambda c: f"-{c}" if c != "0" else c)),
    "noll kronor": (AMOUNT, written(lambda c: "0")),
    "tio gånger beloppet": (AMOUNT, times(10)),
    "hundra gånger beloppet": (AMOUNT, times(100)),
    "beloppet något ändrat": (AMOUNT, written(lambda c: f"{int(c[:-3]) + 37}{c[-3:]}")),
    "tre decimaler": (AMOUNT, written(lambda c: f"{c}5")),
    "exponent": ((*AMOUNT, *NUMBERS), written(lambda c: f"{c[0]},{c[1:3]}E+{len(c) - 1:02d}")),
    "bokstaven O för noll": ((*AMOUNT, *NUMBERS, *DAY, "antal_barn"), written(lambda c: c.replace("0", "O", 1))),
    "decimaler i heltal": (("antal_barn", *YEAR), written(lambda c: f"{c},0")),
    "annat datumformat": (DAY, written(lambda c: f"{c[8:]}.{c[5:7]}.{c[:4]}")),
    "kalkylbladets dagnummer": (DAY, written(lambda c: str((date.fromisoformat(c) - date(1899, 12, 30)).days))),
    "omöjligt datum": (DAY, written(lambda c: f"{c[:5]}02-30")),
    "datum i framtiden": (DAY, shifted(365)),
    "datum ett år fel": (DAY, shifted(-365)),
    "datum en dag fel": (DAY, shifted(-1)),
    "hushåll felskrivet": (HOME, written(lambda c: f"{c[:-1]}{(int(c[-1]) + 5) % 10}9")),
    "roll utbytt": (("roll_kod",), another_code),
    "kön omkastat": (("kon_kod",), another_code),
    "id-typ utbytt": (("id_typ",), another_code),
    "födelseår ett fel": (YEAR, plus(1)),
    "ett barn mer": (("antal_barn",), plus(1)),
    "ett barn mindre": (("antal_barn",), plus(-1)),
    "hushållstyp inom det rimliga": (KIND, exactly(PLAUSIBLE)),
    "hushållstyp okänd": (KIND, exactly(dict.fromkeys("1345678", "9"))),
    "hushållstyp utbytt": (KIND, one_of("1", "3", "4", "5", "6", "7", "8")),
    "skydd påslaget": (("skyddad",), exactly({"0": "1"})),
    "skydd avslaget": (("skyddad",), exactly({"1": "0"})),
    "blanksteg före": (CELLS, written(lambda c: f" {c}")),
    "blanksteg efter": (CELLS, written(lambda c: f"{c} ")),
    "hårt blanksteg": (CELLS, written(lambda c: f"{c}\u00a0")),
    "osynligt tecken": (CELLS, written(lambda c: f"{c[:1]}\u200b{c[1:]}")),
    "apostrof före": (CELLS, written(lambda c: f"'{c}")),
    "avkortad cell": (CELLS, shortened),
    "dubblerad cell": (CELLS, doubled),
    "annat skiftläge": ((*CODED, *HOME), swapped_case),
    "grannradens värde": (CELLS, neighbours),
    "två celler i raden omkastade": (CELLS, lambda *_: None),
    "fel kommun": (("kommun_kod",), written(lambda c: c.lstrip("0") if c[0] == "0" else f"{c[:-1]}9")),
    "fel månad": (("period",), written(lambda c: f"{c[:-1]}9")),
}


def slip(rng: random.Random, kind: str, package: Delivery) -> Slip:
    """One cell of a package changed, by chance where the kind applies. Raises LookupError where it does not."""
    columns, change = KINDS[kind]
    cells = [
        (dataset, place, column)
        for dataset in DATASETS
        for column in COLUMNS[dataset].split()
        if column in columns
        for place in range(len(package.rows(dataset)))
    ]
    by_column = sorted({(dataset, column) for dataset, _, column in cells})
    for dataset, column in rng.sample(by_column, len(by_column)):
        rows = package.rows(dataset)
        for place in rng.sample(range(len(rows)), len(rows)):
            new = _changed(rng, kind, change, rows, place, dataset, column)
            if new is not None:
                rows[place] = {**rows[place], **new}
                return Slip(kind, dataset, place + 2, column, package.but(**{dataset.removeprefix("eb_"): rows}))
    raise LookupError(kind)


def _changed(
    rng: random.Random, kind: str, change: Change, rows: list[Row], place: int, dataset: str, column: str
) -> Row | None:
    row = rows[place]
    if kind == "två celler i raden omkastade":
        other = rng.choice([c for c in COLUMNS[dataset].split() if c in CELLS])
        return {column: row[other], other: row[column]} if row[other] != row[column] else None
    cell = change(rng, row[column], row, rows, column)
    return {column: cell} if cell is not None and cell != row[column] else None
