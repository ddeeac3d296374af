"""What is measured: inboxes of some sizes, and the same content in plain files.

Belongs here: making them, once. Does not belong here: any measure. An inbox is linked into a home for each run, since
a run empties it; nothing is made of real persons.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import zipfile
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

from pipelines.checks.build import connect
from pipelines.contracts.changes import widest
from pipelines.contracts.geography import municipalities
from pipelines.contracts.model import get_contracts
from pipelines.synthetic import write_demo
from pipelines.synthetic.arsvis.avtal import som_fil
from pipelines.synthetic.arsvis.demo import Uppdrag, gemensamt
from pipelines.synthetic.barn.demo import gor_barn
from pipelines.synthetic.mal import SEEDS, read_reference

SIZES = {"1": (36, 0.16), "6": (36, 1.0), "20": (108, 1.0)}  # months and share of the real number of households
BARN = {"barn_liten": 0.16, "barn": 1.0}  # share of the real number of children, in three years
AGREEMENTS = "avtal.csv"
BARN_ASOF = date(2020, 7, 1)
DATASETS = ("eb_hushall", "eb_person", "eb_avslut")


def asof_of(size: str) -> date:
    """The day that counts as today: the first of the second month after the last; of children the last year is due."""
    if size in BARN:
        return BARN_ASOF
    months = SIZES[size][0] if size in SIZES else 36
    return date(2017 + (months + 1) // 12, (months + 1) % 12 + 1, 1)


def make_demo(folder: Path, size: str) -> None:
    """The demo's deliveries of one size."""
    months, share = SIZES[size]
    write_demo(folder, kommuner=290, manader=months, skala=share, fro=1, asof=asof_of(size))


def make_barn(folder: Path, share: float) -> None:
    """The yearly packages of children and young people of all municipalities, in CSV, and the agreements they need."""
    staging = folder / "gor"
    staging.mkdir(parents=True)
    ref, inbox = read_reference(SEEDS), folder / "inbox"
    everyone = list(range(len(ref.kommuner)))
    common = gemensamt(ref, Uppdrag(everyone, 3, share, 1, BARN_ASOF, inbox, staging, SEEDS, enbart_csv=True))
    if common is None:
        raise ValueError("inget år att sända")
    gor_barn(common)
    (folder / AGREEMENTS).write_text(som_fil(common.avtal, ref.kommuner), encoding="utf-8")
    shutil.rmtree(staging)


