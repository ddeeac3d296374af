"""The check before sending: what would the gate say of this package or file? Nothing is stored.

Belongs here: building a package out of what the sender has on disk, and the report. Does not belong here: any rule.
Rules over the ledger are judged at the reception only; given the last package, the check compares with that, and its
rows with those of the year before (`compare.py`).
"""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from pipelines.contracts.mappings import canonical
from pipelines.contracts.model import Contracts, Dataset
from pipelines.landing.child import Child
from pipelines.landing.compare import IncomparableError, Sent, compare, history_rules, listed
from pipelines.landing.gate import Gate
from pipelines.landing.keys import Keys
from pipelines.landing.landed import asked_of_rows
from pipelines.landing.outcome import LedgerRows, ledger_rows, stopping_rule
from pipelines.landing.package import (
    MANIFEST,
    Envelope,
    FileEntry,
    Manifest,
    Package,
    envelope_of,
    open_package,
)
from pipelines.landing.readers.cells import UnreadableError
from pipelines.landing.readers.file import READ_IN_THE_CHILD, cells_of, format_of
from pipelines.landing.receipts import Findings, trial_answer
from pipelines.landing.trial import data_lines, try_packages
from pipelines.landing.wrapping import MAX_BYTES, read_content, read_wrapped

HISTORY = (
    "Fristen (GEN-06), avtal (GEN-26) och regler som jämför med andra leveranser ({rules}) prövas först vid "
    "mottagningen. Med --forra jämförs paketet med det förra{years}."
)
COMPARED = (
    "GEN-05 är prövad mot det förra paketet. GEN-06, GEN-22, GEN-24, GEN-26 och GEN-18 mot året före prövas först vid "
    "mottagningen."
)
# what tells of a lone file who sends it and when; a cell of another form is a value of a row, which no answer repeats
HEAD = {"kommun_kod": r"\d{4}", "stadsdel_kod": r"[0-9A-Za-z]{1,8}", "period": r"\d{4}(-(0[1-9]|1[0-2]))?"}
UNKNOWN = {"kommun_kod": "0000", "stadsdel_kod": "", "period": "1900-01"}
SINGLE = "En ensam fil prövas utan de regler som jämför tabeller; pröva hela paketet innan det sänds."


class UnknownFileError(ValueError):
    """The path is neither a package nor a file whose dataset can be told. The path is not repeated: names of files
    may be names of people.
    """


def _alone(dataset: Dataset) -> Dataset:
    """The dataset without what needs other tables of its package."""
    foreign = {name for lookup in dataset.lookups if lookup.tabell != dataset.id for name in lookup.names}
    rules = tuple(r for r in dataset.rules if not any(name in str(r.brott) for name in foreign))
    own = tuple(lookup for lookup in dataset.lookups if lookup.tabell == dataset.id)
    return replace(dataset, rules=rules, lookups=own, cascade=None)


def _head(content: bytes) -> dict[str, str]:
    """Sender and period by a lone file's first row."""
    head, _, body = content.partition(b"\n")
    first = body.partition(b"\n")[0].decode("utf-8", "replace").strip().split(";") if data_lines(content) else []
    header = head.decode("utf-8-sig", "replace").strip().split(";")
    cells = dict(zip(header, first, strict=False))
    return UNKNOWN | {name: cells[name] for name, form in HEAD.items() if re.fullmatch(form, cells.get(name, ""))}


def _as_lines(dataset: Dataset, entry: FileEntry, content: bytes) -> bytes:
    """A lone file as the lines of CSV, for what its first row and its length tell; none when it cannot be read."""
    if format_of(entry.namn) not in READ_IN_THE_CHILD:
        return content
    layout = canonical(dataset.kalla, [dataset]).tables[dataset.id]
    with Child() as child:
        try:
            text = cells_of(dataset, entry, content, layout, child)
        except UnreadableError as error:
            text = error.text
    return text.encode()


def _file_package(path: Path, dataset: Dataset) -> Package:
    content = read_content(path.resolve(), MAX_BYTES)
    if content is None:
        raise UnknownFileError("Filen är större än ett paket får vara.")
    entry = FileEntry.model_construct(
        namn=path.name,
        dataset=dataset.id,
        schema_version=dataset.version,
        teckenkodning="utf-8-sig" if content.startswith(b"\xef\xbb\xbf") else "utf-8",
        antal_rader=0,
        sha256=hashlib.sha256(content).hexdigest(),
    )
    lines = _as_lines(dataset, entry, content)
    head, entry = _head(lines), entry.model_copy(update={"antal_rader": data_lines(lines)})
    kommun, period = head["kommun_kod"], dataset.calendar.own(head["period"])
    envelope = Envelope(kommun, path.stem, dataset.kalla, period, head["stadsdel_kod"], 1, datetime.now(UTC))
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
    folder = path.absolute().parent.name
    sender = folder if re.fullmatch(HEAD["kommun_kod"], folder) else UNKNOWN["kommun_kod"]
    envelope = envelope_of(sender, path.name, datetime.now(UTC).timestamp())
    if envelope is None:
        raise UnknownFileError("Det har inte ett pakets namn (till exempel eb_2019-03_v2.zip).")
    wrapped = read_wrapped(path.resolve())
    package = open_package(envelope, wrapped)
    if package.manifest and sender != folder:
        # checked outside an inbox: the manifest's own word is taken for who sends
        package = open_package(replace(envelope, kommun_kod=package.manifest.kommun_kod), wrapped)
    return package


