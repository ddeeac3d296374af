"""Layouts and code lists of the eight datasets of missbruk och beroende.

Belongs here: columns, how a number in an array is written as a cell. Does not belong here: how a system of its own
writes them (system), which row gets which value, and any rule. The codes are repeated on purpose: the truth must not
lean on the seeds or contracts it is used to test. Source: docs/reference/missbruk.md sections 3 and 4.
"""

from __future__ import annotations

from typing import Final

from pipelines.synthetic.arsvis.doman import JA_NEJ, JA_NEJ_OKAND, NUMMER, SKYDDAD, Doman, Layout
from pipelines.synthetic.missbruk.system import SYSTEM

MALGRUPP: Final = ("alkohol", "narkotika", "bland", "spel", "anhorig")
ALKOHOL, NARKOTIKA, BLAND = range(3)
ANHORIG = 4  # spel, 3, needs no name of its own
INSATS: Final = ("OPPEN", "HELDYGN", "BOENDE")
METOD: Final = ("MET", "AFP", "CRA", "TOLV", "KBT", "HAP", "CASE", "CRAFT", "annan", "ingen", "okand")
OKAND_METOD: Final = METOD.index("okand")
AVSLUT: Final = ("fullfoljd", "avbruten_klient", "avbruten_kommun", "annan_insats", "flyttat", "avliden", "okand")
AVLIDEN_AVSLUT: Final = AVSLUT.index("avliden")
BESLUT: Final = ("oppen", "heldygn", "boende", "lvm", "utan_insats", "hanvisad", "avbruten", "avliden")
LVM_BESLUT: Final = BESLUT.index("lvm")
AVLIDEN_BESLUT: Final = BESLUT.index("avliden")
AKT_TYP: Final = ("anmalan", "ansokan", "annat")
ASI_TYP: Final = ("grund", "uppfoljning", "ej_genomford")
GRUND, UPPFOLJNING, EJ_GENOMFORD = range(3)
BORTFALL: Final = ("avbojt", "ej_nadd", "avliden", "ej_forsokt")
AVLIDEN_BORTFALL: Final = BORTFALL.index("avliden")
VERSION: Final = ("1996", "2017", "annan")
FORMEL: Final = ("US5", "KALLANS")
OMRADE: Final = tuple(f"ASI{n}" for n in range(1, 8))
INDIKATION: Final = ("FYS_PSYK", "LIV", "SKADA")
BOENDE: Final = ("eget", "andrahand", "institution", "anhorig", "bostadslos", "avliden", "okand")
MODELL: Final = ("ISU", "SU_PILOT", "SUREG", "LOKE")
MATT: Final = ("livskvalitet", "fungerande", "delaktighet", "nojdhet", "maluppfyllelse", "nyktra_dagar")
SKALA: Final = ((0, 10), (0, 10), (1, 5), (1, 5), (0, 2), (0, 30))  # of each of MATT
TILLFALLE: Final = ("start", "under", "slut", "efter")

ORO: Final = tuple(f"asi{n}_klient_oro" for n in range(1, 8))
HJALP: Final = tuple(f"asi{n}_klient_hjalp" for n in range(1, 8))
INTERVJUARE: Final = tuple(f"asi{n}_intervjuare" for n in range(1, 8))
CS: Final = tuple(f"asi{n}_cs" for n in range(1, 8))
DAGAR: Final = tuple(f"dagar_{vad}_30" for vad in ("alkohol", "berusning", "narkotika", "arbete", "psykisk"))
MATTEN: Final = (*ORO, *HJALP, *INTERVJUARE, *CS, *DAGAR)  # the 33 columns of an interview's answers
ALKOHOLDAGAR: Final = MATTEN.index("dagar_alkohol_30")
NARKOTIKADAGAR: Final = MATTEN.index("dagar_narkotika_30")

