"""A slow, plain reader of delivered packages, shared by the tests of the simulated society.

Belongs here: one small demo and a reading of docs/reference line by line over its text, with no arrays and no
pipeline code. Does not belong here: what is compared with it (test_*).
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from pipelines.synthetic import write_demo
from pipelines.synthetic.mal import SEEDS
from tests.support import systemfiler
from tests.support.fritext import luhn, written

ZONE = ZoneInfo("Europe/Stockholm")
KEYS = {
    "eb_hushall": ("period", "hushall_id"),
    "eb_person": ("period", "hushall_id", "id_typ", "personnummer"),
    "eb_avslut": ("period", "hushall_id", "avslut_datum"),
}
HINDER = {
    **dict.fromkeys(("FH11", "FH12", "FH13"), "arbetsloshet"),
    **dict.fromkeys(("FH21", "FH22", "FH23", "FH31", "FH32"), "ohalsa"),
    "FH40": "sociala_skal",
    **dict.fromkeys(("FH51", "FH52", "FH61", "FH62", "FH71", "FH72", "FH80", "FH90"), "ovrigt"),
    "FH99": "okand",
}
WARNINGS = {"GEN-11", "GEN-13", "EB-05", "EB-08", "EB-09", "EB-10", "EB-15"}
TYPED = {"antal_barn", "fodelsear", "belopp_kr", "avslut_datum"}  # not text by the contract
Row = dict[str, str]


class Package:
    """One received package, read plainly."""

    def __init__(self, path: Path) -> None:
        self.namn = path.name.removesuffix(".zip")
        self.kommun = path.parent.name
        self.received = int(path.stat().st_mtime)
        if path.is_dir():
            members = {p.name: p.read_bytes() for p in path.iterdir()}
        else:
            with zipfile.ZipFile(path) as archive:
                members = {n: archive.read(n) for n in archive.namelist()}
        raw = members.pop("manifest.json")
        self.manifest: dict[str, Any] = json.loads(raw)
        self.members = members
        self.identity = (raw, tuple(sorted((n, hashlib.sha256(b).hexdigest()) for n, b in members.items())))
        self.rows: dict[str, list[Row]] = {}
        self.header: dict[str, list[str]] = {}
        self.delivered: dict[str, list[list[str]]] = {}
        self.profil = self.manifest["profil"]
        for f in self.manifest["filer"]:
            d = f["dataset"]
            self.header[d], lines = systemfiler.cells(self.profil, f["teckenkodning"], members[f["namn"]])
            self.delivered[d] = lines
            self.rows[d] = [systemfiler.canonical(self.profil, d, self.header[d], line) for line in lines]
        self.stadsdel = self.manifest["stadsdel_kod"] or ""
        self.period, self.version = self.manifest["period"], self.manifest["version"]
        self.yearly = len(self.period) == 4
        self.months = [f"{self.period}-{m:02d}" for m in range(1, 13)] if self.yearly else [self.period]
        self.of_month = {d: Counter(r["period"] for r in rows) for d, rows in self.rows.items()}
        self.rule = ""
        self.ends: dict[str, Counter[str]] = {}
        self.fell: Counter[tuple[str, str]] = Counter()
        self.loaded: dict[str, list[Row]] = {}
        self.skyddade: Counter[tuple[str, str]] = Counter()  # (dataset, month) -> rows

    def datasets(self) -> set[str]:
        return set(self.rows) | {name.split("/")[0] for name in self.manifest["nolleverans"]}

    def count(self, dataset: str, month: str = "") -> int:
        return self.of_month.get(dataset, Counter())[month] if month else len(self.rows.get(dataset, []))

    def silent(self) -> set[str]:
        """Datasets that lack rows in some month without saying that they are empty there."""
        says = set(self.manifest["nolleverans"])
        cells = [(d, m) for d in KEYS for m in self.months if not self.count(d, m)]
        return {d for d, m in cells if (f"{d}/{m}" if self.yearly else d) not in says}

    @property
    def late(self) -> bool:
        """A first delivery of a month, received when the sixteenth of the next has begun."""
        if self.manifest["leveranstyp"] != "ordinarie":
            return False
        year, month = map(int, self.period.split("-"))
        limit = datetime(year + month // 12, month % 12 + 1, 16, tzinfo=ZONE)
        return bool(self.received >= limit.timestamp())


class Month:
    """What is in force of one municipality's month, all its parts together."""

    def __init__(self, period: str, needed: set[str]) -> None:
        self.period, self.needed = period, needed  # parts that have delivered anything of the year
        self.of: dict[str, Package] = {}

    def loaded(self, dataset: str) -> list[Row]:
        found = (r for p in self.of.values() for r in p.loaded.get(dataset, []))
        return [r for r in found if r["period"] == self.period]

    def datasets(self) -> set[str]:
        """Datasets that are approved: every part has them in force."""
        return {d for d in KEYS if all(s in self.of and d in self.of[s].datasets() for s in self.needed)}


