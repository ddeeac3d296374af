"""Small yearly deliveries of missbruk, asi, lvm and isu, written as rows.

Belongs here: rows with sane defaults, the packages of a year and the form of a case. Does not belong here: any use of
the product's code. Wrapping, manifest and inbox are those of every delivery (`delivery.py`), agreements those of the
local sources.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from tests.support.delivery import Row, YearParcel, number

HEAD = "kommun_kod stadsdel_kod period"
PERSON = "personnummer id_typ fodelsear kon_kod skyddad"
AREAS = range(1, 8)
ORO, HJALP, INTERVJUARE, CS = (
    [f"asi{i}_{what}" for i in AREAS] for what in ("klient_oro", "klient_hjalp", "intervjuare", "cs")
)
DAGAR = [f"dagar_{what}_30" for what in ("alkohol", "berusning", "narkotika", "arbete", "psykisk")]
COLUMNS = {
    "missbruk_person": f"{HEAD} klient_id {PERSON}",
    "missbruk_utredning": (
        f"{HEAD} utredning_id klient_id malgrupp_kod aktualisering_typ_kod aktualisering_datum utredning_start_datum "
        "utredning_slut_datum barn_under_18 barn_uppmarksammat beslut_kod"
    ),
    "missbruk_insats": (
        f"{HEAD} insats_id klient_id insats_kod malgrupp_kod metod_kod insats_start_datum insats_slut_datum "
        "insats_avslut_kod"
    ),
    "asi_intervju": (
        f"{HEAD} intervju_id klient_id {PERSON} asi_typ_kod asi_version_kod intervju_datum grund_intervju_id "
        f"bortfall_kod {' '.join([*ORO, *HJALP, *INTERVJUARE, *CS])} cs_formelversion {' '.join(DAGAR)}"
    ),
    "lvm_ansokan": (
        f"{HEAD} ansokan_id klient_id {PERSON} ansokan_datum indikation_fys_psyk indikation_liv indikation_skada "
        "medel_alkohol medel_narkotika medel_losningsmedel"
    ),
    "lvm_omhandertagande": f"{HEAD} omhandertagande_id klient_id {PERSON} omhandertagande_datum",
    "lvm_utskrivning": (
        f"{HEAD} utskrivning_id klient_id {PERSON} inskrivning_datum utskrivning_datum boende_efter_kod"
    ),
    "isu_uppfoljning": (
        f"{HEAD} klient_id {PERSON} insats_id uppfoljningsmodell_kod malgrupp_kod metod_kod matt_kod tillfalle_kod "
        "matt_datum matt_varde"
    ),
}


Line = tuple[str, int]


def _of(kalla: str) -> dict[str, str]:
    return {name: columns for name, columns in COLUMNS.items() if name.startswith(f"{kalla}_")}


def person(klient_id: str = "K1", place: int = 0, **cells: str) -> Row:
    """Someone born in 1980."""
    return {"klient_id": klient_id, "personnummer": number(place), "id_typ": "pnr", "skyddad": "0", **cells}


def born(day: str, **cells: str) -> Row:
    """Cells of someone born on a day."""
    return {"personnummer": number(born=day), **cells}


def reserv(text: str = "R1", **cells: str) -> Row:
    """Cells of someone with a number set by the municipality."""
    return {"personnummer": text, "id_typ": "reserv", "fodelsear": "1980", "kon_kod": "1", **cells}


def utredning(utredning_id: str = "U1", klient_id: str = "K1", **cells: str) -> Row:
    """An investigation from February to April of someone without children."""
    row = {"utredning_id": utredning_id, "klient_id": klient_id, "malgrupp_kod": "alkohol"}
    row |= {"aktualisering_typ_kod": "ansokan", "aktualisering_datum": "2019-01-20", "barn_under_18": "0"}
    row |= {"utredning_start_datum": "2019-02-01", "utredning_slut_datum": "2019-04-30", "beslut_kod": "oppen"}
    return {**row, **cells}


def insats(insats_id: str = "I1", klient_id: str = "K1", **cells: str) -> Row:
    """Open care all the year and on; one that ends was carried through."""
    row = {"insats_id": insats_id, "klient_id": klient_id, "insats_kod": "OPPEN", "malgrupp_kod": "alkohol"}
    row |= {"metod_kod": "CRA", "insats_start_datum": "2019-01-01", **cells}
    return {"insats_avslut_kod": "fullfoljd" if row.get("insats_slut_datum") else "", **row}


def grund(intervju_id: str = "G1", klient_id: str = "K1", place: int = 0, **cells: str) -> Row:
    """A first interview in March with everything answered but the composite measures."""
    row = {**person(klient_id, place), "intervju_id": intervju_id, "asi_typ_kod": "grund", "asi_version_kod": "2017"}
    row |= {"intervju_datum": "2019-03-01", **dict.fromkeys([*ORO, *HJALP], "2"), **dict.fromkeys(INTERVJUARE, "4")}
    return {**row, **dict.fromkeys(DAGAR, "10"), "dagar_berusning_30": "5", **cells}


def foljd(intervju_id: str = "F1", grund_intervju_id: str = "G1", **cells: str) -> Row:
    """The interview in November that follows one of March."""
    row = grund(intervju_id, asi_typ_kod="uppfoljning", grund_intervju_id=grund_intervju_id)
    return {**row, "intervju_datum": "2019-11-01", **cells}


def ej(intervju_id: str = "E1", grund_intervju_id: str = "G1", **cells: str) -> Row:
    """A planned one that was declined."""
    row = {**person(), "intervju_id": intervju_id, "asi_typ_kod": "ej_genomford", "bortfall_kod": "avbojt"}
    return {**row, "intervju_datum": "2019-11-01", "grund_intervju_id": grund_intervju_id, **cells}


def ansokan(ansokan_id: str = "A1", klient_id: str = "K1", place: int = 0, **cells: str) -> Row:
    """An application in June for danger to the health, by alcohol."""
    row = {**person(klient_id, place), "ansokan_id": ansokan_id, "ansokan_datum": "2019-06-01"}
    row |= {"indikation_fys_psyk": "1", "indikation_liv": "0", "indikation_skada": "0"}
    return {**row, "medel_alkohol": "1", "medel_narkotika": "0", "medel_losningsmedel": "0", **cells}


def omhandertagande(omhandertagande_id: str = "O1", klient_id: str = "K1", place: int = 0, **cells: str) -> Row:
    """Taken into care the day after the application."""
    row = {**person(klient_id, place), "omhandertagande_id": omhandertagande_id}
    return {**row, "omhandertagande_datum": "2019-06-02", **cells}


def utskrivning(utskrivning_id: str = "S1", klient_id: str = "K1", place: int = 0, **cells: str) -> Row:
    """Six months of care to the day, and then a home of one's own."""
    row = {**person(klient_id, place), "utskrivning_id": utskrivning_id, "inskrivning_datum": "2019-01-10"}
    return {**row, "utskrivning_datum": "2019-07-10", "boende_efter_kod": "eget", **cells}


