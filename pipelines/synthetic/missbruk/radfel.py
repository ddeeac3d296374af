"""Faults planted in single rows of missbruk, asi, lvm and isu.

Belongs here: which rows of these sources are spoiled, and how. Does not belong here: choosing the rows and the faults
any layout can have (arsvis.radfel), which rule the spoiled row falls on (facit_rader), faults of whole packages (plan,
text).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pipelines.synthetic.arsvis.rader import Leveranser
from pipelines.synthetic.arsvis.radfel import ALLMANNA, UTREDNING, Fel, Planterare, tva_beteckningar
from pipelines.synthetic.arsvis.tal import OPPEN, TOM
from pipelines.synthetic.koder import Arr
from pipelines.synthetic.missbruk.koder import EJ_GENOMFORD, GRUND, SKALA

_INGEN = 900_000  # a designation that nobody has
_KOD = {
    "missbruk_utredning": ("malgrupp_kod", "aktualisering_typ_kod"),
    "missbruk_insats": ("insats_kod", "malgrupp_kod"),
    "asi_intervju": ("cs_formelversion", "asi_version_kod"),
    "lvm_ansokan": ("medel_alkohol", "medel_narkotika"),
    "lvm_utskrivning": ("boende_efter_kod", "boende_efter_kod"),
    "isu_uppfoljning": ("uppfoljningsmodell_kod", "malgrupp_kod"),
}  # the column that gets an unknown code, the column that is emptied
_SPANN = {
    "missbruk_insats": ("insats_start_datum", "insats_slut_datum"),
    "lvm_utskrivning": ("inskrivning_datum", "utskrivning_datum"),
}
_HANDELSE = {
    "lvm_ansokan": "ansokan_datum",
    "lvm_omhandertagande": "omhandertagande_datum",
    "lvm_utskrivning": "utskrivning_datum",
}


def _alla(p: Planterare, dataset: str) -> Arr:
    return np.ones(len(p.lev.rader[dataset]["pkg"]), dtype=bool)


def _gen_15(p: Planterare, dataset: str) -> None:
    """The last day two days before the first, both within the year where the last is what must be."""
    start, slut = p.spann[dataset]
    rows = p.lev.rader[dataset]
    if dataset == "lvm_utskrivning":
        p.put(dataset, "GEN-15", start, rows[slut] + 2)
    else:
        p.put(dataset, "GEN-15", slut, rows[start] - 2, rows[slut] != OPPEN)


def _mis_01(p: Planterare, dataset: str) -> None:
    p.put(dataset, "MIS-01", "klient_id", _INGEN)


def _mis_02(p: Planterare, dataset: str) -> None:
    rows = p.lev.rader[dataset]
    p.put(dataset, "MIS-02", "insats_start_datum", p.dec + 3, rows["insats_slut_datum"] == OPPEN)


def _mis_03(p: Planterare, dataset: str) -> None:
    """Ended before the year, and sent all the same."""
    rows = p.lev.rader[dataset]
    able = (rows["insats_start_datum"] < p.jan - 10) & (rows["insats_slut_datum"] != OPPEN)
    p.put(dataset, "MIS-03", "insats_slut_datum", p.jan - 5, able)


def _gen_14_asi(p: Planterare, dataset: str) -> None:
    """An edition of the composite measures that nobody knows."""
    rows = p.lev.rader[dataset]
    if dataset == "asi_intervju":
        p.put(dataset, "GEN-14", "cs_formelversion", 2, rows["cs_formelversion"] != TOM)
    else:
        ALLMANNA["GEN-14"](p, dataset)


def _gen_25_asi(p: Planterare, dataset: str) -> None:
    if dataset == "asi_intervju":
        done = p.lev.rader[dataset]["asi_typ_kod"] != EJ_GENOMFORD
        p.put(dataset, "GEN-25", "asi_version_kod", TOM, done)
    else:
        ALLMANNA["GEN-25"](p, dataset)


def _asi_01(p: Planterare, dataset: str) -> None:
    rows = p.lev.rader[dataset]
    p.put(dataset, "ASI-01", "asi4_klient_oro", 5, rows["asi_typ_kod"] != EJ_GENOMFORD)


def _asi_02(p: Planterare, dataset: str) -> None:
    """A follow-up that points at another person's Grund in the package."""
    rows = p.lev.rader[dataset]
    value = rows["grund_intervju_id"].copy()
    able = np.zeros(len(value), dtype=bool)
    for place in np.unique(rows["pkg"]).tolist():
        mine = rows["pkg"] == place
        others = np.flatnonzero(mine & (rows["asi_typ_kod"] == GRUND))
        later = np.flatnonzero(mine & (rows["asi_typ_kod"] != GRUND))
        if len(others) > 1 and len(later):
            at = others[np.where(rows["klient"][others[0]] == rows["klient"][later], 1, 0)]
            value[later], able[later] = rows["intervju_id"][at], rows["klient"][at] != rows["klient"][later]
    p.put(dataset, "ASI-02", "grund_intervju_id", value, able)


