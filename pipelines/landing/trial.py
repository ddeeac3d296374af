"""The trial of a batch: package rules, reading, and the gate, for packages of one source.

Belongs here: turning opened packages into outcomes, whether or not they can be read. Does not belong here: storing
them (`reception.py`); `lager check` uses the same functions and stores nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from pipelines.contracts.geography import municipalities
from pipelines.contracts.model import PURPOSES, Contracts
from pipelines.contracts.periods import Calendar, asked_on, day_name
from pipelines.landing.child import Child
from pipelines.landing.gate import Gate, GateError, Outcome, Position
from pipelines.landing.gate_load import Delivery
from pipelines.landing.ledger.agreements import Agreed
from pipelines.landing.package import NEVER_KEPT, NO_AGREEMENT, Fault, Manifest, Package
from pipelines.landing.readers.body import Body
from pipelines.landing.readers.file import read_file
from pipelines.settings import STOCKHOLM

LATE = "GEN-06"
OUT_OF_MEMORY = "OutOfMemoryException"
TOO_LARGE = "Paketets rader ryms inte i mottagningens minne. Stämmer antalet rader? Hör annars av dig till mottagaren."


@dataclass
class Tried:
    """A batch after the gate. `gate` still holds the rows of `packages` that could be read, or is None."""

    gate: Gate | None
    packages: list[Package] = field(default_factory=list)
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    positions: list[Position] = field(default_factory=list)


def data_lines(content: bytes) -> int:
    """Lines of data in a file that may not be readable: all but the header, empty lines at the end left out."""
    return content.rstrip(b"\r\n").count(b"\n") if content.strip() else 0


def read_bodies(package: Package, contracts: Contracts, child: Child) -> list[Body]:
    """Read a package's declared files; what cannot be read becomes a fault of the package."""
    manifest, envelope = package.manifest, package.envelope
    bodies = _read_files(package, manifest, contracts, child) if manifest else []
    if manifest and envelope.kalla in contracts.sources:
        package.faults.extend(_kind_faults(manifest, contracts.calendar(envelope.kalla)))
    if envelope.kommun_kod not in municipalities(asked_on(envelope.period)):
        package.faults.append(Fault("GEN-21", "Avsändaren är ingen kommun under perioden."))
    confirmed = manifest.nolleverans if manifest else ()
    if any(body.rows and body.dataset in confirmed for body in bodies):
        package.faults.append(Fault("GEN-01", "En datamängd har rader fast manifestet säger att den är tom."))
    return bodies


def _kind_faults(manifest: Manifest, calendar: Calendar) -> list[Fault]:
    """GEN-03: a year of a monthly source is `slutlig`; of a yearly source nothing is, and every period is a year."""
    if calendar.takes(manifest.period, manifest.leveranstyp):
        return []
    return [Fault("GEN-03", "Manifestets period och leveranstyp hör inte ihop.")]


def _read_files(package: Package, manifest: Manifest, contracts: Contracts, child: Child) -> list[Body]:
    kalla = package.envelope.kalla
    mapping = contracts.mapping(manifest.profil, kalla, int(package.envelope.period[:4]))
    if mapping is None:
        if kalla in contracts.sources:
            package.faults.append(Fault("GEN-01", "Profilen i manifestet är inte känd."))
        return []
    bodies = []
    for entry in manifest.filer:
        dataset, table = contracts.datasets.get(entry.dataset), mapping.tables.get(entry.dataset)
        if dataset is None or table is None or dataset.version != entry.schema_version:
            detalj = "En datamängd eller dess schema_version i manifestet är inte känd."
            package.faults.append(Fault("GEN-01", detalj))
        elif entry.namn in package.files:
            read = read_file(dataset, entry, package.files[entry.namn], table, child)
            bodies += [read] if isinstance(read, Body) else []
            fault = read.fault if isinstance(read, Body) else read
            package.faults += [fault] if fault else []
    return bodies


def _delivery(package: Package, bodies: list[Body]) -> Delivery:
    manifest, envelope = package.manifest, package.envelope
    return Delivery(
        package.leverans_id,
        envelope.kommun_kod,
        envelope.stadsdel_kod,
        envelope.period,
        manifest.leveranstyp if manifest else "ordinarie",
        envelope.mottagen.astimezone(STOCKHOLM).date(),
        tuple(bodies),
        bool(manifest and manifest.skyddade_deklarerade),
    )


