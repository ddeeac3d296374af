"""Packages on disk: manifest, files, wrapping, received time, and what was done to a package as a whole.

Belongs here: bytes of a finished package and putting it into the inbox in one step. Does not belong here:
which packages there are (plan) or what their files say (rader, text).
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import zipfile
from datetime import datetime
from pathlib import Path

from pipelines.synthetic.plan import STOCKHOLM, UNDECLARED, Paket
from pipelines.synthetic.text import Avsandare, Fil


def _files(paket: Paket, files: dict[str, Fil]) -> dict[str, Fil]:
    """dataset -> file; a confirmed zero has none."""
    silent = {dataset for dataset, _ in paket.unconfirmed}
    return {d: files[d] for d in paket.delivered if files[d].rader or d in silent}


def _manifest(paket: Paket, files: dict[str, Fil], protected: bool, sender: Avsandare) -> bytes:
    taken = datetime.fromtimestamp(paket.mottagen - 3600 - paket.mottagen % 7200, STOCKHOLM)
    entries = [
        {
            "namn": f"{dataset}.csv",
            "dataset": dataset,
            "schema_version": "1.0.0",
            "teckenkodning": sender.profil.teckenkodning,
            "antal_rader": dict(paket.utlovat).get(dataset, fil.rader),
            "sha256": hashlib.sha256(fil.innehall).hexdigest(),
        }
        for dataset, fil in files.items()
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
        "profil": sender.profil.namn,
        "system": sender.profil.system,
        "system_version": sender.system_version,
        "uttag_tid": taken.isoformat(),
        "kontakt": f"socialtjanst@{sender.kommun_kod}.example",
        "skyddade_deklarerade": protected and paket.brist != UNDECLARED,
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


def place(target: Path, members: dict[str, bytes], moment: int, staging: Path) -> None:
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
    folder: Path, staging: Path, paket: Paket, rendered: dict[str, Fil], protected: bool, sender: Avsandare
) -> None:
    """Write one package (and its identical second sending, if any) into the sender's folder of the inbox."""
    files = _files(paket, rendered)
    members = {"manifest.json": _manifest(paket, files, protected, sender)}
    members |= {f"{dataset}.csv": fil.innehall for dataset, fil in files.items()}
    name = paket.namn if paket.mapp else f"{paket.namn}.zip"
    place(folder / name, members, paket.mottagen, staging)
    if paket.sands_igen:
        place(folder / paket.namn, members, paket.sands_igen, staging)
