"""What differs between the yearly societies: sources, layouts, keys and what their packages may be stopped for.

Belongs here: the form of the description, and cells that all layouts share. Does not belong here: any domain's own
lists (its koder). The codes are repeated on purpose: the truth must not lean on the seeds or contracts it tests.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from pipelines.synthetic.profiler import Profil

JA_NEJ: Final = ("0", "1")
JA_NEJ_OKAND: Final = ("0", "1", "9")
KON: Final = ("1", "2")
ID_TYP: Final = ("pnr", "samordning", "reserv")
# A cell: ("kod", list), ("tal",), ("dag",), ("id", prefix), ("person", prefix, other), ("kommun",) or ("nummer",)
Cell: TypeAlias = tuple[Any, ...]
Layout: TypeAlias = dict[str, Cell]
NUMMER: Final[Layout] = {
    "personnummer": ("nummer",),
    "id_typ": ("kod", ID_TYP),
    "fodelsear": ("tal",),
    "kon_kod": ("kod", KON),
}
SKYDDAD: Final[Layout] = {"skyddad": ("kod", JA_NEJ)}


def kanonisk(system: str) -> Profil:
    """A system that writes the canonical layout."""
    return Profil("kanonisk", system, "utf-8", ";", {}, "{ar:04d}", "{ar:04d}-{manad:02d}-{dag:02d}")


@dataclass(frozen=True)
class Doman:
    """One society's sources. person: the name of its persons in rows (`barn`: columns barn and barn_id); system: source
    -> the canonical system and its own, if any; lokala: the sources that need an agreement; stopp: source -> kinds of
    packages that are stopped; toms: source -> the dataset that is sometimes sent without rows; varningar: rules that
    set no row aside.
    """

    person: str
    system: dict[str, tuple[Profil, ...]]
    kallor: dict[str, tuple[str, ...]]
    lokala: tuple[str, ...]
    layout: dict[str, Layout]
    nyckel: dict[str, tuple[str, ...]]
    stopp: dict[str, tuple[str, ...]]
    toms: dict[str, str]
    varningar: frozenset[str]

    @property
    def person_id(self) -> str:
        return f"{self.person}_id"