def matning(tillfalle_kod: str = "start", matt_datum: str = "2019-03-01", **cells: str) -> Row:
    """Quality of life, five of ten."""
    row = {**person(), "insats_id": "I1", "uppfoljningsmodell_kod": "ISU", "malgrupp_kod": "alkohol"}
    row |= {"metod_kod": "MET", "matt_kod": "livskvalitet", "tillfalle_kod": tillfalle_kod, "matt_datum": matt_datum}
    return {**row, "matt_varde": "5", **cells}


@dataclass
class Missbruk(YearParcel):
    """By default one person, investigated, with one intervention."""

    kalla: ClassVar[str] = "missbruk"
    columns: ClassVar[dict[str, str]] = _of("missbruk")

    person: list[Row] = field(default_factory=lambda: [person()])
    utredning: list[Row] = field(default_factory=lambda: [utredning()])
    insats: list[Row] = field(default_factory=lambda: [insats()])


@dataclass
class Asi(YearParcel):
    """By default one first interview."""

    kalla: ClassVar[str] = "asi"
    columns: ClassVar[dict[str, str]] = _of("asi")

    intervju: list[Row] = field(default_factory=lambda: [grund()])


@dataclass
class Lvm(YearParcel):
    """By default one person, applied for, taken into care and discharged."""

    kalla: ClassVar[str] = "lvm"
    columns: ClassVar[dict[str, str]] = _of("lvm")

    ansokan: list[Row] = field(default_factory=lambda: [ansokan()])
    omhandertagande: list[Row] = field(default_factory=lambda: [omhandertagande()])
    utskrivning: list[Row] = field(default_factory=lambda: [utskrivning()])


@dataclass
class Isu(YearParcel):
    """By default one measurement."""

    kalla: ClassVar[str] = "isu"
    columns: ClassVar[dict[str, str]] = _of("isu")

    uppfoljning: list[Row] = field(default_factory=lambda: [matning()])


@dataclass(frozen=True)
class Fall:
    """`breaks` breaks `rule` on exactly `lines`, and beside it only the rules `also`; `keeps` does not break it."""

    rule: str
    breaks: YearParcel
    lines: set[Line]
    keeps: YearParcel
    also: set[str] = field(default_factory=set)
