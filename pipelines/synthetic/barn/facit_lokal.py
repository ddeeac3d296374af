"""The truth about reports and investigations: BU01-BU09 of one year, from rows in force.

Belongs here: counts of every municipality. Does not belong here: what became of the children (facit_resultat), which
years count and rows (facit_fragor_lokal, facit_tabell). Source: docs/reference/barn_och_unga.md section 7.
"""

from __future__ import annotations

import numpy as np

from pipelines.synthetic.arsvis.facit_paket import Ar
from pipelines.synthetic.arsvis.tal import OPPEN, TOM, Rows, ars_dagar, plus_manader, rakna, take, tva
from pipelines.synthetic.barn.facit_vard import ALDRAR, person
from pipelines.synthetic.barn.koder import AKT_TYP, ANLEDNING, GER_INSATS, INGET_INSTRUMENT
from pipelines.synthetic.barn.samhalle import Samhalle
from pipelines.synthetic.koder import Arr

INLEDS_INTE = 1
ANMALAN = 0
DAGAR, MANADER, SAMTAL_FRAN = 14, 4, 4


def _med_person(soc: Samhalle, rows: Rows, ar: int) -> Rows:
    """The rows of children who are 0-20 years old in the year, with what is counted by."""
    out = {**rows, **person(soc, rows["barn"], ar)}
    return take(out, out["alder"] < ALDRAR)


def utredningar(soc: Samhalle, ar: Ar) -> Rows:
    """Investigations in force, with the last day as it is read in the year."""
    rows = ar.gallande("bbic_sammanfattning")
    slut = rows["utredning_slut_datum"]
    read = np.where(slut > ars_dagar(ar.lev.ar)[1], OPPEN, slut)
    return {
        **rows,
        "utredning_slut_datum": read,
        "sand": ar.lev.sand[rows["pkg"]],
        **person(soc, rows["barn"], ar.lev.ar),
    }


def rakna_aktualiseringar(soc: Samhalle, ar: Ar, kommuner: int) -> dict[str, Arr]:
    """BU01-BU03."""
    jan, dec = ars_dagar(ar.lev.ar)
    rows = _med_person(soc, ar.gallande("aktualisering"), ar.lev.ar)
    new = take(rows, (rows["mottagen_datum"] >= jan) & (rows["mottagen_datum"] <= dec))
    decided = (rows["utfall_kod"] != TOM) & (rows["beslut_datum"] >= jan) & (rows["beslut_datum"] <= dec)
    done = take(rows, decided)
    leads = done["utfall_kod"] != INLEDS_INTE
    report = take(done, done["aktualisering_typ_kod"] == ANMALAN)
    quick = report["beslut_datum"] - report["mottagen_datum"] <= DAGAR
    size, kinds = (kommuner, 2, ALDRAR), (kommuner, len(AKT_TYP))
    return {
        "aktualiseringar": rakna(size, new["kommun"], new["kon"], new["alder"]),
        "aktualiseringar_typ": rakna(kinds, new["kommun"], new["aktualisering_typ_kod"]),
        "avgjorda": tva(size, done["kommun"], done["kon"], done["alder"], hit=leads),
        "avgjorda_typ": tva(kinds, done["kommun"], done["aktualisering_typ_kod"], hit=leads),
        "anmalningar": tva((kommuner,), report["kommun"], hit=quick),
    }


def rakna_utredningar(soc: Samhalle, ar: Ar, kommuner: int) -> tuple[dict[str, Arr], tuple[Arr, Arr]]:
    """BU04-BU09; and of each ended investigation its municipality and days, for the median."""
    jan, dec = ars_dagar(ar.lev.ar)
    rows = utredningar(soc, ar)
    rows = take(rows, rows["alder"] < ALDRAR)
    start, slut = rows["utredning_start_datum"], rows["utredning_slut_datum"]
    new, done = take(rows, (start >= jan) & (start <= dec)), take(rows, (slut >= jan) & (slut <= dec))
    start, slut = done["utredning_start_datum"], done["utredning_slut_datum"]
    in_time = slut <= plus_manader(start, MANADER)
    tool, leads = done["instrument_kod"] != INGET_INSTRUMENT, done["beslut_kod"] < GER_INSATS
    old = take(done, ar.lev.ar - done["fodelsear"] >= SAMTAL_FRAN)
    size, k = (kommuner, 2, ALDRAR), done["kommun"]
    reasons = (kommuner, len(ANLEDNING))
    counts = {
        "utredningar": rakna(size, new["kommun"], new["kon"], new["alder"]),
        "i_tid": tva(size, k, done["kon"], done["alder"], hit=in_time),
        "i_tid_forlangd": tva((kommuner, 2), k, done["forlangd_utredning"], hit=in_time),
        "utredningsdagar": np.stack([rakna((kommuner,), k), rakna((kommuner,), k, vikt=slut - start)], axis=-1),
        "samtal": tva(size, old["kommun"], old["kon"], old["alder"], hit=old["antal_barnsamtal"] >= 1),
        "instrument": tva((kommuner,), k, hit=tool),
        "instrument_anledning": tva(reasons, k, done["anledning_huvud_kod"], hit=tool),
        "leder": tva(size, k, done["kon"], done["alder"], hit=leads),
        "leder_anledning": tva(reasons, k, done["anledning_huvud_kod"], hit=leads),
    }
    return counts, (k, slut - start)
