"""Faults planted in single rows of the yearly deliveries.

Belongs here: which rows are spoiled, and how. Does not belong here: which rule the spoiled row falls on
(facit_rader), faults of whole packages (plan, text). A fault is planted at least once a year where a row allows it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pipelines.synthetic.arsvis.rader import Leveranser
from pipelines.synthetic.arsvis.radfel import ALLMANNA, UTREDNING, Fel, Planterare, okand_kod, tva_beteckningar
from pipelines.synthetic.arsvis.tal import OPPEN, TOM, ars_dagar, take
from pipelines.synthetic.barn.koder import SOL
from pipelines.synthetic.koder import RESERV

_NY_NR = 50
_KOD = {
    "bu_barn": ("vardnadshavare_kod", "vardnadshavare_kod"),
    "bu_insats": ("insatstyp_kod", "beslut_datum"),
    "bu_placering": ("placeringsform_kod", "placeringsform_kod"),
    "bu_oppenvard_mangd": ("oppenvard_kod", "antal"),
    "aktualisering": ("aktualisering_typ_kod", "aktualisering_typ_kod"),
    "bbic_barn": ("ensamkommande", "ensamkommande"),
    "bbic_sammanfattning": ("malgrupp_kod", "malgrupp_kod"),
    "bbic_insats": ("insats_kod", "insats_kod"),
}  # the column that gets an unknown code, the column that is emptied
_SPANN = {
    "bu_insats": ("insats_start_datum", "insats_slut_datum"),
    "bu_placering": ("placering_start_datum", "placering_slut_datum"),
    "bbic_insats": ("insats_start_datum", "insats_slut_datum"),
}


def _bu_03(p: Planterare, dataset: str) -> None:
    """A placement from three days before its insats."""
    rows = p.lev.rader[dataset]
    first = (rows["placering_nr"] == 1) & (rows["placering_start_datum"] > p.jan)
    p.put(dataset, "BU-03", "placering_start_datum", rows["placering_start_datum"] - 3, first)


def _bu_04(p: Planterare, dataset: str) -> None:
    """A ground for SOL, none for the others."""
    rows = p.lev.rader[dataset]
    p.put(dataset, "BU-04", "lvu_grund_kod", np.where(rows["insatstyp_kod"] == SOL, 1, TOM))


def _bu_05(p: Planterare, dataset: str) -> None:
    """A child with a reservnummer who was too old from the first day."""
    p.put(dataset, "BU-05", "fodelsear", p.lev.ar - 45, p.lev.rader[dataset]["id_typ"] == RESERV)


def _bu_13(p: Planterare, dataset: str) -> None:
    """A second home beside the first for more than thirty days."""
    rows = p.lev.rader[dataset]
    start, slut = rows["placering_start_datum"], np.minimum(rows["placering_slut_datum"], p.dec)
    twin = take(rows, p.choose(dataset, "BU-13", slut - start > 60))
    twin["placering_start_datum"] = twin["placering_start_datum"] + 10
    twin["placering_nr"] = twin["placering_nr"] + _NY_NR
    twin["hem_id"] = twin["hem_id"] + 1
    p.add(dataset, twin)


def _bu_15(p: Planterare, dataset: str) -> None:
    """A start in the next year."""
    start, slut = p.spann[dataset]
    p.put(dataset, "BU-15", start, p.dec + 3, p.lev.rader[dataset][slut] == OPPEN)


def _akt_01(p: Planterare, dataset: str) -> None:
    rows = p.lev.rader[dataset]
    p.put(dataset, "AKT-01", "beslut_datum", rows["mottagen_datum"] - 1, rows["beslut_datum"] != OPPEN)


def _akt_05(p: Planterare, dataset: str) -> None:
    """Received and decided the year before."""
    rows = p.lev.rader[dataset]
    places = p.put(dataset, "AKT-05", "mottagen_datum", p.jan - 20, rows["beslut_datum"] != OPPEN)
    rows["beslut_datum"][places] = p.jan - 10


def _bbic_01(p: Planterare, dataset: str) -> None:
    """An area that its edition needs is empty."""
    column = "behov_bu2" if dataset == "bbic_sammanfattning" else "behov_bu2_nu"
    p.put(dataset, "BBIC-01", column, TOM, p.lev.rader[dataset][column] != TOM)


def _bbic_03(p: Planterare, dataset: str) -> None:
    """No edition, or one that nobody knows."""
    n = len(p.lev.rader[dataset]["pkg"])
    p.put(
        dataset,
        "BBIC-03",
        "bbic_version_kod",
        np.where(np.arange(n) % 2 == 0, TOM, okand_kod(p.lev.doman, dataset, "bbic_version_kod")),
    )


def _bbic_05(p: Planterare, dataset: str) -> None:
    rows = p.lev.rader[dataset]
    p.put(dataset, "BBIC-05", "mal_uppfyllda", rows["mal_antal"] + 1, rows["mal_antal"] != TOM)


def _bbic_06(p: Planterare, dataset: str) -> None:
    """A follow-up in the year, before its measure began."""
    rows, insats = p.lev.rader[dataset], p.lev.rader["bbic_insats"]
    key, order = rows["pkg"] << 32 | rows["insats_id"], np.argsort(insats["pkg"] << 32 | insats["insats_id"])
    known = (insats["pkg"] << 32 | insats["insats_id"])[order]
    at = np.minimum(np.searchsorted(known, key), max(len(known) - 1, 0))
    first = np.where(known[at] == key, insats["insats_start_datum"][order][at], 0) if len(known) else np.zeros_like(key)
    p.put(dataset, "BBIC-06", "uppfoljning_datum", first - 1, first > p.jan)


def _bbic_07(p: Planterare, dataset: str) -> None:
    p.put(dataset, "BBIC-07", "uppfoljning_datum", p.jan - 5)


def _bu_19(p: Planterare, dataset: str) -> None:
    rows = p.lev.rader[dataset]
    p.put(dataset, "BU-19", "antal", rows["antal"] + 40, rows["oppenvard_kod"] == 1)


FEL: dict[str, Fel] = {
    **ALLMANNA, **UTREDNING,
    "BU-03": _bu_03, "BU-04": _bu_04, "BU-05": _bu_05, "BU-13": _bu_13, "BU-15": _bu_15,
    "BU-18": lambda p, dataset: tva_beteckningar(p, dataset, "BU-18"),
    "BU-19": _bu_19, "AKT-01": _akt_01, "AKT-05": _akt_05,
    "BBIC-01": _bbic_01, "BBIC-03": _bbic_03, "BBIC-05": _bbic_05, "BBIC-06": _bbic_06, "BBIC-07": _bbic_07,
}  # fmt: skip


def plantera(lev: Leveranser, rng: np.random.Generator, par: dict[str, Any]) -> None:
    """Spoil rows of every sound package, fewer in corrections."""
    Planterare(lev, rng, par, _KOD, _SPANN, FEL).run()
    _paketfel(lev, rng)


def _paketfel(lev: Leveranser, rng: np.random.Generator) -> None:
    """Rows of packages that they are to stop: BU-01 an insats of no child; BU-07 a placement no longer sent."""
    for place, paket in enumerate(lev.paket):
        if paket.brist == "BU-01":
            rows = lev.rader["bu_insats"]
            mine = np.flatnonzero(rows["pkg"] == place)
            if len(mine):
                rows["barn_id"][rng.choice(mine)] = 900_000
        elif paket.brist == "BU-07":
            rows = lev.rader["bu_placering"]
            before = (rows["pkg"] == place) & (rows["placering_start_datum"] < ars_dagar(lev.ar)[0])
            if before.any():
                keep = np.ones(len(before), dtype=bool)
                keep[rng.choice(np.flatnonzero(before))] = False
                lev.rader["bu_placering"] = take(rows, keep)
