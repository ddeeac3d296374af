"""The rows of every package of bu, as typed arrays.

Belongs here: which of the society's events each package holds. Does not belong here: what all sources share (arsvis),
planted faults (radfel), the local sources' columns (rader_lokal), text (text),
judgement (facit_*). A column is named as in the file; beside them stand pkg (place in paket), barn (child) and src.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pipelines.synthetic.arsvis.rader import Leveranser, Urval
from pipelines.synthetic.arsvis.tal import OPPEN, TOM, Rows, ars_dagar
from pipelines.synthetic.barn.koder import ALDRAR, OPPENVARD, SIS, UTFORARE
from pipelines.synthetic.barn.samhalle import Samhalle
from pipelines.synthetic.koder import Arr


class Barnurval(Urval):
    """Of the society of children."""

    def __init__(self, lev: Leveranser, soc: Samhalle, rng: np.random.Generator, par: dict[str, Any]) -> None:
        super().__init__(lev, soc.barn, soc.av, rng, par)
        self.soc = soc


def _glomda(soc: Samhalle, ar: int, par: dict[str, Any]) -> tuple[Arr, Arr]:
    """Placements whose end in the year is told first the year after; and those that go on after the year but are told
    as ended in it. Never in the first year of all.
    """
    p = soc.placering
    dice = (np.arange(len(p["nr"])) * 7919 + 13) % 10_000
    jan, dec = ars_dagar(ar)
    ends = (p["slut"] >= jan) & (p["slut"] <= dec) & (dice < 10_000 * par["glomda"]["slut"])
    again = (p["start"] < dec - 40) & (p["slut"] > dec + 60) & (dice > 10_000 * (1 - par["glomda"]["ater"]))
    return ends, again


def bu(lev: Leveranser, soc: Samhalle, rng: np.random.Generator, par: dict[str, Any]) -> None:
    """Fill the packages of bu."""
    u = Barnurval(lev, soc, rng, par)
    ins, plc = soc.insats, soc.placering
    late, _ = _glomda(soc, lev.ar - 1, par) if lev.ar > soc.ar[0] else (np.zeros(len(plc["nr"]), dtype=bool),) * 2
    active = [(e["start"] <= u.dec) & (e["slut"] >= u.jan) for e in (ins, plc)]
    active[0] |= np.bincount(plc["insats"][late], minlength=len(ins["typ"])) > 0
    active[1] |= late
    lev.rader["bu_insats"] = _insatser(u, np.flatnonzero(active[0]))
    lev.rader["bu_placering"] = _placeringar(u, np.flatnonzero(active[1]))
    pkg, barn = (np.concatenate([lev.rader[d][c] for d in ("bu_insats", "bu_placering")]) for c in ("pkg", "barn"))
    child = u.personrader(pkg, barn)
    lev.rader["bu_barn"] = child | {n: soc.barn[n][child["barn"]] for n in soc.barn if n.endswith("land_kod")} | {
        n: soc.barn[n][child["barn"]] for n in ("vardnadshavare_kod", "ensamkommande")
    }  # fmt: skip
    lev.rader["bu_oppenvard_mangd"] = _mangd(u)


def _insatser(u: Barnurval, events: Arr) -> Rows:
    e = u.soc.insats
    pkg, src = u.copies(events, e["barn"][events])
    keep = u.kvar(pkg, e["kedja"][src], e["start"][src])
    pkg, src = pkg[keep], src[keep]
    barn = e["barn"][src]
    return {
        "pkg": pkg, "barn": barn, "src": src, "insats_id": e["id"][src], "barn_id": u.soc.barn["id"][barn] * 2,
        "insatstyp_kod": e["typ"][src], "lvu_grund_kod": e["grund"][src], "beslut_datum": e["beslut"][src],
        "insats_start_datum": e["start"][src], "insats_slut_datum": u.sista(pkg, e["kedja"][src], e["slut"][src]),
    }  # fmt: skip


def _placeringar(u: Barnurval, events: Arr) -> Rows:
    e, soc = u.soc.placering, u.soc
    pkg, src = u.copies(events, e["barn"][events])
    insats = e["insats"][src]
    kedja = soc.insats["kedja"][insats]
    keep = u.kvar(pkg, kedja, soc.insats["start"][insats])
    pkg, src, insats, kedja = (a[keep] for a in (pkg, src, insats, kedja))
    slut = u.sista(pkg, kedja, e["slut"][src])
    ends, again = _glomda(soc, u.lev.ar, u.par)
    slut = np.where(ends[src], OPPEN, np.where(again[src], u.dec - 20, slut))
    orsak = np.where(slut == OPPEN, TOM, e["orsak"][src])
    return {
        "pkg": pkg, "barn": e["barn"][src], "src": src, "insats_id": soc.insats["id"][insats],
        "barn_id": soc.barn["id"][e["barn"][src]] * 2, "placering_nr": e["nr"][src],
        "placeringsform_kod": e["form"][src], "hem_id": e["hem"][src], "utforare_id": _utforare(e, src),
        "vistelsekommun_kod": _vistelse(u, pkg, src), "placering_start_datum": e["start"][src],
        "placering_slut_datum": slut, "placering_avslut_orsak_kod": orsak,
    }  # fmt: skip


def _utforare(e: Rows, src: Arr) -> Arr:
    """Who runs each home, unknown for a few; SiS has its own."""
    hem = e["hem"][src]
    one = hem * 31 % (len(UTFORARE) - 1)
    return np.where(e["form"][src] == SIS, len(UTFORARE) - 1, np.where(hem % 17 == 0, TOM, one))


def _vistelse(u: Barnurval, pkg: Arr, src: Arr) -> Arr:
    """Where the home lies; empty for some, in one municipality and year for many (GEN-20)."""
    kommun = u.soc.av.kommun[u.lev.sand[pkg]]
    planted = _okand_kommun(u)
    share = np.where(kommun == planted, u.par["vistelse_okand_kommun"], u.par["vistelse"]["tom"])
    return np.where(u.rng.random(len(src)) < share, TOM, u.soc.placering["vistelse"][src])


def _okand_kommun(u: Barnurval) -> int:
    """In the last year one of the middle municipalities that send."""
    senders = np.unique(u.soc.av.kommun[u.lev.sand])
    return int(senders[len(senders) // 2]) if u.lev.ar == u.soc.ar[-1] and len(senders) else -1


def _mangd(u: Barnurval) -> Rows:
    """Every count that is not zero of every package."""
    n = len(u.lev.paket)
    antal = u.soc.mangd[u.lev.sand, u.lev.ar - u.soc.ar[0]] if n else np.zeros((0, len(OPPENVARD), 2, len(ALDRAR)), int)
    pkg, kind, kon, alder = np.nonzero(antal)
    keep = ~(u.partial[pkg] & (alder == 3))
    pkg, kind, kon, alder = (a[keep] for a in (pkg, kind, kon, alder))
    return {
        "pkg": pkg, "oppenvard_kod": kind, "kon_kod": kon, "aldersgrupp_kod": alder,
        "antal": antal[pkg, kind, kon, alder], "barn": np.full(len(pkg), TOM),
    }  # fmt: skip
