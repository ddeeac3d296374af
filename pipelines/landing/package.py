"""Packages: what a delivery looks like from outside, and opening one safely.

Belongs here: names, manifest, identity. Does not belong here: zip and folder (`wrapping.py`), what the rows say (the
gate), where the bytes are kept (the archive).

Form of a delivery: docs/reference/leverans.md.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipelines.landing.wrapping import MAX_BYTES, MAX_MEMBERS, WrappingError, unpack
from pipelines.settings import STOCKHOLM

MANIFEST = "manifest.json"
# the rules under which nothing of a package may be stored: free text, and no agreement
NO_AGREEMENT = "GEN-26"
NEVER_KEPT = ("GEN-08", NO_AGREEMENT)
MAX_MANIFEST = 1_000_000
MAX_PLACES = 10
END_OF_TIME = datetime(2200, 1, 1, tzinfo=UTC).timestamp()
NAME = re.compile(
    r"(?P<kalla>[a-z]{2,20})_(?P<period>20\d{2}(?:-(?:0[1-9]|1[0-2]))?)"
    r"(?:_s(?P<stadsdel>[0-9A-Za-z]{1,8}))?(?:_v(?P<version>[1-9]\d{0,3}))?(?:\.zip)?",
    re.ASCII,  # a digit of another script is no digit
)
# free text of the sender that reaches the ledger: short, and without a run of digits that could be someone's number
Label = Annotated[str, Field(pattern=r"^(?:\D|\d{1,5}(?:\D|$))*$", max_length=64)]
Period = Annotated[str, Field(pattern=r"^\d{4}(-(0[1-9]|1[0-2]))?$")]


class FileEntry(BaseModel):
    """One file as the manifest declares it."""

    model_config = ConfigDict(frozen=True)

    namn: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,80}$")]
    dataset: Annotated[str, Field(pattern=r"^[a-z_]{2,40}$")]
    schema_version: Annotated[str, Field(pattern=r"^\d{1,3}(\.\d{1,3}){0,2}$")]
    teckenkodning: Literal["utf-8", "utf-8-sig", "cp1252"]
    antal_rader: Annotated[int, Field(ge=0, le=MAX_BYTES)]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-fA-F]{64}$")]


class Manifest(BaseModel):
    """manifest.json of a package."""

    model_config = ConfigDict(frozen=True)

    kommun_kod: Annotated[str, Field(pattern=r"^\d{4}$")]
    stadsdel_kod: Annotated[str, Field(pattern=r"^[0-9A-Za-z]{1,8}$")] | None = None
    kalla: str
    period: Period
    version: Annotated[int, Field(ge=1)]
    leveranstyp: Literal["ordinarie", "rattelse", "slutlig"]
    profil: Annotated[str, Field(pattern=r"^[a-z_]{1,40}\d{0,2}$")] = "kanonisk"
    system: Label | None = None
    system_version: Label | None = None
    uttag_tid: datetime | None = None
    kontakt: str | None = None
    skyddade_deklarerade: bool = False
    nolleverans: Annotated[tuple[str, ...], Field(max_length=1000)] = ()
    filer: Annotated[tuple[FileEntry, ...], Field(max_length=MAX_MEMBERS)]


@dataclass(frozen=True)
class Envelope:
    """What can be known of a package without opening it: sender, name and time of arrival (UTC)."""

    kommun_kod: str
    paket_namn: str
    kalla: str
    period: str
    stadsdel_kod: str
    version: int
    mottagen: datetime


@dataclass(frozen=True)
class Fault:
    """A broken package rule. `detalj` is Swedish for the sender and never holds a value from the rows.

    `mottagna`: the rows of the file it is of, where they were counted though the file is not taken.
    """

    regel_id: str
    detalj: str
    dataset: str | None = None
    rad_nr: int | None = None
    kolumn: str | None = None
    antal_rader: int = 0
    mottagna: int | None = None


@dataclass
class Package:
    """An opened package: its files in memory and the faults seen so far."""

    envelope: Envelope
    leverans_id: str
    sha256: str
    wrapped: bytes
    manifest: Manifest | None = None
    files: dict[str, bytes] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def envelope_of(kommun_kod: str, name: str, received: float) -> Envelope | None:
    """Read a package's name; None when it is not one. `received` is seconds since 1970 (UTC)."""
    match = NAME.fullmatch(name)
    if match is None or not 0 <= received < END_OF_TIME:
        return None
    return Envelope(
        kommun_kod=kommun_kod,
        paket_namn=name.removesuffix(".zip"),
        kalla=match["kalla"],
        period=match["period"],
        stadsdel_kod=match["stadsdel"] or "",
        version=int(match["version"] or 1),
        mottagen=datetime.fromtimestamp(int(received), UTC),
    )


