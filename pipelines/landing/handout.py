"""Handing out what lies sealed: a delivery's set-aside rows as CSV, or its package, to a file for its owner only.

Belongs here: who may have it (an Access), its form, and a file that is whole or absent. Does not belong here: the
stores (`archive.py`). Nothing is ever written to a terminal or a log.
"""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path
from typing import Any

import pyarrow as pa
from sqlalchemy import Connection, Engine, select

from pipelines.contracts.changes import widest
from pipelines.contracts.model import Contracts
from pipelines.landing.access import AccessLog
from pipelines.landing.archive import Archive, Quarantine
from pipelines.landing.keys import Keys
from pipelines.landing.ledger import tables as t
from pipelines.settings import Settings

FORMULA = ("=", "+", "-", "@", "\t", "\r")
LEAD = ("datamangd", "rad_nr", "regler")
UNREAD = "rad"  # a line that would not split into columns, as it came


class HandoutError(RuntimeError):
    """Something that cannot be handed out. Safe to show."""


def hand_out_rows(
    settings: Settings, contracts: Contracts, keys: Keys, ledger: Engine, leverans_id: str, till: Path, **why: str
) -> int:
    """Write a delivery's set-aside rows to a new file; how many. `why`: `syfte` and `av`, for the access log.

    Raises HandoutError, AccessError, SealError.
    """
    target = _new_file(settings, till)
    with ledger.connect() as connection:
        _delivery(connection, leverans_id)
        query = select(t.leverans_dataset.c.dataset).where(
            t.leverans_dataset.c.leverans_id == leverans_id, t.leverans_dataset.c.i_karantan > 0
        )
        datasets: list[str] = sorted(connection.execute(query).scalars())
        rules = _rules(connection, leverans_id)
        _refuse_destroyed(connection, "karantan", [f"{d}_{leverans_id}" for d in datasets])
    if not datasets:
        raise HandoutError("Leveransen har inga rader i karantän.")
    access = AccessLog(settings.access_log, keys).reading("karantan", leveranser=[leverans_id], **why)
    quarantine = Quarantine(settings.quarantine, keys)
    try:
        tables = {dataset: quarantine.fetch(leverans_id, dataset, access) for dataset in datasets}
    except FileNotFoundError:
        raise HandoutError("Raderna saknas i karantänen. lager aterskapa gör om dem ur arkivet.") from None
    columns = list(dict.fromkeys(c.name for d in datasets for c in widest(contracts.datasets[d]).columns))
    _write_new(target, _as_csv(tables, columns, rules))
    return sum(table.num_rows for table in tables.values())


def hand_out_package(settings: Settings, keys: Keys, ledger: Engine, leverans_id: str, till: Path, **why: str) -> int:
    """Write a delivery's package, byte for byte, to a new file; its bytes. Raises as `hand_out_rows`."""
    target = _new_file(settings, till)
    with ledger.connect() as connection:
        sha256 = _delivery(connection, leverans_id)
        _refuse_destroyed(connection, "paket", [leverans_id])
    access = AccessLog(settings.access_log, keys).reading("arkiv", leveranser=[leverans_id], **why)
    try:
        content = Archive(settings.archive, keys).fetch(sha256, access)
    except FileNotFoundError:
        raise HandoutError("Paketet finns inte i arkivet.") from None
    _write_new(target, content)
    return len(content)


def _delivery(connection: Connection, leverans_id: str) -> str:
    """The sha256 of a delivery. Raises HandoutError."""
    query = select(t.leverans.c.sha256).where(t.leverans.c.leverans_id == leverans_id)
    found: str | None = connection.execute(query).scalar()
    if found is None:
        raise HandoutError("Huvudboken känner ingen leverans med det numret. Numret står i kvittensen.")
    return found


def _refuse_destroyed(connection: Connection, slag: str, names: list[str]) -> None:
    query = select(t.gallring).where(t.gallring.c.slag == slag, t.gallring.c.namn.in_(names))
    row = connection.execute(query).mappings().first()
    if row is not None:
        raise HandoutError(f"Innehållet är gallrat {row['gallrad_tid']:%Y-%m-%d} enligt {row['regel']}.")


def _rules(connection: Connection, leverans_id: str) -> dict[tuple[str, int], str]:
    """(dataset, line) → the rules it broke."""
    query = select(t.fynd.c.dataset, t.fynd.c.rad_nr, t.fynd.c.regel_id).where(t.fynd.c.leverans_id == leverans_id)
    found: dict[tuple[str, int], set[str]] = {}
    for row in connection.execute(query):
        found.setdefault((row.dataset, row.rad_nr), set()).add(row.regel_id)
    return {place: " ".join(sorted(rules)) for place, rules in found.items()}


# -- files ---------------------------------------------------------------------------------------------------------


def harmless(value: Any) -> str:
    """A cell that no spreadsheet takes for a formula."""
    cell = "" if value is None else str(value)
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def _as_csv(tables: dict[str, pa.Table], columns: list[str], rules: dict[tuple[str, int], str]) -> bytes:
    """One CSV over all datasets, readable by a spreadsheet; columns a dataset does not have are empty."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([*LEAD, *columns, UNREAD])
    for dataset, table in tables.items():
        for row in table.to_pylist():
            lead = (dataset, row["radnr"], rules.get((dataset, row["radnr"]), ""))
            cells = (row.get(name) for name in (*columns, UNREAD))
            writer.writerow([harmless(cell) for cell in (*lead, *cells)])
    return out.getvalue().encode("utf-8-sig", "replace")


def _new_file(settings: Settings, till: Path) -> Path:
    target = till.expanduser().absolute()
    if settings.home.resolve() in target.resolve().parents:
        raise HandoutError("Filen får inte ligga i LAGER_HOME: där ska inga identiteter stå i klartext.")
    if target.exists() or target.is_symlink():
        raise HandoutError("Filen finns redan, och den skrivs inte över.")
    if not target.parent.is_dir():
        raise HandoutError("Mappen som filen ska ligga i finns inte.")
    return target


def _write_new(target: Path, content: bytes) -> None:
    """Whole or absent, 0600 from the beginning, and never over another file."""
    partial = target.with_name(f".{target.name}.delvis")
    partial.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.link(partial, target)
    except FileExistsError:
        raise HandoutError("Filen finns redan, och den skrivs inte över.") from None
    finally:
        partial.unlink(missing_ok=True)
