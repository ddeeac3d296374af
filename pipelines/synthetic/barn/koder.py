"""Layouts and code lists of the nine yearly datasets, and the small tools every room here uses.

Belongs here: columns, how a number in an array is written as a cell, calendar arithmetic. Does not belong here: which
row gets which value, and any rule. The codes are repeated on purpose: the truth must not lean on the seeds or contracts
it is used to test. Source: docs/reference/barn_och_unga.md sections 3 and 4.
"""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np

from pipelines.synthetic.koder import Arr

Rows: TypeAlias = dict[str, Arr]

TOM: Final = -1  # an empty cell of a code or a number
OPPEN: Final = 1_000_000  # an empty date: the day that never comes
FORSTA_AR: Final = 2017

INSATSTYP: Final = ("SOL", "LVU_VARD", "LVU_6")
SOL, LVU_VARD, LVU_6 = range(3)
LVU_GRUND: Final = ("LVU2", "LVU3", "LVU2_3", "LVU6", "LVU22", "LVU24")
PLACERINGSFORM: Final = ("FAM", "JOUR", "HVB", "STOD", "NATV", "SIS", "KONS", "EGET", "SKYDD", "ANNAN")
FAM, JOUR, HVB, STOD, NATV, SIS, KONS, EGET, SKYDD, ANNAN = range(10)
AVSLUT: Final = ("PA1", "PA2", "PA3", "PA4", "PA5", "PA6", "PA7", "PA9")
NY_PLACERING, SAMMANBROTT, OKAND_ORSAK = 3, 4, 7
UTFORARE: Final = ("P001", "P002", "P003", "P005", "P006", "P007", "P008", "SIS")
VARDNADSHAVARE: Final = ("VH1", "VH2", "VH3", "VH4", "VH5", "VH9")
LAND: Final = ("0", "1", "2", "3", "9")
OPPENVARD: Final = ("OV0", "OV1", "OV2", "OV3")
ALDRAR: Final = ("0-6", "7-12", "13-17", "18-20")
JA_NEJ: Final = ("0", "1")
JA_NEJ_OKAND: Final = ("0", "1", "9")
KON: Final = ("1", "2")
ID_TYP: Final = ("pnr", "samordning", "reserv")
AKT_TYP: Final = ("anmalan", "ansokan", "annat")
AKT_UTFALL: Final = ("inleds", "inleds_inte", "pafors")
ANMALARE: Final = ("skola", "halso_sjukvard", "polis", "socialtjanst", "privatperson", "barnet", "annan", "okand")
ANLEDNING: Final = (
    *("vald_i_nara_rel", "fysiskt_vald_mot_barn", "sexuellt_overgrepp", "omsorgssvikt", "missbruk_foralder"),
    *("psyk_ohalsa_foralder", "eget_missbruk", "brottslighet", "skola_franvaro", "psyk_ohalsa_barn"),
    *("konflikt_foraldrar", "hedersrelaterat", "ensamkommande", "annat", "okand"),
)
OKAND_ANLEDNING: Final = ANLEDNING.index("okand")
UTR_BESLUT: Final = ("insats_sol_oppen", "placering_sol", "lvu", "utan_insats", "hanvisad", "avbruten")
GER_INSATS: Final = 3  # the first three
INSTRUMENT: Final = ("SAVRY", "ESTER", "FREDA", "BRA_FAM", "IRISK", "SDQ", "ANNAT", "INGEN")
INGET_INSTRUMENT: Final = INSTRUMENT.index("INGEN")
METOD: Final = ("FFT", "MST", "KOMET", "TRAPPAN", "annan", "ingen", "okand")
OKAND_METOD: Final = METOD.index("okand")
MALGRUPP: Final = ("barn_unga", "familj", "valdsutsatt")
INSATS_LOKAL: Final = ("SOL", "LVU_VARD", "LVU_6", "OPPEN")
OPPEN_INSATS: Final = 3
BEHOV: Final = ("0", "1", "2", "9")
EJ_UTRETT: Final = 3
BBIC_VERSION: Final = ("gamla", "2015", "2018")
GAMLA: Final = 0
UPPF_TYP: Final = ("planerad", "overvagande", "avslut")
INSTALLNING: Final = ("ja", "delvis", "nej", "okand")