def _open(path: Path, contracts: Contracts) -> tuple[Package, Contracts, list[str]]:
    if not path.exists():
        raise UnknownFileError("Där finns ingen fil och ingen mapp.")
    if (path.is_dir() and (path / MANIFEST).exists()) or path.suffix == ".zip":
        return _whole_package(path), contracts, []
    dataset = contracts.datasets.get(path.stem)
    if dataset is None or format_of(path.name) not in dataset.formats:
        known = ", ".join(f"{d.id}.{f}" for _, d in sorted(contracts.datasets.items()) for f in d.formats)
        raise UnknownFileError(f"Det är varken ett paket eller en av filerna {known}.")
    only = replace(contracts, datasets={dataset.id: _alone(dataset)})
    return _file_package(path, dataset), only, [SINGLE]


@dataclass(frozen=True)
class Trial:
    """A package or file after the gate, as the ledger would have it."""

    package: Package
    contracts: Contracts
    notes: list[str]
    rows: LedgerRows
    stopped: str | None
    landed: dict[str, pa.Table]
    withheld: list[dict[str, str]]

    @property
    def sent(self) -> Sent:
        """What of it can be compared."""
        package, head = self.package, self.package.envelope
        counted = self.rows["leverans_dataset"], self.rows["leverans_manad"]
        return Sent(package.leverans_id, head, self.stopped, *counted, self.landed, self.withheld)


def _tried(path: Path, contracts: Contracts) -> Trial:
    try:
        package, contracts, notes = _open(path, contracts)
    except OSError:
        raise UnknownFileError("Det går inte att läsa.") from None
    kalla = package.envelope.kalla
    gate = Gate(contracts, kalla, Keys(os.urandom(32))) if kalla in contracts.sources else None
    (tried,) = try_packages(gate, contracts, [package])
    stopped = stopping_rule(tried.outcomes[package.leverans_id])
    asked = asked_of_rows(tried.gate.datasets) if tried.gate and not stopped else []
    landed = {d.id: tried.gate.loaded(d) for d in asked if tried.gate}
    withheld = [row for d in asked if tried.gate for row in tried.gate.withheld(d)]
    return Trial(package, contracts, notes, ledger_rows(contracts, kalla, tried), stopped, landed, withheld)


def _report(trial: Trial, stopped: str | None) -> dict[str, Any]:
    delivery = {
        **vars(trial.package.envelope),
        "leverans_id": trial.package.leverans_id,
        "profil": trial.package.manifest.profil if trial.package.manifest else None,
        "mottagen_lokal": "",
        "status": "stoppad" if stopped else "godkand",
        "stoppande_regel": stopped,
    }
    rows, datasets = trial.rows, trial.rows["leverans_dataset"]
    if stopped and not trial.stopped:  # by what only the last package tells: no row would be loaded
        none = {"lasta": 0, "i_karantan": 0, "skyddade": 0}
        datasets = [{**entry, **none, "avvisade": entry["mottagna"]} for entry in datasets]
    found = Findings(datasets, rows["leverans_manad"], rows["regelutfall"], rows["fynd"])
    return trial_answer(trial.contracts, delivery, found)


def _later(contracts: Contracts, trial: Trial) -> str:
    """What the reception alone can try."""
    rows = history_rules(contracts, trial.package.envelope.kalla)
    rules = ", ".join(["GEN-05", "GEN-18", "GEN-22", "GEN-24", *rows])
    years = f"; är det från året före prövas också {listed(rows)}" if rows else ""
    return HISTORY.format(rules=rules, years=years)


def check_path(path: Path, contracts: Contracts, previous: Path | None = None) -> dict[str, Any]:
    """What the gate would say: a receipt without number and time of arrival, with notes.

    With `previous`, the package sent last, also rows then and now, whether GEN-05 would stop this one, and what its
    rows say beside those of the year before, in a source with such rules. Raises UnknownFileError.
    """
    trial = _tried(path, contracts)
    if previous is None:
        return {**_report(trial, trial.stopped), "anmarkningar": [*trial.notes, _later(contracts, trial)]}
    last = _tried(previous, contracts)
    if trial.notes or last.notes:
        raise UnknownFileError("Bara hela paket kan jämföras, inte ensamma filer.")
    try:
        comparison, stopped = compare(contracts, trial.sent, last.sent)
    except IncomparableError as error:
        raise UnknownFileError(str(error)) from None
    return {**_report(trial, stopped), "jamforelse": comparison, "anmarkningar": [COMPARED]}
