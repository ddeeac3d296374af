"""Small deliveries, written as rows, and the packages they make.

Belongs here: rows with sane defaults, a package with its manifest, zip or folder, in an inbox. Does not belong here:
any use of the product's code, so that what is sent never depends on what reads it.

Numbers are of the test series (birth numbers 980-999) only.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import zipfile
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar, Self

from stdnum import luhn

from tests.support import formats

Row = dict[str, str]
COLUMNS = {
    "eb_hushall": "kommun_kod stadsdel_kod period hushall_id hushallstyp_kod antal_barn utrikes_fodd_kod belopp_kr",
    "eb_person": (
        "kommun_kod stadsdel_kod period hushall_id personnummer id_typ fodelsear kon_kod roll_kod fodd_utrikes "
        "forsorjningshinder_kod arbetsmarknadsinsats_kod skyddad"
    ),
    "eb_avslut": "kommun_kod stadsdel_kod period hushall_id avslutsorsak_kod avslut_datum",
}
DATASETS = tuple(COLUMNS)
SEED = Path(__file__).parents[2] / "dbt_project" / "seeds" / "reference" / "kommuner.csv"


def senders() -> list[str]:
    """Codes of municipalities that have existed all the while, for tests with many senders."""
    with SEED.open(encoding="utf-8", newline="") as handle:
        return [r["kommun_kod"] for r in csv.DictReader(handle) if not r["giltig_fran"] and not r["giltig_till"]]


def number(place: int = 0, *, born: str = "1980-01-01", sex: str = "2", coordination: bool = False) -> str:
    """The twelve digits of test person `place`; ten per birthday and sex, then the next birthday."""
    day = date.fromisoformat(born) + timedelta(days=place // 10)
    birth_number = 980 + 2 * (place % 10) + (sex == "1")
    digits = f"{day:%Y%m}{day.day + 60 * coordination:02d}{birth_number}"
    return digits + luhn.calc_check_digit(digits[2:])


def hushall(hushall_id: str = "H1", typ: str = "3", barn: int = 0, **cells: str) -> Row:
    """A household row: by default a man alone."""
    row = {"hushall_id": hushall_id, "hushallstyp_kod": typ, "antal_barn": str(barn)}
    return {**row, "utrikes_fodd_kod": "0", "belopp_kr": "5000,50", **cells}


def person(hushall_id: str = "H1", place: int = 0, **cells: str) -> Row:
    """An adult applicant, with every cell an adult may have."""
    row = {
        "hushall_id": hushall_id,
        "personnummer": number(place),
        "id_typ": "pnr",
        "roll_kod": "sokande",
        "fodd_utrikes": "0",
        "forsorjningshinder_kod": "FH11",
        "arbetsmarknadsinsats_kod": "1",
        "skyddad": "0",
    }
    return {**row, **cells}


def barn(hushall_id: str = "H1", place: int = 0, **cells: str) -> Row:
    """A child: its number says 2012, and what only adults have is empty."""
    empty = dict.fromkeys(("fodd_utrikes", "forsorjningshinder_kod", "arbetsmarknadsinsats_kod"), "")
    row = {**person(hushall_id, roll_kod="barn"), **empty, "personnummer": number(place, born="2012-01-01")}
    return {**row, **cells}


def reserv(hushall_id: str = "H1", text: str = "R1", **cells: str) -> Row:
    """An adult with a number set by the municipality."""
    return person(hushall_id, personnummer=text, id_typ="reserv", **{"fodelsear": "1970", "kon_kod": "1", **cells})


def avslut(hushall_id: str = "H9", **cells: str) -> Row:
    """A closed spell of a household that is not in the package."""
    return {"hushall_id": hushall_id, "avslutsorsak_kod": "AO1", "avslut_datum": "2019-02-28", **cells}


@dataclass(kw_only=True)
class Parcel:
    """One package of whatever source. Rows get kommun_kod, stadsdel_kod and period from it; a dataset without rows is
    confirmed empty.

    Its files are of one `format`. `content` replaces a dataset's bytes, `manifest` fields of the manifest, `entry`
    fields of one dataset's entry, and `extra` adds members. A dataset in `absent` is in the package in no way.
    """

    kalla: ClassVar[str]
    columns: ClassVar[dict[str, str]]

    kommun: str = "0114"
    period: str = "2019-03"
    version: int = 1
    stadsdel: str | None = None
    leveranstyp: str | None = None
    mottagen: str = "2019-04-10T10:00:00"
    nolleverans: list[str] | None = None
    encoding: str = "utf-8"
    order: dict[str, str] = field(default_factory=dict)
    content: dict[str, bytes] = field(default_factory=dict)
    manifest: dict[str, Any] = field(default_factory=dict)
    entry: dict[str, dict[str, Any]] = field(default_factory=dict)
    extra: dict[str, bytes] = field(default_factory=dict)
    absent: tuple[str, ...] = ()
    format: str = "csv"

    def but(self, **changes: Any) -> Self:
        """The same delivery with other fields."""
        return replace(self, **changes)

    @property
    def name(self) -> str:
        part = f"_s{self.stadsdel}" if self.stadsdel else ""
        return f"{self.kalla}_{self.period}{part}" + (f"_v{self.version}" if self.version > 1 else "")

    @property
    def received(self) -> datetime:
        return datetime.fromisoformat(self.mottagen).replace(tzinfo=UTC)

    @property
    def row_period(self) -> str:
        """The period of a row that says no other."""
        return self.period if len(self.period) == 7 else f"{self.period}-01"

    @property
    def kind(self) -> str:
        """The leveranstyp, when none is given."""
        return "slutlig" if len(self.period) == 4 else "ordinarie" if self.version == 1 else "rattelse"

    def rows(self, dataset: str) -> list[Row]:
        """A dataset's rows, whole."""
        head = {"kommun_kod": self.kommun, "stadsdel_kod": self.stadsdel or "", "period": self.row_period}
        return [{**head, **row} for row in getattr(self, dataset.removeprefix(f"{self.kalla}_"))]

    def text(self, dataset: str) -> str:
        """A dataset's file as text."""
        columns = self.order.get(dataset, self.columns[dataset]).split()
        lines = [columns] + [[row.get(c, "") for c in columns] for row in self.rows(dataset)]
        return "".join(";".join(cells) + "\n" for cells in lines)

    def bytes_of(self, dataset: str) -> bytes:
        """A dataset's file."""
        columns, rows = self.order.get(dataset, self.columns[dataset]).split(), self.rows(dataset)
        written = {"csv": lambda: self.text(dataset).encode(self.encoding), **formats.writers(dataset, columns, rows)}
        return self.content[dataset] if dataset in self.content else written[self.format]()

    def _manifest(self) -> dict[str, Any]:
        empty = [d for d in self.columns if not self.rows(d) and d not in self.content and d not in self.absent]
        return {
            "kommun_kod": self.kommun,
            "stadsdel_kod": self.stadsdel,
            "kalla": self.kalla,
            "period": self.period,
            "version": self.version,
            "leveranstyp": self.leveranstyp or self.kind,
            "profil": "kanonisk",
            "system": "Provsystem",
            "system_version": "1.0",
            "uttag_tid": "2019-04-01T08:00:00+02:00",
            "kontakt": "statistik@kommun.example",
            "skyddade_deklarerade": True,
            "nolleverans": empty if self.nolleverans is None else self.nolleverans,
            "filer": [self._entry(d) for d in self.columns if d not in self.absent],
            **self.manifest,
        }

    def _entry(self, dataset: str) -> dict[str, Any]:
        content = self.bytes_of(dataset)
        return {
            "namn": f"{dataset}.{self.format}",
            "dataset": dataset,
            "schema_version": "1.0.0",
            "teckenkodning": self.encoding,
            "antal_rader": max(0, len(content.splitlines()) - 1) if self.format == "csv" else len(self.rows(dataset)),
            "sha256": hashlib.sha256(content).hexdigest(),
            **self.entry.get(dataset, {}),
        }

    def members(self) -> dict[str, bytes]:
        """The package's files by name."""
        files = {f"{d}.{self.format}": self.bytes_of(d) for d in self.columns if d not in self.absent}
        return {"manifest.json": json.dumps(self._manifest()).encode(), **files, **self.extra}

    @property
    def leverans_id(self) -> str:
        """The delivery's identity as the specification says: the manifest's bytes with the files' sha256."""
        files = self.members()
        lines = [f"\n{n}\0{hashlib.sha256(c).hexdigest()}".encode() for n, c in sorted(files.items())]
        lines = [line for line in lines if not line.startswith(b"\nmanifest.json\0")]
        return hashlib.sha256(files["manifest.json"] + b"".join(lines)).hexdigest()[:16]

    def put(self, inbox: Path, *, folder: bool = False, wrapped: bytes | None = None) -> Path:
        """Place the package in an inbox with its time of arrival."""
        path = inbox / self.kommun / (self.name if folder else f"{self.name}.zip")
        path.parent.mkdir(parents=True, exist_ok=True)
        if folder:
            path.mkdir()
            for name, content in self.members().items():
                (path / name).write_bytes(content)
        else:
            path.write_bytes(zipped(self.members()) if wrapped is None else wrapped)
        for written in (*path.glob("*"), path):
            os.utime(written, (self.received.timestamp(),) * 2)
        return path