def late(package: Package, contracts: Contracts) -> list[Fault]:
    """GEN-06: an ordinary delivery that came when its period's deadline had passed. It stops nothing."""
    manifest, envelope = package.manifest, package.envelope
    if any(fault.regel_id == NO_AGREEMENT for fault in package.faults):
        return []  # it was not expected
    if manifest is None or manifest.leveranstyp != "ordinarie" or envelope.kalla not in contracts.sources:
        return []
    calendar = contracts.calendar(envelope.kalla)
    if not calendar.takes(manifest.period, manifest.leveranstyp):
        return []
    passed = calendar.deadline(manifest.period)
    if envelope.mottagen.astimezone(STOCKHOLM).replace(tzinfo=None) < passed:
        return []
    return [Fault(LATE, f"Sista dag var den {day_name(str((passed - timedelta(days=1)).date()))}.")]


def is_refused(outcome: Outcome) -> bool:
    """Whether a package must never be written anywhere, apart from its ledger row and its receipt."""
    return any(fault.regel_id in NEVER_KEPT for fault in outcome.faults)


def unagreed(package: Package, contracts: Contracts, agreed: Agreed | None) -> list[Fault]:
    """GEN-26: a source that needs an agreement, from a municipality without one for the year. No row of it is read."""
    envelope = package.envelope
    purpose, year = contracts.agreement_for(envelope.kalla), envelope.period[:4]
    if agreed is None or purpose is None or agreed.has(envelope.kommun_kod, purpose, year):
        return []
    about, last = PURPOSES.get(purpose, purpose), day_name(f"{year}-12-31")
    detalj = f"Kommunen har inget avtal om {about} som gäller den {last}."
    return [Fault(NO_AGREEMENT, detalj)]


def try_packages(
    gate: Gate | None, contracts: Contracts, packages: list[Package], agreed: Agreed | None = None
) -> Iterator[Tried]:
    """Try packages of one source together; should the gate fail on the batch, one by one. Without `agreed` nobody is
    asked for an agreement.

    Yields once per gate run; the gate's rows are those of the yielded batch until the next is asked for.
    """
    if gate is None:
        for package in packages:
            package.faults.append(Fault("GEN-01", "Källan i paketets namn är inte en som tas emot."))
    readable: list[tuple[Package, list[Body]]] = []
    unreadable: list[tuple[Package, list[Body]]] = []
    with Child() as child:
        for package in packages:
            lacking = unagreed(package, contracts, agreed)
            bodies = [] if lacking else read_bodies(package, contracts, child)
            package.faults.extend(lacking)
            (unreadable if package.faults else readable).append((package, bodies))
            if not package.faults:
                package.files.clear()
    if unreadable:
        yield _stopped(gate, unreadable)
    if readable and gate is not None:
        yield from _through(gate, readable)


def _stopped(gate: Gate | None, unreadable: list[tuple[Package, list[Body]]]) -> Tried:
    """Packages stopped before their rows were tried; free text is looked for in the files that could be read."""
    tried = Tried(
        None, [p for p, _ in unreadable], {p.leverans_id: Outcome(faults=list(p.faults)) for p, _ in unreadable}
    )
    searchable = [(p, bodies) for p, bodies in unreadable if bodies]
    if gate is not None and searchable:
        for package, outcome, positions in _searched(gate, searchable):
            tried.outcomes[package.leverans_id].faults += outcome.faults
            tried.positions += positions
    return tried


def _searched(
    gate: Gate, packages: list[tuple[Package, list[Body]]]
) -> Iterator[tuple[Package, Outcome, list[Position]]]:
    try:
        outcomes, positions = gate.free_text([_delivery(package, bodies) for package, bodies in packages])
    except GateError:
        if len(packages) > 1:
            for one in packages:
                yield from _searched(gate, [one])
        return
    for (package, _), outcome in zip(packages, outcomes, strict=True):
        yield package, outcome, [p for p in positions if p.leverans_id == package.leverans_id]


def _through(gate: Gate, readable: list[tuple[Package, list[Body]]]) -> Iterator[Tried]:
    try:
        outcomes = gate.run([_delivery(package, bodies) for package, bodies in readable])
    except GateError as error:
        if len(readable) > 1:
            for one in readable:
                yield from _through(gate, [one])
            return
        detalj = TOO_LARGE if str(error) == OUT_OF_MEMORY else "Paketets rader kunde inte läsas."
        readable[0][0].faults.append(Fault("GEN-01", detalj))
        yield _stopped(gate, readable)
        return
    packages = [package for package, _ in readable]
    by_id = {p.leverans_id: outcome for p, outcome in zip(packages, outcomes, strict=True)}
    yield Tried(gate, packages, by_id, gate.positions())
