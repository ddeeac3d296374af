"""The three invented business systems of ekonomiskt bistånd, each writing a delivery in its own columns and codes.

Belongs here: canonical rows to a profile's files, written from what the profiles are said to be. Does not belong here:
any use of the product's code or of the mapping files, so that what is sent never depends on what reads it.

A cell that is not what its column asks for is written as it stands: no system can put it in another form.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from tests.support.delivery import Parcel, Row

Write = Callable[[str], str]
Sent = TypeVar("Sent", bound=Parcel)
HINDERS = ["11", "12", "13", "21", "22", "23", "31", "32", "40", "51", "52", "61", "62", "71", "72", "80", "90", "99"]


def coded(**codes: str) -> Write:
    """Local codes, given as local=canonical."""
    local = {canonical: name.removeprefix("_") for name, canonical in codes.items()}
    return lambda cell: local.get(cell, cell)


def formed(pattern: str, becomes: str) -> Write:
    return lambda cell: re.sub(f"^{pattern}$", becomes, cell)


def amount(thousands: str, decimal: str) -> Write:
    """Always two decimals; the whole part in threes when there is a sign to put between."""

    def write(cell: str) -> str:
        match = re.fullmatch(r"(-?)(\d{1,10})(?:,(\d{1,2}))?", cell)
        if match is None:
            return cell
        whole = f"{int(match[2]):,}".replace(",", thousands)
        return f"{match[1]}{whole}{decimal}{(match[3] or '').ljust(2, '0')}"

    return write


@dataclass(frozen=True)
class System:
    """How one system writes: per dataset its columns in order, as own=canonical; per canonical column its form."""

    name: str
    encoding: str
    separator: str
    columns: dict[str, str]
    write: dict[str, Write]
    extra: dict[str, str] = field(default_factory=dict)
    quotes: bool = False

    def text(self, delivery: Parcel, dataset: str) -> str:
        """A dataset's file."""
        pairs = [pair.partition("=")[::2] for pair in self.columns[dataset].split(";")]
        lines = [[own for own, _ in pairs]]
        lines += [[self._cell(row, own, column) for own, column in pairs] for row in delivery.rows(dataset)]
        around = '"' if self.quotes else ""
        return "".join(self.separator.join(f"{around}{c}{around}" for c in cells) + "\n" for cells in lines)

    def _cell(self, row: Row, own: str, column: str) -> str:
        return self.write.get(column, str)(row.get(column, "")) if column else self.extra[own]

    def send(self, delivery: Sent, **changes: object) -> Sent:
        """The same delivery as this system sends it."""
        content = {name: self.text(delivery, name).encode(self.encoding) for name in self.columns}
        manifest = {**delivery.manifest, "profil": self.name}
        return delivery.but(content=content, encoding=self.encoding, manifest=manifest, **changes)