def birth(row: Row) -> date | None:
    """Birth date of a correct number of its kind, else None."""
    n = row["personnummer"]
    if len(n) != 12 or not n.isdigit() or not luhn(n):
        return None
    day = int(n[6:8]) - (60 if row["id_typ"] == "samordning" else 0)
    try:
        return date(int(n[:4]), int(n[4:6]), day)
    except ValueError:
        return None


def integer(text: str, least: int) -> bool:
    return text.lstrip("-").isdigit() and int(text) >= least


def amount(text: str) -> float | None:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None


def own_hushall(row: Row, ordinarie: bool, vuxna: int, barn: int) -> set[str]:
    out, typ = set(), row["hushallstyp_kod"]
    typ_ok = typ in {"1", "3", "4", "5", "6", "7", "8", "9"}
    barn_ok = integer(row["antal_barn"], 0)
    kr = amount(row["belopp_kr"])
    if not typ_ok:
        out.add("EB-01")
    if not barn_ok or row["utrikes_fodd_kod"] == "" or kr is None:
        out.add("GEN-25")
    if row["utrikes_fodd_kod"] not in {"", "0", "1", "2"}:
        out.add("GEN-14")
    if kr is not None and kr > 60000:
        out.add("EB-05")
    if kr is not None and (kr < 0 or (kr == 0 and ordinarie)):
        out.add("EB-04")
    if typ_ok and barn_ok:
        n = int(row["antal_barn"])
        if (typ in "357" and n != 0) or (typ in "1468" and n < 1):
            out.add("EB-02")
    if typ_ok and ((typ in "78" and vuxna < 2) or (typ in "3456" and vuxna != 1) or (typ == "1" and vuxna != 0)):
        out.add("EB-03")
    if barn_ok and int(row["antal_barn"]) != barn:
        out.add("EB-15")
    return out


def bad_codes(row: Row) -> bool:
    """An unknown code in a coded column, or any code where a child's cell should be empty."""
    hinder = row["forsorjningshinder_kod"]
    codes = [(row["kon_kod"], "12"), (row["fodd_utrikes"], "019"), (row["arbetsmarknadsinsats_kod"], "019")]
    unknown = any(value and value not in allowed for value, allowed in [*codes, (row["skyddad"], "01")])
    unknown |= row["roll_kod"] not in {"", "sokande", "medsokande", "barn"}
    unknown |= bool(hinder) and not several(hinder) and hinder not in HINDER
    return unknown or (
        row["roll_kod"] == "barn" and any((row["fodd_utrikes"], hinder, row["arbetsmarknadsinsats_kod"]))
    )


def several(hinder: str) -> bool:
    return any(c in hinder for c in ",/+ |")


def incomplete(row: Row) -> bool:
    """A cell that is empty and must not be, or not of its type."""
    empty = "" in (row["personnummer"], row["id_typ"], row["roll_kod"], row["skyddad"])
    lacking = row["id_typ"] == "reserv" and "" in (row["fodelsear"], row["kon_kod"])
    return empty or lacking or (row["fodelsear"] != "" and not integer(row["fodelsear"], 1900))


def too_young(row: Row, first: date) -> bool:
    if row["roll_kod"] != "sokande":
        return False
    if row["id_typ"] == "reserv":
        return integer(row["fodelsear"], 1900) and first.year - int(row["fodelsear"]) < 18
    born = birth(row)
    return born is not None and born > first.replace(year=first.year - 18)


def number_kon(number: str) -> str:
    return "1" if int(number[10]) % 2 else "2"


def misstated(row: Row) -> bool:
    """Sex or birth year beside a sound number, and not the number's."""
    if row["id_typ"] == "reserv" or birth(row) is None:
        return False
    number, year = row["personnummer"], row["fodelsear"]
    other_sex = row["kon_kod"] in {"1", "2"} and row["kon_kod"] != number_kon(number)
    return other_sex or (integer(year, 1900) and year != number[:4])


