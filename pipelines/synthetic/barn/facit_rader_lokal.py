"""The truth about rows of aktualisering and bbic: which rules fall on each delivered row and where it ends.

Belongs here: an independent reading of AKT-01-05, UTR-01-05, BBIC-01-07 and the general rules on these layouts. Does
not belong here: bu's rules and what all share (facit_rader), package rules (facit_paket). Source:
docs/reference/barn_och_unga.md section 5.
"""

from __future__ import annotations

import numpy as np

from pipelines.synthetic.arsvis.facit_rader import (
    Regler,
    Utfall,
    asido,
    flera,
    hos,
    i_aret,
    lasta_koder,
    markta,
    nyckel,
    par_inom,
    person_regler,
    tomma,
    tva_beteckningar,
    utfall,
)
from pipelines.synthetic.arsvis.rader import Leveranser
from pipelines.synthetic.arsvis.tal import OPPEN, TOM, Rows, ars_dagar, plus_manader
from pipelines.synthetic.barn.koder import (
    BBIC_VERSION,
    GAMLA,
    GAMLA_OMRADEN,
    LAYOUT,
    NYCKEL,
    OKAND_ANLEDNING,
    OMRADEN,
    VARNINGAR,
)
from pipelines.synthetic.koder import Arr

ANMALAN = 0
DAGAR_14, DAGAR_60 = 14, 60
MANADER = 4
_BEHOV = tuple(f"behov_{o}" for o in (*OMRADEN, *GAMLA_OMRADEN))
_BEHOV_NU = tuple(f"{c}_nu" for c in _BEHOV)
_OKAND_VERSION = len(BBIC_VERSION)


def doma_aktualisering(lev: Leveranser) -> dict[str, Utfall]:
    """Every row of the packages of aktualisering."""
    rows, (jan, dec) = lev.rader["aktualisering"], ars_dagar(lev.ar)
    fell, good = lasta_koder(LAYOUT["aktualisering"], rows)
    received, decided, utfall_kod = rows["mottagen_datum"], rows["beslut_datum"], rows["utfall_kod"]
    read = i_aret(decided, dec)
    report = good["aktualisering_typ_kod"] & (rows["aktualisering_typ_kod"] == ANMALAN)
    regler = person_regler(rows) | {
        "GEN-12": flera(nyckel(rows, *NYCKEL["aktualisering"])),
        "GEN-14": fell | ((utfall_kod == TOM) & (decided != OPPEN)),
        "GEN-25": tomma(rows, "aktualisering_typ_kod") | ((utfall_kod != TOM) & (decided == OPPEN)),
        "AKT-01": decided < received,
        "AKT-02": report & (read != OPPEN) & (read - received > DAGAR_14),
        "AKT-03": (rows["orsak_kod"] == TOM) | (rows["orsak_kod"] == OKAND_ANLEDNING),
        "AKT-04": ((utfall_kod == TOM) | (read == OPPEN)) & (dec - received > DAGAR_60),
        "AKT-05": (received > dec) | ((received < jan) & (decided < jan)),
    }
    return utfall(lev, {"aktualisering": regler})


def _barn(rows: Rows) -> Regler:
    return person_regler(rows) | {
        "GEN-12": flera(nyckel(rows, "barn_id")),
        "GEN-14": lasta_koder(LAYOUT["bbic_barn"], rows)[0],
        "GEN-25": tomma(rows, "ensamkommande", "skyddad"),
        "BU-18": tva_beteckningar(rows, "barn_id"),
    }


def _version(rows: Rows) -> Arr:
    """BBIC-03."""
    return np.asarray((rows["bbic_version_kod"] == TOM) | (rows["bbic_version_kod"] >= _OKAND_VERSION))


def _omraden(rows: Rows, columns: tuple[str, ...], needed: Arr) -> Arr:
    """BBIC-01: an area of the other edition, a value that is none, or one of the edition's that is needed and empty."""
    new, old = (np.stack([rows[c] for c in part]) for part in (columns[: len(OMRADEN)], columns[len(OMRADEN) :]))
    gamla = rows["bbic_version_kod"] == GAMLA
    filled = np.where(gamla, (new != TOM).any(axis=0), (old != TOM).any(axis=0))
    lacking = np.where(gamla, (old == TOM).any(axis=0), (new == TOM).any(axis=0)) & needed
    unknown = (new > 3).any(axis=0) | (old > 3).any(axis=0)
    return np.asarray(~_version(rows) & (filled | lacking | unknown))