ALFA = System(
    "pahittad_alfa",
    "cp1252",
    ";",
    {
        "eb_hushall": "Månad=period;Ärende=hushall_id;Hushållstyp=hushallstyp_kod;Antal barn=antal_barn;"
        "Utrikes född=utrikes_fodd_kod;Beviljat belopp=belopp_kr;Distrikt=stadsdel_kod;Kommun=kommun_kod",
        "eb_person": "Månad=period;Ärende=hushall_id;Personnr=personnummer;Idslag=id_typ;Kön=kon_kod;"
        "Födelseår=fodelsear;Roll=roll_kod;Född utomlands=fodd_utrikes;Försörjningshinder=forsorjningshinder_kod;"
        "Arbetsmarknadsinsats=arbetsmarknadsinsats_kod;Skyddad identitet=skyddad;Distrikt=stadsdel_kod;"
        "Kommun=kommun_kod",
        "eb_avslut": "Månad=period;Ärende=hushall_id;Avslutsdatum=avslut_datum;Orsak=avslutsorsak_kod;"
        "Distrikt=stadsdel_kod;Kommun=kommun_kod",
    },
    {
        "period": formed(r"(\d{4})-(\d{2})", r"\1\2"),
        "avslut_datum": formed(r"(\d{4})-(\d{2})-(\d{2})", r"\3.\2.\1"),
        "belopp_kr": amount("\u00a0", ","),
        "roll_kod": coded(S="sokande", M="medsokande", B="barn"),
        "id_typ": coded(P="pnr", S="samordning", R="reserv"),
        "kon_kod": coded(M="1", K="2"),
        "skyddad": coded(N="0", J="1"),
    },
)
BETA = System(
    "pahittad_beta",
    "utf-8-sig",
    "\t",
    {
        "eb_hushall": "KOMMUN=kommun_kod;STADSDEL=stadsdel_kod;PERIOD=period;HUSHALL=hushall_id;TYP=hushallstyp_kod;"
        "BARN=antal_barn;UTRFODD=utrikes_fodd_kod;BELOPP=belopp_kr",
        "eb_person": "KOMMUN=kommun_kod;STADSDEL=stadsdel_kod;PERIOD=period;HUSHALL=hushall_id;ROLL=roll_kod;"
        "ID=personnummer;ID_TYP=id_typ;FODELSEAR=fodelsear;KON=kon_kod;FODD_UTRIKES=fodd_utrikes;"
        "HINDER=forsorjningshinder_kod;INSATS=arbetsmarknadsinsats_kod;SKYDD=skyddad;HANDLAGGARENHET=",
        "eb_avslut": "KOMMUN=kommun_kod;STADSDEL=stadsdel_kod;PERIOD=period;HUSHALL=hushall_id;DATUM=avslut_datum;"
        "ORSAK=avslutsorsak_kod",
    },
    {
        "period": formed(r"(\d{4})-(\d{2})", r"\1/\2"),
        "avslut_datum": formed(r"(\d{4})-(\d{2})-(\d{2})", r"\1\2\3"),
        "belopp_kr": amount("", "."),
        "personnummer": formed(r"(\d{8})(\d{4})", r"\1-\2"),
        "hushallstyp_kod": coded(**{f"H{n}": str(n) for n in (1, 3, 4, 5, 6, 7, 8, 9)}),
    },
    {"HANDLAGGARENHET": "E12"},
)
GAMMA = System(
    "pahittad_gamma",
    "utf-8",
    ";",
    {
        "eb_hushall": "belopp=belopp_kr;utrikes=utrikes_fodd_kod;antal_barn=antal_barn;hushallstyp=hushallstyp_kod;"
        "hushallsnummer=hushall_id;avser_manad=period;stadsdel=stadsdel_kod;kommun=kommun_kod",
        "eb_person": "skyddad=skyddad;insats=arbetsmarknadsinsats_kod;hinder=forsorjningshinder_kod;"
        "fodd_utomlands=fodd_utrikes;roll=roll_kod;kon=kon_kod;fodelsear=fodelsear;idtyp=id_typ;idnummer=personnummer;"
        "hushallsnummer=hushall_id;avser_manad=period;stadsdel=stadsdel_kod;kommun=kommun_kod",
        "eb_avslut": "datum=avslut_datum;orsak=avslutsorsak_kod;hushallsnummer=hushall_id;avser_manad=period;"
        "stadsdel=stadsdel_kod;kommun=kommun_kod",
    },
    {
        "period": formed(r"(\d{4})-(\d{2})", r"\2-\1"),
        "belopp_kr": amount(".", ","),
        "forsorjningshinder_kod": coded(**{f"_1{xy}": f"FH{xy}" for xy in HINDERS}),
        "avslutsorsak_kod": coded(**{f"A{n}": f"AO{n}" for n in range(1, 10)}),
        "id_typ": coded(_1="pnr", _2="samordning", _3="reserv"),
        "roll_kod": coded(_1="sokande", _2="medsokande", _3="barn"),
    },
    quotes=True,
)
SYSTEMS = {system.name: system for system in (ALFA, BETA, GAMMA)}
