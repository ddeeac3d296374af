"""The truth's questions of missbruk och beroende: MB01-MB17, SU05 and SU06.

Belongs here: cells, numerator and denominator, levels and first years. Does not belong here: counting
(facit_frivilligt, facit_asi, facit_metod, facit_lvm), what every yearly question shares (arsvis.facit_fragor), rows
(facit_tabell). Source: docs/reference/missbruk.md sections 7 and 8.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from pipelines.synthetic.arsvis.facit_fragor import KON, TOTAL, UPPFOLJDA, Laget, Tal, delning, med_summor
from pipelines.synthetic.arsvis.facit_tabell import Arsfraga
from pipelines.synthetic.facit_geo import Cell
from pipelines.synthetic.koder import Arr
from pipelines.synthetic.missbruk.facit_asi import SKAL
from pipelines.synthetic.missbruk.facit_lvm import Dagar
from pipelines.synthetic.missbruk.facit_metod import EVIDENS, KLASSER, MALGRUPPER, UTFALL
from pipelines.synthetic.missbruk.facit_underlag import ALDRAR
from pipelines.synthetic.missbruk.koder import INDIKATION, MALGRUPP, METOD, OMRADE

KON_ALDER: list[Cell] = [(k, a, "-", "T") for k in KON for a in (*ALDRAR, "T")]
KONEN: list[Cell] = [(k, "T", "-", "T") for k in KON]
UTR = ("missbruk_person", "missbruk_utredning")
INS = ("missbruk_person", "missbruk_insats")
ASI = ("asi_intervju",)
METODER = (*INS, *ASI)
L, SL, LR, SLR = ("lan",), ("rss", "lan"), ("lan", "riket"), ("rss", "lan", "riket")
FORSTA = 2019  # of what looks back three years
_GRUPPER = {"metod": METOD, "malgrupp": MALGRUPP[:MALGRUPPER], "evidens": EVIDENS}


def fragor(laget: Laget, tal: Tal, dagar: list[Dagar]) -> list[Arsfraga]:
    """All questions."""
    return [*_frivilligt(laget, tal), *_kohort(laget, tal), *_medel(laget, tal), *_lvm(laget, tal, dagar),
            *_utfall(laget, tal), *_forandring(laget, tal)]  # fmt: skip


def _efter_kon(namn: str, koder: tuple[str, ...]) -> list[Cell]:
    return [(k, "T", namn, kod) for kod in koder for k in KON]


def _frivilligt(laget: Laget, tal: Tal) -> list[Arsfraga]:
    """MB01, MB02, MB13, MB14, SU05 and SU06."""
    kon, tillbaka = med_summor(tal["asi_grund"], 2), med_summor(tal["ej_ater"], 2)
    foljda, barn = tal["ej_ater_foljda"], tal["barn"]
    out = [
        laget.fraga("MB01", INS, 1, KON_ALDER, med_summor(tal["med_insats"], 2, 3), laget.invanare(), nivaer=L),
        laget.fraga("MB02", (*UTR, *ASI), 2, KONEN, kon[..., 1], kon[..., 0], nivaer=L),
        laget.fraga("MB13", (*UTR, "missbruk_insats"), 2, KONEN, tillbaka[..., 1], tillbaka[..., 0], nivaer=()),
        laget.fraga("MB13", (*UTR, "missbruk_insats"), 2, UPPFOLJDA, foljda[..., 1], foljda[..., 0], nivaer=()),
        laget.fraga("MB14", UTR, 1, [TOTAL], barn[..., 1], barn[..., 0], nivaer=L),
    ]
    for namn, of in (("SU05", tal["evidens"]), ("SU06", tal["okand"])):
        whole = of.sum(axis=2)
        out.append(laget.fraga(namn, INS, 1, [TOTAL], whole[..., 1], whole[..., 0], nivaer=SL))
        out.append(laget.fraga(namn, INS, 1, delning("malgrupp", MALGRUPP), of[..., 1], of[..., 0], nivaer=SL))
    return out


def _kohort(laget: Laget, tal: Tal) -> list[Arsfraga]:
    """MB03, MB05, MB06 and MB08."""
    foljda, oro, fria = (med_summor(tal[n], axis) for n, axis in (("foljda", 2), ("oro", 4), ("drogfria", 3)))
    oron = [f"{omrade}_{vad}" for omrade in OMRADE for vad in ("minskad", "ej_uppfoljt")]
    bort, of = tal["bortfall"], tal["kohort"]
    each = np.repeat(of[..., None], len(SKAL), axis=2)
    fria_celler = _efter_kon("drogfrihet", ("drogfri", "ej_uppfoljt"))
    return [
        laget.fraga("MB03", ASI, 3, KONEN, foljda[..., 1], foljda[..., 0], nivaer=SL, forsta=FORSTA),
        laget.fraga(
            "MB05", ASI, 3, _efter_kon("asi_oro", tuple(oron)), oro[..., 1], oro[..., 0], nivaer=SL, forsta=FORSTA
        ),
        laget.fraga("MB06", ASI, 3, fria_celler, fria[..., 1], fria[..., 0], nivaer=SL, forsta=FORSTA),
        laget.fraga("MB08", ASI, 3, [TOTAL], bort.sum(axis=2), of, nivaer=L, forsta=FORSTA),
        laget.fraga("MB08", ASI, 3, delning("asi_bortfall", SKAL), bort, each, nivaer=L, forsta=FORSTA),
        *[_foljda(laget, namn, ASI, tal["kohort_foljda"], SL, pool=True) for namn in ("MB05", "MB06")],
    ]


def _foljda(
    laget: Laget,
    namn: str,
    datasets: tuple[str, ...],
    both: Arr,
    nivaer: tuple[str, ...],
    *,
    pool: bool,
    kommun: bool = True,
) -> Arsfraga:
    """The cell that says how many were followed."""
    found = laget.fraga(
        namn, datasets, 3, UPPFOLJDA, both[..., 1], both[..., 0], nivaer=nivaer, pool=pool, forsta=FORSTA
    )
    found.kommun = kommun
    return found


def _medel(laget: Laget, tal: Tal) -> list[Arsfraga]:
    """MB04 and MB07: sums by numbers, with the spread."""
    out = []
    cells = {"MB04": ("skattning", _efter_kon("asi_omrade", OMRADE), 3), "MB07": ("alkoholdagar", KONEN, 2)}
    for namn, (of, celler, axis) in cells.items():
        both = med_summor(tal[of], axis)
        found = laget.fraga(namn, ASI, 3, celler, both[..., 1], both[..., 0], nivaer=SL, pool=False, intervall=False,
                            forsta=FORSTA)  # fmt: skip
        found.kvadrater = both[..., 2].reshape(*both.shape[:2], -1)
        out += [found, _foljda(laget, namn, ASI, tal["kohort_foljda"], SL, pool=False)]
    return out


def median(dagar: list[Dagar]) -> Callable[[Arr, int], Arr]:
    """The middle of the days of all discharges of some municipalities in a year, for each sex and both."""

    def of(counting: Arr, year: int) -> Arr:
        kommun, kon, days = dagar[year]
        mine = counting[kommun]
        parts = [days[mine & (kon == 0)], days[mine & (kon == 1)], days[mine]]
        return np.array([np.median(part) if len(part) else np.nan for part in parts])

    return of


def _lvm(laget: Laget, tal: Tal, dagar: list[Dagar]) -> list[Arsfraga]:
    """MB09-MB12: of municipalities only pools, and only of the first two."""
    people = laget.invanare()
    sought, taken = med_summor(tal["ansokningar"], 2), med_summor(tal["omhandertagna"], 2, 3)
    everyone = np.repeat(people[:, :, -1:, -1], len(INDIKATION), axis=2)
    time, home = med_summor(tal["vardtid"], 2), med_summor(tal["boende"], 2)
    kinds = delning("lvm_indikation", INDIKATION)
    a, o, u = (("lvm_ansokan",), ("lvm_omhandertagande",), ("lvm_utskrivning",))
    vard = laget.fraga(
        "MB11", u, 1, KONEN, time[..., 1], time[..., 0], nivaer=LR, pool=False, intervall=False, skattas=False
    )
    vard.varden = median(dagar)
    out = [
        laget.fraga("MB09", a, 1, KONEN, sought, people[..., -1], nivaer=LR, intervall=False),
        laget.fraga("MB09", a, 1, kinds, tal["indikationer"], everyone, nivaer=LR, intervall=False),
        laget.fraga("MB10", o, 1, KON_ALDER, taken, people, nivaer=LR, intervall=False),
        vard,
        laget.fraga("MB12", u, 1, KONEN, home[..., 1], home[..., 0], nivaer=LR, pool=False),
    ]
    for question in out:
        question.kommun = False
    return out


def _utfall(laget: Laget, tal: Tal) -> list[Arsfraga]:
    """MB15."""
    out = []
    for namn, koder in _GRUPPER.items():
        of = tal[f"utfall_{namn}"]
        cells = delning(f"{namn}_utfall", tuple(f"{kod}_{klass}" for kod in koder for klass in UTFALL))
        whole = np.repeat(of.sum(axis=3, keepdims=True), len(UTFALL), axis=3)
        out.append(laget.fraga("MB15", METODER, 3, cells, of, whole, nivaer=SLR, pool=False, forsta=FORSTA))
    return out


def _forandring(laget: Laget, tal: Tal) -> list[Arsfraga]:
    """MB16 by method, MB17 by target group and evidence, the latter not of municipalities."""
    out = []
    for grupp, koder in _GRUPPER.items():
        namn = "MB16" if grupp == "metod" else "MB17"
        of = tal[f"forandring_{grupp}"]
        codes = tuple(f"{kod}_{omrade}_{klass}" for kod in koder for omrade in OMRADE for klass in KLASSER)
        whole = np.repeat(of.sum(axis=4, keepdims=True), len(KLASSER), axis=4)
        cells = delning(f"{grupp}_forandring", codes)
        found = laget.fraga(namn, METODER, 3, cells, of, whole, nivaer=SLR, pool=False, forsta=FORSTA)
        found.kommun = grupp == "metod"
        out.append(found)
    both = tal["metod_foljda"]
    out.append(_foljda(laget, "MB16", METODER, both, SLR, pool=False))
    out.append(_foljda(laget, "MB17", METODER, both, SLR, pool=False, kommun=False))
    return out