OMRADEN: Final = ("bu1", "bu2", "bu3", "bu4", "ff1", "ff2", "ff3", "ff4", "fm1", "fm2", "fm3", "fm4")
GAMLA_OMRADEN: Final = tuple(f"g{n:02d}" for n in range(1, 20))
TILL_NYTT: Final = {  # old area -> the new ones it is read as
    "g01": ("bu1",),
    "g02": ("bu2",),
    "g03": ("bu3",),
    "g04": ("bu3",),
    "g05": ("bu4",),
    "g06": ("bu4",),
    "g08": ("ff1",),
    "g09": ("ff4",),
    "g10": ("ff3",),
    "g11": ("ff2",),
    "g12": ("ff2",),
    "g14": ("fm1", "fm2"),
    "g15": ("fm4",),
    "g16": ("fm3",),
    "g17": ("fm3",),
    "g18": ("fm3",),
    "g19": ("fm4",),
}

# A column's cells: ("kod", list), ("tal",), ("dag",), ("id", prefix) or ("nummer",).
_NUMMER: Final = {
    "personnummer": ("nummer",),
    "id_typ": ("kod", ID_TYP),
    "fodelsear": ("tal",),
    "kon_kod": ("kod", KON),
}
_BARN_ID: Final = {"barn_id": ("id", "B")}
_SKYDDAD: Final = {"skyddad": ("kod", JA_NEJ)}
_OMRADEN: Final = [*OMRADEN, *GAMLA_OMRADEN]
LAYOUT: Final[dict[str, dict[str, tuple[object, ...]]]] = {
    "bu_barn": {
        **_BARN_ID,
        **_NUMMER,
        "vardnadshavare_kod": ("kod", VARDNADSHAVARE),
        "ensamkommande": ("kod", JA_NEJ),
        **{f"{who}_fodelseland_kod": ("kod", LAND) for who in ("barn", "foralder1", "foralder2")},
        **_SKYDDAD,
    },
    "bu_insats": {
        "insats_id": ("id", "I"),
        **_BARN_ID,
        "insatstyp_kod": ("kod", INSATSTYP),
        "lvu_grund_kod": ("kod", LVU_GRUND),
        **{f"{what}_datum": ("dag",) for what in ("beslut", "insats_start", "insats_slut")},
    },
    "bu_placering": {
        "insats_id": ("id", "I"),
        **_BARN_ID,
        "placering_nr": ("tal",),
        "placeringsform_kod": ("kod", PLACERINGSFORM),
        "hem_id": ("id", "H"),
        "utforare_id": ("kod", UTFORARE),
        "vistelsekommun_kod": ("kommun",),
        "placering_start_datum": ("dag",),
        "placering_slut_datum": ("dag",),
        "placering_avslut_orsak_kod": ("kod", AVSLUT),
    },
    "bu_oppenvard_mangd": {
        "oppenvard_kod": ("kod", OPPENVARD),
        "kon_kod": ("kod", KON),
        "aldersgrupp_kod": ("kod", ALDRAR),
        "antal": ("tal",),
    },
    "aktualisering": {
        "aktualisering_id": ("id", "A"),
        **_BARN_ID,
        **_NUMMER,
        **_SKYDDAD,
        "aktualisering_typ_kod": ("kod", AKT_TYP),
        "anmalartyp_kod": ("kod", ANMALARE),
        "orsak_kod": ("kod", ANLEDNING),
        "mottagen_datum": ("dag",),
        "beslut_datum": ("dag",),
        "utfall_kod": ("kod", AKT_UTFALL),
    },
    "bbic_barn": {**_BARN_ID, **_NUMMER, "ensamkommande": ("kod", JA_NEJ), **_SKYDDAD},
    "bbic_sammanfattning": {
        "utredning_id": ("id", "U"),
        **_BARN_ID,
        "bbic_version_kod": ("kod", BBIC_VERSION),
        "malgrupp_kod": ("kod", MALGRUPP),
        "aktualisering_typ_kod": ("kod", AKT_TYP),
        **{f"{what}_datum": ("dag",) for what in ("aktualisering", "utredning_start", "utredning_slut")},
        "forlangd_utredning": ("kod", JA_NEJ),
        "anledning_huvud_kod": ("kod", ANLEDNING),
        "kand_sedan_tidigare_kod": ("kod", JA_NEJ_OKAND),
        "antal_barnsamtal": ("tal",),
        "info_fran_annan_profession": ("kod", JA_NEJ),
        "instrument_kod": ("kod", INSTRUMENT),
        **{f"behov_{area}": ("kod", BEHOV) for area in _OMRADEN},
        "riskfaktorer_antal": ("tal",),
        "skyddsfaktorer_antal": ("tal",),
        "samtycke_vh_kod": ("kod", INSTALLNING),
        "barnets_installning_kod": ("kod", INSTALLNING),
        "beslut_kod": ("kod", UTR_BESLUT),
        "metod_kod": ("kod", METOD),
        "barn_deltagit": ("kod", JA_NEJ),
    },
    "bbic_insats": {
        "insats_id": ("id", "L"),
        **_BARN_ID,
        "insats_kod": ("kod", INSATS_LOKAL),
        "malgrupp_kod": ("kod", MALGRUPP),
        "metod_kod": ("kod", METOD),
        **{f"{what}_datum": ("dag",) for what in ("insats_start", "insats_slut", "genomforandeplan")},
    },
    "bbic_uppfoljning": {
        "insats_id": ("id", "L"),
        **_BARN_ID,
        "uppfoljning_nr": ("tal",),
        "uppfoljning_datum": ("dag",),
        "uppfoljning_typ_kod": ("kod", UPPF_TYP),
        "bbic_version_kod": ("kod", BBIC_VERSION),
        "mal_antal": ("tal",),
        "mal_uppfyllda": ("tal",),
        "mal_delvis": ("tal",),
        **{f"behov_{area}_nu": ("kod", BEHOV) for area in _OMRADEN},
        "skolgang_kod": ("kod", INSTALLNING),
        "umgange_kod": ("kod", INSTALLNING),
        **dict.fromkeys(("halsoundersokning_gjord", "tandvard_gjord"), ("kod", JA_NEJ_OKAND)),
        **dict.fromkeys(("barnsamtal_gjort", "placeringsbesok_gjort"), ("kod", JA_NEJ_OKAND)),
        "nasta_uppfoljning_datum": ("dag",),
    },
}
KALLOR: Final = {
    "bu": ("bu_barn", "bu_insats", "bu_placering", "bu_oppenvard_mangd"),
    "aktualisering": ("aktualisering",),
    "bbic": ("bbic_barn", "bbic_sammanfattning", "bbic_insats", "bbic_uppfoljning"),
}
LOKALA: Final = ("aktualisering", "bbic")
NYCKEL: Final = {
    "bu_barn": ("barn_id",),
    "bu_insats": ("insats_id",),
    "bu_placering": ("insats_id", "placering_nr"),
    "bu_oppenvard_mangd": ("oppenvard_kod", "kon_kod", "aldersgrupp_kod"),
    "aktualisering": ("aktualisering_id",),
    "bbic_barn": ("barn_id",),
    "bbic_sammanfattning": ("utredning_id",),
    "bbic_insats": ("insats_id",),
    "bbic_uppfoljning": ("insats_id", "uppfoljning_nr"),
}


