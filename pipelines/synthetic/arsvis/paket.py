"""Yearly packages on disk: manifest, files, wrapping, received time.

Belongs here: bytes of a finished package and putting it into the inbox. Does not belong here: which packages there are
(plan) or what their files say (rader, text).
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from pathlib import Path

import numpy as np

from pipelines.synthetic.arsvis.avsandare import Avsandare
from pipelines.synthetic.arsvis.plan import Paket
from pipelines.synthetic.arsvis.rader import Leveranser
from pipelines.synthetic.arsvis.text import Fil, medlemmar, render
from pipelines.synthetic.paket import place
from pipelines.synthetic.plan import STOCKHOLM
from pipelines.synthetic.profiler import Profil


def _tysta(paket: Paket, files: dict[str, Fil]) -> list[str]:
    """Datasets confirmed as empty: those said to be, and those that simply have no rows."""
    return [d for d, f in files.items() if d in paket.nolleverans or (not f.rader and paket.tomd != d)]


def _manifest(
    paket: Paket, files: dict[str, Fil], sent: dict[str, Fil], protected: bool, av: Avsandare, system: Profil
) -> bytes:
    taken = datetime.fromtimestamp(paket.mottagen - 3600 - paket.mottagen % 7200, STOCKHOLM)
    entries = [
        {
            "namn": f"{dataset}.{fil.format}",
            "dataset": dataset,
            "schema_version": "1.0.0",
            "teckenkodning": "utf-8",
            "antal_rader": fil.rader,
            "sha256": hashlib.sha256(fil.innehall).hexdigest(),
        }
        for dataset, fil in sent.items()
    ]
    if paket.brist == "sha" and entries:
        entries[0]["sha256"] = hashlib.sha256(b"fel").hexdigest()
    if paket.brist == "rader" and entries:
        entries[0]["antal_rader"] = int(str(entries[0]["antal_rader"])) + 7
    manifest = {
        "kommun_kod": av.kod(paket.sand),
        "stadsdel_kod": av.stadsdel[paket.sand] or None,
        "kalla": paket.kalla,
        "period": str(paket.ar),
        "version": paket.version,
        "leveranstyp": paket.leveranstyp,
        "profil": system.namn,
        "system": system.system,
        "system_version": "1.0",
        "uttag_tid": taken.isoformat(),
        "kontakt": f"socialtjanst@{av.kod(paket.sand)}.example",
        "skyddade_deklarerade": protected,
        "nolleverans": _tysta(paket, files),
        "filer": entries,
    }
    return json.dumps(manifest, ensure_ascii=False, indent=1).encode()


def _write(
    folder: Path, staging: Path, paket: Paket, files: dict[str, Fil], protected: bool, av: Avsandare, system: Profil
) -> None:
    sent = medlemmar(paket, files)
    members = {"manifest.json": _manifest(paket, files, sent, protected, av, system)}
    members |= {f"{dataset}.{fil.format}": fil.innehall for dataset, fil in sent.items()}
    folder.mkdir(parents=True, exist_ok=True)
    place(folder / (paket.namn if paket.mapp else f"{paket.namn}.zip"), members, paket.mottagen, staging)
    if paket.sands_igen:
        place(folder / paket.namn, members, paket.sands_igen, staging)


def skriv(inbox: Path, staging: Path, lev: Leveranser, form: dict[int, str], av: Avsandare) -> None:
    """All packages of one source and year into their senders' folders. form: municipality -> format, or the name of a
    system of the source's own.
    """
    own = {p.namn: p for p in lev.doman.system[lev.kalla]}
    forms = [form[int(av.kommun[p.sand])] for p in lev.paket]
    systems = [own.get(f, lev.doman.system[lev.kalla][0]) for f in forms]
    rendered = render(lev, ["csv" if f in own else f for f in forms], systems, av)
    protected = np.zeros(len(lev.paket), dtype=bool)
    for rows in (lev.rader[d] for d in lev.datasets if "skyddad" in lev.rader[d]):
        protected[rows["pkg"][rows["skyddad"] == 1]] = True
    for i, paket in enumerate(lev.paket):
        files = {d: rendered[d][i] for d in lev.datasets}
        _write(inbox / av.kod(paket.sand), staging, paket, files, bool(protected[i]), av, systems[i])
