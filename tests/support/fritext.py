"""A plain reading of what free text is (GEN-08), one cell at a time.

Belongs here: the patterns of the description, for the tests of the simulated society. Does not belong here: anything
imported from the product or the simulation.
"""

from __future__ import annotations

import re
from datetime import date

PHONE = r"\+46[ -]?\d|(?<!\d)0\d{1,3}[-/ ]\d[\d ]{3,8}\d(?!\d)"
NUMBER = r"(?<!\d)(?:(?:18|19|20)(\d{6})[-+]?|(\d{6})[-+])(\d{4})(?!\d)"


def luhn(number: str) -> bool:
    total = 0
    for i, c in enumerate(number[2:]):
        d = int(c) * (2 if i % 2 == 0 else 1)
        total += d - 9 if d > 9 else d
    return total % 10 == 0


def sound(digits: str) -> bool:
    """Ten digits with a date and a check digit."""
    day = int(digits[4:6])
    try:
        date(2000, int(digits[2:4]), day - 60 if day > 60 else day)
    except ValueError:
        return False
    return luhn("19" + digits)


def suspect(cell: str) -> bool:
    """Text too long, an e-mail, a telephone number or an identity number."""
    numbers = re.findall(NUMBER, cell)
    return (
        len(cell) > 64
        or bool(re.search(r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}", cell))
        or bool(re.search(PHONE, cell) or re.fullmatch(r"07[02369]\d{7}", cell))
        or any(sound((a or b) + last) for a, b, last in numbers)
    )


def written(values: set[str]) -> bool:
    """Whether a person wrote some of a column's values; ten bare digits count when most of them hold as numbers."""
    ten = [v for v in values if re.fullmatch(r"\d{10}", v)]
    return any(suspect(v) for v in values) or 2 * sum(map(sound, ten)) > len(ten)
