"""Deliveries and truth of the yearly sources for the demo.

Belongs here: the order of the work, and the truth's tables. Does not belong here: any of the steps themselves.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from pipelines.synthetic.barn import rader, rader_lokal
from pipelines.synthetic.barn.avtal import Avtal, draw, galler, som_fil
from pipelines.synthetic.barn.barn import avsandare
from pipelines.synthetic.barn.facit_fragor import Laget, Tal, fragor
from pipelines.synthetic.barn.facit_fragor_lokal import Dagar, fragor_lokalt
from pipelines.synthetic.barn.facit_lokal import rakna_aktualiseringar, rakna_utredningar
from pipelines.synthetic.barn.facit_paket import Ar, kraft_rader, paket_rader, prova, regel_rader, tackning
from pipelines.synthetic.barn.facit_rader import doma
from pipelines.synthetic.barn.facit_rader_lokal import doma_aktualisering, doma_bbic
from pipelines.synthetic.barn.facit_resultat import aterkomst, forandring, insatser_som_foljts, uppfoljda_i_tid
from pipelines.synthetic.barn.facit_tabell import Arstabell, grupper
from pipelines.synthetic.barn.facit_vard import fakta, omplacerade, rakna_vard
from pipelines.synthetic.barn.facit_varning import historia
from pipelines.synthetic.barn.koder import ALDRAR, KALLOR, OPPENVARD
from pipelines.synthetic.barn.paket import skriv
from pipelines.synthetic.barn.parametrar import parametrar
from pipelines.synthetic.barn.plan import Plan, Planner, years_due
from pipelines.synthetic.barn.radfel import plantera
from pipelines.synthetic.barn.samhalle import Samhalle, befolkning, simulera, strom
from pipelines.synthetic.barn.text import formats
from pipelines.synthetic.koder import Arr
from pipelines.synthetic.mal import Referens


@dataclass(frozen=True)
class Uppdrag:
    """What to make: municipalities that send (places), years at most, scale, seed, day, folders, all in CSV or not."""

    urval: list[int]
    ar: int
    skala: float
    fro: int
    asof: date
    inbox: Path
    staging: Path
    referens: Path
    enbart_csv: bool = False


@dataclass
class Resultat:
    """What was made: the years, agreements (as a file), rows per dataset, and the truth's tables as rows or a table."""

    ar: list[int]
    avtal: list[Avtal]
    avtal_fil: str
    rader: dict[str, int]
    paket: int
    stoppade: int
    forlopp: Counter[str]
    format: dict[str, str]
    tabeller: dict[str, list[tuple[object, ...]]]
    indikatorvarde: Any
    skyddade: dict[int, int]


_FYLL = {"bu": rader.bu, "aktualisering": rader_lokal.aktualisering, "bbic": rader_lokal.bbic}
_DOMARE = {"bu": doma, "aktualisering": doma_aktualisering, "bbic": doma_bbic}


def _leveranser(soc: Samhalle, plan: Plan, u: Uppdrag, par: dict[str, Any]) -> dict[str, list[Ar]]:
    """Every source and year: rows, planted faults, how each row ends."""
    out: dict[str, list[Ar]] = {}
    for k, kalla in enumerate(_FYLL):
        out[kalla] = []
        for ar in plan.ar:
            rng = strom(u.fro, 1000 * (k + 1) + ar)
            lev = rader.Leveranser(kalla, ar, plan.av(kalla, ar))
            _FYLL[kalla](lev, soc, rng, par)
            plantera(lev, rng, par)
            rader.tom(lev)
            out[kalla].append(Ar(lev, _DOMARE[kalla](lev)))
    return out


def _doms(ar: dict[str, list[Ar]], avtal: Arr, soc: Samhalle) -> dict[str, Arr]:
    """The verdict of every package; dataset -> [municipality, year] approved."""
    out: dict[str, Arr] = {}
    for kalla, years in ar.items():
        for y, one in enumerate(years):
            prova(one, years[:y], avtal[:, y], soc.av)
        covered = tackning(years, soc.av, len(soc.av.koder))
        out |= {d: covered[:, :, i] for i, d in enumerate(KALLOR[kalla])}
    return out


def _vard(soc: Samhalle, ar: list[Ar]) -> Tal:
    """Counts of the register, [municipality, year, ...]."""
    kommuner = len(soc.av.koder)
    facts = [fakta(soc, one) for one in ar]
    each = [rakna_vard(v, kommuner) for v in facts]
    moved = [omplacerade(a, b, kommuner) for a, b in pairwise(facts)]
    empty = omplacerade(facts[0], facts[0], kommuner)
    moved = [{name: np.zeros_like(values) for name, values in empty.items()}, *moved]
    both = [one | two for one, two in zip(each, moved, strict=True)]
    out = {name: np.stack([one[name] for one in both], axis=1) for name in both[0]}
    return out | {"oppenvard": _oppenvard(soc, ar)}


