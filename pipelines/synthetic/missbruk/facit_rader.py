"""The truth about rows of missbruk, asi, lvm and isu: which rules fall on each delivered row and where it ends.

Belongs here: an independent reading of MIS-01-05, UTR-01-05, ASI-01-08, LVM-01-07 and ISU-01-03, and of the general
rules on these layouts. Does not belong here: what all yearly sources share (arsvis.facit_rader), package rules. Source:
docs/reference/missbruk.md section 5.
"""

from __future__ import annotations

import numpy as np

from pipelines.synthetic.arsvis.facit_rader import (
    Regler,
    Utfall,
    ar_begransat,
    asido,
    flera,
    hos,
    i_aret,
    lasta_koder,
    markta,
    nummer_ok,
    nyckel,
    par_inom,
    person_regler,
    tomma,
    tva_beteckningar,
    utfall,
)
from pipelines.synthetic.arsvis.rader import Leveranser
from pipelines.synthetic.arsvis.tal import OPPEN, TOM, Rows, ars_dagar, dag, dag_av, plus_manader
from pipelines.synthetic.koder import RESERV, Arr
from pipelines.synthetic.missbruk.koder import (
    CS,
    EJ_GENOMFORD,
    GRUND,
    HJALP,
    INTERVJUARE,
    LAYOUT,
    MATTEN,
    NYCKEL,
    ORO,
    SKALA,
    TILLFALLE,
    VARNINGAR,
)
from pipelines.synthetic.missbruk.koder import DAGAR as DAGAR_30

START = TILLFALLE.index("start")
DAGAR_LVM, DAGAR_GRUND, DAGAR_OVER = 7, 90, 14


def _allmant(dataset: str, rows: Rows, *kravs: str) -> Regler:
    """GEN-10, GEN-11, GEN-12, GEN-14 and GEN-25 of a layout; kravs: its required cells."""
    person = person_regler(rows) if "personnummer" in rows else {}
    return person | {
        "GEN-12": flera(nyckel(rows, *NYCKEL[dataset])),
        "GEN-14": lasta_koder(LAYOUT[dataset], rows)[0],
        "GEN-25": tomma(rows, *kravs),
    }


