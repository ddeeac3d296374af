"""Packages on disk: manifest, files, wrapping, received time, and what was done to a package as a whole.

Belongs here: bytes of a finished package and putting it into the inbox in one step. Does not belong here:
which packages there are (plan) or what their rows say (rader, text).
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import zipfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pipelines.synthetic.koder import COLUMNS, period_text
from pipelines.synthetic.plan import STOCKHOLM, Paket

SYSTEM = "Exempelsystem"


@dataclass(frozen=True)
class Avsandare:
    """The sender as the manifest names it."""

    kommun_kod: str
    frammande_kod: str  # another municipality's code, for the package that holds somebody else's rows
    stadsdelar: tuple[str, ...]
    system_version: str


def _foreign(paket: Paket, sender: Avsandare) -> bytes:
    """Sender's cells of somebody else: another stadsdel of the municipality, or another municipality."""
    if not paket.stadsdel:
        return f"{sender.frammande_kod};;".encode()
    other = sender.stadsdelar[sender.stadsdelar.index(paket.stadsdel) - 1]
    return f"{sender.kommun_kod};{other};".encode()


def _tamper(dataset: str, body: bytes, paket: Paket, sender: Avsandare) -> tuple[str, bytes]:
    """Header and lines after what was done to the file (GEN-02, GEN-03, GEN-04)."""
    header, lines = COLUMNS[dataset], body.splitlines(keepends=True)
    if paket.brist == "frammande" and dataset == "eb_hushall":
        lines[:3] = [_foreign(paket, sender) + line.split(b";", 2)[2] for line in lines[:3]]
    elif paket.brist == "period" and dataset == "eb_person":
        cells = [line.split(b";", 3) for line in lines[-2:]]
        lines[-2:] = [b";".join([*c[:2], period_text(paket.manad - 1).encode(), c[3]]) for c in cells]
    elif paket.brist == "kolumn_saknas" and dataset == "eb_person":
        header = header.rsplit(";", 1)[0]
        lines = [line.rsplit(b";", 1)[0] + b"\n" for line in lines]
    elif paket.brist == "kolumn_okand" and dataset == "eb_hushall":
        header += ";handlaggare_kod"
        lines = [line[:-1] + b";01\n" for line in lines]
    return header, b"".join(lines)


def _files(paket: Paket, bodies: dict[str, bytes], sender: Avsandare) -> dict[str, tuple[bytes, int]]:
    """dataset -> file and number of data lines; a confirmed zero has no file."""
    out = {}
    for dataset in paket.delivered:
        body = bodies[dataset]
        if not body and dataset not in {d for d, _ in paket.unconfirmed}:
            continue
        header, lines = _tamper(dataset, body, paket, sender) if paket.brist else (COLUMNS[dataset], body)
        out[dataset] = (header.encode() + b"\n" + lines, body.count(b"\n"))
    return out


def _manifest(paket: Paket, files: dict[str, tuple[bytes, int]], protected: bool, sender: Avsandare) -> bytes:
    taken = datetime.fromtimestamp(paket.mottagen - 3600 - paket.mottagen % 7200, STOCKHOLM)
    entries = [
        {
            "namn": f"{dataset}.csv",
            "dataset": dataset,
            "schema_version": "1.0.0",
            "teckenkodning": "utf-8",
            "antal_rader": dict(paket.utlovat).get(dataset, count),
            "sha256": hashlib.sha256(data).hexdigest(),
        }
        for dataset, (data, count) in files.items()
    ]
    if paket.brist == "sha" and entries:
        entries[0]["sha256"] = hashlib.sha256(b"fel").hexdigest()
    if paket.brist == "rader" and entries:
        entries[0]["antal_rader"] = int(str(entries[0]["antal_rader"])) + 7
    manifest = {
        "kommun_kod": sender.kommun_kod,
        "stadsdel_kod": paket.stadsdel or None,
        "kalla": "eb",
        "period": paket.period,
        "version": paket.version,
        "leveranstyp": paket.leveranstyp,
        "profil": "kanonisk",
        "system": SYSTEM,
        "system_version": sender.system_version,
        "uttag_tid": taken.isoformat(),
        "kontakt": f"socialtjanst@{sender.kommun_kod}.example",
        "skyddade_deklarerade": protected,
        "nolleverans": list(paket.nolleverans),
        "filer": entries,
    }
    return json.dumps(manifest, ensure_ascii=False, indent=1).encode()


def _zip(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, data in members.items():
            info = zipfile.ZipInfo(name, (2017, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return buffer.getvalue()


def _place(target: Path, members: dict[str, bytes], moment: int, staging: Path) -> None:
    """Build beside the inbox, stamp the received time, then rename: never half a package under its name."""
    temp = staging / f"{target.parent.name}_{target.name}"
    if target.suffix == ".zip":
        temp.write_bytes(_zip(members))
    else:
        temp.mkdir()
        for name, data in members.items():
            (temp / name).write_bytes(data)
            os.utime(temp / name, (moment, moment))
        if target.is_dir():
            shutil.rmtree(target)
    os.utime(temp, (moment, moment))
    os.replace(temp, target)


def write_package(
    folder: Path, staging: Path, paket: Paket, bodies: dict[str, bytes], protected: bool, sender: Avsandare
) -> None:
    """Write one package (and its identical second sending, if any) into the sender's folder of the inbox."""
    files = _files(paket, bodies, sender)
    members = {"manifest.json": _manifest(paket, files, protected, sender)}
    members |= {f"{dataset}.csv": data for dataset, (data, _) in files.items()}
    name = paket.namn if paket.mapp else f"{paket.namn}.zip"
    _place(folder / name, members, paket.mottagen, staging)
    if paket.sands_igen:
        _place(folder / paket.namn, members, paket.sands_igen, staging)
