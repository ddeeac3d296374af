"""Encodings, signs that cannot be seen, line ends and quotes.

Belongs here: cases in which the text is right and its bytes are not, or the other way about. Does not belong here: how
a case is asked.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

from tests.support.daliga.bas import (
    FILES,
    MARKER,
    A,
    Aside,
    Case,
    Delivery,
    End,
    H,
    P,
    Same,
    Stopped,
    aside,
    case,
    cell,
    every,
    gone,
    home,
    line,
    raw,
    text,
)
from tests.support.delivery import quoted
from tests.support.vendor import ALFA

ACTUAL: dict[str, Callable[[str], bytes]] = {
    "utf-8": str.encode,
    "utf-8-sig": lambda t: t.encode("utf-8-sig"),
    "cp1252": lambda t: t.encode("cp1252"),
    "utf-16": lambda t: t.encode("utf-16"),
    "utf-16-le": lambda t: t.encode("utf-16-le"),
    "utf-16-be": lambda t: t.encode("utf-16-be"),
    "utf-32": lambda t: t.encode("utf-32"),
    "utf-8 read as latin-1": lambda t: t.encode().decode("latin-1").encode(),
    "utf-8 read as cp1252": lambda t: t.encode().decode("cp1252").encode(),
    "utf-8 read as cp1252, written as cp1252": lambda t: t.encode(),
}
RIGHT = {("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("cp1252", "cp1252")}


def declared_and_actual(declared: str, actual: str) -> End:
    """What becomes of one of the two where the other was meant; row 2 has the first å."""
    if (declared, actual) in RIGHT:
        return Same()
    if declared == "utf-8" and actual.startswith("utf-8") and actual.endswith("written as cp1252"):
        return Same()
    if declared == "utf-8-sig" and actual.endswith("written as cp1252"):
        return Same()
    if (declared, actual) == ("utf-8", "utf-8-sig"):
        return Stopped("GEN-04", (H,))
    return Stopped("GEN-01", (H,) if actual.startswith(("utf-16", "utf-32")) else (H, "2"))


MATRIX = [
    case(
        f"declared {declared}, written {actual}",
        raw(H, lambda content, write=write: write(content.decode()), teckenkodning=declared),
        declared_and_actual(declared, actual),
    )
    for declared in ("utf-8", "utf-8-sig", "cp1252")
    for actual, write in ACTUAL.items()
]


def ascii_only(delivery: Delivery) -> Delivery:
    for i, dataset in [(i, d) for d in FILES for i in range(len(delivery.rows(d)))]:
        name = delivery.rows(dataset)[i]["hushall_id"].replace("Å", "A")
        delivery = cell(dataset, i + 2, "hushall_id", name)(delivery)
    return delivery


def spoiled(by: bytes) -> Callable[[Delivery], Delivery]:
    """The second household's å as other bytes."""
    return raw(H, lambda c: c.replace("Å2".encode(), by + b"2", 1))


