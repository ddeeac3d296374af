"""What is planted on purpose in single packages and persons, so that both sides of a limit occur in every demo.

Belongs here: amounts and dates at their limits, birthdays at the turn of a month, free text in coded cells and
hushall_id, protected persons that the manifest does not declare. Does not belong here: faults that fall on rows by
chance (radfel) and any judgement.
"""

from __future__ import annotations

import numpy as np

from pipelines.synthetic.koder import (
    BARNROLL,
    DATASETS,
    FRITEXT_NARA,
    FRITEXT_STOPP,
    ORSAK_FRI,
    RESERV,
    ROLL_FRI,
    START_YEAR,
    TYP_FRI,
    Arr,
)
from pipelines.synthetic.nummer import birth_date, day_slots, number, sex
from pipelines.synthetic.plan import UNDECLARED
from pipelines.synthetic.rader import Leveranser

LARGEST_AMOUNT = 60_000_00  # öre a month above which the amount is flagged (EB-05)
OLDEST_CLOSING = 4  # months before its report that a closing may lie (EB-10)
FRI_HUSHALL, FRI_TIO, NARA_FRITEXT = "fri_hushall", "fri_tio", "nara_fritext"
_CELL = {"eb_hushall": ("typ", TYP_FRI), "eb_person": ("roll", ROLL_FRI), "eb_avslut": ("orsak", ORSAK_FRI)}
_STARTS = np.cumsum([0, *(len(texts) for texts in FRITEXT_STOPP.values())]).tolist()
_PLACES = {kind: range(a, b) for kind, a, b in zip(FRITEXT_STOPP, _STARTS, _STARTS[1:], strict=False)}
_PLACES[NARA_FRITEXT] = range(_STARTS[-1], _STARTS[-1] + len(FRITEXT_NARA))


def _sound_rows(lev: Leveranser, dataset: str, ok: Arr, count: int, rng: np.random.Generator) -> Arr:
    """A few of the rows that are ok, in packages that nothing was done to."""
    plain = np.array([not p.brist for p in lev.paket], dtype=bool)
    return rng.permutation(np.flatnonzero(ok & plain[lev.rows(dataset)["pkg"]]))[:count]


def limits(lev: Leveranser, rng: np.random.Generator) -> None:
    """In every municipality one row on each side of a limit, as close to it as can be."""
    h, p, a = lev.hushall, lev.person, lev.avslut
    rows = _sound_rows(lev, "eb_hushall", (h["bf"] == 0) & (h["ore"] > 0), 2, rng)
    h["ore"][rows] = LARGEST_AMOUNT + np.arange(2)[: len(rows)]
    rows = _sound_rows(lev, "eb_avslut", a["df"] == 0, 2, rng)
    months = (a["t"][rows].astype(np.int64) - OLDEST_CLOSING + (START_YEAR - 1970) * 12).astype("datetime64[M]")
    a["dag"][rows] = months.astype("datetime64[D]") - np.arange(2)[: len(rows)]  # its first day, and the day before
    own = (p["idt"] != RESERV) & lev.nummer.giltigt[p["nr"]]
    rows = _sound_rows(lev, "eb_person", own, 2, rng)
    kon = sex(lev.nummer.text[p["nr"][rows]])
    p["kk"][rows] = np.where(np.arange(len(rows)) == 0, kon, 3 - kon)


