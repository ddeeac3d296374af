"""The plan of deliveries: what a package is, which courses of events there are, the calendar and who sends.

Belongs here: packages, courses, deadlines, the choice of municipalities. Does not belong here: drawing the plan
(planering, slutlig), faults in single rows (radfel) and any judgement of the outcome (facit): `brist` says what was
done to the package, not what follows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np

from pipelines.synthetic.koder import DATASETS, START_YEAR, Arr, period_text

STOCKHOLM = ZoneInfo("Europe/Stockholm")
STOCKHOLM_KOMMUN = "0180"
MALMO_KOMMUN = "1280"
MALMO_FROM = 4  # municipalities from which Malmö, which delivers by stadsdel, is always one of them
STOPP = (
    *("sha", "frammande", "esk_GEN-10", "kolumn_saknas", "tomma_rader", "esk_GEN-14", "period"),
    *("rader", "esk_GEN-12", "kolumn_okand", "tom_avslut", "avkortad"),
    *("fri_epost", "fri_hushall", "fri_telefon", "fri_nummer", "fri_lang", "fri_tio"),
)
UNDECLARED = "odeklarerad"  # the package holds protected persons and its manifest says it does not
_VER = tuple[int, str, str]  # version, brist ('STOPP' = next kind in turn), innehall
FORLOPP: dict[str, list[_VER]] = {
    "vanlig": [(1, "", "hel")],
    "saknas": [],
    "sen": [(1, "", "hel")],
    "kant_i_tid": [(1, "", "hel")],
    "kant_sen": [(1, "", "hel")],
    "dubbelsand": [(1, "", "hel")],
    "rattad": [(1, "", "ofullstandig"), (2, "", "rattad")],
    "rattad_tva_ganger": [(1, "", "ofullstandig"), (2, "", "ofullstandig"), (3, "", "rattad")],
    "rattelse_fore": [(1, "", "ofullstandig"), (2, "", "rattad")],
    "rattelse_stoppad": [(1, "", "ofullstandig"), (2, "STOPP", "rattad")],
    "stoppad_rattad": [(1, "STOPP", "hel"), (2, "", "hel")],
    "stoppad_orattad": [(1, "STOPP", "hel")],
    "stoppad_tva_ganger": [(1, "STOPP", "hel"), (2, "STOPP", "hel"), (3, "", "hel")],
    "annat_innehall": [(1, "", "hel"), (1, "", "ofullstandig")],
    "annat_innehall_efter_stopp": [(1, "sha", "hel"), (1, "", "hel"), (2, "", "hel")],
    "tom_avslut": [(1, "tom_avslut", "hel"), (2, "", "hel")],
    "utan_avslut": [(1, "utan_avslut", "hel")],
    "utan_avslut_rattad": [(1, "utan_avslut", "hel"), (2, "", "hel")],
    "tom_bekraftad": [(1, "tom_bekraftad", "hel")],
    "nara_gransen": [(1, "nara_GEN-10", "hel")],
    "tyst_avkortad": [(1, "tyst_avkortad", "hel")],
    "tyst_avkortad_rattad": [(1, "tyst_avkortad", "hel"), (2, "", "hel")],
    "nara_fritext": [(1, "nara_fritext", "hel")],
    "odeklarerad": [(1, UNDECLARED, "hel"), (2, "", "hel")],
}
_WHOLE = range(12)
EMPTIED: dict[str, tuple[tuple[str, ...], range]] = {  # datasets whose rows are gone, in which months from the first
    "tomma_rader": (DATASETS[:2], _WHOLE),
    "tom_avslut": (DATASETS[2:], _WHOLE),
    "utan_avslut": (DATASETS[2:], _WHOLE),
    "tom_bekraftad": (DATASETS, _WHOLE),
    "tom_manad": (DATASETS[:2], range(4, 5)),
    "tom_manad_avslut": (DATASETS[2:], range(8, 9)),
    "tomma_manader": (DATASETS, range(6, 8)),
}
_CONFIRMED = ("tom_bekraftad", "tomma_manader")


@dataclass(frozen=True)
class Paket:
    """One package of one sender, of a month (manad) or, helar, of the twelve months from it.

    mottagen and sands_igen are epoch seconds; sands_igen 0 = sent once. nolleverans is what the manifest confirms as
    empty; utlovat: the rows it tells of a file that does not hold them.
    """

    manad: int
    version: int
    namn: str
    mottagen: int
    brist: str = ""
    innehall: str = "hel"
    mapp: bool = False
    sands_igen: int = 0
    stadsdel: str = ""
    helar: bool = False
    nolleverans: tuple[str, ...] = ()
    utlovat: tuple[tuple[str, int], ...] = ()

    @property
    def period(self) -> str:
        return str(START_YEAR + self.manad // 12) if self.helar else period_text(self.manad)

    @property
    def months(self) -> range:
        return range(self.manad, self.manad + (12 if self.helar else 1))

    @property
    def leveranstyp(self) -> str:
        return "slutlig" if self.helar else "ordinarie" if self.version == 1 else "rattelse"

    @property
    def delivered(self) -> tuple[str, ...]:
        """Datasets the package speaks of, as a file or as a confirmed zero."""
        return DATASETS[:2] if self.brist == "utan_avslut" else DATASETS

    def emptied(self, dataset: str) -> range:
        """Months whose rows of the dataset are left out."""
        datasets, places = EMPTIED.get(self.brist, ((), range(0)))
        gone = range(self.manad + places.start, self.manad + places.stop) if dataset in datasets else range(0)
        return gone if self.helar or not gone else self.months

    @property
    def unconfirmed(self) -> list[tuple[str, int]]:
        """Datasets and months that are empty without being confirmed."""
        return [] if self.brist in _CONFIRMED else [(d, m) for d in DATASETS for m in self.emptied(d)]


def package_name(period: str, stadsdel: str, version: int, again: bool = False) -> str:
    """A package's name in the inbox; version 1 is told only when there is another."""
    part = f"_s{stadsdel}" if stadsdel else ""
    return f"eb_{period}{part}" + (f"_v{version}" if version > 1 or again else "")


