"""Barn och unga told as stories: small municipalities, each with what it sent for 2017-2019.

Belongs here: the deliveries of every story. Does not belong here: the orders they come in (`stories.py`), what is asked
of the warehouse (tests/golden/test_barn.py), and any use of the product's code.

All lie in Stockholms län. Whoever is not named in a sentence here sent nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.support import lokal
from tests.support.barn import COLUMNS, Ar, barn, insats, oppen, placering, reservbarn
from tests.support.delivery import Parcel, Row, number

VALLENTUNA, OSTERAKER, VARMDO, TYRESO, JARFALLA, EKERO = "0115", "0117", "0120", "0138", "0123", "0125"
HUDDINGE, BOTKYRKA, SALEM, HANINGE, NACKA = "0126", "0127", "0128", "0136", "0182"
TABY, DANDERYD = "0160", "0162"  # sent nothing; the first has an agreement
AGREED = (HUDDINGE, TABY, NACKA)
HOME, AWAY = "0180", "1480"
NOTE = "ring skolan@kommun.example"


@dataclass(frozen=True)
class Stay:
    """One child's care with one placement of the same days."""

    child: Row
    nr: str
    fran: str
    till: str = ""
    typ: str = "SOL"
    form: str = "FAM"
    hem: str = "H1"
    orsak: str = "PA1"
    var: str = HOME

    @property
    def insats(self) -> Row:
        days = {"beslut_datum": self.fran, "insats_start_datum": self.fran, "insats_slut_datum": self.till}
        ground = "LVU2" if self.typ == "LVU_VARD" else ""
        return insats(self.nr, self.child["barn_id"], insatstyp_kod=self.typ, lvu_grund_kod=ground, **days)

    @property
    def placering(self) -> Row:
        days = {"placering_start_datum": self.fran, "placering_slut_datum": self.till}
        why = self.orsak if self.till else ""
        where = {"placeringsform_kod": self.form, "hem_id": self.hem, "vistelsekommun_kod": self.var}
        return placering(self.nr, self.child["barn_id"], placering_avslut_orsak_kod=why, **where, **days)


def sent(period: str, version: int = 1) -> str:
    """In time, and a correction long after the year was closed."""
    return f"{int(period) + 1}-01-20T10:00:00" if version == 1 else "2020-03-10T10:00:00"


def year(kommun: str, period: str, *stays: Stay, version: int = 1, **fields: Any) -> Ar:
    """A year's package of whole stays."""
    children = list({stay.child["barn_id"]: stay.child for stay in stays}.values())
    rows = {"barn": children, "insats": [s.insats for s in stays], "placering": [s.placering for s in stays]}
    head = {"kommun": kommun, "period": period, "version": version, "mottagen": sent(period, version)}
    return Ar(**{"oppenvard_mangd": [], **rows, **head, **fields})


def child(nr: int) -> Row:
    """A girl born in 2010."""
    return barn(f"B{nr}", nr)


# -- one story each ------------------------------------------------------------------------------------------------

MOVED_LAW = [  # T1, and three years together: two children, then one of them, then a third
    year(VALLENTUNA, "2017", Stay(child(2), "I2", "2017-02-01"), Stay(child(3), "I3", "2017-05-01", "2017-08-31")),
    year(VALLENTUNA, "2018", Stay(child(2), "I2", "2017-02-01", "2018-11-30")),
    year(
        *(VALLENTUNA, "2019", Stay(child(1), "I4", "2019-01-01", "2019-03-31", orsak="PA4")),
        Stay(child(1), "I5", "2019-04-01", "2019-12-31", typ="LVU_VARD"),
    ),
]
OVERLAP = year(  # T2
    *(OSTERAKER, "2019", Stay(child(1), "I1", "2019-01-01", "2019-03-31", orsak="PA4")),
    Stay(child(1), "I2", "2019-03-27", "2019-06-30", form="HVB", hem="H2", var=AWAY),
)
SILENT = [  # T5: three children in 2018 and then nothing; two in 2017 and then nothing
    year(VARMDO, "2018", *(Stay(child(i), f"I{i}", "2018-03-01", "2018-09-30") for i in (1, 2, 3))),
    year(TYRESO, "2017", *(Stay(child(i), f"I{i}", "2017-03-01", "2017-09-30") for i in (1, 2))),
]
ANYBODY = [  # T7: R1 in two municipalities, and in two years of one of them
    year(JARFALLA, "2018", Stay(reservbarn(), "I1", "2018-05-01", "2018-12-31")),
    year(JARFALLA, "2019", Stay(reservbarn(), "I2", "2019-02-01")),
    year(EKERO, "2019", Stay(reservbarn(), "I1", "2019-02-01")),
]
NOTED = year(  # T19: a column of notes slipped in
    *(BOTKYRKA, "2019", Stay(child(1), "I1", "2019-01-01")),
    order={"bu_insats": f"{COLUMNS['bu_insats']} anteckning"},
    insats=[insats(anteckning=NOTE)],
)
WIDER = NOTED.but(kommun=SALEM, insats=[insats(anteckning="1")])  # its twin, where nobody has written
REPORTS = lokal.Aktualiseringar(  # T11, T12: fourteen days, fifteen, and to an investigation that goes on already
    kommun=HUDDINGE,
    aktualisering=[
        lokal.aktualisering("A1", 1, beslut_datum="2019-03-15", utfall_kod="inleds"),
        lokal.aktualisering("A2", 2, beslut_datum="2019-03-16", utfall_kod="inleds_inte"),
        lokal.aktualisering("A3", 3, beslut_datum="2019-03-02", utfall_kod="pafors"),
    ],
)
UNASKED = REPORTS.but(kommun=HANINGE)  # nobody has agreed to this

