"""Row rules of lvm and isu: a delivery that breaks each, and the nearest that does not.

Belongs here: one pair per sentence, with lines and dates worked out by hand from docs/reference/missbruk.md. Does not
belong here: any use of the product's code, and what is asked of the pairs (tests/unit/test_missbruk_rules.py).
"""

from __future__ import annotations

from tests.support.delivery import Row
from tests.support.missbruk import (
    Fall,
    Isu,
    Lvm,
    ansokan,
    born,
    matning,
    omhandertagande,
    reserv,
    utskrivning,
)

LA, LO, LU, M = "lvm_ansokan", "lvm_omhandertagande", "lvm_utskrivning", "isu_uppfoljning"
EVERY = {(LA, 2), (LO, 2), (LU, 2)}


def lvm(**tables: list[Row]) -> Lvm:
    """A package with rows in the named tables only."""
    return Lvm(**{"ansokan": [], "omhandertagande": [], "utskrivning": [], **tables})


def taken(day: str, *applied: str, klient: str = "K1") -> Lvm:
    """Taken into care on a day, with applications on others."""
    rows = [ansokan(f"A{i}", klient, ansokan_datum=day) for i, day in enumerate(applied)]
    return lvm(ansokan=rows, omhandertagande=[omhandertagande(omhandertagande_datum=day)])


def discharged(into: str, out: str) -> Lvm:
    return lvm(utskrivning=[utskrivning(inskrivning_datum=into, utskrivning_datum=out)])


def of_age(day: str) -> Lvm:
    """All three of someone born on a day."""
    return Lvm([ansokan(**born(day))], [omhandertagande(**born(day))], [utskrivning(**born(day))])


def isu(*rows: Row) -> Isu:
    return Isu(uppfoljning=list(rows))


def measured(matt: str, value: str) -> Isu:
    return isu(matning(matt_kod=matt, matt_varde=value))


LVM = {
    "no indication": Fall(
        "LVM-01",
        lvm(ansokan=[ansokan(indikation_fys_psyk="0")]),
        {(LA, 2)},
        lvm(ansokan=[ansokan(indikation_fys_psyk="0", indikation_skada="1")]),
    ),
    "seventeen when the year ends": Fall("LVM-02", of_age("2002-01-01"), EVERY, of_age("2001-12-31")),
    "eighteen": Fall("LVM-06", of_age("2001-12-31"), EVERY, of_age("2002-01-01")),
    "twenty": Fall("LVM-06", of_age("1999-01-01"), EVERY, of_age("1998-12-31")),
    "a reservnummer by the years": Fall(
        "LVM-06",
        lvm(ansokan=[ansokan(**reserv(fodelsear="1999"))]),
        {(LA, 2)},
        lvm(ansokan=[ansokan(**reserv(fodelsear="1998"))]),
    ),
    "six months from the last of January, and fifteen days": Fall(
        "LVM-03", discharged("2019-01-31", "2019-08-15"), {(LU, 2)}, discharged("2019-01-31", "2019-08-14")
    ),
    "six months from the last of August, and fifteen days": Fall(
        "LVM-03", discharged("2018-08-31", "2019-03-15"), {(LU, 2)}, discharged("2018-08-31", "2019-03-14")
    ),
    "applied for eight days before": Fall(
        "LVM-04", taken("2019-06-08", "2019-05-31"), {(LO, 2)}, taken("2019-06-08", "2019-06-01")
    ),
    "applied for eight days after": Fall(
        "LVM-04", taken("2019-06-08", "2019-06-16"), {(LO, 2)}, taken("2019-06-08", "2019-05-01", "2019-06-15")
    ),
    "applied for another": Fall(
        "LVM-04", taken("2019-06-08", "2019-06-08", klient="K2"), {(LO, 2)}, taken("2019-06-08", "2019-06-08")
    ),
    "an application may lie in the year before": Fall("LVM-04", taken("2019-01-08"), {(LO, 2)}, taken("2019-01-07")),
    "an application may lie in the year after": Fall("LVM-04", taken("2019-12-24"), {(LO, 2)}, taken("2019-12-25")),
    "an application of another year": Fall(
        "LVM-07",
        lvm(ansokan=[ansokan(ansokan_datum="2018-12-31")]),
        {(LA, 2)},
        lvm(ansokan=[ansokan(ansokan_datum="2019-01-01")]),
    ),
    "taken the year after": Fall("LVM-07", taken("2020-01-01"), {(LO, 2)}, taken("2019-12-31")),
    "discharged the year after": Fall(
        "LVM-07", discharged("2019-12-01", "2020-01-01"), {(LU, 2)}, discharged("2019-12-01", "2019-12-31")
    ),
    "discharged the year before": Fall(
        "LVM-07", discharged("2018-12-01", "2018-12-31"), {(LU, 2)}, discharged("2018-12-01", "2019-01-01")
    ),
    "out before in": Fall(
        "GEN-15", discharged("2019-02-02", "2019-02-01"), {(LU, 2)}, discharged("2019-02-01", "2019-02-01")
    ),
}
ISU = {
    "measured the year before": Fall(
        "ISU-01", isu(matning(matt_datum="2018-12-31")), {(M, 2)}, isu(matning(matt_datum="2019-01-01"))
    ),
    "measured the year after": Fall(
        "ISU-01", isu(matning(matt_datum="2020-01-01")), {(M, 2)}, isu(matning(matt_datum="2019-12-31"))
    ),
    **{
        f"{matt} {bad}": Fall("ISU-02", measured(matt, bad), {(M, 2)}, measured(matt, good))
        for matt, bad, good in (
            ("livskvalitet", "11", "10"),
            ("fungerande", "11", "0"),
            ("delaktighet", "0", "1"),
            ("nojdhet", "6", "5"),
            ("maluppfyllelse", "3", "2"),
            ("nyktra_dagar", "31", "30"),
        )
    },
    "less than nothing": Fall("GEN-25", measured("nyktra_dagar", "-1"), {(M, 2)}, measured("nyktra_dagar", "0")),
    "the end before the start": Fall(
        "ISU-03",
        isu(matning("slut", "2019-03-01"), matning("start", "2019-03-02")),
        {(M, 2)},
        isu(matning("slut", "2019-03-02"), matning("start", "2019-03-02")),
    ),
    "after, before the start of the same measure": Fall(
        "ISU-03",
        isu(matning("efter", "2019-03-01"), matning("start", "2019-05-01")),
        {(M, 2)},
        isu(matning("efter", "2019-03-01"), matning("start", "2019-05-01", matt_kod="fungerande")),
    ),
    "one measurement twice": Fall(
        "GEN-12", isu(matning(), matning(matt_varde="6")), {(M, 2), (M, 3)}, isu(matning(), matning("under"))
    ),
}
