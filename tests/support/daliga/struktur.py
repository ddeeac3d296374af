"""Columns, lines and files that are not where they should be, and packages beside each other.

Belongs here: cases in which the cells are right and the form is not. Does not belong here: how a case is asked.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.support.daliga.bas import (
    MARKER,
    A,
    Case,
    Delivery,
    H,
    P,
    Same,
    Stopped,
    aside,
    case,
    cell,
    line,
    raw,
    text,
    unpacked,
)
from tests.support.delivery import COLUMNS, avslut

Step = Callable[[Delivery], Delivery]
REVERSED = {name: " ".join(reversed(columns.split())) for name, columns in COLUMNS.items()}
HEAD = COLUMNS[H].replace(" ", ";")


def headed(name: str, new: str, says: str = "") -> Case:
    """A household file under another header line."""
    return case(name, text(H, line(1, lambda _: new)), Stopped("GEN-04", (H, says) if says else (H,)))


def long_header(name: str, new: str) -> Case:
    return unpacked(name, text(H, line(1, lambda _: new)), Stopped("GEN-04", (H,)))


def without(column: str) -> Step:
    """A column taken out of every line."""
    place = COLUMNS[H].split().index(column)

    def change(content: str) -> str:
        rows = [r.split(";") for r in content.rstrip("\n").split("\n")]
        return "".join(";".join(c for i, c in enumerate(r) if i != place) + "\n" for r in rows)

    return text(H, change)


COLUMNS_CASES = [
    case("columns in another order", lambda d: d.but(order=REVERSED), Same()),
    case(
        "two columns exchanged, header and cells",
        lambda d: d.but(order={H: COLUMNS[H].replace("hushallstyp_kod antal_barn", "antal_barn hushallstyp_kod")}),
        Same(),
    ),
    headed("a renamed column", HEAD.replace("belopp_kr", "belopp"), "belopp_kr"),
    headed("a column in capitals", HEAD.replace("belopp_kr", "BELOPP_KR"), "belopp_kr"),
    headed("a space in the header", HEAD.replace(";belopp_kr", "; belopp_kr"), "belopp_kr"),
    headed("a space after the header", f"{HEAD} ", "belopp_kr"),
    headed("a header cell that is empty", HEAD.replace("antal_barn", ""), "antal_barn"),
    case("a missing column", without("belopp_kr"), Stopped("GEN-04", (H, "belopp_kr"))),
    case("a missing key column", without("hushall_id"), Stopped("GEN-04", (H, "hushall_id"))),
    case("an extra column", text(H, lambda t: t.replace("\n", ";x\n")), Stopped("GEN-04", (H, "plats 9"))),
    case(
        "a duplicated column",
        text(H, lambda t: "".join(f"{r};{r.split(';')[-1]}\n" for r in t.splitlines())),
        Stopped("GEN-04", (H, "plats 9")),
    ),
    case(
        "a column of row numbers first",
        text(H, lambda t: "".join(f"{i or ''};{r}\n" for i, r in enumerate(t.splitlines()))),
        Stopped("GEN-04", (H, "plats 1")),
    ),
    case(
        "a separator at the end of every line",
        text(H, lambda t: t.replace("\n", ";\n")),
        Stopped("GEN-04", (H, "plats 9")),
    ),
    case("another table's file", lambda d: raw(H, lambda _: d.bytes_of(A), 2)(d), Stopped("GEN-04", (H,), {H: -2})),
    case("no header", text(H, lambda t: t.partition("\n")[2], rows=3), Stopped("GEN-04", (H,), {H: -1})),
    case("the header twice", text(H, lambda t: f"{HEAD}\n{t}", rows=5), Stopped("GEN-02", (H, "2"), {H: 1})),
    case(
        "the header again in the middle",
        text(H, line(4, lambda t: f"{HEAD}\n{t}"), rows=5),
        Stopped("GEN-02", (H, "4"), {H: 1}),
    ),
    case(
        "a header of two lines",
        text(H, lambda t: f"Ekonomiskt bistånd;;;;;;;\n{t}", rows=5),
        Stopped("GEN-04", (H,), {H: 1}),
    ),
    case("a line that names the separator", text(H, lambda t: f"sep=;\n{t}", rows=5), Stopped("GEN-04", (H,), {H: 1})),
    case("a comment before the header", text(H, lambda t: f"# utdrag\n{t}", rows=5), Stopped("GEN-04", (H,), {H: 1})),
    case(
        "a header alone, and no word of it",
        text(A, lambda t: t.partition("\n")[0] + "\n", rows=0),
        Same(lambda d: d.but(avslut=[], nolleverans=[])),
    ),
    case("a file without a byte", raw(A, lambda _: b"", rows=0), Stopped("GEN-04", (A,), {A: -2})),
    case("a file of line ends", raw(A, lambda _: b"\n\n\n", rows=0), Stopped("GEN-04", (A,), {A: -2})),
    *(
        case(
            f"{name} for separator",
            text(H, lambda t, s=s: t.replace(",", ".").replace(";", s)),
            Stopped("GEN-04", (H,)),
        )
        for name, s in (("a comma", ","), ("a tab", "\t"), ("a bar", "|"), ("a colon", ":"))
    ),
    long_header("a hundred thousand columns", HEAD + ";x" * 100_000),
    long_header("one column name a hundred thousand times", ";".join(["period"] * 100_000)),
    headed("forty unknown columns", HEAD + "".join(f";x{i}" for i in range(40)), "och 30 till"),
    headed("SQL for a column name", HEAD.replace("belopp_kr", "belopp_kr); drop table paket; --")),
    headed("a personnummer for a column name", HEAD + ";198001019802"),
]
SHORT = f"0114;;2019-03;{MARKER}Å7;9;0;0"


def inserted(row: int, new: str, dataset: str = H) -> Step:
    return text(dataset, line(row, lambda t: f"{new}\n{t}"), rows=5)


LINES = [
    case("a line a cell short", inserted(3, SHORT), aside((H, 3, None, "GEN-25"), eb_hushall=1)),
    case("a line a cell long", inserted(4, f"{SHORT};1;2"), aside((H, 4, None, "GEN-25"), eb_hushall=1)),
    case(
        "a separator at the end of one line",
        text(H, line(3, lambda t: f"{t};")),
        Same(),
    ),
    case(
        "an unquoted separator in a cell",
        text(H, line(5, lambda t: t.replace(MARKER, f"{MARKER};"))),
        aside((H, 5, None, "GEN-25"), (P, 7, "hushall_id", "EB-14")),
    ),
    case(
        "a line that is no line of a table", inserted(2, f"summa {MARKER}"), aside((H, 2, None, "GEN-25"), eb_hushall=1)
    ),
    case(
        "a total at the end",
        text(H, lambda t: f"{t}Summa;;;;;;;29000,50\n", rows=5),
        Stopped("GEN-02", (H, "6"), {H: 1}),
    ),
    unpacked(
        "a line of a hundred thousand cells that are empty",
        inserted(3, ";" * 100_000),
        Stopped("GEN-02", (H, "3"), {H: 1}),
    ),
    unpacked(
        "a line of a hundred thousand cells",
        inserted(3, "x;" * 100_000),
        aside((H, 3, None, "GEN-25"), eb_hushall=1),
    ),
    unpacked("a line of nine hundred cells", inserted(3, "x;" * 900), aside((H, 3, None, "GEN-25"), eb_hushall=1)),
    case(
        "a separator at the end of every line but the header",
        text(H, lambda t: t.replace("\n", ";\n").replace(";\n", "\n", 1)),
        Same(),
    ),
    case(
        "a line broken in two",
        text(H, line(3, lambda t: t.replace("Å2;", "Å2\n;")), rows=5),
        aside(
            (H, 3, None, "GEN-25"),
            (H, 4, None, "GEN-25"),
            *((P, i, "hushall_id", "EB-14") for i in (3, 4, 5)),
            eb_hushall=1,
        ),
    ),
    case(
        "two lines in one",
        text(H, lambda t: t.replace("5000,50\n", "5000,50", 1), rows=3),
        aside((H, 2, None, "GEN-25"), *((P, i, "hushall_id", "EB-14") for i in (2, 3, 4, 5)), eb_hushall=-1),
    ),
    case(
        "a file cut at a line",
        text(P, lambda t: "".join(f"{r}\n" for r in t.splitlines()[:5])),
        Stopped("GEN-01", (P, "4 rader", "6"), {P: -2}),
    ),
    case(
        "a file cut in a line",
        text(P, lambda t: t[:-20]),
        aside((P, 7, None, "GEN-25"), (H, 5, "hushallstyp_kod", "EB-03")),
    ),
    case("rows counted with the header", text(H, str, rows=5), Stopped("GEN-01", (H, "4 rader", "5"))),
    case(
        "a thousand and one lines that are no rows",
        text(H, lambda t: t + "x\n" * 1001, rows=1005),
        Stopped("GEN-01", (H, "1000"), {H: 1001}),
    ),
    case(
        "a thousand lines that are no rows",
        text(H, lambda t: t + "x\n" * 1000, rows=1004),
        aside(*((H, i, None, "GEN-25") for i in range(6, 1006)), eb_hushall=1000),
    ),
]


def twice(delivery: Delivery, inbox: Path) -> None:
    delivery.put(inbox)
    delivery.put(inbox, folder=True)


def other_content(delivery: Delivery, inbox: Path) -> None:
    """As a zip first; an hour later as a folder with one closing more."""
    delivery.put(inbox)
    more = delivery.but(avslut=[*delivery.avslut, avslut(f"{MARKER}Å7")], mottagen="2019-04-10T11:00:00")
    more.put(inbox, folder=True)


def other(kommun: str) -> str:
    return "0115" if kommun != "0115" else "0117"


PACKAGES = [
    Case("the same package twice, as zip and as folder", twice, Same()),
    Case("the same version with other content", other_content, Stopped("GEN-24", (), {A: 1})),
    case(
        "a whole file of another municipality",
        lambda d: raw(H, lambda c: c.replace(f"{d.kommun};".encode(), f"{other(d.kommun)};".encode()))(d),
        Stopped("GEN-02", (H, "4 rader", "2")),
    ),
    case(
        "one row of another municipality",
        lambda d: cell(H, 4, "kommun_kod", other(d.kommun))(d),
        Stopped("GEN-02", (H, "4")),
    ),
    case("leading zeros lost", cell(H, 3, "kommun_kod", "114"), Stopped("GEN-02", (H, "3"))),
    case("the municipality's name for its code", cell(H, 3, "kommun_kod", "Ale"), Stopped("GEN-02", (H, "3"))),
    case("a row of a stadsdel", cell(A, 3, "stadsdel_kod", "01"), Stopped("GEN-02", (A, "3"))),
    case("a row of the month before", cell(A, 3, "period", "2019-02"), Stopped("GEN-03", (A, "3"))),
    *(
        case(f"a month written {month}", cell(P, 4, "period", month), Stopped("GEN-03", (P, "4")))
        for month in ("201903", "2019-3", "mars 2019", "2019-03-01", "43525", "2019-13", "2019–03", "")
    ),
    case("a month that has not begun", lambda d: d.but(period="2019-05"), Stopped("GEN-03")),
    case(
        "a package that is empty by its own word",
        lambda d: d.but(hushall=[], person=[], avslut=[]),
        Same(lambda d: d.but(hushall=[], person=[], avslut=[])),
    ),
    case("rows in a file that is confirmed empty", lambda d: d.but(nolleverans=[A]), Stopped("GEN-01", ("tom",))),
]
CASES: list[Case] = [*COLUMNS_CASES, *LINES, *PACKAGES]
