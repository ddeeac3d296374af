"""The check before sending: what would the gate say of this package or file? Nothing is stored.

Belongs here: building a package out of what the sender has on disk, and the report. Does not belong here: any rule.
History rules (GEN-05, GEN-24) and the deadline (GEN-06) are judged at the reception only.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipelines.contracts.model import Contracts, Dataset
from pipelines.landing.gate import Gate
from pipelines.landing.keys import Keys
from pipelines.landing.outcome import ledger_rows, stopping_rule
from pipelines.landing.package import (
    MANIFEST,
    Envelope,
    FileEntry,
    Manifest,
    Package,
    envelope_of,
    open_package,
    read_wrapped,
)
from pipelines.landing.receipts import Findings, trial_answer
from pipelines.landing.trial import data_lines, try_packages

HISTORY = "Frist (GEN-06) och regler som jämför med tidigare leveranser (GEN-05, GEN-24) prövas först vid mottagningen."
SINGLE = "En ensam fil prövas utan de regler som jämför tabeller; pröva hela paketet innan det sänds."


class UnknownFileError(ValueError):
    """The path is neither a package nor a file whose dataset can be told."""


def _alone(dataset: Dataset) -> Dataset:
    """The dataset without what needs other tables of its package."""
    foreign = {name for lookup in dataset.lookups if lookup.tabell != dataset.id for name in lookup.matt}
    rules = tuple(r for r in dataset.rules if not any(name in str(r.brott) for name in foreign))
    own = tuple(lookup for lookup in dataset.lookups if lookup.tabell == dataset.id)
    return replace(dataset, rules=rules, lookups=own, cascade=None)


def _file_package(path: Path, dataset: Dataset) -> Package:
    content = path.read_bytes()
    first = content.split(b"\n")[1].decode("utf-8", "replace").split(";") if data_lines(content) else []
    header = content.split(b"\n")[0].decode("utf-8-sig", "replace").strip().split(";")
    cells = dict(zip(header, first, strict=False))
    kommun, period = cells.get("kommun_kod", "0000"), cells.get("period", "1900-01")
    entry = FileEntry.model_construct(
        namn=path.name,
        dataset=dataset.id,
        schema_version=dataset.version,
        teckenkodning="utf-8-sig" if content.startswith(b"\xef\xbb\xbf") else "utf-8",
        antal_rader=data_lines(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )
    envelope = Envelope(kommun, path.stem, dataset.kalla, period, cells.get("stadsdel_kod", ""), 1, datetime.now(UTC))
    manifest = Manifest.model_construct(
        kommun_kod=kommun,
        kalla=dataset.kalla,
        period=period,
        version=1,
        leveranstyp="ordinarie",
        skyddade_deklarerade=True,
        filer=(entry,),
    )
    return Package(envelope, "prov", "prov", b"", manifest, {path.name: content})


def _whole_package(path: Path) -> Package:
    sender = path.absolute().parent.name
    envelope = envelope_of(sender, path.name, datetime.now(UTC).timestamp())
    if envelope is None:
        raise UnknownFileError(f"{path.name} har inte ett pakets namn (till exempel eb_2019-03_v2.zip).")
    wrapped = read_wrapped(path)
    package = open_package(envelope, wrapped)
    if package.manifest and not (len(sender) == 4 and sender.isdigit()):
        # checked outside an inbox: the manifest's own word is taken for who sends
        package = open_package(replace(envelope, kommun_kod=package.manifest.kommun_kod), wrapped)
    return package


def _open(path: Path, contracts: Contracts) -> tuple[Package, Contracts, list[str]]:
    if not path.exists():
        raise UnknownFileError(f"{path} finns inte.")
    if (path.is_dir() and (path / MANIFEST).exists()) or path.suffix == ".zip":
        return _whole_package(path), contracts, [HISTORY]
    dataset = contracts.datasets.get(path.stem)
    if dataset is None or path.suffix != ".csv":
        known = ", ".join(f"{name}.csv" for name in sorted(contracts.datasets))
        raise UnknownFileError(f"{path.name} är varken ett paket eller en av filerna {known}.")
    only = replace(contracts, datasets={dataset.id: _alone(dataset)})
    return _file_package(path, dataset), only, [SINGLE, HISTORY]


def check_path(path: Path, contracts: Contracts) -> dict[str, Any]:
    """What the gate would say: a receipt without number and time of arrival, with notes. Raises UnknownFileError."""
    package, contracts, notes = _open(path, contracts)
    envelope = package.envelope
    gate = Gate(contracts, envelope.kalla, Keys(os.urandom(32))) if envelope.kalla in contracts.sources else None
    (tried,) = try_packages(gate, contracts, [package])
    stopped = stopping_rule(tried.outcomes[package.leverans_id])
    rows = ledger_rows(contracts, envelope.kalla, tried)
    delivery = {
        **vars(envelope),
        "leverans_id": package.leverans_id,
        "profil": package.manifest.profil if package.manifest else None,
        "mottagen_lokal": "",
        "status": "stoppad" if stopped else "godkand",
        "stoppande_regel": stopped,
    }
    found = Findings(rows["leverans_dataset"], rows["leverans_manad"], rows["regelutfall"], rows["fynd"])
    return {**trial_answer(contracts, delivery, found), "anmarkningar": notes}