def _asi_04(p: Planterare, dataset: str) -> None:
    rows = p.lev.rader[dataset]
    p.put(dataset, "ASI-04", "dagar_arbete_30", 31, rows["asi_typ_kod"] != EJ_GENOMFORD)


def _asi_05(p: Planterare, dataset: str) -> None:
    rows = p.lev.rader[dataset]
    sober = (rows["dagar_alkohol_30"] != TOM) & (rows["dagar_alkohol_30"] < 25)
    p.put(dataset, "ASI-05", "dagar_berusning_30", rows["dagar_alkohol_30"] + 3, sober)


def _asi_08(p: Planterare, dataset: str) -> None:
    rows = p.lev.rader[dataset]
    p.put(dataset, "ASI-08", "intervju_datum", p.jan - 8, rows["asi_typ_kod"] != GRUND)


def _lvm_01(p: Planterare, dataset: str) -> None:
    places = p.choose(dataset, "LVM-01", _alla(p, dataset))
    for column in ("indikation_fys_psyk", "indikation_liv", "indikation_skada"):
        p.lev.rader[dataset][column][places] = 0


def _lvm_07(p: Planterare, dataset: str) -> None:
    """An event of the year before."""
    p.put(dataset, "LVM-07", _HANDELSE[dataset], p.jan - 3)


def _isu_01(p: Planterare, dataset: str) -> None:
    p.put(dataset, "ISU-01", "matt_datum", p.jan - 4)


def _isu_02(p: Planterare, dataset: str) -> None:
    rows = p.lev.rader[dataset]
    p.put(dataset, "ISU-02", "matt_varde", np.array([high for _, high in SKALA])[rows["matt_kod"]] + 1)


def _isu_03(p: Planterare, dataset: str) -> None:
    """The end before the start."""
    rows = p.lev.rader[dataset]
    first = rows["tillfalle_kod"] == 0
    key = np.stack([rows[c] for c in ("pkg", "klient_id", "insats_id", "matt_kod")], axis=1)
    code = np.unique(key, axis=0, return_inverse=True)[1].reshape(-1)
    start = np.full(int(code.max(initial=-1)) + 1, -1)
    start[code[first]] = rows["matt_datum"][first]
    able = (rows["tillfalle_kod"] == 2) & (start[code] > p.jan + 1) if len(code) else first
    p.put(dataset, "ISU-03", "matt_datum", start[code] - 1, able)


FEL: dict[str, Fel] = {
    **ALLMANNA, **UTREDNING, "GEN-14": _gen_14_asi, "GEN-15": _gen_15, "GEN-25": _gen_25_asi,
    "MIS-01": _mis_01, "MIS-02": _mis_02, "MIS-03": _mis_03,
    "MIS-04": lambda p, dataset: tva_beteckningar(p, dataset, "MIS-04"),
    "ASI-01": _asi_01, "ASI-02": _asi_02, "ASI-04": _asi_04, "ASI-05": _asi_05, "ASI-08": _asi_08,
    "LVM-01": _lvm_01, "LVM-07": _lvm_07, "ISU-01": _isu_01, "ISU-02": _isu_02, "ISU-03": _isu_03,
}  # fmt: skip


def plantera(
    lev: Leveranser, rng: np.random.Generator, par: dict[str, Any], sedda: set[tuple[str, str]], stoppas: Arr
) -> None:
    """Spoil rows of every sound package but those to be stopped, fewer in corrections; each fault at least once,
    whatever the year, since some tables are small.
    """
    planterare = Planterare(lev, rng, par, _KOD, _SPANN, FEL, sedda)
    planterare.weight[stoppas] = 0.0
    planterare.run()
