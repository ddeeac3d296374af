"""The truth about care around the clock: days, episodes and persons of one year, from rows in force.

Belongs here: the counts behind BU10-BU15, BU18 and BU21 of every municipality. Does not belong here: which
municipalities' years count, sums over areas and rows (facit_fragor, facit_tabell). Source:
docs/reference/barn_och_unga.md sections 6 and 7.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.synthetic.arsvis.facit_paket import Ar
from pipelines.synthetic.arsvis.facit_rader import hos
from pipelines.synthetic.arsvis.tal import OPPEN, TOM, Rows, ars_dagar, plus_manader, rakna, som_text, take, tva
from pipelines.synthetic.barn.koder import (
    EGET,
    FAM,
    INSATSTYP,
    KONS,
    LVU_6,
    LVU_VARD,
    NATV,
    OKAND_ORSAK,
    PLACERINGSFORM,
    SAMMANBROTT,
    SOL,
)
from pipelines.synthetic.barn.samhalle import ALDERSGRANSER, Samhalle
from pipelines.synthetic.koder import RESERV, Arr, ranges

FAMILJEHEM = (FAM, NATV, KONS)
_FORST = {LVU_6: 0, LVU_VARD: 1, SOL: 2}  # which insatstyp goes first
ALDRAR = len(ALDERSGRANSER)


@dataclass
class Vard:
    """Rows of one year's facts (`rader`), and those with the ones that ended before the year (`sanda`).

    Columns: kommun, sand, sd (rank of the stadsdel), barn, kon (0-1), alder (group), typ, form, hem, start, slut (OPPEN
    when it goes on after the year), orsak, insats, nr, vistelse, heldygn.
    """

    ar: int
    rader: Rows
    sanda: Rows


def aldersgrupp(alder: Arr) -> Arr:
    """0-3, 4 for those who are not 0-20 years old."""
    group = np.searchsorted(ALDERSGRANSER, alder, side="right")
    return np.where(alder < 0, len(ALDERSGRANSER), group)


def person(soc: Samhalle, barn: Arr, ar: int) -> dict[str, Arr]:
    """What every count needs of the children of some rows in a year."""
    b = soc.barn
    return {
        "barn": barn,
        "kommun": soc.av.kommun[b["sand"][barn]],
        "kon": b["kon"][barn] - 1,
        "alder": aldersgrupp(ar - b["fodelsear"][barn]),
        "fodelsear": b["fodelsear"][barn],
        "reserv": b["id_typ"][barn] == RESERV,
    }


def fakta(soc: Samhalle, ar: Ar) -> Vard:
    """Placements in force, with the kind of their insats."""
    year = ar.lev.ar
    jan, dec = ars_dagar(year)
    rows, insats = ar.gallande("bu_placering"), ar.gallande("bu_insats")
    at, _ = hos(rows, insats, "insats_id")
    slut = rows["placering_slut_datum"]
    out = {
        **person(soc, rows["barn"], year),
        "sand": ar.lev.sand[rows["pkg"]],
        "egen_kod": np.array([int(kod) for kod in soc.av.koder])[soc.av.kommun[ar.lev.sand[rows["pkg"]]]],
        "typ": insats["insatstyp_kod"][at],
        "form": rows["placeringsform_kod"],
        "hem": rows["hem_id"],
        "start": rows["placering_start_datum"],
        "slut": np.where(slut > dec, OPPEN, slut),
        "orsak": rows["placering_avslut_orsak_kod"],
        "insats": rows["insats_id"],
        "nr": rows["placering_nr"],
        "vistelse": rows["vistelsekommun_kod"],
    }
    return Vard(year, take(out, slut >= jan), out)


def _heldygn(v: Vard) -> Rows:
    return take(v.rader, v.rader["form"] != EGET)


def vardygn(rows: Rows, ar: int) -> Arr:
    """Days of the year each row is given: a day of a child goes to the row that began last, then to the highest
    insats_id as text, then to the highest number, then to the highest stadsdel.
    """
    jan, dec = ars_dagar(ar)
    days = dec - jan + 1
    order = np.lexsort((rows["sand"], rows["nr"], som_text(rows["insats"]), rows["start"]))
    people, place = np.unique(rows["barn"], return_inverse=True)
    owner = np.full(len(people) * days, -1)
    first = np.maximum(rows["start"][order], jan) - jan
    last = np.minimum(rows["slut"][order], dec) - jan
    count = np.maximum(last - first + 1, 0)
    owner[ranges(place[order] * days + first, count)] = np.repeat(order, count)  # later in the order wins
    return np.bincount(owner[owner >= 0], minlength=len(order))


def episoder(rows: Rows) -> Rows:
    """A child's rows in the same home and form, held together over at most one day without: first row's start and kind,
    highest last day, the last row's reason; and of every row which episode it is in (column rad).
    """
    home = np.unique(np.stack([rows["barn"], rows["form"], rows["hem"]], axis=1), axis=0, return_inverse=True)[1]
    home = home.reshape(-1)
    rank = np.array([_FORST[k] for k in range(len(INSATSTYP))])[rows["typ"]]
    order = np.lexsort((som_text(rows["insats"]), rank, rows["start"], home))
    far = OPPEN + 10
    so_far = np.maximum.accumulate(home[order] * far + rows["slut"][order]) - home[order] * far
    new = np.r_[True, (home[order][1:] != home[order][:-1]) | (rows["start"][order][1:] > so_far[:-1] + 2)]
    number = np.empty(len(order), dtype=np.int64)
    number[order] = np.cumsum(new[: len(order)]) - 1
    first = order[new[: len(order)]]
    slut = np.full(len(first), -1)
    np.maximum.at(slut, number, rows["slut"])
    back = np.lexsort((rows["sand"], rows["nr"], som_text(rows["insats"]), rows["start"], rows["slut"], number))
    last = back[np.r_[number[back][1:] != number[back][:-1], True][: len(back)]]
    out = {n: rows[n][first] for n in ("barn", "kommun", "kon", "alder", "reserv", "form", "start", "typ")}
    return out | {"slut": slut, "orsak": rows["orsak"][last], "rad": number}


def _olika(*keys: Arr) -> Arr:
    """First place of each distinct combination."""
    return np.unique(np.stack(keys, axis=1), axis=0, return_index=True)[1]


def _k(rows: Rows, *extra: Arr) -> tuple[Arr, ...]:
    return (rows["kommun"], *extra)


def rakna_vard(v: Vard, kommuner: int) -> dict[str, Arr]:
    """Counts of one year: BU10-BU13, BU15 and BU21, all per municipality."""
    jan, dec = ars_dagar(v.ar)
    rows = _heldygn(v)
    rows["dygn"] = vardygn(rows, v.ar)
    rows = take(rows, rows["alder"] < ALDRAR)
    size = (kommuner, 2, ALDRAR)
    some = take(rows, rows["dygn"] > 0)
    persons = take(some, _olika(some["barn"]))
    there = take(rows, (rows["start"] <= dec) & (rows["slut"] >= jan))
    kinds = take(there, _olika(there["barn"], there["typ"]))
    fam, dygn = np.isin(rows["form"], FAMILJEHEM), rows["dygn"]
    e = episoder(rows)
    begun, ended = _vid(e, e["start"], jan, dec), _vid(e, e["slut"], jan, dec)
    known = rows["vistelse"] != TOM
    away = known & _utanfor(rows)
    forms = (kommuner, len(PLACERINGSFORM))
    return {
        "placerade": rakna(size, *_k(persons, persons["kon"], persons["alder"])),
        "per_typ": rakna((kommuner, len(INSATSTYP), 2, ALDRAR), *_k(kinds, kinds["typ"], kinds["kon"], kinds["alder"])),
        "dygn": rakna(size, *_k(rows, rows["kon"], rows["alder"]), vikt=dygn),
        "dygn_fam": rakna(size, *_k(rows, rows["kon"], rows["alder"]), vikt=dygn * fam),
        "borjade": rakna((kommuner, ALDRAR), *_k(begun, begun["alder"])),
        "natverk": rakna((kommuner, ALDRAR), *_k(begun, begun["alder"]), vikt=1.0 * (begun["form"] == NATV)),
        "slutade": _slutade(ended, kommuner),
        "slutade_form": _slutade_form(ended, forms),
        "kand": rakna(forms, *_k(rows, rows["form"]), vikt=dygn * known),
        "utanfor": rakna(forms, *_k(rows, rows["form"]), vikt=dygn * away),
    }


def _vid(e: Rows, dag: Arr, jan: int, dec: int) -> Rows:
    """Episodes with that day in the year."""
    return take({n: c for n, c in e.items() if n != "rad"}, (dag >= jan) & (dag <= dec))


def _slutade(e: Rows, kommuner: int) -> Arr:
    """[municipality, age, 3]: ended, by breakdown, with a known reason."""
    broke, known = e["orsak"] == SAMMANBROTT, e["orsak"] != OKAND_ORSAK
    parts = [rakna((kommuner, ALDRAR), *_k(e, e["alder"]), vikt=1.0 * m) for m in (broke | True, broke, known)]
    return np.stack(parts, axis=-1)


def _slutade_form(e: Rows, forms: tuple[int, int]) -> Arr:
    broke = e["orsak"] == SAMMANBROTT
    return np.stack([rakna(forms, *_k(e, e["form"]), vikt=1.0 * m) for m in (broke | True, broke)], axis=-1)


def _utanfor(rows: Rows) -> Arr:
    """Whether the home lies in another län, or abroad; kommun_kod as a number is län times a hundred and more."""
    return np.asarray(rows["vistelse"] // 100 != rows["egen_kod"] // 100)


def omplacerade(fore: Vard, nu: Vard, kommuner: int) -> dict[str, Arr]:
    """BU14 of the later year: [municipality, age, 2] and [municipality, kind, 2] new in care, moved within a year; and
    [municipality, 2] all, and those who can be followed.
    """
    jan, dec = ars_dagar(fore.ar)
    old = _heldygn(fore)
    old["alder"] = aldersgrupp(nu.ar - old["fodelsear"])
    before = np.unique(old["barn"][old["start"] < jan])
    old = take(old, ~np.isin(old["barn"], before) & (old["alder"] < ALDRAR) & (old["start"] <= dec))
    f, kind, at = _forsta(old)
    moved = _flyttade(old, take(nu.sanda, nu.sanda["form"] != EGET), f)
    child = take({n: old[n] for n in ("kommun", "alder", "reserv", "barn")}, at)
    follow = ~child["reserv"]
    of = take(child, follow)
    hit = moved[follow]
    return {
        "omplacerade": tva((kommuner, ALDRAR), of["kommun"], of["alder"], hit=hit),
        "omplacerade_typ": tva((kommuner, len(INSATSTYP)), of["kommun"], kind[follow], hit=hit),
        "foljda": np.stack([rakna((kommuner,), child["kommun"]), rakna((kommuner,), of["kommun"])], axis=-1),
    }


def _forsta(old: Rows) -> tuple[Arr, Arr, Arr]:
    """Per child (in order): first day, the kind that goes first among rows that begin it, and a row of the child."""
    people, at, place = np.unique(old["barn"], return_index=True, return_inverse=True)
    f = np.full(len(people), OPPEN)
    np.minimum.at(f, place, old["start"])
    rank = np.array([_FORST[k] for k in range(len(INSATSTYP))])[old["typ"]]
    best = np.full(len(people), len(_FORST))
    first = old["start"] == f[place]
    np.minimum.at(best, place[first], rank[first])
    kind = np.array([*sorted(_FORST, key=lambda k: _FORST[k]), SOL])[best]
    return f, kind, at


def _flyttade(old: Rows, new: Rows, f: Arr) -> Arr:
    """Per child whether another episode begins within twelve months after f, holding no row of one that began f."""
    people = np.unique(old["barn"])
    new = take(new, np.isin(new["barn"], people))
    names = ("barn", "kommun", "kon", "alder", "reserv", "typ", "form", "hem", "start", "slut", "orsak", "insats", "nr",
             "sand")  # fmt: skip
    both = np.concatenate([np.stack([r["sand"], r["insats"], r["nr"]], axis=1) for r in (old, new)])
    code = np.unique(both, axis=0, return_inverse=True)[1].reshape(-1)
    gone = np.isin(code[: len(old["barn"])], code[len(old["barn"]) :])
    rows = {n: np.concatenate([old[n][~gone], new[n]]) for n in names}
    code = np.r_[code[: len(gone)][~gone], code[len(gone) :]]
    first_rows = _nycklar_vid_f(old, people, f, both)
    e = episoder(rows)
    place = np.searchsorted(people, e["barn"])
    limit = plus_manader(f, 12)
    later = (e["start"] > f[place]) & (e["start"] <= limit[place])
    same = np.bincount(e["rad"][np.isin(code, first_rows)], minlength=len(later)) > 0
    out = np.zeros(len(people), dtype=bool)
    out[place[later & ~same]] = True
    return out


def _nycklar_vid_f(old: Rows, people: Arr, f: Arr, both: Arr) -> Arr:
    """Codes of the rows in the episodes, built on the first year alone, that begin f."""
    code = np.unique(both, axis=0, return_inverse=True)[1].reshape(-1)[: len(old["barn"])]
    e = episoder(old)
    starts = e["start"] == f[np.searchsorted(people, e["barn"])]
    return np.unique(code[starts[e["rad"]]])
