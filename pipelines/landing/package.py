"""Packages: what a delivery looks like from outside, and opening one safely.

Belongs here: names, manifest, wrapping (zip or folder), identity. Does not belong here: what the rows say (the
gate), where the bytes are kept (the archive).

Form of a delivery: docs/reference/leverans.md.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipelines.settings import STOCKHOLM

MANIFEST = "manifest.json"
MAX_MEMBERS = 50
MAX_BYTES = 1_000_000_000
MAX_RATIO = 200
NAME = re.compile(
    r"(?P<kalla>[a-z]{2,12})_(?P<period>20\d{2}(?:-(?:0[1-9]|1[0-2]))?)"
    r"(?:_s(?P<stadsdel>[0-9A-Za-z]{1,8}))?(?:_v(?P<version>[1-9]\d{0,3}))?(?:\.zip)?"
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
    nolleverans: tuple[str, ...] = ()
    filer: tuple[FileEntry, ...]


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
    """A broken package rule. `detalj` is Swedish for the sender and never holds a value from the rows."""

    regel_id: str
    detalj: str
    dataset: str | None = None
    rad_nr: int | None = None
    kolumn: str | None = None
    antal_rader: int = 0


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
    if match is None:
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


def pack_folder(folder: Path) -> bytes:
    """A folder delivery as zip bytes that depend on names and contents alone."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            # a name that is not UTF-8, or lies in a folder, is kept so that it can be refused
            name = path.relative_to(folder).as_posix().encode("utf-8", "replace").decode()
            target.writestr(zipfile.ZipInfo(name), path.read_bytes())
    return buffer.getvalue()


def read_wrapped(path: Path) -> bytes:
    """The bytes of a package, zip or folder."""
    return pack_folder(path) if path.is_dir() else path.read_bytes()


def _members(wrapped: bytes) -> dict[str, bytes] | Fault:
    try:
        with zipfile.ZipFile(io.BytesIO(wrapped)) as archive:
            entries = archive.infolist()
            total = sum(e.file_size for e in entries)
            if len(entries) > MAX_MEMBERS or total > min(MAX_BYTES, MAX_RATIO * len(wrapped) + 1_000_000):
                return Fault("GEN-01", "Paketet är för stort eller orimligt hårt packat.")
            names = [e.filename for e in entries]
            if len(set(names)) != len(names) or any("/" in n or "\\" in n for n in names):
                return Fault("GEN-01", "Paketet får bara innehålla filer med olika namn, utan mappar.")
            return {e.filename: archive.read(e) for e in entries}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
        return Fault("GEN-01", "Paketet är inte en hel zip-fil.")
    except Exception as error:  # zlib.error has no public base; its text may hold file content
        return Fault("GEN-01", f"Paketet kunde inte packas upp ({type(error).__name__}).")


def _identity(files: dict[str, bytes]) -> str:
    """Manifest bytes together with the files' sha256, whatever the wrapping."""
    digest = hashlib.sha256(files[MANIFEST])
    for name in sorted(files):
        if name != MANIFEST:
            digest.update(f"\n{name}\0{hashlib.sha256(files[name]).hexdigest()}".encode())
    return digest.hexdigest()


def _parse_manifest(content: bytes) -> Manifest | Fault:
    try:
        return Manifest.model_validate_json(content)
    except ValidationError as error:
        places = {".".join(str(part) for part in e["loc"][:3]) for e in error.errors(include_input=False)}
        where = ", ".join(sorted(places - {""})) or "filen som helhet"
        return Fault("GEN-01", f"manifest.json följer inte specifikationen: {where}.")


def open_package(envelope: Envelope, wrapped: bytes) -> Package:
    """Open a package and check what belongs to it as a whole, apart from its rows (GEN-01, 02, 03)."""
    members = _members(wrapped)
    if isinstance(members, Fault) or MANIFEST not in members:
        sha = hashlib.sha256(wrapped).hexdigest()
        fault = members if isinstance(members, Fault) else Fault("GEN-01", "Paketet saknar manifest.json.")
        return Package(envelope, sha[:16], sha, wrapped, faults=[fault])
    identity = _identity(members)
    package = Package(envelope, identity[:16], identity, wrapped, files=members)
    manifest = _parse_manifest(members[MANIFEST])
    if isinstance(manifest, Fault):
        package.faults.append(manifest)
        return package
    package.manifest = manifest
    package.faults.extend(_envelope_faults(envelope, manifest))
    if package.faults:
        # sent in the wrong place or under the wrong name: must not take the identity of the right one
        place = f"{identity}\n{envelope.kommun_kod}/{envelope.paket_namn}"
        package.sha256 = hashlib.sha256(place.encode()).hexdigest()
        package.leverans_id = package.sha256[:16]
    package.faults.extend(_file_faults(manifest, members))
    return package


def _envelope_faults(envelope: Envelope, manifest: Manifest) -> list[Fault]:
    faults = []
    if manifest.kommun_kod != envelope.kommun_kod or (manifest.stadsdel_kod or "") != envelope.stadsdel_kod:
        faults.append(Fault("GEN-02", "Manifestets kommun eller stadsdel är inte avsändarens."))
    yearly = len(manifest.period) == 4
    if manifest.period != envelope.period or yearly != (manifest.leveranstyp == "slutlig"):
        faults.append(Fault("GEN-03", "Manifestets period stämmer inte med paketets namn eller leveranstyp."))
    if manifest.period > envelope.mottagen.astimezone(STOCKHOLM).strftime("%Y-%m"):
        faults.append(Fault("GEN-03", "Perioden hade inte börjat när paketet togs emot."))
    if manifest.version != envelope.version or manifest.kalla != envelope.kalla:
        faults.append(Fault("GEN-01", "Manifestets version eller källa stämmer inte med paketets namn."))
    return faults


def _file_faults(manifest: Manifest, members: dict[str, bytes]) -> list[Fault]:
    declared = [entry.namn for entry in manifest.filer]
    faults = []
    if len(set(declared)) != len(declared) or len({e.dataset for e in manifest.filer}) != len(declared):
        faults.append(Fault("GEN-01", "En fil eller datamängd står två gånger i manifestet."))
    if set(members) - set(declared) - {MANIFEST}:
        faults.append(Fault("GEN-01", "Paketet innehåller en fil som manifestet inte nämner."))
    for entry in manifest.filer:
        if entry.namn not in members:
            faults.append(Fault("GEN-01", f"Filen för {entry.dataset} saknas i paketet.", entry.dataset))
        elif hashlib.sha256(members[entry.namn]).hexdigest() != entry.sha256.lower():
            detalj = f"Filen för {entry.dataset} är inte den som manifestet beskriver (sha256)."
            faults.append(Fault("GEN-01", detalj, entry.dataset))
    return faults