def dag(text: str) -> int:
    """'ÅÅÅÅ-MM-DD' as a number of days."""
    return int(np.datetime64(text, "D").astype(np.int64))


def ars_dagar(ar: int) -> tuple[int, int]:
    """First and last day of a year."""
    return dag(f"{ar}-01-01"), dag(f"{ar}-12-31")


def plus_manader(dagar: Arr, manader: int) -> Arr:
    """The same day some months later, or the last of that month."""
    days = dagar.astype("datetime64[D]")
    month = days.astype("datetime64[M]")
    later = month + manader
    last = (later + 1).astype("datetime64[D]") - later.astype("datetime64[D]")
    within = np.minimum(days - month.astype("datetime64[D]"), last - np.timedelta64(1, "D"))
    return np.asarray((later.astype("datetime64[D]") + within).astype(np.int64))


def ar_av(dagar: Arr) -> Arr:
    """The year of each day."""
    return np.asarray(dagar.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970)


def take(rows: Rows, index: Arr) -> Rows:
    """The rows of the given places or mask."""
    return {name: column[index] for name, column in rows.items()}


def stack(parts: list[Rows]) -> Rows:
    """Rows after one another."""
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def order_within(group: Arr) -> Arr:
    """0, 1, 2 … within each value of group, in the order given."""
    order = np.argsort(group, kind="stable")
    first = np.r_[True, group[order][1:] != group[order][:-1]][: len(order)]
    starts = np.maximum.accumulate(np.where(first, np.arange(len(group)), 0))
    out = np.empty(len(group), dtype=np.int64)
    out[order] = np.arange(len(group)) - starts
    return out


def som_text(number: Arr) -> Arr:
    """Numbers in the order of their texts: 10 before 9, 1 before 10."""
    width = np.searchsorted(10 ** np.arange(1, 10), number, side="right") + 1
    return np.asarray(number * 10 ** (10 - width) * 16 + width)
