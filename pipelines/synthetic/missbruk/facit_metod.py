"""The truth about outcome by method: MB15-MB17 of one year, from three years in force.

Belongs here: the cohort of persons and methods, its Grund, classes and changes, counts of every municipality. Does not
belong here: the cohort of Grund (facit_asi), rows (facit_fragor). Source: docs/reference/missbruk.md section 7.
"""

from __future__ import annotations

import numpy as np

from pipelines.synthetic.arsvis.facit_paket import Ar
from pipelines.synthetic.arsvis.tal import TOM, Rows, dag, inom, rakna, som_text, take, tva
from pipelines.synthetic.koder import Arr
from pipelines.synthetic.missbruk.facit_asi import SKAL, fore_och_nu, intervjuer, skal, uppfoljd
from pipelines.synthetic.missbruk.facit_frivilligt import DAGAR, NIVA
from pipelines.synthetic.missbruk.facit_underlag import insatser, nyast, utan_anhoriga, vuxna
from pipelines.synthetic.missbruk.koder import METOD, OMRADE, ORO
from pipelines.synthetic.missbruk.samhalle import Samhalle

UTFALL = ("uppfoljd", *SKAL, "ingen_grund")
INGEN_GRUND = len(UTFALL) - 1
KLASSER = ("forbattrat", "oforandrat", "forsamrat", "ej_uppfoljt")
EVIDENS = ("E2", "E1", "E0")
MALGRUPPER = 4


def metodkohort(soc: Samhalle, ar: list[Ar]) -> Rows:
    """The first measure of each adult and method from May of the year before last to May of last year."""
    year = ar[-1].lev.ar
    rows = utan_anhoriga(nyast([insatser(soc, one) for one in ar], "sand", "insats_id"))
    within = (rows["start"] >= dag(f"{year - 2}-05-02")) & (rows["start"] <= dag(f"{year - 1}-05-01"))
    rows = vuxna(take(rows, within), year)
    rows = take(rows, np.lexsort((rows["sand"], som_text(rows["insats_id"]), rows["start"])))
    return take(rows, np.unique(rows["pseudonym"] * len(METOD) + rows["metod_kod"], return_index=True)[1])


def dess_grund(posts: Rows, grund: Rows) -> Arr:
    """Per post the place of the person's nearest Grund within sixty days, the earlier of two as near; -1 = none."""
    a, b = inom(posts["pseudonym"], grund["pseudonym"])
    day = grund["intervju_datum"][b]
    off = np.abs(day - posts["start"][a])
    near = off <= DAGAR
    a, b, day, off = a[near], b[near], day[near], off[near]
    order = np.lexsort((-grund["sand"][b], -som_text(grund["intervju_id"][b]), -day, -off, a))
    out = np.full(len(posts["start"]), -1)
    out[a[order]] = b[order]
    return out


def evidens(metod: Arr) -> Arr:
    """Place in EVIDENS."""
    level = NIVA[metod]
    return np.select([level >= 2, level == 0], [0, 2], 1)


def rakna_metoder(soc: Samhalle, ar: list[Ar], asi: list[Ar], kommuner: int) -> dict[str, Arr]:
    """MB15: [municipality, group, class]; MB16 and MB17: [municipality, group, area, class]; and the followed."""
    i, posts = intervjuer(soc, asi), metodkohort(soc, ar)
    at = dess_grund(posts, i.grund)
    has = at >= 0
    g = take(i.grund, at[has])
    up = uppfoljd(g, i.uppfoljning)
    klass = np.full(len(at), INGEN_GRUND)
    klass[has] = np.where(up >= 0, 0, 1 + skal(g, i.ej))
    follow = ~posts["reserv"]
    k = posts["kommun"]
    groups = {"metod": (len(METOD), posts["metod_kod"]), "malgrupp": (MALGRUPPER, posts["malgrupp_kod"]),
              "evidens": (len(EVIDENS), evidens(posts["metod_kod"]))}  # fmt: skip
    then, now = fore_och_nu(g, i.uppfoljning, up, ORO)
    kind = np.select([now == TOM, now < then, now == then], [3, 0, 1], 2)
    who, area = np.nonzero((then != TOM) & follow[has][:, None])
    of = np.flatnonzero(has)[who]
    out = {"metod_foljda": tva((kommuner,), k, hit=klass == 0)}
    for namn, (size, place) in groups.items():
        out[f"utfall_{namn}"] = rakna((kommuner, size, len(UTFALL)), k[follow], place[follow], klass[follow])
        shape = (kommuner, size, len(OMRADE), len(KLASSER))
        out[f"forandring_{namn}"] = rakna(shape, k[of], place[of], area, kind[who, area])
    return out
