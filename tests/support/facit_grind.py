"""The gate by hand: which rules a package's rows break, read off docs/reference/leverans.md row by row.

Belongs here: an independent answer for packages of a few rows. Does not belong here: any use of the product's code, and
speed. Rows are those of a Delivery; line 1 is the header. A rule is said once per row, of its first column.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from stdnum import luhn

from tests.support.delivery import DATASETS, Delivery, Row

Found = tuple[str, int, str, str]
HINDERS = {f"FH{n}" for n in (11, 12, 13, 21, 22, 23, 31, 32, 40, 51, 52, 61, 62, 71, 72, 80, 90, 99)}
LISTS = {
    "utrikes_fodd_kod": {"0", "1", "2"},
    "id_typ": {"pnr", "samordning", "reserv"},
    "kon_kod": {"1", "2"},
    "roll_kod": {"sokande", "medsokande", "barn"},
    "fodd_utrikes": {"0", "1", "9"},
    "forsorjningshinder_kod": HINDERS,
    "arbetsmarknadsinsats_kod": {"0", "1", "9"},
    "skyddad": {"0", "1"},
    "avslutsorsak_kod": {f"AO{n}" for n in range(1, 10)},
}
TYPES = {"1", "3", "4", "5", "6", "7", "8", "9"}
ADULT, NOT_FOR_A_CHILD = (
    ("sokande", "medsokande"),
    ("fodd_utrikes", "forsorjningshinder_kod", "arbetsmarknadsinsats_kod"),
)
ASIDE = {*("GEN-09", "GEN-10", "GEN-12", "GEN-14", "GEN-16", "GEN-25"), *("EB-01", "EB-02", "EB-03", "EB-04"), "EB-06"}
ASIDE |= {"EB-13", "EB-14"}
KEYS = {
    "eb_hushall": ("period", "hushall_id"),
    "eb_person": ("period", "hushall_id", "id_typ", "personnummer"),
    "eb_avslut": ("period", "hushall_id", "avslut_datum"),
}
NOT_SEARCHED = {"personnummer", "antal_barn", "belopp_kr", "fodelsear", "avslut_datum"}


# -- values --------------------------------------------------------------------------------------------------------


def whole(text: str, least: int) -> int | None:
    return int(text) if re.fullmatch(r"-?[0-9]{1,9}", text) and int(text) >= least else None


def kronor(text: str) -> float | None:
    return float(text.replace(",", ".")) if re.fullmatch(r"-?[0-9]{1,10}(,[0-9]{1,2})?", text) else None


def day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) else None
    except ValueError:
        return None


def born(text: str, id_typ: str) -> date | None:
    """The birthday of a valid number; None of any other."""
    if not re.fullmatch(r"(18|19|20)[0-9]{10}", text) or not luhn.is_valid(text[2:]):
        return None
    less = 60 if id_typ == "samordning" else 0
    return day(f"{text[:4]}-{text[4:6]}-{int(text[6:8]) - less:02d}") if int(text[6:8]) > less else None


def unseen(text: str) -> bool:
    """A sign that cannot be seen or read, or a space at the edge."""
    kinds = [unicodedata.category(sign) for sign in text if sign != " "]
    return text != text.strip(" ") or "\ufffd" in text or any(kind[0] in "CMZ" for kind in kinds)


def is_text(value: str) -> bool:
    """What may give a person away, as far as a slip of the hand can make it."""
    numbers = re.findall(r"(?<![0-9])(?:18|19|20)[0-9]{10}(?![0-9])", value)
    return len(value) > 64 or any(born(n, t) for n in numbers for t in ("pnr", "samordning"))


# -- rows ----------------------------------------------------------------------------------------------------------


@dataclass
class Package:
    """A delivery's rows, and what rows say about each other."""

    delivery: Delivery

    def __post_init__(self) -> None:
        self.rows = {name: self.delivery.rows(name) for name in DATASETS}
        self.arrived = self.delivery.received.date()

    def of_household(self, row: Row, *roles: str) -> int:
        persons = (p for p in self.rows["eb_person"] if self.same(row, p) and p["roll_kod"] in roles)
        return sum(1 for _ in persons)

    def same(self, one: Row, other: Row) -> bool:
        """Both of the same household and month; no household is the same as none."""
        return one["hushall_id"] == other["hushall_id"] != "" and one["period"] == other["period"]


