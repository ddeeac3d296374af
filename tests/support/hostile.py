"""Packages made to exhaust whoever opens them, and a process that measures what they cost.

Belongs here: building each in little time, and running a reception per case with its processor time and memory. Does
not belong here: what is too much (tests/faults/test_hostile.py). Run as a module with a JSON object {case: home}; it
imports the product once and forks for every case. Answers with {case: {cpu, memory, guard_memory}}: seconds of the
reception and its children together, and megabytes at their largest, imports included.
"""

from __future__ import annotations

import io
import json
import os
import resource
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path

from tests.support.daliga.bas import A, Case, End, Stopped, aside, unpacked, wrapped
from tests.support.daliga.bas import H as HUSHALL
from tests.support.daliga.bas import P as PERSON
from tests.support.delivery import COLUMNS, Delivery, number, zipped
from tests.support.formats import MAIN, workbook

ROOT = Path(__file__).parents[2]
MEGA = 1_000_000
GIGA = 1_000_000_000
CLOSED = Stopped("GEN-01", ("Paketet är för stort",), unopened=True)
NO_ZIP = Stopped("GEN-01", ("Paketet är inte en hel zip",), unopened=True)
HEAD = COLUMNS[HUSHALL].replace(" ", ";") + "\n"


# -- zips ----------------------------------------------------------------------------------------------------------


@cache
def packed_noughts(megabytes: int) -> bytes:
    """Deflate of so many megabytes of noughts, made in no time: one block over and over."""
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = squeeze.compress(bytes(MEGA)) + squeeze.flush(zlib.Z_FULL_FLUSH)
    return block * megabytes + squeeze.flush()


def entry(name: str, data: bytes, size: int, offset: int) -> tuple[bytes, bytes]:
    """A member's local part and its line in the directory, whatever they say; sizes in sixty-four bits."""
    raw, wide = name.encode(), struct.pack("<HHQQ", 1, 16, size, len(data))
    fixed = struct.pack("<HHHHHLLLHH", 45, 0, 8, 0, 33, 0, 0xFFFFFFFF, 0xFFFFFFFF, len(raw), len(wide))
    local = b"PK\x03\x04" + fixed + raw + wide + data
    line = b"PK\x01\x02" + struct.pack("<H", 45) + fixed + struct.pack("<HHHLL", 0, 0, 0, 0, offset) + raw + wide
    return local, line


def by_hand(*members: tuple[str, bytes, int]) -> bytes:
    """A zip of (name, packed bytes, declared size)."""
    body, directory = b"", b""
    for name, data, size in members:
        local, line = entry(name, data, size, len(body))
        body, directory = body + local, directory + line
    return body + directory + end_of(directory, len(body), len(members))


def end_of(directory: bytes, offset: int, count: int) -> bytes:
    few = min(count, 0xFFFF)
    return b"PK\x05\x06" + struct.pack("<HHHHLLH", 0, 0, few, few, len(directory), offset, 0)


def overlapping() -> bytes:
    """A hundred megabytes that every one of two thousand names in the directory means."""
    local, _ = entry("a", packed_noughts(100), 100 * MEGA, 0)
    directory = b"".join(entry("a", packed_noughts(100), 100 * MEGA, 0)[1] for _ in range(2000))
    return local + directory + end_of(directory, len(local), 2000)


def in_each_other(levels: int, width: int) -> bytes:
    content = bytes(MEGA)
    for _ in range(levels):
        content = zipped({f"{i}.zip": content for i in range(width)})
    return content


def many_members(count: int) -> bytes:
    """A directory of many names without any content."""
    _, line = entry("a", b"", 0, 0)
    return line * count + end_of(line * count, 0, count)


def beside(*members: tuple[str, bytes, int]) -> Callable[[Delivery], bytes]:
    """The clean members, and others written by hand."""

    def pack(delivery: Delivery) -> bytes:
        own = []
        for name, content in delivery.members().items():
            squeeze = zlib.compressobj(6, zlib.DEFLATED, -15)
            own.append((name, squeeze.compress(content) + squeeze.flush(), len(content)))
        return by_hand(*own, *members)

    return pack