def make_empty(folder: Path, senders: int, months: int = 36) -> None:
    """Packages in which everything is confirmed empty: what a run costs at no rows."""
    for kommun in municipalities()[:senders]:
        (folder / "inbox" / kommun).mkdir(parents=True)
        for month in range(months):
            _empty(folder / "inbox" / kommun, kommun, 2017 + month // 12, month % 12 + 1)


def _empty(folder: Path, kommun: str, year: int, month: int) -> None:
    """A package of three files with a header each."""
    period = f"{year}-{month:02d}"
    manifest = {"kommun_kod": kommun, "stadsdel_kod": None, "kalla": "eb", "period": period, "version": 1}
    manifest |= {"leveranstyp": "ordinarie", "profil": "kanonisk", "nolleverans": list(DATASETS)}
    path = folder / f"eb_{period}.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for dataset in DATASETS:
            archive.writestr(f"{dataset}.csv", _header(dataset))
        archive.writestr("manifest.json", json.dumps(manifest | {"filer": [_entry(dataset) for dataset in DATASETS]}))
    received = datetime(year + month // 12, month % 12 + 1, 5, tzinfo=UTC).timestamp()
    os.utime(path, (received, received))


def _header(dataset: str) -> bytes:
    return (";".join(c.name for c in get_contracts().datasets[dataset].columns) + "\n").encode()


def _entry(dataset: str) -> dict[str, object]:
    facts = {"namn": f"{dataset}.csv", "dataset": dataset, "schema_version": "1.0.0", "teckenkodning": "utf-8"}
    return {**facts, "antal_rader": 0, "sha256": hashlib.sha256(_header(dataset)).hexdigest()}


def linked(source: Path, home: Path, periods: str = "") -> None:
    """A home whose inbox has the source's packages, or those whose period begins with `periods`; times are kept."""
    for path in sorted((source / "inbox").glob("*/*")):
        if periods and not path.name.startswith(f"eb_{periods}"):
            continue
        target = home / "inbox" / path.parent.name / path.name
        target.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            shutil.copytree(path, target, copy_function=os.link)
        else:
            os.link(path, target)


def received(home: Path) -> tuple[int, int]:
    """Rows received in a home, whatever became of them, and their cells by the contracts' columns."""
    datasets = get_contracts().datasets
    with closing(sqlite3.connect(home / "ledger.sqlite")) as ledger:
        found = ledger.execute("select dataset, sum(mottagna) from leverans_dataset group by dataset").fetchall()
    return sum(n for _, n in found), sum(n * len(widest(datasets[dataset]).columns) for dataset, n in found)


def make_plain(home: Path, folder: Path, size: str) -> int:
    """The rows in force of a home that has run, as plain files; the number of the largest file's rows."""
    folder.mkdir(parents=True, exist_ok=True)
    plain = PLAIN_BARN if size in BARN else PLAIN
    with connect(home / "build" / "lager.duckdb") as db:
        rows = [
            db.execute(
                f"copy ({query}) to '{folder / name}.csv' (format csv, delimiter ';', header true, quote '')"
            ).fetchall()[0][0]
            for name, query in plain.items()
        ]
    return int(max(rows))


def _in_force(table: str, columns: str) -> str:
    """A delivered table's rows in force; an empty stadsdel has a sign, so that it joins."""
    source, _, name = table.partition("__")
    dataset = source if source == name else f"{source}_{name}"
    return (
        f"select r.kommun_kod, coalesce(nullif(r.stadsdel_kod, ''), '-') as stadsdel_kod, r.period, {columns} "
        f"from arbete.staging.stg_{table} as r join arbete.staging.stg_huvudbok__i_kraft as k "
        f"on k.leverans_id = r.leverans_id and k.period = r.period and k.dataset = '{dataset}'"
    )


NUMBER = "lpad(cast(abs(person_id) % 1000000000000 as varchar), 12, '0') as personnummer"
FOLK = (
    "select f.kommun_kod, any_value(k.lan_kod) as lan_kod, f.ar, {} from core.fct_befolkning as f "
    "join core.dim_kommun as k on k.kommun_kod = f.kommun_kod and k.giltig_till is null group by f.kommun_kod, f.ar"
)
PLAIN = {
    "hushall": _in_force("eb__hushall", "hushall_id, hushallstyp_kod, antal_barn, utrikes_fodd_kod, belopp_kr"),
    "person": _in_force(
        "eb__person",
        f"hushall_id, {NUMBER}, id_typ_kod, fodelsear, kon_kod, roll_kod, fodd_utrikes_kod, forsorjningshinder_kod, "
        "arbetsmarknadsinsats_kod",
    ),
    "avslut": _in_force("eb__avslut", "hushall_id, avslutsorsak_kod, avslut_datum"),
    "befolkning": FOLK.format(
        "sum(antal) as antal, sum(case when alder < 18 then antal end) as barn, "
        "sum(case when alder between 18 and 24 then antal end) as unga, "
        "sum(case when alder >= 18 then antal end) as vuxna"
    ),
    "leverans": "select kommun_kod, dataset, period, ar_i_tid, ar_godkand from core.fct_leverans",
}
PLAIN_BARN = {
    "barn": _in_force("bu__barn", f"barn_id, {NUMBER}, fodelsear"),
    "insats": _in_force("bu__insats", "insats_id, barn_id, insatstyp_kod"),
    "placering": _in_force(
        "bu__placering", "insats_id, placering_nr, placeringsform_kod, placering_start_datum, placering_slut_datum"
    ),
    "oppenvard_mangd": _in_force("bu__oppenvard_mangd", "oppenvard_kod, antal"),
    "aktualisering": _in_force("aktualisering__aktualisering", f"{NUMBER}, fodelsear, mottagen_datum"),
    "befolkning_barn": FOLK.format("sum(case when alder between 0 and 20 then antal end) as antal"),
}


def digest(inbox: Path) -> str:
    """What an inbox holds, in short: to see that two measures were of the same."""
    names = sorted(f"{p.parent.name}/{p.name}" for p in inbox.glob("*/*"))
    return hashlib.sha256("\n".join(names).encode()).hexdigest()[:12]