def stops(delivery: Delivery) -> set[tuple[str, str, int]]:
    """(rule, dataset, line) of what stops the package as a whole."""
    found = set()
    for name in DATASETS:
        for number, row in enumerate(delivery.rows(name), 2):
            own = row["kommun_kod"] == delivery.kommun and row["stadsdel_kod"] == (delivery.stadsdel or "")
            broken = {"GEN-02": not own, "GEN-03": row["period"] != delivery.period}
            broken["GEN-08"] = any(is_text(v) for column, v in row.items() if column not in NOT_SEARCHED)
            found |= {(rule, name, number) for rule, falls in broken.items() if falls}
    return found


def findings(delivery: Delivery) -> set[Found]:
    """Every (dataset, line, column, rule)."""
    package = Package(delivery)
    tried: dict[str, Callable[[Package, Row], Iterator[tuple[str, str]]]] = {
        "eb_hushall": household,
        "eb_person": person,
        "eb_avslut": closing,
    }
    broken = {
        (name, number): set(tried[name](package, row)) | set(double(package, name, row))
        for name in DATASETS
        for number, row in enumerate(package.rows[name], 2)
    }
    fallen = [
        row
        for number, row in enumerate(package.rows["eb_hushall"], 2)
        if any(rule in ASIDE for rule, _ in broken["eb_hushall", number])
    ]
    for name in ("eb_person", "eb_avslut"):
        for number, row in enumerate(package.rows[name], 2):
            parents = [home for home in package.rows["eb_hushall"] if package.same(home, row)]
            lost = all(any(home is f for f in fallen) for home in parents)
            if lost and (parents or name == "eb_person"):
                broken[name, number].add(("EB-14", "hushall_id"))
    return {(*place, min(c for r, c in own if r == rule), rule) for place, own in broken.items() for rule, _ in own}


def double(package: Package, name: str, row: Row) -> Iterator[tuple[str, str]]:
    key = KEYS[name]
    seen = Counter(tuple(other[k] for k in key) for other in package.rows[name])
    if all(row[k] for k in key) and seen[tuple(row[k] for k in key)] > 1:
        yield "GEN-12", key[-1]


def identifier(row: Row, column: str, longest: int, *, signs: bool = True) -> Iterator[tuple[str, str]]:
    if not row[column] or len(row[column]) > longest or (signs and unseen(row[column])):
        yield "GEN-25", column


def listed(row: Row, column: str) -> Iterator[tuple[str, str]]:
    if row[column] and row[column] not in LISTS[column]:
        yield "GEN-14", column


def household(package: Package, row: Row) -> Iterator[tuple[str, str]]:
    kind, children, amount = row["hushallstyp_kod"], whole(row["antal_barn"], 0), kronor(row["belopp_kr"])
    yield from identifier(row, "hushall_id", 40)
    yield from listed(row, "utrikes_fodd_kod")
    empty = {"antal_barn": children, "belopp_kr": amount, "utrikes_fodd_kod": row["utrikes_fodd_kod"] or None}
    yield from (("GEN-25", column) for column, value in empty.items() if value is None)
    if kind not in TYPES:
        yield "EB-01", "hushallstyp_kod"
    if children is not None and ((kind in "357" and kind and children) or (kind in "1468" and kind and children < 1)):
        yield "EB-02", "antal_barn"
    adults = package.of_household(row, *ADULT)
    if kind in TYPES - {"9"} and not {"1": adults == 0, "7": adults > 1, "8": adults > 1}.get(kind, adults == 1):
        yield "EB-03", "hushallstyp_kod"
    if amount is not None and (amount < 0 or (amount == 0 and package.delivery.version == 1)):
        yield "EB-04", "belopp_kr"
    if amount is not None and amount > 60_000:
        yield "EB-05", "belopp_kr"
    if children is not None and children != package.of_household(row, "barn"):
        yield "EB-15", "antal_barn"