BROKEN_BYTES = [
    *(
        case(f"only ASCII, declared {e}", lambda d, e=e: every(str, teckenkodning=e)(ascii_only(d)), Same(ascii_only))
        for e in ("utf-8", "utf-8-sig", "cp1252")
    ),
    case(
        "files of one package in two encodings, each declared",
        raw(P, lambda c: c.decode().encode("cp1252"), teckenkodning="cp1252"),
        Same(),
    ),
    case("cp1252 in the middle of UTF-8", spoiled("Å".encode("cp1252")), Stopped("GEN-01", (H, "3"))),
    case(
        "UTF-8 in the middle of cp1252",
        raw(
            H,
            lambda c: c.decode().encode("cp1252").replace("Å2".encode("cp1252"), "Å2".encode()),
            teckenkodning="cp1252",
        ),
        Stopped("GEN-01", (H, "3")),
    ),
    case("an overlong sequence", spoiled(b"\xc0\xaf"), Stopped("GEN-01", (H, "3"))),
    case("an overlong sequence of three", spoiled(b"\xe0\x80\xaf"), Stopped("GEN-01", (H, "3"))),
    case("a lone surrogate", spoiled(b"\xed\xa0\x80"), Stopped("GEN-01", (H, "3"))),
    case("a pair of surrogates, each encoded", spoiled(b"\xed\xa0\xbd\xed\xb8\x80"), Stopped("GEN-01", (H, "3"))),
    case("beyond Unicode", spoiled(b"\xf4\x90\x80\x80"), Stopped("GEN-01", (H, "3"))),
    case(
        "half a character at the end of the file",
        raw(H, lambda c: c.rstrip(b"\n") + b"\xc3"),
        Stopped("GEN-01", (H, "5")),
    ),
    case(
        "a byte that is nothing, in a file of CR alone",
        raw(H, lambda c: c.replace("Å2".encode(), b"\xff2").replace(b"\n", b"\r")),
        Stopped("GEN-01", (H, "3")),
    ),
    case(
        "a byte that cp1252 does not have",
        raw(H, lambda c: c.decode().encode("cp1252").replace(b"\xc52", b"\x812"), teckenkodning="cp1252"),
        Stopped("GEN-01", (H, "3")),
    ),
    case("NUL in a cell", spoiled(b"\0"), Stopped("GEN-01", (H,))),
    case("NULs at the end", raw(H, lambda c: c + b"\0" * 512), Stopped("GEN-01", (H,))),
    case(
        "a sign already lost before it was sent",
        home(f"{MARKER}\ufffd1"),
        Aside(
            frozenset({(H, 2, "hushall_id", "GEN-25"), (P, 2, "hushall_id", "GEN-25"), (P, 2, "hushall_id", "EB-14")})
        ),
    ),
    case("a mark of byte order in the middle", text(H, line(3, lambda t: f"\ufeff{t}")), Stopped("GEN-02", (H, "3"))),
    case("EBCDIC", raw(H, lambda c: c.decode().encode("cp1140"), rows=4), Stopped("GEN-01", (H,))),
    case(
        "a system's own file in UTF-8, declared cp1252",
        lambda d: every(str, teckenkodning="cp1252")(_utf8(ALFA.send(d))),
        Stopped("GEN-01", (H, "1")),
    ),
    case(
        "a header in decomposed letters",
        lambda d: every(lambda t: unicodedata.normalize("NFD", t), teckenkodning="utf-8")(_utf8(ALFA.send(d))),
        Stopped("GEN-04", (H,)),
    ),
]


def _utf8(delivery: Delivery) -> Delivery:
    content = {name: c.decode(delivery.encoding).encode() for name, c in delivery.content.items()}
    return delivery.but(content=content, encoding="utf-8")