@dataclass(frozen=True)
class Sandare:
    """Who sends: a whole municipality (stadsdel '') or one of its stadsdelar, with its share of the households."""

    kommun: int
    stadsdel: str
    andel: float


@dataclass
class Plan:
    """Everything decided before any society is simulated; keys are places in the list of municipalities."""

    urval: list[int]
    roller: dict[str, list[int]]
    fh99: tuple[int, int]
    paket: dict[int, list[Paket]] = field(default_factory=dict)
    forlopp: Counter[str] = field(default_factory=Counter)
    slutliga: list[tuple[int, str, int, str]] = field(default_factory=list)  # kommun, stadsdel, year, course

    def of(self, sandare: Sandare) -> Iterator[Paket]:
        return (p for p in self.paket[sandare.kommun] if p.stadsdel == sandare.stadsdel)


def months_until(asof: date, months: int) -> int:
    """How many of the months have passed their deadline on the day given."""
    count = 0
    while count < months and deadline(count).date() <= asof:
        count += 1
    return count


def deadline(month: int) -> datetime:
    """First instant after the deadline of a month: the 16th of the next, Swedish wall clock."""
    return datetime(START_YEAR + (month + 1) // 12, (month + 1) % 12 + 1, 16, tzinfo=STOCKHOLM)


def choose(codes: tuple[str, ...], size: Arr, count: int) -> list[int]:
    """All municipalities, or a spread from small to large without Stockholm but with Malmö."""
    if count >= len(codes):
        return list(range(len(codes)))
    order = [int(i) for i in np.argsort(size, kind="stable") if codes[int(i)] != STOCKHOLM_KOMMUN]
    chosen = [order[p] for p in np.floor((np.arange(count) + 0.5) / count * len(order)).astype(int)]
    if count >= MALMO_FROM and MALMO_KOMMUN in codes and codes.index(MALMO_KOMMUN) not in chosen:
        chosen[-1] = codes.index(MALMO_KOMMUN)
    return sorted(chosen)


def settle(paket: list[Paket], closings: dict[str, Arr], rng: np.random.Generator) -> list[Paket]:
    """Move packages without any word of eb_avslut to months after one with no closings, where that passes.

    closings[stadsdel][month] = reported closings of the society; a planned package stays where it is when a
    correction follows.
    """
    months = Counter((p.stadsdel, p.manad) for p in paket if not p.helar)
    alone = [
        i for i, p in enumerate(paket) if p.brist == "utan_avslut" and not p.helar and months[p.stadsdel, p.manad] == 1
    ]
    fit = [
        i for i, p in enumerate(paket)
        if not p.brist and not p.sands_igen and not p.helar and months[p.stadsdel, p.manad] == 1
        and p.manad > 0 and not closings[p.stadsdel][p.manad - 1]
    ]  # fmt: skip
    out = list(paket)
    for i in alone:
        out[i] = replace(paket[i], brist="")
    for i in rng.permutation(np.array(fit, dtype=np.int64))[: len(alone)]:
        out[int(i)] = replace(paket[int(i)], brist="utan_avslut")
    return out
