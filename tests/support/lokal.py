"""Small yearly deliveries of the local sources, written as rows, and the agreements that let them be sent.

Belongs here: rows with sane defaults and the packages of a year. Does not belong here: any use of the product's code
but to enter an agreement. Wrapping, manifest and inbox are those of every delivery (`delivery.py`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from pipelines.contracts.model import get_contracts
from pipelines.landing.ledger.agreements import Agreement, enter
from tests.support.delivery import Row, YearParcel, number
from tests.support.reception import House

PURPOSE = "kvalitetsuppfoljning"
HEAD = "kommun_kod stadsdel_kod period"
PERSON = "personnummer id_typ fodelsear kon_kod"
NEW = [f"behov_{part}{i}" for part in ("bu", "ff", "fm") for i in range(1, 5)]
OLD = [f"behov_g{i:02d}" for i in range(1, 20)]
BBIC = {
    "bbic_barn": f"{HEAD} barn_id {PERSON} ensamkommande skyddad",
    "bbic_insats": (
        f"{HEAD} insats_id barn_id insats_kod malgrupp_kod metod_kod insats_start_datum insats_slut_datum "
        "genomforandeplan_datum"
    ),
    "bbic_sammanfattning": (
        f"{HEAD} utredning_id barn_id bbic_version_kod malgrupp_kod aktualisering_typ_kod aktualisering_datum "
        "utredning_start_datum utredning_slut_datum forlangd_utredning anledning_huvud_kod kand_sedan_tidigare_kod "
        f"antal_barnsamtal info_fran_annan_profession instrument_kod {' '.join(NEW + OLD)} riskfaktorer_antal "
        "skyddsfaktorer_antal samtycke_vh_kod barnets_installning_kod beslut_kod metod_kod barn_deltagit"
    ),
    "bbic_uppfoljning": (
        f"{HEAD} insats_id barn_id uppfoljning_nr uppfoljning_datum uppfoljning_typ_kod bbic_version_kod mal_antal "
        f"mal_uppfyllda mal_delvis {' '.join(f'{name}_nu' for name in NEW + OLD)} skolgang_kod umgange_kod "
        "halsoundersokning_gjord tandvard_gjord barnsamtal_gjort placeringsbesok_gjort nasta_uppfoljning_datum"
    ),
}
AKTUALISERING = {
    "aktualisering": (
        f"{HEAD} aktualisering_id barn_id {PERSON} skyddad aktualisering_typ_kod anmalartyp_kod orsak_kod "
        "mottagen_datum beslut_datum utfall_kod"
    )
}


def _child(barn_id: str, place: int) -> Row:
    return {"barn_id": barn_id, "personnummer": number(place, born="2010-01-01"), "id_typ": "pnr", "skyddad": "0"}


def barn(barn_id: str = "B1", place: int = 0, **cells: str) -> Row:
    """A child born in 2010."""
    return {**_child(barn_id, place), "ensamkommande": "0", **cells}


def aktualisering(aktualisering_id: str = "A1", place: int = 0, **cells: str) -> Row:
    """A report by the school, decided within fourteen days."""
    row = {"aktualisering_id": aktualisering_id, **_child(f"B{place}", place), "aktualisering_typ_kod": "anmalan"}
    row |= {"anmalartyp_kod": "skola", "orsak_kod": "skola_franvaro", "mottagen_datum": "2019-03-01"}
    return {**row, "beslut_datum": "2019-03-15", "utfall_kod": "inleds", **cells}


def assessed(names: list[str], value: str = "1", suffix: str = "") -> Row:
    """The same value in every area."""
    return dict.fromkeys((f"{name}{suffix}" for name in names), value)


def utredning(utredning_id: str = "U1", barn_id: str = "B1", **cells: str) -> Row:
    """An investigation from February to April, in the newest edition."""
    row = {"utredning_id": utredning_id, "barn_id": barn_id, "bbic_version_kod": "2018", "malgrupp_kod": "barn_unga"}
    row |= {"aktualisering_typ_kod": "anmalan", "aktualisering_datum": "2019-01-20", "forlangd_utredning": "0"}
    row |= {"utredning_start_datum": "2019-02-01", "utredning_slut_datum": "2019-04-30", "antal_barnsamtal": "2"}
    row |= {"anledning_huvud_kod": "omsorgssvikt", "instrument_kod": "SDQ", "beslut_kod": "insats_sol_oppen"}
    return {**row, **assessed(NEW), **cells}


def pagaende(utredning_id: str = "U1", **cells: str) -> Row:
    """An investigation that goes on, with nothing assessed yet."""
    empty = dict.fromkeys((*NEW, "utredning_slut_datum", "antal_barnsamtal", "instrument_kod", "beslut_kod"), "")
    return utredning(utredning_id, **{**empty, **cells})


def insats(insats_id: str = "I1", barn_id: str = "B1", **cells: str) -> Row:
    """Open care all the year and on."""
    row = {"insats_id": insats_id, "barn_id": barn_id, "insats_kod": "OPPEN", "malgrupp_kod": "barn_unga"}
    return {**row, "insats_start_datum": "2019-01-01", **cells}


def uppfoljning(insats_id: str = "I1", barn_id: str = "B1", nr: int = 1, **cells: str) -> Row:
    """A planned one in June with one goal of three met."""
    row = {"insats_id": insats_id, "barn_id": barn_id, "uppfoljning_nr": str(nr), "uppfoljning_datum": "2019-06-01"}
    row |= {"uppfoljning_typ_kod": "planerad", "bbic_version_kod": "2018", "mal_antal": "3", "mal_uppfyllda": "1"}
    return {**row, **assessed(NEW, "9", "_nu"), **cells}


@dataclass
class Bbic(YearParcel):
    """By default one child, investigated, with one intervention followed up once."""

    kalla: ClassVar[str] = "bbic"
    columns: ClassVar[dict[str, str]] = BBIC

    barn: list[Row] = field(default_factory=lambda: [barn()])
    sammanfattning: list[Row] = field(default_factory=lambda: [utredning()])
    insats: list[Row] = field(default_factory=lambda: [insats()])
    uppfoljning: list[Row] = field(default_factory=lambda: [uppfoljning()])


@dataclass
class Aktualiseringar(YearParcel):
    """By default one report."""

    kalla: ClassVar[str] = "aktualisering"
    columns: ClassVar[dict[str, str]] = AKTUALISERING

    aktualisering: list[Row] = field(default_factory=lambda: [aktualisering()])


def agree(house: House, *kommuner: str, fran: str = "2010-01-01", till: str | None = None) -> None:
    """Enter an agreement of each municipality on local follow-up."""
    until = date.fromisoformat(till) if till else None
    wanted = [Agreement(kommun, PURPOSE, date.fromisoformat(fran), until) for kommun in kommuner]
    with house.engine.begin() as connection:
        enter(connection, get_contracts(), wanted, "Provenheten")
