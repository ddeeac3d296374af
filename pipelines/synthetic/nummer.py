"""Identity numbers of the test series: birth numbers 980-999 with a valid check digit, never anyone's.

Belongs here: making numbers, unique within one municipality and, on purpose, the same in others. Does not
belong here: who carries them.
"""

from __future__ import annotations

import numpy as np

from pipelines.synthetic.koder import SAMORDNING, Arr

_DAYS = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
_MMDD = np.concatenate([(m + 1) * 100 + np.arange(1, n + 1) for m, n in enumerate(_DAYS)])
SLOTS = 3650  # 365 birthdays, ten birth numbers per sex
_STRIDE = 1237  # coprime with SLOTS: walks through all of them before repeating


def luhn_digit(digits9: Arr) -> Arr:
    """Check digit of YYMMDDNNN given as an integer array."""
    total = np.zeros(len(digits9), dtype=np.int64)
    rest = digits9.astype(np.int64)
    for place in range(9):
        digit = rest % 10
        rest = rest // 10
        doubled = digit * 2 if place % 2 == 0 else digit
        total += doubled // 10 + doubled % 10
    return (10 - total % 10) % 10


def _order_within(group: Arr) -> Arr:
    """0, 1, 2 … within each value of group, in the order given."""
    order = np.argsort(group, kind="stable")
    first = np.r_[True, group[order][1:] != group[order][:-1]]
    starts = np.maximum.accumulate(np.where(first, np.arange(len(group)), 0))
    out = np.empty(len(group), dtype=np.int64)
    out[order] = np.arange(len(group)) - starts
    return out


def slots(birth_year: Arr, kon: Arr, samordning: Arr, kommun: Arr | int = 0) -> Arr:
    """A slot per person, distinct within (birth year, sex, kind); the same walk in every municipality, of which there
    may be several.
    """
    rank = _order_within(((birth_year.astype(np.int64) * 2 + kon - 1) * 2 + samordning) << 12 | kommun)
    if len(rank) and int(rank.max()) >= SLOTS - 400:
        raise ValueError("testserien räcker inte: för många personer med samma födelseår i en kommun")
    return np.asarray((rank * _STRIDE + 7 * birth_year) % SLOTS)


def reserved_slots(count: int, birth_year: Arr) -> Arr:
    """Slots from the far end of the walk, for numbers that must belong to nobody in the municipality."""
    return np.asarray(((SLOTS - 1 - np.arange(count) % 400) * _STRIDE + 7 * birth_year) % SLOTS)


def sex(text: Arr) -> Arr:
    """1 = man, 2 = kvinna by the eleventh digit of 'S12' numbers; of no meaning for other texts."""
    digits = np.ascontiguousarray(text.astype("S12")).view(np.uint8).reshape(-1, 12)
    return np.where(digits[:, 10] % 2 == 1, 1, 2)


def day_slots(month: int, *, last: bool) -> Arr:
    """The ten slots of the first or the last day of a month of the year (0-11)."""
    day = int(_DAYS[: month + 1].sum()) - 1 if last else int(_DAYS[:month].sum())
    return np.arange(10) + 10 * day


def birth_date(birth_year: Arr, slot: Arr) -> Arr:
    """Birth date as the integer YYYYMMDD."""
    return np.asarray(birth_year.astype(np.int64) * 10000 + _MMDD[slot // 10])


def number(birth_year: Arr, slot: Arr, kon: Arr, id_typ: Arr) -> Arr:
    """The twelve digits as an integer; kon 1 = man (odd third digit), 2 = kvinna."""
    day = birth_date(birth_year, slot) + np.where(id_typ == SAMORDNING, 60, 0)
    nine = day * 1000 + 980 + 2 * (slot % 10) + (kon == 1)
    return np.asarray(nine * 10 + luhn_digit(nine % 10**9))