ZIPS = [
    wrapped("a bomb that says its ten gigabytes", beside(("b.csv", packed_noughts(10_000), 10 * GIGA)), CLOSED),
    wrapped("a bomb of ten gigabytes that says a kilobyte", beside(("b.csv", packed_noughts(10_000), 1000)), NO_ZIP),
    wrapped("a bomb in the place of a file", lambda d: by_hand(("manifest.json", packed_noughts(2_000), 500)), NO_ZIP),
    wrapped("a bomb within what a zip may be", beside(("b.csv", packed_noughts(48), 48 * MEGA)), CLOSED),
    wrapped("fifty bombs", beside(*((f"{i}.csv", packed_noughts(900), 900 * MEGA) for i in range(40))), CLOSED),
    wrapped("two thousand names for the same bomb", lambda d: overlapping(), CLOSED),
    wrapped("zips in zips in zips", lambda d: in_each_other(3, 20), Stopped("GEN-01", ("Paketet",), unopened=True)),
    wrapped("a directory of half a million names", lambda d: many_members(500_000), CLOSED),
]


# -- files ---------------------------------------------------------------------------------------------------------


def filled(dataset: str, content: Callable[[], bytes], rows: int = 4) -> Callable[[Delivery], Delivery]:
    """A dataset's file as other bytes, declared as it is."""
    return lambda d: d.but(content={dataset: content()}, entry={dataset: {"antal_rader": rows}}, nolleverans=[])