def _fodd(rows: Rows) -> tuple[Arr, Arr]:
    """Year of birth, and whether it is known: a number that is wrong says nothing."""
    reserv = rows["id_typ"] == RESERV
    year = np.where(reserv, rows["fodelsear"], np.maximum(rows["personnummer"], 0) // 10**8)
    return year, np.where(reserv, rows["fodelsear"] != TOM, nummer_ok(rows))


def _fore_18(day: Arr, person: Rows) -> Arr:
    """Whether each day is before the person's eighteenth birthday; of a reservnummer only the year is known."""
    year, known = _fodd(person)
    at_18 = dag_av(np.maximum(person["personnummer"], 0) // 10**4 + 18 * 10**4)
    young = np.where(person["id_typ"] == RESERV, ar_begransat(day) - year < 18, day < at_18)
    return np.asarray(known & young & (day != OPPEN))


def _utredning(rows: Rows, person: Rows, ar: int) -> Regler:
    jan, dec = ars_dagar(ar)
    begun, start, slut = (rows[f"{c}_datum"] for c in ("aktualisering", "utredning_start", "utredning_slut"))
    regler = _allmant("missbruk_utredning", rows, "malgrupp_kod", "aktualisering_typ_kod", "barn_under_18")
    seen, child = rows["barn_uppmarksammat"], rows["barn_under_18"]
    a, b = par_inom(nyckel(rows, "klient_id", "malgrupp_kod"))
    last, ok = np.minimum(slut, dec), slut >= start
    days = np.minimum(last[a], last[b]) - np.maximum(start[a], start[b]) + 1
    both = ok[a] & ok[b] & (days > 1) & lasta_koder(LAYOUT["missbruk_utredning"], rows)[1]["malgrupp_kod"][a]
    at, found = hos(rows, person, "klient_id")
    regler["GEN-25"] |= (slut != OPPEN) & (child == 1) & (seen == TOM)
    regler["GEN-14"] |= (child == 0) & (seen != TOM)
    return regler | {
        "MIS-05": found & _fore_18(start, {n: c[at] for n, c in person.items()}),
        "UTR-01": (start < begun) | (slut < start),
        "UTR-03": (i_aret(slut, dec) != OPPEN) & (rows["beslut_kod"] == TOM),
        "UTR-04": markta(len(start), a[both], b[both]),
        "UTR-05": (start > dec) | (slut < jan),
    }


def _insats(rows: Rows, person: Rows, ar: int) -> Regler:
    jan, dec = ars_dagar(ar)
    start, slut, avslut = rows["insats_start_datum"], rows["insats_slut_datum"], rows["insats_avslut_kod"]
    regler = _allmant("missbruk_insats", rows, "insats_kod", "malgrupp_kod")
    regler["GEN-25"] |= (slut != OPPEN) & (avslut == TOM)
    regler["GEN-14"] |= (slut == OPPEN) & (avslut != TOM)
    at, found = hos(rows, person, "klient_id")
    return regler | {
        "GEN-15": slut < start,
        "MIS-02": start > dec,
        "MIS-03": slut < jan,
        "MIS-05": found & _fore_18(start, {n: c[at] for n, c in person.items()}),
    }


def _utan(rows: Rows, parents: Rows, fell: Arr) -> Arr:
    """MIS-01: the person's row is missing, or it or a copy of it is set aside."""
    gone = {"pkg": parents["pkg"][fell], "klient_id": parents["klient_id"][fell]}
    return np.asarray(~hos(rows, parents, "klient_id")[1] | hos(rows, gone, "klient_id")[1])


def doma_missbruk(lev: Leveranser) -> dict[str, Utfall]:
    """Every row of the packages of missbruk."""
    person, utredning, insats = (lev.rader[d] for d in lev.datasets)
    regler = {
        "missbruk_person": _allmant("missbruk_person", person, "skyddad")
        | {"MIS-04": tva_beteckningar(person, "klient_id")},
        "missbruk_utredning": _utredning(utredning, person, lev.ar),
        "missbruk_insats": _insats(insats, person, lev.ar),
    }
    gone = asido(regler["missbruk_person"], VARNINGAR)
    for dataset in lev.datasets[1:]:
        regler[dataset]["MIS-01"] = _utan(lev.rader[dataset], person, gone)
    return utfall(lev, regler)


def _utanfor(rows: Rows, columns: tuple[str, ...], most: int) -> Arr:
    """Rows with an answer beyond the scale from zero."""
    return np.asarray(np.any([(rows[c] != TOM) & ((rows[c] < 0) | (rows[c] > most)) for c in columns], axis=0))


def _annans_grund(rows: Rows) -> Arr:
    """ASI-02: a Grund of the package with the designation given is another person's, or not earlier."""
    kind, n = rows["asi_typ_kod"], len(rows["pkg"])
    first, later = np.flatnonzero(kind == GRUND), np.flatnonzero((kind != GRUND) & (rows["grund_intervju_id"] != TOM))
    own = {"pkg": rows["pkg"], "id": np.where(kind == GRUND, rows["intervju_id"], rows["grund_intervju_id"])}
    chosen = np.concatenate([first, later])
    a, b = par_inom(nyckel({name: c[chosen] for name, c in own.items()}, "id"))
    a, b = chosen[np.r_[a, b]], chosen[np.r_[b, a]]  # b: the Grund
    pair = (kind[a] != GRUND) & (kind[b] == GRUND)
    a, b = a[pair], b[pair]
    ok = nummer_ok(rows)
    other = (rows["id_typ"][a] != rows["id_typ"][b]) | (rows["personnummer"][a] != rows["personnummer"][b])
    late = rows["intervju_datum"][a] <= rows["intervju_datum"][b]
    return markta(n, a[ok[a] & ok[b] & (other | late)])


def _tva_grunder(rows: Rows) -> Arr:
    """ASI-06: two Grund of the same person in the package within ninety days."""
    first = np.flatnonzero(rows["asi_typ_kod"] == GRUND)
    a, b = par_inom(nyckel({"pkg": rows["pkg"][first], "klient_id": rows["klient_id"][first]}, "klient_id"))
    a, b = first[a], first[b]
    near = np.abs(rows["intervju_datum"][a] - rows["intervju_datum"][b]) <= DAGAR_GRUND
    return markta(len(rows["pkg"]), a[near], b[near])


def doma_asi(lev: Leveranser) -> dict[str, Utfall]:
    """Every row of the packages of asi."""
    rows, (jan, dec) = lev.rader["asi_intervju"], ars_dagar(lev.ar)
    kind, day, version = rows["asi_typ_kod"], rows["intervju_datum"], rows["asi_version_kod"]
    lost, begun = kind == EJ_GENOMFORD, kind == GRUND
    grund, reason, formula = rows["grund_intervju_id"], rows["bortfall_kod"], rows["cs_formelversion"]
    composite = np.any([rows[c] != TOM for c in CS], axis=0)
    answered = np.any([rows[c] != TOM for c in MATTEN], axis=0)
    regler = _allmant("asi_intervju", rows, "asi_typ_kod", "intervju_datum", "skyddad")
    regler["GEN-25"] |= (~lost & (version == TOM)) | (~begun & (grund == TOM)) | (lost & (reason == TOM))
    regler["GEN-25"] |= composite & (formula == TOM)
    regler["GEN-14"] |= (lost & ((version != TOM) | answered)) | (begun & (grund != TOM)) | (~lost & (reason != TOM))
    regler["GEN-14"] |= ~composite & (formula != TOM)
    drunk, alcohol = rows["dagar_berusning_30"], rows["dagar_alkohol_30"]
    regler |= {
        "ASI-01": _utanfor(rows, (*ORO, *HJALP), 4) | _utanfor(rows, INTERVJUARE, 9) | _utanfor(rows, CS, 1000),
        "ASI-02": _annans_grund(rows),
        "ASI-03": _fore_18(day, rows),
        "ASI-04": _utanfor(rows, DAGAR_30, 30),
        "ASI-05": (drunk != TOM) & (alcohol != TOM) & (drunk > alcohol),
        "ASI-06": _tva_grunder(rows),
        "ASI-08": (day < jan) | (day > dec),
    }
    return utfall(lev, {"asi_intervju": regler})


def _alder(rows: Rows, ar: int) -> Regler:
    """LVM-02 and LVM-06."""
    year, known = _fodd(rows)
    age = ar - year
    return {"LVM-02": known & (age < 18), "LVM-06": known & (age >= 18) & (age <= 20)}


def _ensam(rows: Rows, ansokan: Rows, ar: int) -> Arr:
    """LVM-04: no application of the same designation within a week, but for the first and last week of the year."""
    day = rows["omhandertagande_datum"]
    both = {c: np.concatenate([rows[c], ansokan[c]]) for c in ("pkg", "klient_id")}
    a, b = par_inom(nyckel(both, "klient_id"))
    a, b = np.r_[a, b], np.r_[b, a]
    n = len(day)
    pair = (a < n) & (b >= n)
    a, b = a[pair], b[pair] - n
    near = np.abs(ansokan["ansokan_datum"][b] - day[a]) <= DAGAR_LVM
    within = (day >= dag(f"{ar}-01-08")) & (day <= dag(f"{ar}-12-24"))
    return np.asarray(within & ~markta(n, a[near]))


def doma_lvm(lev: Leveranser) -> dict[str, Utfall]:
    """Every row of the packages of lvm."""
    ansokan, tagen, ut = (lev.rader[d] for d in lev.datasets)
    jan, dec = ars_dagar(lev.ar)
    marks = ("indikation_fys_psyk", "indikation_liv", "indikation_skada")
    means = ("medel_alkohol", "medel_narkotika", "medel_losningsmedel")
    start, slut = ut["inskrivning_datum"], ut["utskrivning_datum"]
    regler = {
        "lvm_ansokan": _allmant("lvm_ansokan", ansokan, "ansokan_datum", *marks, *means)
        | {"LVM-01": np.all([ansokan[c] == 0 for c in marks], axis=0)},
        "lvm_omhandertagande": _allmant("lvm_omhandertagande", tagen, "omhandertagande_datum")
        | {"LVM-04": _ensam(tagen, ansokan, lev.ar)},
        "lvm_utskrivning": _allmant("lvm_utskrivning", ut, "inskrivning_datum", "utskrivning_datum", "boende_efter_kod")
        | {"GEN-15": slut < start, "LVM-03": slut > plus_manader(start, 6) + DAGAR_OVER},
    }
    for dataset, column in zip(lev.datasets, ("ansokan", "omhandertagande", "utskrivning"), strict=True):
        rows = lev.rader[dataset]
        day = rows[f"{column}_datum"]
        regler[dataset] |= {**_alder(rows, lev.ar), "LVM-07": (day < jan) | (day > dec)}
    return utfall(lev, regler)


def _fore_start(rows: Rows) -> Arr:
    """ISU-03: a later occasion before a start of the same person, measure and question."""
    kind, day, n = rows["tillfalle_kod"], rows["matt_datum"], len(rows["pkg"])
    a, b = par_inom(nyckel(rows, "klient_id", "insats_id", "matt_kod"))
    a, b = np.r_[a, b], np.r_[b, a]
    return markta(n, a[(kind[a] != START) & (kind[b] == START) & (day[a] < day[b])])


def doma_isu(lev: Leveranser) -> dict[str, Utfall]:
    """Every row of the packages of isu."""
    rows, (jan, dec) = lev.rader["isu_uppfoljning"], ars_dagar(lev.ar)
    day, value = rows["matt_datum"], rows["matt_varde"]
    kravs = ("uppfoljningsmodell_kod", "malgrupp_kod", "matt_kod", "tillfalle_kod", "matt_datum", "matt_varde")
    low, high = (np.array(limit)[rows["matt_kod"]] for limit in zip(*SKALA, strict=True))
    regler = _allmant("isu_uppfoljning", rows, *kravs) | {
        "ISU-01": (day < jan) | (day > dec),
        "ISU-02": (value < low) | (value > high),
        "ISU-03": _fore_start(rows),
    }
    return utfall(lev, {"isu_uppfoljning": regler})
