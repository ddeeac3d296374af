"""The rows of every package of one source and year, as typed arrays: what the files will say, before it is text.

Belongs here: which of the society's events each package holds, cut at the day of extraction, and what an incomplete
version lacks. Does not belong here: planted faults (radfel), the local sources' columns (rader_lokal), text (text),
judgement (facit_*). A column is named as in the file; beside them stand pkg (place in paket), barn (child) and src.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from pipelines.synthetic.barn.koder import ALDRAR, KALLOR, OPPEN, OPPENVARD, SIS, TOM, UTFORARE, Rows, ars_dagar, take
from pipelines.synthetic.barn.plan import Paket
from pipelines.synthetic.barn.samhalle import Samhalle
from pipelines.synthetic.koder import RESERV, Arr, ranges

_SECONDS = 86400  # a reservnummer n stands in the arrays as -n


@dataclass
class Leveranser:
    """All packages of one source and year and their rows, ordered by package."""

    kalla: str
    ar: int
    paket: list[Paket]
    rader: dict[str, Rows] = field(default_factory=dict)

    @property
    def datasets(self) -> tuple[str, ...]:
        return KALLOR[self.kalla]

    @property
    def sand(self) -> Arr:
        return np.array([p.sand for p in self.paket], dtype=np.int64)

    def mottagna(self, dataset: str) -> Arr:
        return np.bincount(self.rader[dataset]["pkg"], minlength=len(self.paket))


class Urval:
    """Events of a year beside the packages that may hold them."""

    def __init__(self, lev: Leveranser, soc: Samhalle, rng: np.random.Generator, par: dict[str, Any]) -> None:
        self.lev, self.soc, self.rng, self.par = lev, soc, rng, par
        self.jan, self.dec = ars_dagar(lev.ar)
        self.partial = np.array([p.innehall == "ofullstandig" for p in lev.paket], dtype=bool)
        received = np.array([p.mottagen for p in lev.paket], dtype=np.int64) // _SECONDS
        by_kommun = np.random.default_rng(len(soc.av.koder)).random(len(soc.av.koder))
        cut = by_kommun[soc.av.kommun[lev.sand]] < par["mottagning"]["tomda_slut"]
        self.uttag = np.where(cut, self.dec, received - 1)

    def copies(self, events: Arr, barn: Arr) -> tuple[Arr, Arr]:
        """(package, event) of the given events of the given children, for every package of their sender."""
        sand = self.soc.barn["sand"][barn]
        order = np.argsort(sand, kind="stable")
        low = np.searchsorted(sand[order], self.lev.sand)
        count = np.searchsorted(sand[order], self.lev.sand, side="right") - low
        return np.repeat(np.arange(len(low)), count), events[order][ranges(low, count)]

    def kvar(self, pkg: Arr, event: Arr, start: Arr) -> Arr:
        """Which an incomplete version holds: of what began in the year a few are missing, the same in every dataset."""
        dice = (event * 7919 + self.lev.ar * 31) % 1000 < 1000 * self.par["innehall"]["saknas"]
        return np.asarray(~(self.partial[pkg] & dice & (start >= self.jan)))

    def sista(self, pkg: Arr, event: Arr, slut: Arr) -> Arr:
        """Last days as the package tells them: empty after the day of extraction, and where they are forgotten."""
        dice = (event * 104_729 + self.lev.ar * 17) % 1000 < 1000 * self.par["innehall"]["pagar"]
        forgotten = self.partial[pkg] & dice
        return np.where((slut > self.uttag[pkg]) | forgotten, OPPEN, slut)

    def barnrader(self, pkg: Arr, barn: Arr) -> Rows:
        """One row per package and child of the other rows, with the cells all layouts share."""
        keys = np.unique(pkg.astype(np.int64) << 32 | barn)
        return self.person(keys >> 32, keys & ((1 << 32) - 1))

    def person(self, pkg: Arr, barn: Arr) -> Rows:
        b = {name: column[barn] for name, column in self.soc.barn.items()}
        reserv = b["id_typ"] == RESERV
        kommun = self.soc.av.kommun[b["sand"]]
        tells = reserv | (kommun % 3 == 0)  # every third municipality states what the number says
        return {
            "pkg": pkg.astype(np.int64),
            "barn": barn.astype(np.int64),
            "barn_id": b["id"] * 2,
            "personnummer": np.where(reserv, -_reservnummer(b, kommun, self.lev.ar, self.soc), b["nummer"]),
            "id_typ": b["id_typ"],
            "fodelsear": np.where(tells, b["fodelsear"], TOM),
            "kon_kod": np.where(tells, b["kon"] - 1, TOM),
            "skyddad": b["skyddad"],
        }


def _reservnummer(b: Rows, kommun: Arr, ar: int, soc: Samhalle) -> Arr:
    """Numbered anew every year and in every municipality, so that they recur as other children's."""
    reserv = soc.barn["id_typ"] == RESERV
    count = np.bincount(soc.av.kommun[soc.barn["sand"][reserv]], minlength=len(soc.av.koder))[kommun]
    return np.asarray((b["reserv_plats"] + 3 * (ar % 100)) % np.maximum(count, 1) + 1)


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
    u = Urval(lev, soc, rng, par)
    ins, plc = soc.insats, soc.placering
    late, _ = _glomda(soc, lev.ar - 1, par) if lev.ar > soc.ar[0] else (np.zeros(len(plc["nr"]), dtype=bool),) * 2
    active = [(e["start"] <= u.dec) & (e["slut"] >= u.jan) for e in (ins, plc)]
    active[0] |= np.bincount(plc["insats"][late], minlength=len(ins["typ"])) > 0
    active[1] |= late
    lev.rader["bu_insats"] = _insatser(u, np.flatnonzero(active[0]))
    lev.rader["bu_placering"] = _placeringar(u, np.flatnonzero(active[1]))
    pkg, barn = (np.concatenate([lev.rader[d][c] for d in ("bu_insats", "bu_placering")]) for c in ("pkg", "barn"))
    child = u.barnrader(pkg, barn)
    lev.rader["bu_barn"] = child | {n: soc.barn[n][child["barn"]] for n in soc.barn if n.endswith("land_kod")} | {
        n: soc.barn[n][child["barn"]] for n in ("vardnadshavare_kod", "ensamkommande")
    }  # fmt: skip
    lev.rader["bu_oppenvard_mangd"] = _mangd(u)


