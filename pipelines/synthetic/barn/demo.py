"""Deliveries and truth of the yearly sources for the demo.

Belongs here: the order of the work, and the truth's tables. Does not belong here: any of the steps themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from pipelines.synthetic.arsvis.demo import Gemensamt, Resultat, domar, resultat, stapla
from pipelines.synthetic.arsvis.facit_fragor import Laget, Tal
from pipelines.synthetic.arsvis.facit_paket import Ar
from pipelines.synthetic.arsvis.facit_tabell import Arstabell, grupper
from pipelines.synthetic.arsvis.folk import befolkning, strom
from pipelines.synthetic.arsvis.paket import skriv
from pipelines.synthetic.arsvis.parametrar import parametrar
from pipelines.synthetic.arsvis.plan import Plan, Planner
from pipelines.synthetic.arsvis.rader import Leveranser, tom
from pipelines.synthetic.barn import rader, rader_lokal
from pipelines.synthetic.barn.facit_fragor import fragor
from pipelines.synthetic.barn.facit_fragor_lokal import Dagar, fragor_lokalt
from pipelines.synthetic.barn.facit_lokal import rakna_aktualiseringar, rakna_utredningar
from pipelines.synthetic.barn.facit_paket import BU
from pipelines.synthetic.barn.facit_rader import doma
from pipelines.synthetic.barn.facit_rader_lokal import doma_aktualisering, doma_bbic
from pipelines.synthetic.barn.facit_resultat import aterkomst, forandring, insatser_som_foljts, uppfoljda_i_tid
from pipelines.synthetic.barn.facit_vard import fakta, omplacerade, rakna_vard
from pipelines.synthetic.barn.facit_varning import barnhistoria
from pipelines.synthetic.barn.koder import ALDRAR, BARN, OPPENVARD
from pipelines.synthetic.barn.radfel import plantera
from pipelines.synthetic.barn.samhalle import ALDERSGRANSER, Samhalle, simulera
from pipelines.synthetic.koder import Arr


@dataclass
class Barnresultat:
    """What was made, and per year the protected children that stayed at the gate."""

    allt: Resultat
    skyddade: dict[int, int]


_FYLL = {"bu": rader.bu, "aktualisering": rader_lokal.aktualisering, "bbic": rader_lokal.bbic}
_DOMARE = {"bu": doma, "aktualisering": doma_aktualisering, "bbic": doma_bbic}


def _leveranser(soc: Samhalle, plan: Plan, fro: int, par: dict[str, Any]) -> dict[str, list[Ar]]:
    """Every source and year: rows, planted faults, how each row ends."""
    out: dict[str, list[Ar]] = {}
    for k, kalla in enumerate(_FYLL):
        out[kalla] = []
        for ar in plan.ar:
            rng = strom(fro, 1000 * (k + 1) + ar)
            lev = Leveranser(BARN, kalla, ar, plan.av(kalla, ar))
            _FYLL[kalla](lev, soc, rng, par)
            plantera(lev, rng, par)
            tom(lev)
            out[kalla].append(Ar(lev, _DOMARE[kalla](lev)))
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
    out = stapla(both)
    return out | {"oppenvard": _oppenvard(soc, ar)}


def _lokalt(soc: Samhalle, akt: list[Ar], bbic: list[Ar]) -> tuple[Tal, Dagar]:
    """Counts of the local sources, [municipality, year, ...], and the days of ended investigations."""
    kommuner = len(soc.av.koder)
    both = [rakna_utredningar(soc, one, kommuner) for one in bbic]
    each = [rakna_aktualiseringar(soc, a, kommuner) | counts for a, (counts, _) in zip(akt, both, strict=True)]
    windows = [_over_tva(soc, a, b, kommuner) for a, b in zip(bbic[:1] + bbic[:-1], bbic, strict=True)]
    windows[0] = {name: np.zeros_like(values) for name, values in windows[0].items()}
    whole = [one | two for one, two in zip(each, windows, strict=True)]
    return stapla(whole), [days for _, days in both]


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


def gor_barn(g: Gemensamt) -> Barnresultat:
    """Write the yearly packages of the municipalities and tally the truth."""
    ref, u, ar, av, par = g.ref, g.u, g.ar, g.av, parametrar("barn")
    folk = befolkning(u.referens, ref, (0, *ALDERSGRANSER))
    planner = Planner(BARN, u.urval, av, g.holds, ar, u.asof, strom(u.fro, 4), par)
    soc = simulera(ref, folk, av, ar, u.skala, u.fro, par, planner.lokala())
    plan = planner.draw()
    years = _leveranser(soc, plan, u.fro, par)
    approved = domar(years, g, {"bu": BU})
    for one in (one for of in years.values() for one in of):
        skriv(u.inbox, u.staging, one.lev, g.form, av)
    warnings = barnhistoria(years, av, ref.invanare, ar)
    laget = Laget(BARN, ar, approved, g.holds, warnings, folk)
    table = Arstabell(ref, {"kommungrupp": grupper(u.referens, ref)})
    counts, days = _lokalt(soc, years["aktualisering"], years["bbic"])
    for question in [*fragor(laget, warnings, _vard(soc, years["bu"])), *fragor_lokalt(laget, warnings, counts, days)]:
        table.lagg_till(question)
    return Barnresultat(resultat(BARN, g, plan, years, warnings.tabell, table.table()), _skyddade(years["bu"]))