UNSEEN = {
    "a no-break space": "\u00a0",
    "a narrow no-break space": "\u202f",
    "a thin space": "\u2009",
    "an ideographic space": "\u3000",
    "a zero-width space": "\u200b",
    "a zero-width joiner": "\u200d",
    "a byte order mark": "\ufeff",
    "a left-to-right mark": "\u200e",
    "a right-to-left override": "\u202e",
    "a soft hyphen": "\u00ad",
    "a combining ring": "\u030a",
    "a variation selector": "\ufe0f",
    "a private sign": "\ue000",
    "a line separator": "\u2028",
    "a paragraph separator": "\u2029",
    "a next-line": "\u0085",
    "a vertical tab": "\v",
    "a form feed": "\f",
    "a tab": "\t",
    "a start of heading": "\x01",
    "a unit separator": "\x1f",
    "an escape": "\x1b",
    "a delete": "\x7f",
}
ONE_HOME = frozenset({(H, 2, "hushall_id", "GEN-25"), (P, 2, "hushall_id", "GEN-25"), (P, 2, "hushall_id", "EB-14")})
SIGNS = [
    *(case(f"{name} in an identifier", home(f"{MARKER}Å{s}1"), Aside(ONE_HOME)) for name, s in UNSEEN.items()),
    case("a space before an identifier", home(f" {MARKER}Å1"), Aside(ONE_HOME)),
    case("a space after an identifier", home(f"{MARKER}Å1 "), Aside(ONE_HOME)),
    case("a space inside an identifier", home(f"{MARKER} Å1"), Same(home(f"{MARKER} Å1"))),
    case(
        "decomposed letters in every file",
        every(lambda t: unicodedata.normalize("NFD", t)),
        Aside(
            frozenset(
                {(H, i, "hushall_id", "GEN-25") for i in range(2, 6)}
                | {(P, i, "hushall_id", r) for i in range(2, 8) for r in ("GEN-25", "EB-14")}
                | {(A, i, "hushall_id", "GEN-25") for i in (2, 3)}
            )
        ),
    ),
    case(
        "a no-break space in a reservnummer",
        cell(P, 6, "personnummer", "RKANARIE\u00a07"),
        aside((P, 6, "personnummer", "GEN-25")),
    ),
    case(
        "a zero-width space in a personnummer",
        cell(P, 2, "personnummer", "\u200b198001019802"),
        aside((P, 2, "personnummer", "GEN-10")),
    ),
    case(
        "a no-break space after a code",
        cell(P, 2, "roll_kod", "sokande\u00a0"),
        Aside(
            frozenset({(P, 2, "roll_kod", "GEN-14"), (H, 2, "hushallstyp_kod", "EB-03"), (P, 2, "hushall_id", "EB-14")})
        ),
    ),
    case(
        "a narrow no-break space in a header",
        text(H, lambda t: t.replace("belopp_kr", "belopp\u202fkr", 1)),
        Stopped("GEN-04", (H, "belopp_kr")),
    ),
    case(
        "a right-to-left mark before the municipality",
        cell(H, 3, "kommun_kod", "\u200f0114"),
        Stopped("GEN-02", (H, "3")),
    ),
    case("full-width digits for the municipality", cell(H, 3, "kommun_kod", "０１１４"), Stopped("GEN-02", (H, "3"))),
]
ENDS = [
    case("CRLF", every(lambda t: t.replace("\n", "\r\n")), Same()),
    case("CR alone", every(lambda t: t.replace("\n", "\r")), Same()),
    case("mixed line ends", every(lambda t: t.replace("\n", "\r\n", 2).replace("\n", "\r", 0)), Same()),
    case(
        "CR, LF and CRLF in one file",
        text(
            H, lambda t: "".join(p + e for p, e in zip(t.split("\n"), ("\r", "\n", "\r\n", "\r", "\n"), strict=False))
        ),
        Same(),
    ),
    case("no line end at the end", every(lambda t: t.rstrip("\n")), Same()),
    case("blank lines at the end", every(lambda t: f"{t}\n\n\n"), Same()),
    case("blank lines of CRLF at the end", every(lambda t: f"{t}\n\n\n".replace("\n", "\r\n")), Same()),
    case(
        "a blank line in the middle",
        text(H, line(3, lambda t: f"\n{t}"), rows=5),
        aside((H, 3, None, "GEN-25"), eb_hushall=1),
    ),
    case(
        "a blank line in the middle that is not counted",
        text(H, line(3, lambda t: f"\n{t}"), rows=4),
        Stopped("GEN-01", (H, "5 rader", "4"), {H: 1}),
    ),
    case(
        "a line of one space at the end",
        text(H, lambda t: f"{t} \n", rows=5),
        aside((H, 6, None, "GEN-25"), eb_hushall=1),
    ),
    case(
        "a line of separators at the end",
        text(H, lambda t: f"{t};;;;;;;\n", rows=5),
        Stopped("GEN-02", (H, "6"), {H: 1}),
    ),
    case("an end-of-file sign", text(H, lambda t: f"{t}\x1a", rows=5), aside((H, 6, None, "GEN-25"), eb_hushall=1)),
    case(
        "LFCR",
        text(H, lambda t: t.replace("\n", "\n\r"), rows=8),
        aside(*((H, i, None, "GEN-25") for i in (2, 4, 6, 8)), eb_hushall=4),
    ),
    *(
        case(f"{name} for every line end", text(H, lambda t, s=s: t.replace("\n", s)), Stopped("GEN-04", (H,), {H: -4}))
        for name, s in (("U+2028", "\u2028"), ("U+0085", "\u0085"), ("a vertical tab", "\v"), ("a form feed", "\f"))
    ),
]