def birthdays(lev: Leveranser, rng: np.random.Generator, most: int) -> None:
    """A few children who turn eighteen in a month of a delivery do so on its last day, or on the first of the next.

    The number is changed in every row of the person; birth year and sex are not.
    """
    p = lev.person
    month = p["t"].astype(np.int64)
    own = (p["idt"] != RESERV) & (p["nr"] == p["person"]) & (p["roll"] == BARNROLL)
    turns = own & (lev.nummer.fdat[p["person"]] // 10000 + 18 == START_YEAR + month // 12)
    rows = rng.permutation(np.flatnonzero(turns))
    _, first = np.unique(p["person"][rows], return_index=True)
    for row in rng.permutation(rows[first])[:most].tolist():
        _move_birthday(lev, row, int(month[row]) % 12, last=bool(rng.random() < 0.5))


def _move_birthday(lev: Leveranser, row: int, month: int, *, last: bool) -> None:
    """Give the row's person a free number born on the month's last day, or on the first of the next."""
    who, idt = int(lev.person["person"][row]), int(lev.person["idt"][row])
    last = last or month == 11  # the first of January is another year
    slot = day_slots(month if last else month + 1, last=last)
    year = np.full(len(slot), lev.nummer.fdat[who] // 10000)
    kon = np.full(len(slot), sex(lev.nummer.text[who : who + 1])[0])
    texts = number(year, slot, kon, np.full(len(slot), idt)).astype("S12")
    for text, born in zip(texts, birth_date(year, slot).tolist(), strict=True):
        if not (lev.nummer.text == text).any():
            lev.nummer.text[who], lev.nummer.fdat[who] = text, born
            return


def undeclared(lev: Leveranser, rng: np.random.Generator) -> None:
    """A package that is to hold protected persons holds at least one, and so do the other versions of the month."""
    p = lev.person
    for place, paket in enumerate(lev.paket):
        rows = np.flatnonzero(p["pkg"] == place)
        if paket.brist != UNDECLARED or not len(rows) or (p["sky"][rows] == 1).any():
            continue
        row = int(rng.choice(rows))
        p["sky"][np.all([p[c] == p[c][row] for c in ("t", "hid", "person")], axis=0)] = 1


def _write(lev: Leveranser, place: int, dataset: str, texts: list[int], rng: np.random.Generator) -> None:
    """Put free texts (places in the common list) into a coded cell of as many rows of one package."""
    rows, (column, base) = lev.rows(dataset), _CELL[dataset]
    mine = rng.permutation(np.flatnonzero(rows["pkg"] == place))[: len(texts)]
    rows[column][mine] = base + np.array(texts, dtype=np.int64)[: len(mine)]


def _rename(lev: Leveranser, place: int, households: Arr, names: list[bytes], datasets: tuple[str, ...]) -> Arr:
    """Other hushall_id for some households (in order) of one package; the places of the new ones."""
    new = len(lev.hid_text) + np.arange(len(names))
    lev.hid_text = np.concatenate([lev.hid_text, np.array(names)])
    for dataset in datasets:
        rows = lev.rows(dataset)
        mine = np.flatnonzero((rows["pkg"] == place) & np.isin(rows["hid"], households))
        rows["hid"][mine] = new[np.searchsorted(households, rows["hid"][mine])]
    return new


def _numbers(count: int) -> list[bytes]:
    """Sound twelve-digit numbers, all different."""
    n = np.arange(count)
    numbers = number(1950 + n % 40, n // 40, np.ones(count, dtype=np.int64), np.zeros(count, dtype=np.int64))
    return [str(x).encode() for x in numbers.tolist()]


def _households(lev: Leveranser, place: int) -> Arr:
    """Households of the package, none of whose persons is in another that month; in order of hushall_id."""
    h, p = lev.hushall, lev.person
    mine = p["t"] == lev.paket[place].manad
    person, hid = np.unique(np.stack([p["person"][mine], p["hid"][mine]]), axis=1)
    who, homes = np.unique(person, return_counts=True)
    alone = np.setdiff1d(hid, hid[np.isin(person, who[homes > 1])])
    return np.intersect1d(alone, h["hid"][h["pkg"] == place])


def _numbers_as_names(lev: Leveranser, place: int, brist: str, rng: np.random.Generator) -> None:
    """One household is called by an identity number, or all of them by ten digits."""
    here = np.unique(lev.hushall["hid"][lev.hushall["pkg"] == place])
    if brist == FRI_TIO:
        names = [name[2:] for name in _numbers(len(here))]
    else:
        here = np.sort(rng.permutation(here)[:1])
        names = [name[:8] + rng.choice([b"", b"-"]) + name[8:] for name in _numbers(len(here))]
    new = _rename(lev, place, here, names, DATASETS)
    lev.hid_fri = (*lev.hid_fri, *new.tolist())


def _near(lev: Leveranser, place: int, rng: np.random.Generator) -> None:
    """Cells that come close and are no free text; two of four ten-digit hushall_id hold as numbers by chance."""
    households = _households(lev, place)
    texts = list(_PLACES[NARA_FRITEXT])
    _write(lev, place, "eb_hushall", texts[: len(households) // 3], rng)
    for dataset in DATASETS[1:]:
        _write(lev, place, dataset, [int(rng.choice(texts))], rng)
    if len(households) >= 4:
        right = [name[2:] for name in _numbers(4)]
        wrong = [name[:-1] + b"%d" % ((int(name[-1:]) + 1) % 10) for name in right[2:]]
        _rename(lev, place, households[:4], [*right[:2], *wrong], DATASETS[:2])


def free_text(lev: Leveranser, rng: np.random.Generator) -> None:
    """What somebody wrote where it does not belong, in the packages that are to have it."""
    for place, paket in enumerate(lev.paket):
        if paket.brist in FRITEXT_STOPP:
            some = [d for d in DATASETS if (lev.rows(d)["pkg"] == place).any()]
            if some:
                texts = rng.choice(list(_PLACES[paket.brist]), int(rng.integers(1, 4))).tolist()
                _write(lev, place, str(rng.choice(some)), texts, rng)
        elif paket.brist in (FRI_HUSHALL, FRI_TIO):
            _numbers_as_names(lev, place, paket.brist, rng)
        elif paket.brist == NARA_FRITEXT:
            _near(lev, place, rng)