# -- Nacka: corrected, late and out of order -----------------------------------------------------------------------

ALWAYS = Stay(child(1), "I1", "2017-03-01")
ENDED = Stay(child(1), "I1", "2017-03-01", "2019-02-28")
NEW = Stay(child(2), "I2", "2018-06-01")
BROKEN = Stay(child(2), "I2", "2018-06-01", "2019-03-14", hem="H2", orsak="PA5")
KIN = Stay(child(2), "I3", "2019-03-15", form="NATV", hem="H3", var=AWAY)
FORGOTTEN = Stay(child(3), "I4", "2018-04-10", "2018-10-31", hem="H4")


def investigation(nr: int, start: str, end: str, **cells: str) -> Row:
    days = {"aktualisering_datum": start, "utredning_start_datum": start, "utredning_slut_datum": end}
    return lokal.utredning(f"U{nr}", f"B{nr % 10}", **{"beslut_kod": "utan_insats", **days, **cells})


def followed_up(nr: int, day: str, **cells: str) -> Row:
    return lokal.uppfoljning(nr=nr, uppfoljning_datum=day, **cells)


# B1 gets care and is followed up; B2 comes back within twelve months, B3 and the older B4 do not
LOCAL_CHILDREN = {i: lokal.barn(f"B{i}", i) for i in (1, 2, 3)} | {
    4: lokal.barn("B4", personnummer=number(born="2004-01-01"))
}
CARE = {"insats_kod": "SOL", "insats_start_datum": "2018-05-31"}
LOCAL_2018 = lokal.Bbic(
    kommun=NACKA,
    period="2018",
    mottagen=sent("2018"),
    barn=[LOCAL_CHILDREN[i] for i in (1, 2, 4)],
    sammanfattning=[
        investigation(1, "2018-02-01", "2018-05-31", behov_bu1="2", beslut_kod="insats_sol_oppen"),
        investigation(2, "2018-01-10", "2018-03-31"),
        investigation(4, "2018-01-10", "2018-02-28"),
    ],
    insats=[lokal.insats(**CARE)],
    uppfoljning=[followed_up(1, "2018-11-15")],
)
LOCAL_2018_AGAIN = LOCAL_2018.but(
    version=2,
    mottagen=sent("2018", 2),
    barn=list(LOCAL_CHILDREN.values()),
    sammanfattning=[*LOCAL_2018.sammanfattning, investigation(3, "2018-01-10", "2018-04-15")],
)
LOCAL_2019 = lokal.Bbic(
    kommun=NACKA,
    barn=[LOCAL_CHILDREN[i] for i in (1, 2)],
    sammanfattning=[investigation(12, "2019-03-31", "2019-06-30")],
    insats=[lokal.insats(insats_slut_datum="2019-11-30", **CARE)],
    uppfoljning=[followed_up(2, "2019-04-30", behov_bu1_nu="1"), followed_up(3, "2019-09-15", mal_uppfyllda="3")],
)


def reported(number_of: int, period: str, **fields: Any) -> lokal.Aktualiseringar:
    days = {"mottagen_datum": f"{period}-03-01", "beslut_datum": f"{period}-03-15"}
    rows = [lokal.aktualisering(f"A{period}{i}", i, **days) for i in range(number_of)]
    return lokal.Aktualiseringar(**{"kommun": NACKA, "period": period, "aktualisering": rows, **fields})


REPORTS_2018 = reported(1, "2018", mottagen=sent("2018"))
REPORTS_2018_AGAIN = reported(2, "2018", version=2, mottagen=sent("2018", 2))
REPORTS_2019 = reported(1, "2019")
FIRST = year(NACKA, "2017", ALWAYS)
CLOSED = year(NACKA, "2018", ALWAYS, NEW)
CORRECTED = year(NACKA, "2018", ALWAYS, NEW, FORGOTTEN, version=2)
LOST = year(NACKA, "2019", BROKEN, KIN)  # who was placed when 2018 ended is not there
WHOLE = year(NACKA, "2019", ENDED, BROKEN, KIN, version=2, oppenvard_mangd=[oppen()])

TOLD: list[Parcel] = [*MOVED_LAW, OVERLAP, *SILENT, *ANYBODY, NOTED, WIDER, REPORTS, UNASKED, LOCAL_2019, REPORTS_2019]