def in_quotes(value: str) -> Callable[[Delivery], Delivery]:
    """The woman's household written in quotes with something inside, in both files."""

    def change(delivery: Delivery) -> Delivery:
        for dataset, rows in ((H, 4), (P, 6)):
            delivery = text(dataset, line(2, lambda t: t.replace(f"{MARKER}Å1", f'"{value}"')), rows=rows)(delivery)
        return delivery

    return change


QUOTES = [
    case("every cell in quotes", every(quoted), Same()),
    case("every cell in quotes, CRLF", every(lambda t: quoted(t).replace("\n", "\r\n")), Same()),
    case("every cell in quotes, CR", every(lambda t: quoted(t).replace("\n", "\r")), Same()),
    case("every cell in quotes, no line end at the end", every(lambda t: quoted(t).rstrip("\n")), Same()),
    case("some cells in quotes", in_quotes(f"{MARKER}Å1"), Same()),
    case("empty cells as two quotes", every(lambda t: t.replace(";;", ';"";')), Same()),
    case("a header in quotes only", text(H, line(1, lambda t: quoted(t).rstrip())), Same()),
    case("a separator in quotes", in_quotes(f"{MARKER};Å1"), Aside(ONE_HOME)),
    case("a line end in quotes", in_quotes(f"{MARKER}\nÅ1"), Aside(ONE_HOME)),
    case("CRLF in quotes", in_quotes(f"{MARKER}\r\nÅ1"), Aside(ONE_HOME)),
    case("doubled quotes in quotes", in_quotes(f'{MARKER}""Å1'), Aside(ONE_HOME)),
    case("a quote inside a bare cell", home(f'{MARKER}"Å1'), Aside(ONE_HOME)),
    case(
        "a quote that never closes",
        text(H, line(3, lambda t: t.replace(MARKER, f'"{MARKER}'))),
        Stopped("GEN-01", (H,)),
    ),
    case(
        "text after a closing quote",
        text(H, line(3, lambda t: t.replace(f"{MARKER}Å2", f'"{MARKER}"Å2'))),
        Stopped("GEN-01", (H,)),
    ),
    case("a quote at the very end", text(H, lambda t: t.rstrip("\n") + ';"'), Stopped("GEN-01", (H,))),
    case(
        "backslashes before quotes",
        text(H, line(3, lambda t: t.replace(f"{MARKER}Å2", f'"{MARKER}\\"Å2"'))),
        Stopped("GEN-01", (H,)),
    ),
    case("single quotes around a code", cell(H, 2, "hushallstyp_kod", "'5'"), gone(2, "hushallstyp_kod", "EB-01")),
    case("typographic quotes around a code", cell(H, 2, "hushallstyp_kod", "”5”"), gone(2, "hushallstyp_kod", "EB-01")),
    case(
        "a blank line in a quoted file",
        text(H, lambda t: line(3, lambda x: f"\n{x}")(quoted(t)), rows=5),
        aside((H, 3, None, "GEN-25"), eb_hushall=1),
    ),
]
CASES: list[Case] = [*MATRIX, *BROKEN_BYTES, *SIGNS, *ENDS, *QUOTES]