def grown(row: Row, first: date) -> bool:
    """A child who is eighteen on the month's last day."""
    if row["roll_kod"] != "barn":
        return False
    if row["id_typ"] == "reserv":
        return integer(row["fodelsear"], 1900) and first.year - int(row["fodelsear"]) > 18
    born = birth(row)
    last = (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return born is not None and born.replace(year=born.year + 18) <= last


def own_person(row: Row, period: str, declared: bool) -> set[str]:
    fell = {
        "GEN-09": row["skyddad"] == "1" and not declared,
        "GEN-11": misstated(row),
        "EB-09": grown(row, date.fromisoformat(f"{period}-01")),
        "GEN-10": row["id_typ"] != "reserv" and row["personnummer"] != "" and birth(row) is None,
        "GEN-14": bad_codes(row),
        "GEN-25": incomplete(row),
        "EB-06": several(row["forsorjningshinder_kod"]),
        "EB-13": too_young(row, date.fromisoformat(f"{period}-01")),
    }
    return {rule for rule, yes in fell.items() if yes}


def across(persons: list[Row], found: list[set[str]]) -> None:
    """EB-08 and GEN-13: a person in two households of a month, and one with two kinds of identity in a household."""
    homes: dict[tuple[str, ...], set[str]] = {}
    numbers = set()
    for r in persons:
        if r["id_typ"] == "reserv" or birth(r):
            homes.setdefault(identity(r), set()).add(r["hushall_id"])
        if r["id_typ"] != "reserv" and birth(r):
            n = r["personnummer"]
            numbers.add((r["hushall_id"], r["roll_kod"], n[:4], number_kon(n)))
    for r, rules in zip(persons, found, strict=True):
        known = r["personnummer"] and (r["id_typ"] == "reserv" or birth(r))
        if known and len(homes[identity(r)]) > 1:
            rules.add("EB-08")
        same = (r["hushall_id"], r["roll_kod"], r["fodelsear"], r["kon_kod"])
        if r["id_typ"] == "reserv" and r["roll_kod"] in {"sokande", "medsokande", "barn"} and same in numbers:
            rules.add("GEN-13")


def identity(row: Row) -> tuple[str, ...]:
    return row["id_typ"], row["personnummer"], row["period"]


def own_avslut(row: Row, received: date) -> set[str]:
    out = set()
    if row["avslutsorsak_kod"] == "":
        out.add("GEN-25")
    elif row["avslutsorsak_kod"] not in {f"AO{n}" for n in range(1, 10)}:
        out.add("GEN-14")
    try:
        day = date.fromisoformat(row["avslut_datum"])
    except ValueError:
        return out | {"GEN-25"}
    year, month = map(int, row["period"].split("-"))
    if (year * 12 + month) - (day.year * 12 + day.month) > 4:
        out.add("EB-10")
    if day < date(1900, 1, 1) or day > received + timedelta(days=1):
        out.add("GEN-16")
    return out


def home(row: Row) -> tuple[str, str]:
    """A household's month within a package."""
    return row["period"], row["hushall_id"]


def row_rules(p: Package) -> dict[str, list[set[str]]]:
    vuxna: Counter[tuple[str, str]] = Counter()
    barn: Counter[tuple[str, str]] = Counter()
    for r in p.rows.get("eb_person", []):
        vuxna[home(r)] += r["roll_kod"] in {"sokande", "medsokande"}
        barn[home(r)] += r["roll_kod"] == "barn"
    received = datetime.fromtimestamp(p.received, ZONE).date()
    ordinarie = p.manifest["leveranstyp"] == "ordinarie"
    out = {
        "eb_hushall": [own_hushall(r, ordinarie, vuxna[home(r)], barn[home(r)]) for r in p.rows.get("eb_hushall", [])],
        "eb_person": [
            own_person(r, r["period"], p.manifest["skyddade_deklarerade"]) for r in p.rows.get("eb_person", [])
        ],
        "eb_avslut": [own_avslut(r, received) for r in p.rows.get("eb_avslut", [])],
    }
    across(p.rows.get("eb_person", []), out["eb_person"])
    for dataset, found in out.items():
        keys = [tuple(r[c] for c in KEYS[dataset]) for r in p.rows.get(dataset, [])]
        seen = Counter(keys)
        for key, rules in zip(keys, found, strict=True):
            if seen[key] > 1 and all(key):
                rules.add("GEN-12")
    return out


def cascade(p: Package, rules: dict[str, list[set[str]]]) -> None:
    """EB-14: rows whose household is missing or set aside."""
    households = p.rows.get("eb_hushall", [])
    known = {home(r) for r in households}
    aside = {home(r) for r, f in zip(households, rules["eb_hushall"], strict=True) if f - WARNINGS}
    for dataset, lost in (("eb_person", True), ("eb_avslut", False)):
        for r, f in zip(p.rows.get(dataset, []), rules[dataset], strict=True):
            if home(r) in aside or (lost and home(r) not in known):
                f.add("EB-14")


def gate(p: Package) -> None:
    """Row rules, cascade, protection and escalation of one package."""
    rules = row_rules(p)
    cascade(p, rules)
    protected = {r["hushall_id"] for r in p.rows.get("eb_person", []) if r["skyddad"] == "1"}
    for dataset, found in rules.items():
        p.loaded[dataset], p.ends[dataset] = [], Counter()
        for r, f in zip(p.rows.get(dataset, []), found, strict=True):
            p.fell.update((dataset, rule) for rule in f)
            end = "i_karantan" if f - WARNINGS else "skyddade" if r["hushall_id"] in protected else "lasta"
            p.ends[dataset][end] += 1
            p.skyddade[dataset, r["period"]] += end == "skyddade"
            if end == "lasta":
                p.loaded[dataset].append(r)
    p.rule = escalation(p)


def escalation(p: Package) -> str:
    for rule, share in (("GEN-10", 0.01), ("GEN-12", 0.01), ("GEN-14", 0.005)):
        if any(p.fell[rule_of] >= 10 and p.fell[rule_of] > share * p.count(d) for d in KEYS for rule_of in [(d, rule)]):
            return rule
    return ""


def free_text(p: Package, dataset: str) -> bool:
    known = systemfiler.names(p.profil, dataset)
    for place, name in enumerate(p.header[dataset]):
        if known[name] in {"personnummer", *TYPED}:
            continue
        if written({line[place] for line in p.delivered[dataset]}):
            return True
    return False


def package_rule(p: Package) -> str:
    for f in p.manifest["filer"]:
        data = p.members[f["namn"]]
        if hashlib.sha256(data).hexdigest() != f["sha256"] or f["antal_rader"] != p.count(f["dataset"]):
            return "GEN-01"
    for dataset, header in p.header.items():
        if sorted(header) != sorted(systemfiler.names(p.profil, dataset)):
            return "GEN-04"
    if any(free_text(p, dataset) for dataset in p.header):
        return "GEN-08"
    rows = [r for found in p.rows.values() for r in found]
    if any((r["kommun_kod"], r["stadsdel_kod"]) != (p.kommun, p.stadsdel) for r in rows):
        return "GEN-02"
    return "GEN-03" if any(r["period"] not in p.months for r in rows) else ""


def own_verdicts(packages: list[Package]) -> None:
    """What can be said of a sender's packages without the months before: in the order received."""
    seen: set[tuple[str, int]] = set()
    for p in packages:
        p.rule = "GEN-24" if (p.period, p.version) in seen else package_rule(p)
        seen.add((p.period, p.version))
        if not p.rule and p.yearly and p.silent():
            p.rule = "GEN-05"
        if not p.rule:
            gate(p)


def highest(packages: list[Package], period: str) -> Package | None:
    approved = [p for p in packages if p.period == period and not p.rule]
    return max(approved, key=lambda p: p.version, default=None)


def judge_sender(packages: list[Package]) -> dict[str, Package]:
    """The package in force of each month: an approved year before all versions of its months."""
    own_verdicts(packages)
    force: dict[str, Package] = {}
    before: tuple[Package, str] | None = None
    for month in sorted({m for p in packages for m in p.months}):
        for p in (p for p in packages if p.period == month and not p.rule):
            if before and any(before[0].count(d, before[1]) for d in p.silent()):
                p.rule = "GEN-05"
        current = highest(packages, month[:4]) or highest(packages, month)
        if current:
            force[month], before = current, (current, month)
    return force


def receive(folder: Path) -> tuple[list[Package], dict[str, Month]]:
    """All distinct packages of a municipality, judged, and what is in force per month."""
    unique: dict[Any, Package] = {}
    for p in sorted((Package(x) for x in folder.iterdir()), key=lambda p: p.received):
        unique.setdefault(p.identity, p)
    packages = list(unique.values())
    months: dict[str, Month] = {}
    for part in sorted({p.stadsdel for p in packages}):
        for month, p in judge_sender([p for p in packages if p.stadsdel == part]).items():
            needed = {x.stadsdel for x in packages if x.period[:4] == month[:4]}
            months.setdefault(month, Month(month, needed)).of[part] = p
    return packages, dict(sorted(months.items()))


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not (SEEDS / "befolkning.csv").exists():
        pytest.skip("referensfrön saknas")
    home = tmp_path_factory.mktemp("demo")
    write_demo(home, kommuner=12, manader=36, skala=0.07, fro=3, workers=1)
    return home


@pytest.fixture(scope="session")
def read(demo: Path) -> dict[str, tuple[list[Package], dict[str, Month]]]:
    return {folder.name: receive(folder) for folder in sorted((demo / "inbox").iterdir())}
