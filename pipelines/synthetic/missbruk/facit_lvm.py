"""The truth about compulsory care: MB09-MB12 of one year, from rows in force.

Belongs here: counts of every municipality, the days of each discharge. Does not belong here: which years count and rows
(facit_fragor). The three tables never meet. Source: docs/reference/missbruk.md section 7.
"""

from __future__ import annotations

import numpy as np

from pipelines.synthetic.arsvis.facit_paket import Ar
from pipelines.synthetic.arsvis.tal import rakna, take, tva
from pipelines.synthetic.koder import Arr
from pipelines.synthetic.missbruk.facit_underlag import ALDRAR, LVM_FRAN, grupp, i_kraft, vuxna
from pipelines.synthetic.missbruk.koder import BOENDE
from pipelines.synthetic.missbruk.samhalle import Samhalle

_INDIKATIONER = ("indikation_fys_psyk", "indikation_liv", "indikation_skada")
_AVLIDEN = BOENDE.index("avliden")
_UTAN = (BOENDE.index("bostadslos"), BOENDE.index("okand"))
Dagar = tuple[Arr, Arr, Arr]  # municipality, sex and days of every discharge


def rakna_lvm(soc: Samhalle, ar: Ar, kommuner: int) -> tuple[dict[str, Arr], Dagar]:
    """MB09-MB12 of the year."""
    year = ar.lev.ar
    sought, taken, out = (vuxna(i_kraft(soc, ar, d), year, LVM_FRAN) for d in ar.lev.datasets)
    marks = [rakna((kommuner,), sought["kommun"], vikt=1.0 * (sought[c] == 1)) for c in _INDIKATIONER]
    days = out["utskrivning_datum"] - out["inskrivning_datum"]
    alive = take(out, out["boende_efter_kod"] != _AVLIDEN)
    housed = ~np.isin(alive["boende_efter_kod"], _UTAN)
    counts = {
        "ansokningar": rakna((kommuner, 2), sought["kommun"], sought["kon"]),
        "indikationer": np.stack(marks, axis=1),
        "omhandertagna": rakna((kommuner, 2, len(ALDRAR)), taken["kommun"], taken["kon"], grupp(taken, year)),
        "vardtid": tva((kommuner, 2), out["kommun"], out["kon"], hit=days),
        "boende": tva((kommuner, 2), alive["kommun"], alive["kon"], hit=housed),
    }
    return counts, (out["kommun"], out["kon"], days)
