"""A house of yearly sources with something of everything that operations and kills touch.

Belongs here: the story: three formats, rows set aside and protected (whose hashed keys the ledger holds), a package
that no agreement lets in, and a year old enough to be destroyed. Does not belong here: any operation, and any
expectation.
"""

from __future__ import annotations

from pathlib import Path

from tests.support import lokal
from tests.support.barn import COLUMNS, Ar, barn, insats, placering
from tests.support.delivery import Parcel, number
from tests.support.drift import Drift
from tests.support.lokal import Aktualiseringar, Bbic, agree

CHILDREN = tuple(number(place, born="2010-01-01") for place in range(3))
_CARE = [insats(f"I{i}", f"B{i}", insats_start_datum="2014-01-01") for i in (1, 2, 3)]
_PLACED = [placering(f"I{i}", f"B{i}", placering_start_datum="2014-01-01") for i in (1, 2, 3)]
# B2 is set aside with all that is its own, B3 is protected
MIXED = Ar([barn(), barn("B2", 1, ensamkommande="?"), barn("B3", 2, skyddad="1")], _CARE, _PLACED)
_BEFORE_2017 = {"bu_barn": COLUMNS["bu_barn"].replace(" ensamkommande", "")}
ANCIENT = MIXED.but(
    period="2014",
    mottagen="2015-01-20T10:00:00",
    order=_BEFORE_2017,
    barn=[barn(ensamkommande=""), barn("B2", 1, kon_kod="9", vardnadshavare_kod="?"), barn("B3", 2, skyddad="1")],
)
FORMER = MIXED.but(period="2018", mottagen="2019-01-20T10:00:00")
BOOK = MIXED.but(format="xlsx")
AS_XML = Bbic(barn=[lokal.barn(), lokal.barn("B2", 1, ensamkommande="?")], format="xml")
REPORTS = Aktualiseringar(aktualisering=[lokal.aktualisering(), lokal.aktualisering("A2", 1, skyddad="1")])
UNAGREED = Bbic(kommun="0120", barn=[lokal.barn("B1", 2)])
KNOWN: tuple[Parcel, ...] = (ANCIENT, FORMER)
WAITING: tuple[Parcel, ...] = (BOOK, AS_XML, REPORTS, UNAGREED)
LEFT_OUT = MIXED.but(period="2020", mottagen="2021-01-20T10:00:00", placering=_PLACED[1:])
"""One whose placement of B1 is nowhere: BU-07. That of B2 and B3 is received and does not land."""


def stocked(home: Path) -> Drift:
    """A house in which the whole story has been received, in two receptions."""
    house = Drift(home)
    agree(house, "0114")
    house.receive(*KNOWN)
    house.receive(*WAITING)
    house.export()
    return house