_KLIENT: Final[Layout] = {"klient_id": ("person", "K", "Q")}
_PERSON: Final[Layout] = {**_KLIENT, **NUMMER, **SKYDDAD}
_HEL: Final = ("tal",)
LAYOUT: Final[dict[str, Layout]] = {
    "missbruk_person": _PERSON,
    "missbruk_utredning": {
        "utredning_id": ("id", "U"),
        **_KLIENT,
        "malgrupp_kod": ("kod", MALGRUPP),
        "aktualisering_typ_kod": ("kod", AKT_TYP),
        **{f"{vad}_datum": ("dag",) for vad in ("aktualisering", "utredning_start", "utredning_slut")},
        "barn_under_18": ("kod", JA_NEJ),
        "barn_uppmarksammat": ("kod", JA_NEJ_OKAND),
        "beslut_kod": ("kod", BESLUT),
    },
    "missbruk_insats": {
        "insats_id": ("id", "I"),
        **_KLIENT,
        "insats_kod": ("kod", INSATS),
        "malgrupp_kod": ("kod", MALGRUPP),
        "metod_kod": ("kod", METOD),
        "insats_start_datum": ("dag",),
        "insats_slut_datum": ("dag",),
        "insats_avslut_kod": ("kod", AVSLUT),
    },
    "asi_intervju": {
        "intervju_id": ("id", "A"),
        **_PERSON,
        "asi_typ_kod": ("kod", ASI_TYP),
        "asi_version_kod": ("kod", VERSION),
        "intervju_datum": ("dag",),
        "grund_intervju_id": ("id", "A"),
        "bortfall_kod": ("kod", BORTFALL),
        **dict.fromkeys((*ORO, *HJALP, *INTERVJUARE, *CS), _HEL),
        "cs_formelversion": ("kod", FORMEL),
        **dict.fromkeys(DAGAR, _HEL),
    },
    "lvm_ansokan": {
        "ansokan_id": ("id", "N"),
        **_PERSON,
        "ansokan_datum": ("dag",),
        **{f"indikation_{vad}": ("kod", JA_NEJ) for vad in ("fys_psyk", "liv", "skada")},
        **{f"medel_{vad}": ("kod", JA_NEJ) for vad in ("alkohol", "narkotika", "losningsmedel")},
    },
    "lvm_omhandertagande": {"omhandertagande_id": ("id", "O"), **_PERSON, "omhandertagande_datum": ("dag",)},
    "lvm_utskrivning": {
        "utskrivning_id": ("id", "S"),
        **_PERSON,
        "inskrivning_datum": ("dag",),
        "utskrivning_datum": ("dag",),
        "boende_efter_kod": ("kod", BOENDE),
    },
    "isu_uppfoljning": {
        **_PERSON,
        "insats_id": ("id", "V"),
        "uppfoljningsmodell_kod": ("kod", MODELL),
        "malgrupp_kod": ("kod", MALGRUPP),
        "metod_kod": ("kod", METOD),
        "matt_kod": ("kod", MATT),
        "tillfalle_kod": ("kod", TILLFALLE),
        "matt_datum": ("dag",),
        "matt_varde": _HEL,
    },
}
NYCKEL: Final = {
    "missbruk_person": ("klient_id",),
    "missbruk_utredning": ("utredning_id",),
    "missbruk_insats": ("insats_id",),
    "asi_intervju": ("intervju_id",),
    "lvm_ansokan": ("ansokan_id",),
    "lvm_omhandertagande": ("omhandertagande_id",),
    "lvm_utskrivning": ("utskrivning_id",),
    "isu_uppfoljning": ("klient_id", "insats_id", "matt_kod", "tillfalle_kod", "matt_datum"),
}
VARNINGAR: Final = frozenset(
    (
        *("GEN-06", "GEN-11", "GEN-18", "GEN-22", "MIS-03", "MIS-04", "MIS-05", "UTR-04"),
        *("ASI-05", "ASI-06", "LVM-02", "LVM-03", "LVM-04", "LVM-06", "ISU-03"),
    )
)
MISSBRUK: Final = Doman(
    person="klient",
    system=SYSTEM,
    kallor={
        "missbruk": ("missbruk_person", "missbruk_utredning", "missbruk_insats"),
        "asi": ("asi_intervju",),
        "lvm": ("lvm_ansokan", "lvm_omhandertagande", "lvm_utskrivning"),
        "isu": ("isu_uppfoljning",),
    },
    lokala=("missbruk", "asi", "isu"),
    layout=LAYOUT,
    nyckel=NYCKEL,
    stopp={
        "missbruk": ("sha", "period", "tom", "kolumn_okand"),
        "asi": ("rader", "frammande", "tom", "kolumn_saknas"),
        "lvm": ("rader", "frammande", "tom", "kolumn_okand", "sha", "period"),
        "isu": ("sha", "period", "tom", "kolumn_okand"),
    },
    toms={
        "missbruk": "missbruk_insats",
        "asi": "asi_intervju",
        "lvm": "lvm_omhandertagande",
        "isu": "isu_uppfoljning",
    },
    varningar=VARNINGAR,
)
