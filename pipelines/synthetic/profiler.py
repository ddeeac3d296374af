"""How a municipality's system writes its files: column names, order, codes, forms, separator and encoding.

Belongs here: the canonical layout and three invented systems, as tables, and which municipality has which. Does not
belong here: making the bytes (text), and the mappings of the real gate, which are written from the same description.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np

from pipelines.synthetic.koder import COLUMNS, HINDER, ORSAK, START_YEAR

EXTRA: Final = ""  # a column that the canonical layout does not have
Layout = tuple[tuple[str, str], ...]  # (name in the file, canonical name or EXTRA)


@dataclass(frozen=True)
class Profil:
    """One system's way of writing. koder: canonical column -> canonical code -> its own; what is not there is written
    as it is, wrong values too, so that they are wrong in every system.
    """

    namn: str
    system: str
    teckenkodning: str
    avgransare: str
    kolumner: dict[str, Layout]
    manad: str  # format string of {ar} and {manad}
    datum: str  # the same and {dag}
    citat: bool = False
    tusental: str = ""
    decimal: str = ","
    delat_nummer: bool = False  # YYYYMMDD-NNNN
    koder: dict[str, dict[str, str]] = field(default_factory=dict)

    def period(self, month: int) -> str:
        """The month (counted from January 2017) as the system writes it."""
        return self.manad.format(ar=START_YEAR + month // 12, manad=month % 12 + 1)

    def day(self, iso: str) -> str:
        """A date, also an impossible one, as the system writes it; a text that is none is left as it is."""
        parts = iso.split("-")
        if len(parts) != 3 or not all(part.isdigit() for part in parts):
            return iso
        return self.datum.format(ar=int(parts[0]), manad=int(parts[1]), dag=int(parts[2]))

    def code(self, column: str, value: str) -> str:
        return self.koder.get(column, {}).get(value, value)


def _layout(names: str, canonical: str, separator: str = ";") -> Layout:
    return tuple(zip(names.split(separator), canonical.split(";"), strict=True))


_ISO_MONTH, _ISO_DAY = "{ar:04d}-{manad:02d}", "{ar:04d}-{manad:02d}-{dag:02d}"
KANONISK: Final = Profil(
    namn="kanonisk",
    system="Exempelsystem",
    teckenkodning="utf-8",
    avgransare=";",
    kolumner={dataset: _layout(names, names) for dataset, names in COLUMNS.items()},
    manad=_ISO_MONTH,
    datum=_ISO_DAY,
)
ALFA: Final = Profil(
    namn="pahittad_alfa",
    system="Påhittad Alfa",
    teckenkodning="cp1252",
    avgransare=";",
    kolumner={
        "eb_hushall": _layout(
            "Månad;Ärende;Hushållstyp;Antal barn;Utrikes född;Beviljat belopp;Distrikt;Kommun",
            "period;hushall_id;hushallstyp_kod;antal_barn;utrikes_fodd_kod;belopp_kr;stadsdel_kod;kommun_kod",
        ),
        "eb_person": _layout(
            "Månad;Ärende;Personnr;Idslag;Kön;Födelseår;Roll;Född utomlands;Försörjningshinder;Arbetsmarknadsinsats;"
            "Skyddad identitet;Distrikt;Kommun",
            "period;hushall_id;personnummer;id_typ;kon_kod;fodelsear;roll_kod;fodd_utrikes;forsorjningshinder_kod;"
            "arbetsmarknadsinsats_kod;skyddad;stadsdel_kod;kommun_kod",
        ),
        "eb_avslut": _layout(
            "Månad;Ärende;Avslutsdatum;Orsak;Distrikt;Kommun",
            "period;hushall_id;avslut_datum;avslutsorsak_kod;stadsdel_kod;kommun_kod",
        ),
    },
    manad="{ar:04d}{manad:02d}",
    datum="{dag:02d}.{manad:02d}.{ar:04d}",
    tusental="\u00a0",
    koder={
        "roll_kod": {"sokande": "S", "medsokande": "M", "barn": "B"},
        "id_typ": {"pnr": "P", "samordning": "S", "reserv": "R"},
        "kon_kod": {"1": "M", "2": "K"},
        "skyddad": {"0": "N", "1": "J", "J": "Ja"},  # the wrong canonical J would be right here
    },
)
BETA: Final = Profil(
    namn="pahittad_beta",
    system="Påhittad Beta",
    teckenkodning="utf-8-sig",
    avgransare="\t",
    kolumner={
        "eb_hushall": _layout(
            "KOMMUN STADSDEL PERIOD HUSHALL TYP BARN UTRFODD BELOPP",
            "kommun_kod;stadsdel_kod;period;hushall_id;hushallstyp_kod;antal_barn;utrikes_fodd_kod;belopp_kr",
            " ",
        ),
        "eb_person": _layout(
            "KOMMUN STADSDEL PERIOD HUSHALL ROLL ID ID_TYP FODELSEAR KON FODD_UTRIKES HINDER INSATS SKYDD "
            "HANDLAGGARENHET",
            "kommun_kod;stadsdel_kod;period;hushall_id;roll_kod;personnummer;id_typ;fodelsear;kon_kod;fodd_utrikes;"
            "forsorjningshinder_kod;arbetsmarknadsinsats_kod;skyddad;" + EXTRA,
            " ",
        ),
        "eb_avslut": _layout(
            "KOMMUN STADSDEL PERIOD HUSHALL DATUM ORSAK",
            "kommun_kod;stadsdel_kod;period;hushall_id;avslut_datum;avslutsorsak_kod",
            " ",
        ),
    },
    manad="{ar:04d}/{manad:02d}",
    datum="{ar:04d}{manad:02d}{dag:02d}",
    decimal=".",
    delat_nummer=True,
    koder={"hushallstyp_kod": {n: f"H{n}" for n in "13456789"}},
)


def _gamma_hinder() -> dict[str, str]:
    """FHxy is 1xy; where somebody wrote two codes they are the system's own."""
    known = {code: code.replace("FH", "1") for code in HINDER if code[:2] == "FH" and code[2:].isdigit()}
    known.pop("FH00")
    return {code: code.replace("FH", "1") for code in HINDER if code in known or len(code) > 4}