def _identity(manifest: bytes, digests: dict[str, str]) -> str:
    """Manifest bytes together with the other files' sha256, whatever the wrapping."""
    files = "".join(f"\n{name}\0{digests[name]}" for name in sorted(digests))
    return hashlib.sha256(manifest + files.encode()).hexdigest()


def _placed(identity: str, envelope: Envelope) -> str:
    """The identity of what does not rightly say whose it is: its place too, or it would be one with what another sends,
    and take the identity of what was sent to the right place.
    """
    return hashlib.sha256(f"{identity}\n{envelope.kommun_kod}/{envelope.paket_namn}".encode()).hexdigest()


def parse_manifest(content: bytes) -> Manifest | Fault:
    """What manifest.json says, or the fault that it is none; the fault names fields, never what stands in them."""
    if len(content) > MAX_MANIFEST:
        return Fault("GEN-01", "manifest.json är orimligt stor.")
    try:
        return Manifest.model_validate_json(content)
    except ValidationError as error:
        places = {".".join(str(part) for part in e["loc"][:3]) for e in error.errors(include_input=False)}
        where = ", ".join(sorted(places - {""})[:MAX_PLACES]) or "filen som helhet"
        return Fault("GEN-01", f"manifest.json följer inte specifikationen: {where}.")


def _closed(envelope: Envelope, wrapped: bytes, detalj: str) -> Package:
    """A package of which nothing can be known but its bytes and its place."""
    sha = _placed(hashlib.sha256(wrapped).hexdigest(), envelope)
    return Package(envelope, sha[:16], sha, wrapped, faults=[Fault("GEN-01", detalj)])


def open_package(envelope: Envelope, wrapped: bytes) -> Package:
    """Open a package and check what belongs to it as a whole, apart from its rows (GEN-01, 02, 03)."""
    try:
        members = unpack(wrapped)
    except WrappingError as error:
        return _closed(envelope, wrapped, str(error))
    if MANIFEST not in members:
        return _closed(envelope, wrapped, "Paketet saknar manifest.json.")
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in members.items() if name != MANIFEST}
    identity = _identity(members[MANIFEST], digests)
    manifest = parse_manifest(members[MANIFEST])
    if isinstance(manifest, Fault):
        sha = _placed(identity, envelope)
        return Package(envelope, sha[:16], sha, wrapped, files=members, faults=[manifest])
    faults = _envelope_faults(envelope, manifest)
    sha = _placed(identity, envelope) if faults else identity
    faults += _file_faults(manifest, digests)
    return Package(envelope, sha[:16], sha, wrapped, manifest, members, faults)


def _envelope_faults(envelope: Envelope, manifest: Manifest) -> list[Fault]:
    faults = []
    if manifest.kommun_kod != envelope.kommun_kod or (manifest.stadsdel_kod or "") != envelope.stadsdel_kod:
        faults.append(Fault("GEN-02", "Manifestets kommun eller stadsdel är inte avsändarens."))
    if manifest.period != envelope.period:
        faults.append(Fault("GEN-03", "Manifestets period stämmer inte med paketets namn."))
    if manifest.period > envelope.mottagen.astimezone(STOCKHOLM).strftime("%Y-%m"):
        faults.append(Fault("GEN-03", "Perioden hade inte börjat när paketet togs emot."))
    if manifest.version != envelope.version or manifest.kalla != envelope.kalla:
        faults.append(Fault("GEN-01", "Manifestets version eller källa stämmer inte med paketets namn."))
    return faults


def _file_faults(manifest: Manifest, digests: dict[str, str]) -> list[Fault]:
    declared = [entry.namn for entry in manifest.filer]
    faults = []
    if len(set(declared)) != len(declared) or len({e.dataset for e in manifest.filer}) != len(declared):
        faults.append(Fault("GEN-01", "En fil eller datamängd står två gånger i manifestet."))
    if set(digests) - set(declared):
        faults.append(Fault("GEN-01", "Paketet innehåller en fil som manifestet inte nämner."))
    for entry in manifest.filer:
        if entry.namn not in digests:
            faults.append(Fault("GEN-01", f"Filen för {entry.dataset} saknas i paketet.", entry.dataset))
        elif digests[entry.namn] != entry.sha256.lower():
            detalj = (
                f"Filen för {entry.dataset} är en annan än manifestet beskriver: kontrollsumman (sha256) stämmer inte. "
                "Filen har ändrats efter att manifestet skrevs, eller skadats vid överföringen."
            )
            faults.append(Fault("GEN-01", detalj, entry.dataset))
    return faults
