"""Layouts and code lists of the nine yearly datasets.

Belongs here: columns, how a number in an array is written as a cell. Does not belong here: which row gets which value,
and any rule. The codes are repeated on purpose: the truth must not lean on the seeds or contracts
it is used to test. Source: docs/reference/barn_och_unga.md sections 3 and 4.
"""

from __future__ import annotations

from typing import Final

from pipelines.synthetic.arsvis.doman import JA_NEJ, JA_NEJ_OKAND, KON, NUMMER, SKYDDAD, Doman, Layout, kanonisk

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

_BARN_ID: Final[Layout] = {"barn_id": ("person", "B", "C")}
_OMRADEN: Final = [*OMRADEN, *GAMLA_OMRADEN]
LAYOUT: Final[dict[str, Layout]] = {
    "bu_barn": {
        **_BARN_ID,
        **NUMMER,
        "vardnadshavare_kod": ("kod", VARDNADSHAVARE),
        "ensamkommande": ("kod", JA_NEJ),
        **{f"{who}_fodelseland_kod": ("kod", LAND) for who in ("barn", "foralder1", "foralder2")},
        **SKYDDAD,
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
        **NUMMER,
        **SKYDDAD,
        "aktualisering_typ_kod": ("kod", AKT_TYP),
        "anmalartyp_kod": ("kod", ANMALARE),
        "orsak_kod": ("kod", ANLEDNING),
        "mottagen_datum": ("dag",),
        "beslut_datum": ("dag",),
        "utfall_kod": ("kod", AKT_UTFALL),
    },
    "bbic_barn": {**_BARN_ID, **NUMMER, "ensamkommande": ("kod", JA_NEJ), **SKYDDAD},
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
VARNINGAR: Final = frozenset(
    (
        *("GEN-06", "GEN-11", "GEN-18", "GEN-20", "GEN-22"),
        *("AKT-02", "AKT-03", "AKT-04", "UTR-02", "UTR-04", "BBIC-06"),
        *(f"BU-{n:02d}" for n in (2, 3, 6, 8, 9, 10, 11, 12, 16, 17, 18, 19)),
    )
)
BARN: Final = Doman(
    person="barn",
    system=dict.fromkeys(KALLOR, (kanonisk("påhittat barnsystem"),)),
    kallor=KALLOR,
    lokala=LOKALA,
    layout=LAYOUT,
    nyckel=NYCKEL,
    stopp={
        "bu": ("sha", "BU-01", "frammande", "tom", "period", "BU-07", "rader", "kolumn_okand", "kolumn_saknas"),
        "aktualisering": ("rader", "frammande", "tom", "kolumn_okand"),
        "bbic": ("sha", "period", "tom", "kolumn_okand"),
    },
    toms={"bu": "bu_oppenvard_mangd", "aktualisering": "aktualisering", "bbic": "bbic_uppfoljning"},
    varningar=VARNINGAR,
)