def _lokalt(soc: Samhalle, akt: list[Ar], bbic: list[Ar]) -> tuple[Tal, Dagar]:
    """Counts of the local sources, [municipality, year, ...], and the days of ended investigations."""
    kommuner = len(soc.av.koder)
    both = [rakna_utredningar(soc, one, kommuner) for one in bbic]
    each = [rakna_aktualiseringar(soc, a, kommuner) | counts for a, (counts, _) in zip(akt, both, strict=True)]
    windows = [_over_tva(soc, a, b, kommuner) for a, b in zip(bbic[:1] + bbic[:-1], bbic, strict=True)]
    windows[0] = {name: np.zeros_like(values) for name, values in windows[0].items()}
    whole = [one | two for one, two in zip(each, windows, strict=True)]
    return {name: np.stack([one[name] for one in whole], axis=1) for name in whole[0]}, [days for _, days in both]


def _over_tva(soc: Samhalle, fore: Ar, nu: Ar, kommuner: int) -> Tal:
    return {
        **aterkomst(soc, fore, nu, kommuner),
        **forandring(soc, fore, nu, kommuner),
        **insatser_som_foljts(soc, fore, nu, kommuner),
        "uppfoljda_i_tid": uppfoljda_i_tid(soc, fore, nu, kommuner),
    }


def _oppenvard(soc: Samhalle, ar: list[Ar]) -> Arr:
    out = np.zeros((len(soc.av.koder), len(ar), len(OPPENVARD), 2, len(ALDRAR)), dtype=np.int64)
    for y, one in enumerate(ar):
        rows = one.gallande("bu_oppenvard_mangd")
        kommun = soc.av.kommun[one.lev.sand[rows["pkg"]]]
        where = (kommun, np.full(len(kommun), y), rows["oppenvard_kod"], rows["kon_kod"], rows["aldersgrupp_kod"])
        np.add.at(out, where, rows["antal"])
    return out


def _skyddade(ar: list[Ar]) -> dict[int, int]:
    """Protected children of a year: their rows that stay at the gate, in packages in force."""
    out = {}
    for one in ar:
        rows = one.lev.rader["bu_barn"]
        hidden = one.utfall["bu_barn"].skyddad & one.kraft()[rows["pkg"]]
        out[one.lev.ar] = len(np.unique(rows["barn"][hidden]))
    return out


def gor(ref: Referens, u: Uppdrag) -> Resultat | None:
    """Write the yearly packages of the municipalities and tally the truth; None when no year is due."""
    par = parametrar()
    ar = years_due(u.asof, u.ar)
    if not ar:
        return None
    folk = befolkning(u.referens, ref)
    av = avsandare(ref, par["stadsdelar"])
    avtal = draw(u.urval, ar, strom(u.fro, 3), par["avtal"])
    holds = galler(avtal, len(ref.kommuner), ar)
    planner = Planner(u.urval, av, holds, ar, u.asof, strom(u.fro, 4), par)
    soc = simulera(ref, folk, av, ar, u.skala, u.fro, par, planner.lokala())
    plan = planner.draw()
    years = _leveranser(soc, plan, u, par)
    approved = _doms(years, holds, soc)
    form = formats(u.urval, folk.sum(axis=(1, 2)), strom(u.fro, 5), {} if u.enbart_csv else par["format_andel"])
    for one in (one for of in years.values() for one in of):
        skriv(u.inbox, u.staging, one.lev, form, av)
    warnings = historia(years, av, ref.invanare, ar)
    laget = Laget(ar, approved, holds, warnings, folk)
    table = Arstabell(ref, grupper(u.referens, ref))
    counts, days = _lokalt(soc, years["aktualisering"], years["bbic"])
    for question in [*fragor(laget, _vard(soc, years["bu"])), *fragor_lokalt(laget, counts, days)]:
        table.lagg_till(question)
    each = [one for of in years.values() for one in of]
    return _resultat(ref, ar, avtal, plan, each, form, av, warnings.tabell, table.table())


def _resultat(ref: Referens, ar: range, avtal: list[Avtal], plan: Plan, each: list[Ar], form: dict[int, str], av: Any,
              varning: list[tuple[object, ...]], varde: Any) -> Resultat:  # fmt: skip
    rows = {d: sum(int(one.lev.mottagna(d).sum()) for one in each if d in one.lev.datasets) for d in
            (d for of in KALLOR.values() for d in of)}  # fmt: skip
    return Resultat(
        ar=list(ar),
        avtal=avtal,
        avtal_fil=som_fil(avtal, ref.kommuner),
        rader=rows,
        paket=sum(len(one.lev.paket) for one in each),
        stoppade=sum(bool(rule) for one in each for rule in one.regel),
        forlopp=plan.forlopp,
        format={ref.kommuner[k]: f for k, f in form.items()},
        tabeller={
            "leverans": [row for one in each for row in paket_rader(one, av)],
            "regelutfall": [row for one in each for row in regel_rader(one, av)],
            "i_kraft": [row for one in each for row in kraft_rader(one, av)],
            "varning": varning,
        },
        indikatorvarde=varde,
        skyddade=_skyddade([one for one in each if one.lev.kalla == "bu"]),
    )
