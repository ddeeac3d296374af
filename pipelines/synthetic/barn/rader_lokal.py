"""The rows of every package of aktualisering and bbic, as typed arrays.

Belongs here: which cases, measures and follow-ups each package holds, and assessed areas in the edition of the day.
Does not belong here: the register's rows (rader), planted faults (radfel), text (text). Columns as in rader.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pipelines.synthetic.arsvis.rader import Leveranser
from pipelines.synthetic.arsvis.tal import OPPEN, TOM, Rows
from pipelines.synthetic.barn.arenden import utgava
from pipelines.synthetic.barn.koder import BEHOV, EJ_UTRETT, GAMLA, GAMLA_OMRADEN, METOD, OMRADEN, TILL_NYTT
from pipelines.synthetic.barn.rader import Barnurval
from pipelines.synthetic.barn.samhalle import Samhalle
from pipelines.synthetic.koder import Arr

_LANGT = 5000  # days after which a report is never decided


def aktualisering(lev: Leveranser, soc: Samhalle, rng: np.random.Generator, par: dict[str, Any]) -> None:
    """Fill the packages of aktualisering: received in the year, or undecided when it began."""
    u, e = Barnurval(lev, soc, rng, par), soc.arenden.aktualisering
    active = (e["mottagen"] <= u.dec) & ((e["mottagen"] >= u.jan) | (e["beslut"] >= u.jan))
    events = np.flatnonzero(active)
    pkg, src = u.copies(events, e["barn"][events])
    keep = u.kvar(pkg, src, e["mottagen"][src])
    pkg, src = pkg[keep], src[keep]
    beslut = u.sista(pkg, src, np.where(e["beslut"][src] > e["mottagen"][src] + _LANGT, OPPEN, e["beslut"][src]))
    lev.rader["aktualisering"] = u.person(pkg, e["barn"][src]) | {
        "src": src,
        "aktualisering_id": e["id"][src],
        "aktualisering_typ_kod": e["typ"][src],
        "anmalartyp_kod": e["anmalare"][src],
        "orsak_kod": e["anledning"][src],
        "mottagen_datum": e["mottagen"][src],
        "beslut_datum": beslut,
        "utfall_kod": np.where(beslut == OPPEN, TOM, e["utfall"][src]),
    }


def bbic(lev: Leveranser, soc: Samhalle, rng: np.random.Generator, par: dict[str, Any]) -> None:
    """Fill the packages of bbic."""
    u = Barnurval(lev, soc, rng, par)
    lev.rader["bbic_sammanfattning"] = _utredningar(u)
    lev.rader["bbic_insats"] = _insatser(u)
    lev.rader["bbic_uppfoljning"] = _uppfoljningar(u)
    parts = [lev.rader[d] for d in lev.datasets[1:3]]
    child = u.personrader(*(np.concatenate([rows[c] for rows in parts]) for c in ("pkg", "barn")))
    lev.rader["bbic_barn"] = child | {"ensamkommande": soc.barn["ensamkommande"][child["barn"]]}


def _pagar(u: Barnurval, e: Rows) -> tuple[Arr, Arr, Arr]:
    """(package, event, last day told) of what goes on some day of the year."""
    events = np.flatnonzero((e["start"] <= u.dec) & (e["slut"] >= u.jan))
    pkg, src = u.copies(events, e["barn"][events])
    keep = u.kvar(pkg, src, e["start"][src])
    pkg, src = pkg[keep], src[keep]
    return pkg, src, u.sista(pkg, src, e["slut"][src])


def _kommun(u: Barnurval, pkg: Arr) -> Arr:
    return np.asarray(u.soc.av.kommun[u.lev.sand[pkg]])


def _ibland(u: Barnurval, count: int, values: int, tom: float = 0.1) -> Arr:
    """Any of the first values, or nothing."""
    return np.where(u.rng.random(count) < tom, TOM, u.rng.integers(0, values, count))


def _utredningar(u: Barnurval) -> Rows:
    e = u.soc.arenden.utredning
    pkg, src, slut = _pagar(u, e)
    n, done = len(src), slut != OPPEN
    version = utgava(_kommun(u, pkg), np.minimum(e["start"][src], u.dec))
    only = {name: np.where(done, e[key][src], TOM) for name, key in _VID_SLUT.items()}
    return {
        "pkg": pkg, "barn": e["barn"][src], "src": src, "utredning_id": e["id"][src],
        "barn_id": u.soc.barn["id"][e["barn"][src]] * 2, "bbic_version_kod": version,
        "malgrupp_kod": e["malgrupp"][src], "aktualisering_typ_kod": e["akt_typ"][src],
        "aktualisering_datum": e["aktualisering"][src], "utredning_start_datum": e["start"][src],
        "utredning_slut_datum": slut, "forlangd_utredning": e["forlangd"][src],
        "anledning_huvud_kod": e["anledning"][src], "kand_sedan_tidigare_kod": _ibland(u, n, 3),
        "info_fran_annan_profession": _ibland(u, n, 2), **only,
        **omraden(u.soc.arenden.behov[src], version, done, "behov_{}", _lika(u, pkg, src)),
        "riskfaktorer_antal": _ibland(u, n, 6), "skyddsfaktorer_antal": _ibland(u, n, 6),
        "samtycke_vh_kod": _ibland(u, n, 4), "barnets_installning_kod": _ibland(u, n, 4),
        "metod_kod": np.where(done, _ibland(u, n, len(METOD), 0.3), TOM), "barn_deltagit": _ibland(u, n, 2),
    }  # fmt: skip


_VID_SLUT = {"antal_barnsamtal": "samtal", "instrument_kod": "instrument", "beslut_kod": "beslut"}


def _lika(u: Barnurval, pkg: Arr, src: Arr) -> Arr:
    """Investigations with one value in all areas: many in one municipality in the last year (BBIC-02)."""
    senders = np.unique(u.soc.av.kommun[u.lev.sand])
    if u.lev.ar != u.soc.ar[-1] or not len(senders):
        return np.zeros(len(src), dtype=bool)
    flat = src * 7919 % 1000 < 1000 * u.par["utredning"]["lika"]
    return np.asarray(flat & (_kommun(u, pkg) == senders[len(senders) // 2]))


def omraden(behov: Arr, version: Arr, done: Arr, name: str, lika: Arr | None = None) -> Rows:
    """The assessed areas as columns: twelve, or nineteen in the old edition; empty in the other and before the end."""
    flat = np.zeros(len(version), dtype=bool) if lika is None else lika
    old = version == GAMLA
    out = {}
    for place, area in enumerate(OMRADEN):
        value = np.where(flat, behov[:, 0], behov[:, place])
        out[name.format(area)] = np.where(done & ~old, value, TOM)
    for turn, area in enumerate(GAMLA_OMRADEN):
        place = OMRADEN.index(TILL_NYTT[area][0]) if area in TILL_NYTT else turn % len(OMRADEN)
        own = np.where((np.arange(len(version)) * 31 + turn * 17) % 10 < 2, turn % (len(BEHOV) - 1), behov[:, place])
        value = np.where(flat, behov[:, 0], np.where(behov[:, place] == EJ_UTRETT, EJ_UTRETT, own))
        out[name.format(area)] = np.where(done & old, value, TOM)
    return out


def _insatser(u: Barnurval) -> Rows:
    e = u.soc.arenden.insats
    pkg, src, slut = _pagar(u, e)
    plan = e["plan"][src]
    return {
        "pkg": pkg, "barn": e["barn"][src], "src": src, "insats_id": e["id"][src],
        "barn_id": u.soc.barn["id"][e["barn"][src]] * 2, "insats_kod": e["kod"][src],
        "malgrupp_kod": e["malgrupp"][src], "metod_kod": e["metod"][src],
        "insats_start_datum": e["start"][src], "insats_slut_datum": slut,
        "genomforandeplan_datum": np.where((plan == TOM) | (plan > u.dec), OPPEN, plan),
    }  # fmt: skip


def _uppfoljningar(u: Barnurval) -> Rows:
    f, soc = u.soc.uppf, u.soc
    events = np.flatnonzero((f["dag"] >= u.jan) & (f["dag"] <= u.dec))
    pkg, src = u.copies(events, f["barn"][events])
    sent = u.lev.rader["bbic_insats"]
    keep = np.isin(pkg << 32 | f["insats"][src], sent["pkg"] << 32 | sent["src"])
    pkg, src = pkg[keep], src[keep]
    n = len(src)
    version = utgava(_kommun(u, pkg), f["dag"][src])
    known = np.ones(n, dtype=bool)
    asked = {name: _ibland(u, n, 3) for name in _FRAGOR}
    return {
        "pkg": pkg, "barn": f["barn"][src], "src": src, "insats_id": soc.arenden.insats["id"][f["insats"][src]],
        "barn_id": soc.barn["id"][f["barn"][src]] * 2, "uppfoljning_nr": f["nr"][src],
        "uppfoljning_datum": f["dag"][src], "uppfoljning_typ_kod": f["typ"][src], "bbic_version_kod": version,
        **{name: f[name][src] for name in ("mal_antal", "mal_uppfyllda", "mal_delvis")},
        **omraden(soc.uppf_behov[src], version, known, "behov_{}_nu"),
        "skolgang_kod": _ibland(u, n, 4), "umgange_kod": _ibland(u, n, 4), **asked,
        "nasta_uppfoljning_datum": np.where(f["typ"][src] == 2, OPPEN, f["dag"][src] + 120),
    }  # fmt: skip


_FRAGOR = ("halsoundersokning_gjord", "tandvard_gjord", "barnsamtal_gjort", "placeringsbesok_gjort")
