"""Small yearly deliveries of barn och unga, written as rows.

Belongs here: rows with sane defaults and the package of a year. Does not belong here: any use of the product's code.
Wrapping, manifest and inbox are those of every delivery (`delivery.py`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from tests.support.delivery import Row, YearParcel, number

HEAD = "kommun_kod stadsdel_kod period"
COLUMNS = {
    "bu_barn": (
        f"{HEAD} barn_id personnummer id_typ fodelsear kon_kod vardnadshavare_kod ensamkommande barn_fodelseland_kod "
        "foralder1_fodelseland_kod foralder2_fodelseland_kod skyddad"
    ),
    "bu_insats": (
        f"{HEAD} insats_id barn_id insatstyp_kod lvu_grund_kod beslut_datum insats_start_datum insats_slut_datum"
    ),
    "bu_placering": (
        f"{HEAD} insats_id barn_id placering_nr placeringsform_kod hem_id utforare_id vistelsekommun_kod "
        "placering_start_datum placering_slut_datum placering_avslut_orsak_kod"
    ),
    "bu_oppenvard_mangd": f"{HEAD} oppenvard_kod kon_kod aldersgrupp_kod antal",
}


def barn(barn_id: str = "B1", place: int = 0, **cells: str) -> Row:
    """A child born in 2010, in the care of both parents."""
    row = {"barn_id": barn_id, "personnummer": number(place, born="2010-01-01"), "id_typ": "pnr"}
    return {**row, "vardnadshavare_kod": "VH1", "ensamkommande": "0", "skyddad": "0", **cells}


def reservbarn(barn_id: str = "B1", text: str = "R1", **cells: str) -> Row:
    """A child with a number set by the municipality."""
    return barn(barn_id, personnummer=text, id_typ="reserv", **{"fodelsear": "2010", "kon_kod": "1", **cells})


def insats(insats_id: str = "I1", barn_id: str = "B1", **cells: str) -> Row:
    """Care by SoL all the year and on."""
    row = {"insats_id": insats_id, "barn_id": barn_id, "insatstyp_kod": "SOL"}
    return {**row, "beslut_datum": "2018-12-01", "insats_start_datum": "2019-01-01", **cells}


def placering(insats_id: str = "I1", barn_id: str = "B1", nr: int = 1, **cells: str) -> Row:
    """In a family home all the year and on; one that ends says by its own why."""
    row = {"insats_id": insats_id, "barn_id": barn_id, "placering_nr": str(nr), "placeringsform_kod": "FAM"}
    row |= {"hem_id": "H1", "vistelsekommun_kod": "0114", "placering_start_datum": "2019-01-01", **cells}
    return {"placering_avslut_orsak_kod": "PA7" if row.get("placering_slut_datum") else "", **row}


def oppen(kod: str = "OV0", antal: int = 10, **cells: str) -> Row:
    """A number of girls of the youngest."""
    return {"oppenvard_kod": kod, "kon_kod": "2", "aldersgrupp_kod": "0-6", "antal": str(antal), **cells}


@dataclass
class Ar(YearParcel):
    """A year's package. By default one child with one placement."""

    kalla: ClassVar[str] = "bu"
    columns: ClassVar[dict[str, str]] = COLUMNS

    barn: list[Row] = field(default_factory=lambda: [barn()])
    insats: list[Row] = field(default_factory=lambda: [insats()])
    placering: list[Row] = field(default_factory=lambda: [placering()])
    oppenvard_mangd: list[Row] = field(default_factory=lambda: [oppen()])
