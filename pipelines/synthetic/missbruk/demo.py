"""Deliveries and truth of missbruk och beroende for the demo.

Belongs here: the order of the work. Does not belong here: any of the steps themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pipelines.synthetic.arsvis.demo import Gemensamt, Resultat, domar, resultat, stapla
from pipelines.synthetic.arsvis.facit_fragor import Laget, Tal
from pipelines.synthetic.arsvis.facit_paket import Ar
from pipelines.synthetic.arsvis.facit_tabell import Arstabell
from pipelines.synthetic.arsvis.facit_varning import historia
from pipelines.synthetic.arsvis.folk import befolkning, strom
from pipelines.synthetic.arsvis.paket import skriv
from pipelines.synthetic.arsvis.parametrar import parametrar
from pipelines.synthetic.arsvis.plan import Plan, Planner
from pipelines.synthetic.arsvis.rader import Leveranser, tom
from pipelines.synthetic.mal import Referens
from pipelines.synthetic.missbruk import rader
from pipelines.synthetic.missbruk.facit_asi import rakna_kohort, sant_utfall
from pipelines.synthetic.missbruk.facit_fragor import fragor
from pipelines.synthetic.missbruk.facit_frivilligt import rakna_ar, rakna_tva_ar
from pipelines.synthetic.missbruk.facit_lvm import Dagar, rakna_lvm
from pipelines.synthetic.missbruk.facit_metod import rakna_metoder
from pipelines.synthetic.missbruk.facit_rader import doma_asi, doma_isu, doma_lvm, doma_missbruk
from pipelines.synthetic.missbruk.koder import MISSBRUK
from pipelines.synthetic.missbruk.radfel import plantera
from pipelines.synthetic.missbruk.samhalle import ALDERSGRANSER, Samhalle, simulera
from pipelines.synthetic.missbruk.system import fordela, modell

HALLAND = "13"  # a part of it lacks an RSS, and no source says which
FONSTER = 3


@dataclass
class Vuxenresultat:
    """What was made; system: source -> municipality -> format or system; sant: how it truly went for all of a
    cohort.
    """

    allt: Resultat
    system: dict[str, dict[int, str]]
    sant: list[tuple[object, ...]]


_FYLL = {"missbruk": rader.missbruk, "asi": rader.asi, "lvm": rader.lvm, "isu": rader.isu}
_DOMARE = {"missbruk": doma_missbruk, "asi": doma_asi, "lvm": doma_lvm, "isu": doma_isu}


def rss(ref: Referens) -> dict[str, str]:
    """kommun_kod -> rss_kod: one per län, none in Halland."""
    pairs = zip(ref.kommuner, ref.lan, strict=True)
    return {kommun: f"RSS{lan}" for kommun, lan in pairs if lan != HALLAND}


def _leveranser(soc: Samhalle, plan: Plan, g: Gemensamt, par: dict[str, Any]) -> dict[str, list[Ar]]:
    """Every source and year: rows, planted faults, how each row ends."""
    out: dict[str, list[Ar]] = {}
    seen: set[tuple[str, str]] = set()
    for k, kalla in enumerate(_FYLL):
        out[kalla] = []
        for ar in plan.ar:
            rng = strom(g.u.fro, 10_000 + 1000 * k + ar)
            lev = Leveranser(MISSBRUK, kalla, ar, plan.av(kalla, ar))
            _FYLL[kalla](lev, soc, rng, par)
            agreed = g.holds[g.av.kommun[lev.sand], ar - plan.ar.start]
            plantera(lev, rng, par, seen, ~agreed & (kalla in MISSBRUK.lokala))
            tom(lev)
            out[kalla].append(Ar(lev, _DOMARE[kalla](lev)))
    return out


def _tal(soc: Samhalle, years: dict[str, list[Ar]], kommuner: int) -> tuple[Tal, list[Dagar]]:
    """Counts [municipality, year, ...], and the days of discharges; a year without its whole window counts as the first
    that has one, and is never shown.
    """
    own, asi = years["missbruk"], years["asi"]
    lvm = [rakna_lvm(soc, one, kommuner) for one in years["lvm"]]
    each = []
    for y, one in enumerate(own):
        two, three = max(y - 1, 0), max(y - FONSTER + 1, 0)
        counts = rakna_ar(soc, one, kommuner) | rakna_tva_ar(soc, own[two], one, asi[two : y + 1], kommuner)
        counts |= rakna_kohort(soc, asi[three : y + 1], kommuner)
        counts |= rakna_metoder(soc, own[three : y + 1], asi[three : y + 1], kommuner)
        each.append(counts | lvm[y][0])
    return stapla(each), [days for _, days in lvm]


def gor_missbruk(g: Gemensamt) -> Vuxenresultat:
    """Write the yearly packages of the municipalities and tally the truth."""
    ref, u, ar, av = g.ref, g.u, g.ar, g.av
    par = parametrar("missbruk")
    folk = befolkning(u.referens, ref, ALDERSGRANSER)
    planner = Planner(MISSBRUK, u.urval, av, g.holds, ar, u.asof, strom(u.fro, 17), par)
    soc = simulera(folk, av, ar, u.skala, u.fro, par, planner.lokala())
    rng = strom(u.fro, 18)
    senders = {k: sorted({int(av.kommun[s]) for s in of}) for k, of in planner.sand.items()}
    system = {k: fordela(g.form, senders[k], rng, par["profil_andel"].get(k, {})) for k in _FYLL}
    plan = planner.draw()
    years = _leveranser(soc, plan, g, par | {"modell": modell(system["isu"], len(ref.kommuner))})
    approved = domar(years, g, {})
    for kalla, of in years.items():
        for one in of:
            skriv(u.inbox, u.staging, one.lev, system[kalla], av)
    warnings = historia(years, av, ref.invanare, ar)
    laget = Laget(MISSBRUK, ar, approved, g.holds, warnings, folk)
    table = Arstabell(ref, {"rss": rss(ref)})
    counts, days = _tal(soc, years, len(ref.kommuner))
    for question in fragor(laget, counts, days):
        table.lagg_till(question)
    sant = sant_utfall(soc, years["asi"][-FONSTER:], ref.kommuner) if len(ar) >= FONSTER else []
    return Vuxenresultat(resultat(MISSBRUK, g, plan, years, warnings.tabell, table.table()), system, sant)
