"""The truth's questions of the local indicators: BU01-BU09, BU16, BU17, BU19, BU20, SU03 and SU04.

Belongs here: cells, numerator and denominator. Does not belong here: counting (facit_lokal, facit_resultat), what every
question shares (facit_fragor), rows (facit_tabell). Source: docs/reference/barn_och_unga.md section 7.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from pipelines.synthetic.arsvis.doman import JA_NEJ
from pipelines.synthetic.arsvis.facit_fragor import KON, TOTAL, UPPFOLJDA, Laget, Tal, delning, med_summor
from pipelines.synthetic.arsvis.facit_tabell import Arsfraga
from pipelines.synthetic.barn.facit_fragor import KON_ALDER
from pipelines.synthetic.barn.facit_resultat import EJ_BEDOMD, KLASSER
from pipelines.synthetic.barn.facit_varning import Barnvarningar
from pipelines.synthetic.barn.koder import AKT_TYP, ANLEDNING, INSATSTYP, MALGRUPP, METOD, OMRADEN
from pipelines.synthetic.facit_geo import Cell
from pipelines.synthetic.koder import Arr

AKT = ("aktualisering",)
UTR = ("bbic_barn", "bbic_sammanfattning")
UTR_INSATS = (*UTR, "bbic_insats")
INSATS_UPPF = ("bbic_barn", "bbic_insats", "bbic_uppfoljning")
ALLA = (*UTR, "bbic_insats", "bbic_uppfoljning")
Dagar = list[tuple[Arr, Arr]]  # per year: municipality and days of every ended investigation
MAL = ("helt", "delvis", "ej", "ej_bedomd")


def _delar(laget: Laget, namn: str, datasets: tuple[str, ...], fonster: int, celler: list[Cell], both: Arr) -> Arsfraga:
    """A share of counts whose last axis is all, and those of them that are such."""
    return laget.fraga(namn, datasets, fonster, celler, both[..., 1], both[..., 0])


def fragor_lokalt(laget: Laget, varning: Barnvarningar, tal: Tal, dagar: Dagar) -> list[Arsfraga]:
    """All questions of the local sources."""
    return [*_aktualiseringar(laget, tal), *_utredningar(laget, tal), _median(laget, tal, dagar),
            *_aterkomst(laget, tal), *_insatser(laget, tal), *_forandring(laget, varning, tal)]  # fmt: skip


def _aktualiseringar(laget: Laget, tal: Tal) -> list[Arsfraga]:
    """BU01-BU03."""
    people = laget.invanare()
    everyone = np.repeat(people[:, :, -1:, -1], len(AKT_TYP), axis=2)
    kinds = delning("aktualisering_typ", AKT_TYP)
    new = med_summor(tal["aktualiseringar"], 2, 3)
    return [
        laget.fraga("BU01", AKT, 1, KON_ALDER, new, people, intervall=False),
        laget.fraga("BU01", AKT, 1, kinds, tal["aktualiseringar_typ"], everyone, intervall=False),
        _delar(laget, "BU02", AKT, 1, KON_ALDER, med_summor(tal["avgjorda"], 2, 3)),
        _delar(laget, "BU02", AKT, 1, kinds, tal["avgjorda_typ"]),
        _delar(laget, "BU03", AKT, 1, [TOTAL], tal["anmalningar"]),
    ]


def _utredningar(laget: Laget, tal: Tal) -> list[Arsfraga]:
    """BU04, BU05 and BU07-BU09."""
    new = med_summor(tal["utredningar"], 2, 3)
    reasons = delning("anledning", ANLEDNING)
    return [
        laget.fraga("BU04", UTR, 1, KON_ALDER, new, laget.invanare(), intervall=False),
        _delar(laget, "BU05", UTR, 1, KON_ALDER, med_summor(tal["i_tid"], 2, 3)),
        _delar(laget, "BU05", UTR, 1, delning("forlangd", JA_NEJ), tal["i_tid_forlangd"]),
        _delar(laget, "BU07", UTR, 1, KON_ALDER, med_summor(tal["samtal"], 2, 3)),
        _delar(laget, "BU08", UTR, 1, [TOTAL], tal["instrument"]),
        _delar(laget, "BU08", UTR, 1, reasons, tal["instrument_anledning"]),
        _delar(laget, "BU09", UTR, 1, KON_ALDER, med_summor(tal["leder"], 2, 3)),
        _delar(laget, "BU09", UTR, 1, reasons, tal["leder_anledning"]),
    ]


def median(dagar: Dagar) -> Callable[[Arr, int], float]:
    """The middle of the days of all investigations of some municipalities in a year."""

    def of(counting: Arr, year: int) -> float:
        kommun, days = dagar[year]
        mine = days[counting[kommun]]
        return float(np.median(mine)) if len(mine) else float("nan")

    return of


def _median(laget: Laget, tal: Tal, dagar: Dagar) -> Arsfraga:
    """BU06: the sum of days by their number, and the median as the value."""
    both = tal["utredningsdagar"]
    found = laget.fraga("BU06", UTR, 1, [TOTAL], both[..., 1], both[..., 0], pool=False, intervall=False)
    found.varden = median(dagar)
    return found


def _aterkomst(laget: Laget, tal: Tal) -> list[Arsfraga]:
    """BU16 and BU17."""
    by_sex, followed = med_summor(tal["ej_ater"], 3), tal["ej_ater_foljda"]
    cells: list[Cell] = [(k, "T", "-", "T") for k in KON]
    out = []
    for half, namn in enumerate(("BU16", "BU17")):
        out.append(_delar(laget, namn, UTR_INSATS, 2, cells, by_sex[:, :, half]))
        out.append(_delar(laget, namn, UTR_INSATS, 2, UPPFOLJDA, followed[:, :, half]))
    return out


def _insatser(laget: Laget, tal: Tal) -> list[Arsfraga]:
    """BU19, SU03 and SU04."""
    in_time, foljts, goals = tal["uppfoljda_i_tid"], tal["foljts"], tal["maluppfyllelse"]
    some = goals.sum(axis=2, keepdims=True)
    of, done = foljts[..., 0].sum(axis=2), some[..., 0] - goals[..., EJ_BEDOMD]
    return [
        _delar(laget, "BU19", INSATS_UPPF, 2, [TOTAL], in_time.sum(axis=2)),
        _delar(laget, "BU19", INSATS_UPPF, 2, delning("insatstyp", INSATSTYP), in_time),
        _delar(laget, "SU03", INSATS_UPPF, 2, [TOTAL], foljts.sum(axis=2)),
        _delar(laget, "SU03", INSATS_UPPF, 2, delning("malgrupp", MALGRUPP), foljts),
        laget.fraga("SU04", INSATS_UPPF, 2, delning("maluppfyllelse", MAL), goals, np.repeat(some, len(MAL), axis=2)),
        _delar(laget, "SU04", INSATS_UPPF, 2, delning("malgrupp", MALGRUPP), tal["mal_malgrupp"]),
        _delar(laget, "SU04", INSATS_UPPF, 2, delning("metod", METOD), tal["mal_metod"]),
        laget.fraga("SU04", INSATS_UPPF, 2, UPPFOLJDA, done, of),
    ]


def _forandring(laget: Laget, varning: Barnvarningar, tal: Tal) -> list[Arsfraga]:
    """BU20: the four classes of an area have the same denominator."""
    by_sex = med_summor(tal["forandring"], 4)
    of = np.repeat(by_sex.sum(axis=3, keepdims=True), len(KLASSER), axis=3)
    cells: list[Cell] = [
        (k, "T", "bbic_forandring", f"{area.upper()}_{klass}") for area in OMRADEN for klass in KLASSER for k in KON
    ]
    extra = varning.lika
    return [
        laget.fraga("BU20", ALLA, 2, cells, by_sex, of, extra=extra),
        laget.fraga("BU20", ALLA, 2, UPPFOLJDA, tal["forandring_foljda"][..., 1], tal["forandring_foljda"][..., 0],
                    extra=extra),
    ]  # fmt: skip
