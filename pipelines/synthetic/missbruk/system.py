"""How the invented systems for ASI and for systematic follow-up write their files, as tables.

Belongs here: the two systems of asi and the three of isu beside the canonical, and which municipality has which. Does
not belong here: making the bytes (arsvis.text), and the mappings of the real gate, which are written from the same
description. Source: docs/reference/missbruk.md section 1.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from pipelines.synthetic.arsvis.doman import kanonisk
from pipelines.synthetic.profiler import EXTRA, Layout, Profil

_SLAG: Final = (("klient_oro", 0), ("klient_hjalp", 1), ("intervjuare", 2), ("cs", 3))
_HEL: Final = "{ar:04d}"


def _layout(names: str, canonical: str, separator: str = ";") -> Layout:
    return tuple(zip(names.split(separator), canonical.split(" "), strict=True))


def _matten(omraden: tuple[str, ...], slag: tuple[str, ...], form: str) -> Layout:
    """The 28 columns of the areas, area by area."""
    return tuple(
        (form.format(omrade=omrade, slag=slag[place]), f"asi{n}_{canonical}")
        for n, omrade in enumerate(omraden, 1)
        for canonical, place in _SLAG
    )


_DAGAR: Final = (
    "dagar_alkohol_30 dagar_berusning_30 dagar_narkotika_30 dagar_arbete_30 dagar_psykisk_30"  # in both systems' order
)
DELTA: Final = Profil(
    namn="pahittad_delta",
    system="Påhittad Delta",
    teckenkodning="utf-8",
    avgransare=";",
    kolumner={
        "asi_intervju": _layout(
            "KOMMUN;STADSDEL;AR;INTERVJU;KLIENT;PERSONNR;IDTYP;FODELSEAR;KON;SKYDD;TYP;UTGAVA;DATUM;GRUNDINTERVJU;"
            "BORTFALL",
            "kommun_kod stadsdel_kod period intervju_id klient_id personnummer id_typ fodelsear kon_kod skyddad "
            "asi_typ_kod asi_version_kod intervju_datum grund_intervju_id bortfall_kod",
        )
        + _matten(tuple("1234567"), ("ORO", "HJALP", "SKATTNING", "CS"), "{slag}{omrade}")
        + _layout("FORMEL;ALKOHOL30;BERUSNING30;NARKOTIKA30;ARBETE30;PSYKISK30", f"cs_formelversion {_DAGAR}")
        + (("HANDLAGGARENHET", EXTRA),)
    },
    manad=_HEL,
    datum="{ar:04d}{manad:02d}{dag:02d}",
    koder={
        "asi_typ_kod": {"grund": "G", "uppfoljning": "U", "ej_genomford": "N"},
        "kon_kod": {"1": "M", "2": "K"},
        "asi_version_kod": {"1996": "1", "2017": "2", "annan": "3"},
        "bortfall_kod": {"avbojt": "A", "ej_nadd": "E", "avliden": "D", "ej_forsokt": "F"},
    },
)
EPSILON: Final = Profil(
    namn="pahittad_epsilon",
    system="Påhittad Epsilon",
    teckenkodning="utf-8",
    avgransare="\t",
    kolumner={
        "asi_intervju": _layout(
            "Intervju;Intervjudag;Slag av intervju;Hör till;Inte följd upp;Formulär;Klient;Identitet;Slag av identitet;"
            "Född;Kön;Skyddad;Alkohol dagar;Berusning dagar;Narkotika dagar;Arbete dagar;Psykiska besvär dagar",
            "intervju_id intervju_datum asi_typ_kod grund_intervju_id bortfall_kod asi_version_kod klient_id "
            f"personnummer id_typ fodelsear kon_kod skyddad {_DAGAR}",
        )
        + _matten(
            ("Fysisk hälsa", "Arbete", "Alkohol", "Narkotika", "Rättsligt", "Familj", "Psykisk hälsa"),
            ("oro", "hjälpbehov", "skattning", "sammanvägt"),
            "{omrade} {slag}",
        )
        + _layout("Sammanvägt enligt;Kommun;Kommundel;År", "cs_formelversion kommun_kod stadsdel_kod period")
    },
    manad=_HEL,
    datum="{dag:02d}.{manad:02d}.{ar:04d}",
    delat_nummer=True,
    koder={
        "asi_typ_kod": {
            "grund": "Grundintervju",
            "uppfoljning": "Uppföljningsintervju",
            "ej_genomford": "Ej genomförd uppföljning",
        },
        "id_typ": {"pnr": "Personnummer", "samordning": "Samordningsnummer", "reserv": "Reservnummer"},
        "kon_kod": {"1": "Man", "2": "Kvinna"},
        "skyddad": {"0": "Nej", "1": "Ja"},
        "bortfall_kod": {
            "avbojt": "Avböjde",
            "ej_nadd": "Nåddes inte",
            "avliden": "Avled",
            "ej_forsokt": "Söktes inte",
        },
        "cs_formelversion": {"US5": "US-5", "KALLANS": "Egen"},
    },
)
SU_PILOT: Final = Profil(
    namn="pahittad_su_pilot",
    system="Påhittat exportformat för SU-pilot",
    teckenkodning="utf-8",
    avgransare=";",
    kolumner={
        "isu_uppfoljning": _layout(
            "Kommun;Kommundel;År;Klient;Personnummer;Identitet;Födelseår;Kön;Skyddad;Insats;Verktyg;Målgrupp;Metod;Fråga;"
            "Tillfälle;Datum;Svar",
            "kommun_kod stadsdel_kod period klient_id personnummer id_typ fodelsear kon_kod skyddad insats_id "
            "uppfoljningsmodell_kod malgrupp_kod metod_kod matt_kod tillfalle_kod matt_datum matt_varde",
        )
    },
    manad=_HEL,
    datum="{ar:04d}/{manad:02d}/{dag:02d}",
    koder={
        "uppfoljningsmodell_kod": {"SU_PILOT": "SU-pilot"},
        "matt_kod": {
            "livskvalitet": "F1",
            "fungerande": "F2",
            "delaktighet": "F3",
            "nojdhet": "F4",
            "maluppfyllelse": "F5",
            "nyktra_dagar": "F6",
        },
        "tillfalle_kod": {"start": "T0", "under": "T1", "slut": "T2", "efter": "T3"},
    },
)
SUREG: Final = Profil(
    namn="pahittad_sureg",
    system="Påhittat exportformat för SUreg",
    teckenkodning="utf-8",
    avgransare="\t",
    kolumner={
        "isu_uppfoljning": (
            *_layout(
                "REGISTER;KOMMUN;DEL;AR;PNR;IDTYP;FODELSEAR;KON;SKYDD;KLIENT;INSATS;MALGRUPP;METOD;MATT;TILLFALLE;DAG;VARDE",
                "uppfoljningsmodell_kod kommun_kod stadsdel_kod period personnummer id_typ fodelsear kon_kod skyddad "
                "klient_id insats_id malgrupp_kod metod_kod matt_kod tillfalle_kod matt_datum matt_varde",
            ),
            ("ENHET", EXTRA),
        )
    },
    manad=_HEL,
    datum="{dag:02d}-{manad:02d}-{ar:04d}",
    koder={
        "kon_kod": {"1": "M", "2": "K"},
        "malgrupp_kod": {"alkohol": "10", "narkotika": "20", "bland": "30", "spel": "40", "anhorig": "50"},
        "matt_kod": {
            "livskvalitet": "1",
            "fungerande": "2",
            "delaktighet": "3",
            "nojdhet": "4",
            "maluppfyllelse": "5",
            "nyktra_dagar": "6",
        },
        "tillfalle_kod": {"start": "1", "under": "2", "slut": "3", "efter": "4"},
    },
)
LOKE: Final = Profil(
    namn="pahittad_loke",
    system="Påhittat exportformat för LOKE",
    teckenkodning="utf-8",
    avgransare="|",
    kolumner={
        "isu_uppfoljning": _layout(
            "modell;klientnummer;id;idslag;fött år;kön;skyddad identitet;insatsnummer;målgrupp;arbetssätt;mått;när;dag;"
            "värde;kommunkod;kommundel;år",
            "uppfoljningsmodell_kod klient_id personnummer id_typ fodelsear kon_kod skyddad insats_id malgrupp_kod "
            "metod_kod matt_kod tillfalle_kod matt_datum matt_varde kommun_kod stadsdel_kod period",
        )
    },
    manad=_HEL,
    datum="{ar:04d}{manad:02d}{dag:02d}",
    koder={
        "id_typ": {"pnr": "P", "samordning": "S", "reserv": "R"},
        "skyddad": {"0": "N", "1": "J"},
        "matt_kod": {
            "livskvalitet": "Livskvalitet",
            "fungerande": "Fungerande",
            "delaktighet": "Delaktighet",
            "nojdhet": "Nöjdhet",
            "maluppfyllelse": "Måluppfyllelse",
            "nyktra_dagar": "Nyktra dagar",
        },
        "tillfalle_kod": {
            "start": "Vid start",
            "under": "Under insatsen",
            "slut": "Vid slut",
            "efter": "Efter insatsen",
        },
    },
)
_KANONISK: Final = kanonisk("påhittat vuxensystem")
SYSTEM: Final = {
    "missbruk": (_KANONISK,),
    "asi": (_KANONISK, DELTA, EPSILON),
    "lvm": (_KANONISK,),
    "isu": (_KANONISK, SU_PILOT, SUREG, LOKE),
}
# system -> place of its model; the others have their own
MODELL: Final = {SU_PILOT.namn: 1, SUREG.namn: 2, LOKE.namn: 3}
_MINST: Final = 8  # senders of csv from which every system has at least one


def fordela(
    form: dict[int, str], sender: list[int], rng: np.random.Generator, andel: dict[str, float]
) -> dict[int, str]:
    """municipality -> xlsx or xml, or for one that sends csv the system it has (csv is the canonical)."""
    out = dict(form)
    order = [int(k) for k in rng.permutation(sorted(k for k in sender if form.get(k) == "csv"))]
    whole = len(order)
    for namn, share in andel.items():
        count = max(round(share * whole), int(whole >= _MINST))
        chosen, order = order[:count], order[count:]
        out |= dict.fromkeys(chosen, namn)
    return out


def modell(form: dict[int, str], kommuner: int) -> Any:
    """Place of the follow-up model of each municipality."""
    out = np.zeros(kommuner, dtype=np.int64)
    for kommun, namn in form.items():
        out[kommun] = MODELL.get(namn, 0)
    return out