def flood(name: str, pattern: str, size: int, end: End, rows: int = 4, head: str = HEAD) -> Case:
    """A folder whose households' file is a header and one pattern over and over, to a size in megabytes."""

    def content() -> bytes:
        return (head + pattern * (size * MEGA // len(pattern.encode()))).encode()

    return unpacked(f"{size} MB of {name}", filled(HUSHALL, content, rows), end)


def fault(rule: str, *says: str) -> Stopped:
    return Stopped(rule, says, unopened=True)


def floods(size: int) -> list[Case]:
    """Files that are cheap to send and dear to read."""
    many, shape, ends = fault("GEN-01", "fler än"), fault("GEN-01", "rubriken"), fault("GEN-01", "Citattecknen")
    one_line: End = aside((HUSHALL, 2, None, "GEN-25")) if size < 20 else fault("GEN-01")
    return [
        flood("line ends", "\n", size, fault("GEN-01", "0 rader")),
        flood("lines of one sign", "x\n", size, many, size * MEGA // 2),
        flood("carriage returns", "\r", size, fault("GEN-01")),
        flood("separators", ";", size, fault("GEN-01"), 1),
        flood("lines of separators", ";" * 400 + "\n", size, fault("GEN-02"), size * MEGA // 401),
        flood("lines of cells", "x;" * 400 + "\n", size, shape, size * MEGA // 801),
        flood("cells on one line", "x;", size, fault("GEN-01", "rad"), 1),
        flood("one line", "x", size, fault("GEN-01", "rad 2"), 1),
        flood("one line in quotes", "x", size, ends, 1, head=f'{HEAD}"'),
        flood("quotes", '"', size, ends, 1),
        flood("empty quotes with separators", '"";', size, fault("GEN-02") if size < 20 else one_line, 1),
        flood("empty quotes on lines", '""\n', size, many, 10**6),
        flood("doubled quotes in quotes", '""""\n', size, many, 10**6),
        flood("signs beyond the plane", "😀;", size, one_line, 1),
        flood("what almost is mojibake", "ÃÂâ", size, one_line, 1),
        flood("header", "period;", size, fault("GEN-04", "orimligt lång"), 0, head=""),
        flood("NUL", "\0", size, fault("GEN-01", "utf-8")),
    ]


def anyhow(case: Case) -> Case:
    """The same, by whichever rule: one so large may be given up before it is known what is wrong with it."""
    return Case(case.name, case.put, Stopped(""), case.marks)


def rows_of(make: Callable[[int], str], count: int) -> Callable[[], bytes]:
    return lambda: (COLUMNS[PERSON].replace(" ", ";") + "\n" + "".join(map(make, range(count)))).encode()


def invalid(kommun: str) -> Callable[[int], str]:
    return lambda i: f"{kommun};;2019-03;H{i};{10**11 + i};pnr;;;sokande;x;y;z;0\n"


def long_cell(delivery: Delivery) -> Delivery:
    """A cell of nearly two megabytes of what is searched for numbers and addresses: the longest that is read."""
    text = (f"{number(1)}-" * 150_000)[:1_900_000]
    return delivery.but(hushall=[{**delivery.hushall[0], "hushall_id": text}, *delivery.hushall[1:]])


def many_places(delivery: Delivery) -> bytes:
    said = json.loads(delivery.members()["manifest.json"])
    return json.dumps({**said, "filer": [{}] * 300_000}).encode()[: 20 * MEGA]


def told(name: str, content: Callable[[Delivery], bytes], end: End) -> Case:
    """A folder with another manifest."""

    def put(delivery: Delivery, inbox: Path) -> None:
        path = delivery.put(inbox, folder=True)
        (path / "manifest.json").write_bytes(content(delivery))

    return Case(name, put, end)


UNTOLD = Stopped("GEN-01", ("manifest.json",), unopened=True)
SMALL = [
    told("a manifest of three hundred thousand empty files", many_places, UNTOLD),
    told("a manifest of a million lists in lists", lambda d: b"[" * 990_000, UNTOLD),
    told("a manifest of twelve megabytes", lambda d: b" " * 12 * MEGA + d.members()["manifest.json"], UNTOLD),
    unpacked("a cell of two megabytes of numbers", long_cell, Stopped("GEN-08", (HUSHALL,))),
    unpacked(
        "two hundred thousand rows that are all wrong",
        lambda d: filled(PERSON, rows_of(invalid(d.kommun), 200_000), 200_000)(d),
        Stopped("GEN-10", (PERSON,), {PERSON: 200_000 - 6}),
    ),
]


# -- workbooks and XML ---------------------------------------------------------------------------------------------


def formed(name: str, form: str, content: Callable[[], bytes], *says: str) -> Case:
    """A package of workbooks or XML, whose households' file is other bytes."""

    def how(delivery: Delivery) -> Delivery:
        return filled(HUSHALL, content)(delivery.but(format=form))

    return unpacked(name, how, Stopped("GEN-01", says))


def rows_apart() -> bytes:
    """A workbook of two cells, at either end of the largest sheet there can be."""
    cell = '<row r="{0}"><c r="{1}{0}" t="inlineStr"><is><t>x</t></is></c></row>'
    body = cell.format(1, "A") + cell.format(1_048_576, "XFD")
    return workbook({HUSHALL: f'<worksheet xmlns="{MAIN}"><sheetData>{body}</sheetData></worksheet>'})


def shared() -> bytes:
    """A workbook of two hundred thousand cells that all mean the same thirty thousand signs."""
    rows = "".join(f'<row r="{r}"><c r="A{r}" t="s"><v>0</v></c></row>' for r in range(1, 200_000))
    text = f'<sst xmlns="{MAIN}"><si><t>{"x" * 30_000}</t></si></sst>'
    content = f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'
    return workbook({HUSHALL: content}, parts={"xl/sharedStrings.xml": text})


def bomb_in_a_book() -> bytes:
    """A workbook whose sheet is ten gigabytes that its directory calls a thousand bytes."""
    book = zipfile.ZipFile(io.BytesIO(workbook({HUSHALL: ""})))
    own = [(name, book.read(name)) for name in book.namelist() if "sheet1" not in name]
    packed = [(name, zlib.compress(content, 6, -15), len(content)) for name, content in own]
    return by_hand(*packed, ("xl/worksheets/sheet1.xml", packed_noughts(10_000), 1000))


def as_elements(text: str) -> bytes:
    return f"<{HUSHALL}>{text}</{HUSHALL}>".encode()


FORMS = [
    formed("a bomb of ten gigabytes in a workbook", "xlsx", bomb_in_a_book, "arbetsbok"),
    formed("a workbook of cells far apart", "xlsx", rows_apart, "utanför tabellen"),
    formed("a workbook of one text two hundred thousand times", "xlsx", shared),
    formed("XML of millions of empty rows", "xml", lambda: as_elements("<rad/>" * 2_500_000), "fler rader"),
    formed("XML of a million empty rows", "xml", lambda: as_elements("<rad/>" * 999_000)),
    formed("XML of five million levels", "xml", lambda: b"<a>" * 5_000_000, "hel XML"),
    formed("XML of a million names", "xml", lambda: as_elements("".join(f"<a{i}/>" for i in range(10**6)))),
    formed("XML of an enormous attribute", "xml", lambda: as_elements(f'<rad a="{"x" * 15 * MEGA}"/>'), "attribut"),
    formed("XML of a cell in fifteen megabytes", "xml", lambda: as_elements(f"<rad><period>{'x' * 15 * MEGA}"), "hel"),
]


# -- what lies in the inbox ----------------------------------------------------------------------------------------


def sparse(path: Path, size: int) -> None:
    with path.open("wb") as file:
        file.truncate(size)


def sparse_zip(delivery: Delivery, inbox: Path) -> None:
    path = inbox / delivery.kommun / f"{delivery.name}.zip"
    path.parent.mkdir(parents=True)
    sparse(path, 10 * GIGA)


def sparse_inside(delivery: Delivery, inbox: Path) -> None:
    sparse(delivery.put(inbox, folder=True) / f"{A}.csv", 10 * GIGA)


def sparse_manifest(delivery: Delivery, inbox: Path) -> None:
    sparse(delivery.put(inbox, folder=True) / "manifest.json", 10 * GIGA)


def full_folder(delivery: Delivery, inbox: Path) -> None:
    path = delivery.put(inbox, folder=True)
    for i in range(10_000):
        (path / f"{i}").touch()


def deep_folder(delivery: Delivery, inbox: Path) -> None:
    """Deeper than Python calls go, and longer than a path may be."""
    here = os.open(delivery.put(inbox, folder=True), os.O_RDONLY)
    for _ in range(3000):
        os.mkdir("m", dir_fd=here)
        below = os.open("m", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)


DISK = [
    Case("a zip of ten gigabytes that are not there", sparse_zip, CLOSED),
    Case("a file of ten gigabytes in a folder", sparse_inside, CLOSED),
    Case("a manifest of ten gigabytes in a folder", sparse_manifest, CLOSED),
    Case("a folder of ten thousand files", full_folder, CLOSED),
    Case("a folder three thousand deep", deep_folder, CLOSED),
]
USUAL = [  # one of each kind, for every run of the tests
    "a bomb of ten gigabytes that says a kilobyte",
    "two thousand names for the same bomb",
    "a directory of half a million names",
    "a manifest of three hundred thousand empty files",
    "a zip of ten gigabytes that are not there",
    "a file of ten gigabytes in a folder",
    "a folder three thousand deep",
    "a bomb of ten gigabytes in a workbook",
    "a workbook of cells far apart",
    "XML of a million empty rows",
    "15 MB of line ends",
    "15 MB of cells on one line",
    "15 MB of signs beyond the plane",
    "15 MB of empty quotes with separators",
]
EVERY = [*ZIPS, *SMALL, *FORMS, *DISK, *floods(15), *map(anyhow, floods(48))]
CASES = [case for case in EVERY if case.name in USUAL]
OTHERS = [case for case in EVERY if case.name not in USUAL]


# -- measuring -----------------------------------------------------------------------------------------------------


def measure(homes: dict[str, Path]) -> dict[str, dict[str, float]]:
    """Run a reception in each home, in a process of its own."""
    command = [sys.executable, "-m", "tests.support.hostile"]
    sent = json.dumps({name: str(home) for name, home in homes.items()})
    done = subprocess.run(command, input=sent, capture_output=True, text=True, cwd=ROOT, timeout=900, check=True)
    return dict(json.loads(done.stdout))


def _reception(home: Path, answer: int) -> None:
    from tests.support.reception import House

    House(home).run()
    own, guard = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = own.ru_utime + own.ru_stime + guard.ru_utime + guard.ru_stime
    said = {"cpu": cpu, "memory": own.ru_maxrss / 1000, "guard_memory": guard.ru_maxrss / 1000}
    os.write(answer, json.dumps(said).encode())


def _main() -> None:
    import tests.support.reception  # noqa: F401
    from pipelines.contracts.model import get_contracts

    get_contracts()
    found = {}
    for name, home in json.load(sys.stdin).items():
        ear, mouth = os.pipe()
        child = os.fork()
        if child == 0:
            _reception(Path(home), mouth)
            os._exit(0)
        os.close(mouth)
        with os.fdopen(ear) as said:
            found[name] = json.loads(said.read() or "{}")
        os.waitpid(child, 0)
    print(json.dumps(found))


if __name__ == "__main__":
    _main()