def _insatser(u: Urval, events: Arr) -> Rows:
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


def _placeringar(u: Urval, events: Arr) -> Rows:
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


def _vistelse(u: Urval, pkg: Arr, src: Arr) -> Arr:
    """Where the home lies; empty for some, in one municipality and year for many (GEN-20)."""
    kommun = u.soc.av.kommun[u.lev.sand[pkg]]
    planted = _okand_kommun(u)
    share = np.where(kommun == planted, u.par["vistelse_okand_kommun"], u.par["vistelse"]["tom"])
    return np.where(u.rng.random(len(src)) < share, TOM, u.soc.placering["vistelse"][src])


def _okand_kommun(u: Urval) -> int:
    """In the last year one of the middle municipalities that send."""
    senders = np.unique(u.soc.av.kommun[u.lev.sand])
    return int(senders[len(senders) // 2]) if u.lev.ar == u.soc.ar[-1] and len(senders) else -1


def _mangd(u: Urval) -> Rows:
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


def tom(lev: Leveranser) -> None:
    """Leave out the dataset of the packages that say, or do not say, that it is empty."""
    for dataset in lev.datasets:
        gone = np.array([p.tomd == dataset for p in lev.paket], dtype=bool)
        if gone.any():
            lev.rader[dataset] = take(lev.rader[dataset], ~gone[lev.rader[dataset]["pkg"]])