@dataclass(kw_only=True)
class YearParcel(Parcel):
    """A year's package of a source that has years."""

    period: str = "2019"
    mottagen: str = "2020-01-20T10:00:00"

    @property
    def row_period(self) -> str:
        return self.period

    @property
    def kind(self) -> str:
        return "ordinarie" if self.version == 1 else "rattelse"


@dataclass
class Delivery(Parcel):
    """One package of ekonomiskt bistånd."""

    kalla: ClassVar[str] = "eb"
    columns: ClassVar[dict[str, str]] = COLUMNS

    hushall: list[Row] = field(default_factory=list)
    person: list[Row] = field(default_factory=list)
    avslut: list[Row] = field(default_factory=list)


def zipped(members: dict[str, bytes]) -> bytes:
    """Members as zip bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def quoted(text: str) -> str:
    """The same CSV with every cell in quotes."""
    out = io.StringIO(newline="")
    rows = csv.reader(io.StringIO(text), delimiter=";")
    csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    return out.getvalue()


def families(count: int, start: int = 0) -> dict[str, list[Row]]:
    """`count` women alone, H<start>…: rows for a Delivery without any fault."""
    numbers = range(start, start + count)
    return {
        "hushall": [hushall(f"H{i}", "5") for i in numbers],
        "person": [person(f"H{i}", i) for i in numbers],
    }


def year(**fields: Any) -> Delivery:
    """A yearly re-delivery of one household with aid in January to December, and no closed spells."""
    months = [f"{fields.get('period', '2018')}-{m:02d}" for m in range(1, 13)]
    rows: dict[str, Any] = {
        "hushall": [hushall(period=m) for m in months],
        "person": [person(period=m) for m in months],
        "nolleverans": [f"eb_avslut/{m}" for m in months],
    }
    return Delivery(**{"period": "2018", "mottagen": "2019-02-20T10:00:00", **rows, **fields})