def _utredning(rows: Rows, ar: int) -> Regler:
    jan, dec = ars_dagar(ar)
    begun, start, slut = (rows[f"{c}_datum"] for c in ("aktualisering", "utredning_start", "utredning_slut"))
    fell, _ = lasta_koder(LAYOUT["bbic_sammanfattning"], rows, ("bbic_version_kod", *_BEHOV))
    required = ("malgrupp_kod", "aktualisering_typ_kod", "forlangd_utredning", "anledning_huvud_kod")
    at_end = (slut != OPPEN) & tomma(rows, "antal_barnsamtal", "instrument_kod")
    a, b = par_inom(nyckel(rows, "barn_id", "malgrupp_kod"))
    last, ok = np.minimum(slut, dec), slut >= start
    days = np.minimum(last[a], last[b]) - np.maximum(start[a], start[b]) + 1
    both = ok[a] & ok[b] & (days > 1) & (rows["malgrupp_kod"][a] != TOM)
    read = i_aret(slut, dec)
    return {
        "GEN-12": flera(nyckel(rows, "utredning_id")),
        "GEN-14": fell,
        "GEN-25": tomma(rows, *required) | at_end,
        "UTR-01": (start < begun) | (slut < start),
        "UTR-02": (read != OPPEN) & (read > plus_manader(start, MANADER)) & (rows["forlangd_utredning"] == 0),
        "UTR-03": (read != OPPEN) & (rows["beslut_kod"] == TOM),
        "UTR-04": markta(len(start), a[both], b[both]),
        "UTR-05": (start > dec) | (slut < jan),
        "BBIC-01": _omraden(rows, _BEHOV, read != OPPEN),
        "BBIC-03": _version(rows),
    }


def _insats(rows: Rows, ar: int) -> Regler:
    jan, dec = ars_dagar(ar)
    start, slut = rows["insats_start_datum"], rows["insats_slut_datum"]
    return {
        "GEN-12": flera(nyckel(rows, "insats_id")),
        "GEN-14": lasta_koder(LAYOUT["bbic_insats"], rows)[0],
        "GEN-15": slut < start,
        "GEN-25": tomma(rows, "insats_kod", "malgrupp_kod"),
        "BU-15": start > dec,
        "BU-16": slut < jan,
    }


def _uppfoljning(rows: Rows, insats: Rows, ar: int) -> Regler:
    jan, dec = ars_dagar(ar)
    at, found = hos(rows, insats, "insats_id", "barn_id")
    goals, met, part = (rows[c] for c in ("mal_antal", "mal_uppfyllda", "mal_delvis"))
    some = (met != TOM) | (part != TOM)
    more = np.maximum(met, 0) + np.maximum(part, 0) > np.maximum(goals, 0)
    day = rows["uppfoljning_datum"]
    return {
        "GEN-12": flera(nyckel(rows, "insats_id", "uppfoljning_nr")),
        "GEN-14": lasta_koder(LAYOUT["bbic_uppfoljning"], rows, ("bbic_version_kod", *_BEHOV_NU))[0],
        "GEN-25": tomma(rows, "uppfoljning_typ_kod"),
        "BBIC-01": _omraden(rows, _BEHOV_NU, np.ones(len(day), dtype=bool)),
        "BBIC-03": _version(rows),
        "BBIC-05": more | (some & (goals == TOM)),
        "BBIC-06": found & (day < insats["insats_start_datum"][at]),
        "BBIC-07": (day < jan) | (day > dec),
    }


def _utan(rows: Rows, parents: Rows, fell: Arr, *columns: str) -> Arr:
    """BBIC-04: the parent is missing, or it or a copy of it is set aside."""
    gone = {"pkg": parents["pkg"][fell], **{c: parents[c][fell] for c in columns}}
    return np.asarray(~hos(rows, parents, *columns)[1] | hos(rows, gone, *columns)[1])


def doma_bbic(lev: Leveranser) -> dict[str, Utfall]:
    """Every row of the packages of bbic."""
    barn, utredning, insats, uppfoljning = (lev.rader[d] for d in lev.datasets)
    regler = {
        "bbic_barn": _barn(barn),
        "bbic_sammanfattning": _utredning(utredning, lev.ar),
        "bbic_insats": _insats(insats, lev.ar),
        "bbic_uppfoljning": _uppfoljning(uppfoljning, insats, lev.ar),
    }
    gone = asido(regler["bbic_barn"], VARNINGAR)
    regler["bbic_sammanfattning"]["BBIC-04"] = _utan(utredning, barn, gone, "barn_id")
    regler["bbic_insats"]["BBIC-04"] = _utan(insats, barn, gone, "barn_id")
    lost = asido(regler["bbic_insats"], VARNINGAR)
    regler["bbic_uppfoljning"]["BBIC-04"] = _utan(uppfoljning, insats, lost, "insats_id", "barn_id")
    return utfall(lev, regler)
