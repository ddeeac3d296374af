"""The trial of a batch: package rules, reading, and the gate, for packages of one source.

Belongs here: turning opened packages into outcomes, whether or not they can be read. Does not belong here: storing
them (`reception.py`); `lager check` uses the same functions and stores nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from pipelines.contracts.geography import municipalities
from pipelines.contracts.model import Contracts
from pipelines.landing.gate import Gate, GateError, Outcome, Position
from pipelines.landing.gate_load import Delivery
from pipelines.landing.package import Fault, Package
from pipelines.landing.readers.csv import Body, read_csv
from pipelines.settings import STOCKHOLM

CANONICAL = "kanonisk"


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


def read_bodies(package: Package, contracts: Contracts) -> list[Body]:
    """Read a package's declared files; what cannot be read becomes a fault of the package."""
    bodies = []
    for entry in package.manifest.filer if package.manifest else ():
        dataset = contracts.datasets.get(entry.dataset)
        if dataset is None or dataset.kalla != package.envelope.kalla or dataset.version != entry.schema_version:
            detalj = "En datamängd eller dess schema_version i manifestet är inte känd."
            package.faults.append(Fault("GEN-01", detalj))
        elif entry.namn in package.files:
            read = read_csv(dataset, entry, package.files[entry.namn])
            package.faults.append(read) if isinstance(read, Fault) else bodies.append(read)
    if package.manifest and package.manifest.profil != CANONICAL:
        package.faults.append(Fault("GEN-01", "Profilen i manifestet är inte känd."))
    if package.envelope.kommun_kod not in municipalities(f"{package.envelope.period[:4]}-12-31"):
        package.faults.append(Fault("GEN-02", "Avsändaren är ingen kommun under perioden."))
    confirmed = package.manifest.nolleverans if package.manifest else ()
    if any(body.rows and body.dataset in confirmed for body in bodies):
        package.faults.append(Fault("GEN-01", "En datamängd har rader fast manifestet säger att den är tom."))
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
    )


def _stopped(package: Package) -> Outcome:
    return Outcome(faults=list(package.faults))


def try_packages(gate: Gate | None, contracts: Contracts, packages: list[Package]) -> Iterator[Tried]:
    """Try packages of one source together; should the gate fail on the batch, one by one.

    Yields once per gate run; the gate's rows are those of the yielded batch until the next is asked for.
    """
    if gate is None:
        for package in packages:
            package.faults.append(Fault("GEN-01", "Källan i paketets namn är inte en som tas emot."))
    readable: list[tuple[Package, list[Body]]] = []
    unreadable: list[tuple[Package, list[Body]]] = []
    for package in packages:
        bodies = read_bodies(package, contracts)
        (unreadable if package.faults else readable).append((package, bodies))
        if not package.faults:
            package.files.clear()
    if unreadable:
        yield Tried(None, [p for p, _ in unreadable], {p.leverans_id: _stopped(p) for p, _ in unreadable})
    if readable and gate is not None:
        yield from _through(gate, readable)


def _through(gate: Gate, readable: list[tuple[Package, list[Body]]]) -> Iterator[Tried]:
    try:
        outcomes = gate.run([_delivery(package, bodies) for package, bodies in readable])
    except GateError:
        if len(readable) > 1:
            for one in readable:
                yield from _through(gate, [one])
            return
        package = readable[0][0]
        package.faults.append(Fault("GEN-01", "Paketets rader kunde inte läsas."))
        yield Tried(None, [package], {package.leverans_id: _stopped(package)})
        return
    packages = [package for package, _ in readable]
    by_id = {p.leverans_id: outcome for p, outcome in zip(packages, outcomes, strict=True)}
    yield Tried(gate, packages, by_id, gate.positions())
