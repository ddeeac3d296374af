"""The value tables of the simulated files: every cell of a small column is an index into one of these.

Belongs here: texts as they stand in the delivered files, good and bad, and what the good ones mean. Does not
belong here: which row gets which value, and any rule. The codes are repeated on purpose: the truth must not
lean on the seeds or contracts it is used to test.
"""

from __future__ import annotations

from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

Arr: TypeAlias = npt.NDArray[Any]

DATASETS: Final = ("eb_hushall", "eb_person", "eb_avslut")
COLUMNS: Final = {
    "eb_hushall": "kommun_kod;stadsdel_kod;period;hushall_id;hushallstyp_kod;antal_barn;utrikes_fodd_kod;belopp_kr",
    "eb_person": "kommun_kod;stadsdel_kod;period;hushall_id;personnummer;id_typ;fodelsear;kon_kod;roll_kod;"
    "fodd_utrikes;forsorjningshinder_kod;arbetsmarknadsinsats_kod;skyddad",
    "eb_avslut": "kommun_kod;stadsdel_kod;period;hushall_id;avslutsorsak_kod;avslut_datum",
}

# What a person may write in a cell where a code should stand (GEN-08). The truth goes by the place in these lists
# alone: the first stop a package, the others come close and are only unknown codes. Nobody's: a reserved domain,
# telephone numbers that PTS keeps for fiction, the series of test numbers.
FRITEXT_STOPP: Final = {
    "fri_epost": ("namn@exempel.example", "fråga namn.namn@exempel.example i stället"),
    "fri_telefon": ("070-174 06 05", "0701740605", "+46 70 174 06 05", "ring 08-46500404"),
    "fri_nummer": ("198112189876", "19811218-9876", "811218-9876", "811218+9876", "19811278-9873 har ärendet"),
    "fri_lang": ("Hushållet är känt sedan länge, se ärendets anteckningar från vår.",),  # 65 characters
}
FRITEXT_NARA: Final = (
    "Hushållet är känt sedan länge, se ärendets anteckningar från vår",  # 64 characters, more bytes
    *("namn@exempel", "namn (at) exempel.example", "08-4650", "0741740605"),
    *("198112189875", "19811318-9876", "811218-9875"),  # wrong check digit, month 13, wrong check digit
)
_FRITEXT: Final = [text for texts in FRITEXT_STOPP.values() for text in texts]

TYP: Final = ["1", "3", "4", "5", "6", "7", "8", "9", "2", "", "X", *_FRITEXT, *FRITEXT_NARA]
TYP_GOOD: Final = 8
TYP_FRI: Final = TYP.index("X") + 1
BARN: Final = [str(n) for n in range(21)] + ["-1", "två", ""]
BARN_MAX: Final = 20
UTRIKES: Final = ["0", "1", "2", "7", ""]
BELOPP_BAD: Final = ["", "", "okänt", "-500,00"]  # 0 = the number itself, 1 empty, 2 no number, 3 negative
IDTYP: Final = ["pnr", "samordning", "reserv"]
PNR, SAMORDNING, RESERV = 0, 1, 2
KON: Final = ["", "1", "2", "3"]
AR_BASE: Final = 1890
FODELSEAR: Final = [str(y) for y in range(AR_BASE, 2041)] + ["", "19x5"]
AR_TOM: Final = len(FODELSEAR) - 2
AR_BAD: Final = len(FODELSEAR) - 1
ROLL: Final = ["sokande", "medsokande", "barn", "sambo", "", *_FRITEXT, *FRITEXT_NARA]
ROLL_TOM: Final = 4
ROLL_FRI: Final = ROLL_TOM + 1
SOKANDE, MEDSOKANDE, BARNROLL = 0, 1, 2
FODD_UTRIKES: Final = ["0", "1", "9", "", "5"]
INSATS: Final = ["0", "1", "9", "", "7"]
SKYDDAD: Final = ["0", "1", "J", ""]
HINDER: Final = [
    *("FH11", "FH12", "FH13", "FH21", "FH22", "FH23", "FH31", "FH32", "FH40"),
    *("FH51", "FH52", "FH61", "FH62", "FH71", "FH72", "FH80", "FH90", "FH99"),
    *("", "FH00"),
    *("FH11,FH40", "FH21/FH40", "FH11+FH80", "FH40 FH11", "FH12|FH51"),
]
FH99: Final = HINDER.index("FH99")
FH_TOM: Final = HINDER.index("")
FH_OKAND: Final = HINDER.index("FH00")
FH_FLERA: Final = FH_OKAND + 1
TOM3: Final = 3  # the empty value of FODD_UTRIKES and INSATS
GRUPPER: Final = ("arbetsloshet", "ohalsa", "sociala_skal", "ovrigt", "okand")
HINDER_GRUPP: Final = np.array([0] * 3 + [1] * 5 + [2] + [3] * 8 + [4] * (len(HINDER) - 17), dtype=np.int8)
ORSAK: Final = [*(f"AO{n}" for n in range(1, 10)), "", "AO0", *_FRITEXT, *FRITEXT_NARA]
ORSAK_TOM: Final = 9
ORSAK_FRI: Final = ORSAK_TOM + 2
DATUM_BAD: Final = ["", "", "okänt", "2017-02-30"]  # 0 = the date itself
START_YEAR: Final = 2017


def period_text(month: int) -> str:
    """'YYYY-MM' of a month number counted from January 2017."""
    return f"{START_YEAR + month // 12}-{month % 12 + 1:02d}"


def ranges(starts: Arr, counts: Arr) -> Arr:
    """The ranges [start, start+count) after one another."""
    total = int(counts.sum())
    ends = np.cumsum(counts)
    return np.asarray(np.arange(total) + np.repeat(starts - (ends - counts), counts))
