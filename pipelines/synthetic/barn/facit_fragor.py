"""The truth's questions: cells, numerator, denominator and counting municipalities of the register's indicators.

Belongs here: BU10-BU15, BU18 and BU21, and what every yearly question shares. Does not belong here: the local ones
(facit_fragor_lokal), counting (facit_vard), rows (facit_tabell). Source: docs/reference/barn_och_unga.md section 7.
"""

from __future__ import annotations

import numpy as np

from pipelines.synthetic.arsvis.facit_fragor import KON, TOTAL, UPPFOLJDA, Laget, Tal, delning, med_summor
from pipelines.synthetic.arsvis.facit_tabell import Arsfraga
from pipelines.synthetic.barn.facit_varning import Barnvarningar
from pipelines.synthetic.barn.koder import ALDRAR, EGET, INSATSTYP, KALLOR, OPPENVARD, PLACERINGSFORM, SKYDD
from pipelines.synthetic.facit_geo import Cell

ALDRAR_T = (*ALDRAR, "T")
KON_ALDER: list[Cell] = [(k, a, "-", "T") for k in KON for a in ALDRAR_T]
ALDER: list[Cell] = [("T", a, "-", "T") for a in ALDRAR_T]
TRE = KALLOR["bu"][:3]
LAN = ("kommungrupp", "lan")
FORMER_15 = [f for f in range(len(PLACERINGSFORM)) if f != EGET]
FORMER_21 = [f for f in FORMER_15 if f != SKYDD]


def fragor(laget: Laget, varning: Barnvarningar, tal: Tal) -> list[Arsfraga]:
    """All questions of the register."""
    return [*_placerade(laget, tal), *_dygn(laget, varning, tal), *_episoder(laget, tal), *_omplacerade(laget, tal),
            *_oppenvard(laget, tal)]  # fmt: skip


def _placerade(laget: Laget, tal: Tal) -> list[Arsfraga]:
    """BU10 and BU11."""
    alla = ("kommungrupp", "lan", "riket")
    people = laget.invanare()
    persons, kinds = med_summor(tal["placerade"], 2, 3), med_summor(tal["per_typ"], 3, 4)
    everyone = np.repeat(people[:, :, -1:, -1], len(INSATSTYP), axis=2)
    cells: list[Cell] = [(k, a, "insatstyp", kod) for kod in INSATSTYP for k in KON for a in ALDRAR_T]
    return [
        laget.fraga("BU10", TRE, 1, KON_ALDER, persons, people, nivaer=alla),
        laget.fraga("BU10", TRE, 1, delning("insatstyp", INSATSTYP), kinds[..., -1, -1], everyone, nivaer=alla),
        laget.fraga("BU11", TRE, 1, cells, kinds, None, nivaer=alla, pool=False),
    ]


def _dygn(laget: Laget, varning: Barnvarningar, tal: Tal) -> list[Arsfraga]:
    """BU12 and BU21."""
    fam, days = (med_summor(tal[n], 2, 3) for n in ("dygn_fam", "dygn"))
    away, known = tal["utanfor"], tal["kand"]
    codes = tuple(PLACERINGSFORM[f] for f in FORMER_21)
    extra = varning.vistelse
    return [
        laget.fraga("BU12", TRE, 1, KON_ALDER, fam, days, nivaer=("kommungrupp", "lan", "riket"), intervall=False),
        laget.fraga("BU21", TRE, 1, [TOTAL], away.sum(axis=2), known.sum(axis=2), extra=extra, intervall=False),
        laget.fraga("BU21", TRE, 1, delning("placeringsform", codes), away[..., FORMER_21], known[..., FORMER_21],
                    extra=extra, intervall=False),
    ]  # fmt: skip


def _episoder(laget: Laget, tal: Tal) -> list[Arsfraga]:
    """BU13 and BU15."""
    of, form = med_summor(tal["slutade"], 2), tal["slutade_form"][:, :, FORMER_15]
    codes = tuple(PLACERINGSFORM[f] for f in FORMER_15)
    begun, nature = (med_summor(tal[n], 2) for n in ("borjade", "natverk"))
    return [
        laget.fraga("BU13", TRE, 1, ALDER, nature, begun),
        laget.fraga("BU15", TRE, 1, ALDER, of[..., 1], of[..., 0]),
        laget.fraga("BU15", TRE, 1, delning("placeringsform", codes), form[..., 1], form[..., 0]),
        laget.fraga("BU15", TRE, 1, UPPFOLJDA, of[:, :, -1, 2], of[:, :, -1, 0]),
    ]


def _omplacerade(laget: Laget, tal: Tal) -> list[Arsfraga]:
    """BU14."""
    alla = ("kommungrupp", "lan", "riket")
    by_age, by_kind, followed = med_summor(tal["omplacerade"], 2), tal["omplacerade_typ"], tal["foljda"]
    return [
        laget.fraga("BU14", TRE, 2, ALDER, by_age[..., 1], by_age[..., 0], nivaer=alla),
        laget.fraga("BU14", TRE, 2, delning("insatstyp", INSATSTYP), by_kind[..., 1], by_kind[..., 0], nivaer=alla),
        laget.fraga("BU14", TRE, 2, UPPFOLJDA, followed[..., 1], followed[..., 0], nivaer=alla),
    ]


def _oppenvard(laget: Laget, tal: Tal) -> list[Arsfraga]:
    """BU18; of the kinds every sex and age, of all kinds together only what was counted as that."""
    alla, dataset = ("kommungrupp", "lan", "riket"), KALLOR["bu"][3:]
    people = laget.invanare()
    antal = med_summor(tal["oppenvard"], 3, 4)
    kinds = OPPENVARD[1:]
    cells: list[Cell] = [(k, a, "oppenvard", kod) for kod in kinds for k in KON for a in ALDRAR_T]
    each = np.repeat(people[:, :, None], len(kinds), axis=2)
    return [
        laget.fraga("BU18", dataset, 1, KON_ALDER, antal[:, :, 0], people, nivaer=alla, intervall=False),
        laget.fraga("BU18", dataset, 1, cells, antal[:, :, 1:], each, nivaer=alla, intervall=False),
    ]