GAMMA: Final = Profil(
    namn="pahittad_gamma",
    system="Påhittad Gamma",
    teckenkodning="utf-8",
    avgransare=";",
    kolumner={
        "eb_hushall": _layout(
            "belopp;utrikes;antal_barn;hushallstyp;hushallsnummer;avser_manad;stadsdel;kommun",
            "belopp_kr;utrikes_fodd_kod;antal_barn;hushallstyp_kod;hushall_id;period;stadsdel_kod;kommun_kod",
        ),
        "eb_person": _layout(
            "skyddad;insats;hinder;fodd_utomlands;roll;kon;fodelsear;idtyp;idnummer;hushallsnummer;avser_manad;"
            "stadsdel;kommun",
            "skyddad;arbetsmarknadsinsats_kod;forsorjningshinder_kod;fodd_utrikes;roll_kod;kon_kod;fodelsear;id_typ;"
            "personnummer;hushall_id;period;stadsdel_kod;kommun_kod",
        ),
        "eb_avslut": _layout(
            "datum;orsak;hushallsnummer;avser_manad;stadsdel;kommun",
            "avslut_datum;avslutsorsak_kod;hushall_id;period;stadsdel_kod;kommun_kod",
        ),
    },
    manad="{manad:02d}-{ar:04d}",
    datum=_ISO_DAY,
    citat=True,
    tusental=".",
    koder={
        "forsorjningshinder_kod": _gamma_hinder(),
        "avslutsorsak_kod": {code: f"A{code[2:]}" for code in ORSAK[:9]},
        "id_typ": {"pnr": "1", "samordning": "2", "reserv": "3"},
        "roll_kod": {"sokande": "1", "medsokande": "2", "barn": "3"},
    },
)
PROFILER: Final = {p.namn: p for p in (KANONISK, ALFA, BETA, GAMMA)}
_LEAST = 4  # municipalities from which every system has at least one
_STAYS_CANONICAL = "0180"


def _variant(profil: Profil, number: int) -> Profil:
    """Every other of the alfa systems groups thousands by a plain space."""
    return replace(profil, tusental=" ") if profil is ALFA and number % 2 else profil


def assign(codes: dict[int, str], fro: int, par: dict[str, Any]) -> dict[int, Profil]:
    """Place -> profile of every sending municipality (place -> kommun_kod); the same whatever the workers."""
    n = len(codes)
    order = [int(k) for k in np.random.default_rng([fro, 91]).permutation(sorted(codes))]
    order = [k for k in order if codes[k] != _STAYS_CANONICAL]
    out = dict.fromkeys(codes, KANONISK)
    for namn, share in par["profil_andel"].items():
        count = max(round(share * n), int(n >= _LEAST and share > 0))
        chosen, order = order[:count], order[count:]
        out |= {k: _variant(PROFILER[namn], i) for i, k in enumerate(chosen)}
    rest = len(order)
    for encoding, share in par["kanonisk_teckenkodning_andel"].items():
        count = max(round(share * rest), int(rest >= _LEAST and share > 0))
        chosen, order = order[:count], order[count:]
        out |= {k: replace(KANONISK, teckenkodning=encoding) for k in chosen}
    return out
