"""A plain reading of the invented systems' files, cell by cell, written from the description of their forms.

Belongs here: file bytes to canonical rows for the tests of the simulated society. Does not belong here: anything
imported from the product or the simulation; the two must not share a mistake.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable

UNKNOWN = "\ufffd"
Row = dict[str, str]
Read = Callable[[str], str]

SEPARATOR = {"kanonisk": ";", "pahittad_alfa": ";", "pahittad_beta": "\t", "pahittad_gamma": ";"}
COLUMNS = {
    "kanonisk": {
        "eb_hushall": "kommun_kod stadsdel_kod period hushall_id hushallstyp_kod antal_barn utrikes_fodd_kod belopp_kr",
        "eb_person": "kommun_kod stadsdel_kod period hushall_id personnummer id_typ fodelsear kon_kod roll_kod "
        "fodd_utrikes forsorjningshinder_kod arbetsmarknadsinsats_kod skyddad",
        "eb_avslut": "kommun_kod stadsdel_kod period hushall_id avslutsorsak_kod avslut_datum",
    },
    "pahittad_alfa": {
        "eb_hushall": "Månad=period Ärende=hushall_id Hushållstyp=hushallstyp_kod Antal_barn=antal_barn "
        "Utrikes_född=utrikes_fodd_kod Beviljat_belopp=belopp_kr Distrikt=stadsdel_kod Kommun=kommun_kod",
        "eb_person": "Månad=period Ärende=hushall_id Personnr=personnummer Idslag=id_typ Kön=kon_kod "
        "Födelseår=fodelsear Roll=roll_kod Född_utomlands=fodd_utrikes Försörjningshinder=forsorjningshinder_kod "
        "Arbetsmarknadsinsats=arbetsmarknadsinsats_kod Skyddad_identitet=skyddad Distrikt=stadsdel_kod "
        "Kommun=kommun_kod",
        "eb_avslut": "Månad=period Ärende=hushall_id Avslutsdatum=avslut_datum Orsak=avslutsorsak_kod "
        "Distrikt=stadsdel_kod Kommun=kommun_kod",
    },
    "pahittad_beta": {
        "eb_hushall": "KOMMUN=kommun_kod STADSDEL=stadsdel_kod PERIOD=period HUSHALL=hushall_id TYP=hushallstyp_kod "
        "BARN=antal_barn UTRFODD=utrikes_fodd_kod BELOPP=belopp_kr",
        "eb_person": "KOMMUN=kommun_kod STADSDEL=stadsdel_kod PERIOD=period HUSHALL=hushall_id ROLL=roll_kod "
        "ID=personnummer ID_TYP=id_typ FODELSEAR=fodelsear KON=kon_kod FODD_UTRIKES=fodd_utrikes "
        "HINDER=forsorjningshinder_kod INSATS=arbetsmarknadsinsats_kod SKYDD=skyddad HANDLAGGARENHET=",
        "eb_avslut": "KOMMUN=kommun_kod STADSDEL=stadsdel_kod PERIOD=period HUSHALL=hushall_id DATUM=avslut_datum "
        "ORSAK=avslutsorsak_kod",
    },
    "pahittad_gamma": {
        "eb_hushall": "belopp=belopp_kr utrikes=utrikes_fodd_kod antal_barn=antal_barn hushallstyp=hushallstyp_kod "
        "hushallsnummer=hushall_id avser_manad=period stadsdel=stadsdel_kod kommun=kommun_kod",
        "eb_person": "skyddad=skyddad insats=arbetsmarknadsinsats_kod hinder=forsorjningshinder_kod "
        "fodd_utomlands=fodd_utrikes roll=roll_kod kon=kon_kod fodelsear=fodelsear idtyp=id_typ "
        "idnummer=personnummer hushallsnummer=hushall_id avser_manad=period stadsdel=stadsdel_kod kommun=kommun_kod",
        "eb_avslut": "datum=avslut_datum orsak=avslutsorsak_kod hushallsnummer=hushall_id avser_manad=period "
        "stadsdel=stadsdel_kod kommun=kommun_kod",
    },
}


def names(profil: str, dataset: str) -> dict[str, str]:
    """Name in the file -> canonical name ('' = left out)."""
    pairs = (pair.partition("=") for pair in COLUMNS[profil][dataset].split())
    return {name.replace("_", " ") if profil == "pahittad_alfa" else name: of if eq else name for name, eq, of in pairs}


def _form(pattern: str, into: str) -> Read:
    def read(cell: str) -> str:
        found = re.fullmatch(pattern, cell)
        return found.expand(into) if found else UNKNOWN + cell

    return read


def _codes(pairs: str) -> Read:
    table = dict(pair.split("=") for pair in pairs.split())
    return lambda cell: table.get(cell, UNKNOWN + cell)


def _money(separators: str, decimal: str) -> Read:
    grouped = rf"-?\d{{1,3}}([{separators}]\d{{3}})*" if separators else r"-?\d+"

    def read(cell: str) -> str:
        if not re.fullmatch(rf"{grouped}{re.escape(decimal)}\d\d", cell):
            return UNKNOWN + cell
        whole = re.sub(f"[{separators}]", "", cell[:-3]) if separators else cell[:-3]
        return f"{whole},{cell[-2:]}"

    return read


def _divided(cell: str) -> str:
    if re.search(r"[A-Za-z]", cell):
        return cell
    return _form(r"(\d{8})-(\d{4})", r"\1\2")(cell)


ROLES, KINDS = ("sokande", "medsokande", "barn"), ("pnr", "samordning", "reserv")
READ: dict[str, dict[str, Read]] = {
    "kanonisk": {},
    "pahittad_alfa": {
        "period": _form(r"(\d{4})(\d\d)", r"\1-\2"),
        "avslut_datum": _form(r"(\d\d)\.(\d\d)\.(\d{4})", r"\3-\2-\1"),
        "belopp_kr": _money("\u00a0 \u202f", ","),
        "roll_kod": _codes("S=sokande M=medsokande B=barn"),
        "id_typ": _codes("P=pnr S=samordning R=reserv"),
        "kon_kod": _codes("M=1 K=2"),
        "skyddad": _codes("N=0 J=1"),
    },
    "pahittad_beta": {
        "period": _form(r"(\d{4})/(\d\d)", r"\1-\2"),
        "avslut_datum": _form(r"(\d{4})(\d\d)(\d\d)", r"\1-\2-\3"),
        "belopp_kr": _money("", "."),
        "personnummer": _divided,
        "hushallstyp_kod": _codes(" ".join(f"H{n}={n}" for n in (1, 3, 4, 5, 6, 7, 8, 9))),
    },
    "pahittad_gamma": {
        "period": _form(r"(\d\d)-(\d{4})", r"\2-\1"),
        "belopp_kr": _money(".", ","),
        "forsorjningshinder_kod": _codes(
            " ".join(f"1{n}=FH{n}" for n in (11, 12, 13, 21, 22, 23, 31, 32, 40, 51, 52, 61, 62, 71, 72, 80, 90, 99))
        ),
        "avslutsorsak_kod": _codes(" ".join(f"A{n}=AO{n}" for n in range(1, 10))),
        "id_typ": _codes(" ".join(f"{n}={kind}" for n, kind in enumerate(KINDS, 1))),
        "roll_kod": _codes(" ".join(f"{n}={role}" for n, role in enumerate(ROLES, 1))),
    },
}


def cells(profil: str, encoding: str, content: bytes) -> tuple[list[str], list[list[str]]]:
    """Header and lines as they stand."""
    reader = csv.reader(io.StringIO(content.decode(encoding), newline=""), delimiter=SEPARATOR[profil])
    header, *lines = reader
    return header, lines


def canonical(profil: str, dataset: str, header: list[str], line: list[str]) -> Row:
    """One line as a canonical row; columns the system does not have are left out."""
    known, out = names(profil, dataset), {}
    for name, cell in zip(header, line, strict=True):
        column = known.get(name, "")
        if column:
            read = READ[profil].get(column, str)
            out[column] = read(cell) if cell else ""
    return out