def person(package: Package, row: Row) -> Iterator[tuple[str, str]]:
    reserv, role = row["id_typ"] == "reserv", row["roll_kod"]
    yield from identifier(row, "hushall_id", 40)
    yield from identifier(row, "personnummer", 20, signs=reserv)
    needed = ("id_typ", "roll_kod", "skyddad", *(("kon_kod", "fodelsear") if reserv else ()))
    yield from (("GEN-25", column) for column in needed if not row[column])
    if row["fodelsear"] and whole(row["fodelsear"], 1900) is None:
        yield "GEN-25", "fodelsear"
    if re.search(r"[,/+ |]", row["forsorjningshinder_kod"]):
        yield "EB-06", "forsorjningshinder_kod"
        row = {**row, "forsorjningshinder_kod": "" if role != "barn" else row["forsorjningshinder_kod"]}
    for column in ("id_typ", "kon_kod", "roll_kod", *NOT_FOR_A_CHILD, "skyddad"):
        yield from listed(row, column)
    yield from (("GEN-14", column) for column in NOT_FOR_A_CHILD if role == "barn" and row[column])
    if row["skyddad"] == "1" and not package.delivery.manifest.get("skyddade_deklarerade", True):
        yield "GEN-09", "skyddad"
    yield from number_says(package, row)
    yield from age(package, row)


def number_says(package: Package, row: Row) -> Iterator[tuple[str, str]]:
    """GEN-10, and what a valid number says against other fields and other rows."""
    real, birthday = row["id_typ"] in ("pnr", "samordning"), born(row["personnummer"], row["id_typ"])
    if real and row["personnummer"] and not (birthday and birthday <= package.arrived):
        yield "GEN-10", "personnummer"
    if real and birthday:
        year, sex = whole(row["fodelsear"], 1900), "1" if int(row["personnummer"][10]) % 2 else "2"
        if year not in (None, birthday.year):
            yield "GEN-11", "fodelsear"
        if row["kon_kod"] in ("1", "2") and row["kon_kod"] != sex:
            yield "GEN-11", "kon_kod"
    others = [p for p in package.rows["eb_person"] if same_identity(p, row)]
    known = bool(birthday) if real else row["id_typ"] == "reserv" and row["personnummer"] != ""
    if known and len({p["hushall_id"] for p in others} - {""}) > 1:
        yield "EB-08", "hushall_id"
    if row["id_typ"] == "reserv" and any(maybe_same(package, row, p) for p in package.rows["eb_person"]):
        yield "GEN-13", "personnummer"


def same_identity(one: Row, other: Row) -> bool:
    return all(one[k] == other[k] for k in ("period", "id_typ", "personnummer"))


def maybe_same(package: Package, reserv: Row, other: Row) -> bool:
    """Whether a real number of the household may be the one behind a reservnummer."""
    birthday = born(other["personnummer"], other["id_typ"]) if other["id_typ"] in ("pnr", "samordning") else None
    if birthday is None or not package.same(reserv, other) or reserv["roll_kod"] != other["roll_kod"]:
        return False
    sex = "1" if int(other["personnummer"][10]) % 2 else "2"
    listed_role = reserv["roll_kod"] in LISTS["roll_kod"]
    return listed_role and reserv["kon_kod"] == sex and whole(reserv["fodelsear"], 1900) == birthday.year


def age(package: Package, row: Row) -> Iterator[tuple[str, str]]:
    """EB-13 for applicants, EB-09 for children; of a reservnummer only the year counts."""
    year, month = map(int, package.delivery.period.split("-"))
    first = date(year, month, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    birthday = born(row["personnummer"], row["id_typ"]) if row["id_typ"] in ("pnr", "samordning") else None
    own_year = whole(row["fodelsear"], 1900) if row["id_typ"] == "reserv" else None
    too_young = (birthday and eighteen(birthday) > first) or (own_year and year - own_year < 18)
    too_old = (birthday and eighteen(birthday) <= last) or (own_year and year - own_year > 18)
    if row["roll_kod"] == "sokande" and too_young:
        yield "EB-13", "roll_kod"
    if row["roll_kod"] == "barn" and too_old:
        yield "EB-09", "roll_kod"


def eighteen(birthday: date) -> date:
    leap = (birthday.month, birthday.day) == (2, 29)
    return birthday.replace(year=birthday.year + 18, day=28 if leap else birthday.day)


def closing(package: Package, row: Row) -> Iterator[tuple[str, str]]:
    yield from identifier(row, "hushall_id", 40)
    yield from listed(row, "avslutsorsak_kod")
    if not row["avslutsorsak_kod"]:
        yield "GEN-25", "avslutsorsak_kod"
    when = day(row["avslut_datum"])
    if when is None:
        yield "GEN-25", "avslut_datum"
        return
    if when < date(1900, 1, 1) or when > package.arrived + timedelta(days=1):
        yield "GEN-16", "avslut_datum"
    year, month = map(int, package.delivery.period.split("-"))
    if year * 12 + month - (when.year * 12 + when.month) > 4:
        yield "EB-10", "avslut_datum"
