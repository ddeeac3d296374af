"""The truth against the delivered bytes: the plain reader of the packages must reach the same answers.

Belongs here: packages, rules, protected households and the municipalities' values. Does not belong here: sums
over län and riket, nor properties of the society (test_synthetic).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime
from itertools import product
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow.parquet as pq

ZONE = ZoneInfo("Europe/Stockholm")
DATASETS = ("eb_hushall", "eb_person", "eb_avslut")
GROUP = {"1": "arbetsloshet", "2": "ohalsa", "3": "ohalsa", "4": "sociala_skal"}
FIRST = ("EB01", "EB04", "EB07", "EB09")  # the others are recounted in test_synthetic_indikatorer
Row = dict[str, str]


def person_months(force: dict[str, Any]) -> tuple[Counter[str], dict[tuple[str, str], dict[str, Row]]]:
    """Amount in öre per period, and per (year, person) its row of each period with aid."""
    amounts: Counter[str] = Counter()
    people: dict[tuple[str, str], dict[str, Row]] = defaultdict(dict)
    order = {"sokande": 0, "medsokande": 1, "barn": 2}
    for period, p in force.items():
        aid = set()
        for r in p.loaded("eb_hushall"):
            ore = round(float(r["belopp_kr"].replace(",", ".")) * 100)
            amounts[period] += ore
            if ore > 0:
                aid.add((r["stadsdel_kod"], r["hushall_id"]))
        rows = p.loaded("eb_person")
        for r in sorted(rows, key=lambda r: (order[r["roll_kod"]], r["hushall_id"], r["stadsdel_kod"])):
            if (r["stadsdel_kod"], r["hushall_id"]) in aid:
                people[period[:4], r["personnummer"]].setdefault(period, r)
    return amounts, people


def hinder_group(code: str) -> str:
    return "okand" if code in {"", "FH99"} else GROUP.get(code[2], "ovrigt")


def describe(year: str, rows: dict[str, Row]) -> tuple[str, str, str, str, int, int]:
    """Sex, age group, origin, hinder group ('' = none), months unknown, months as adult applicant."""
    any_row = next(iter(rows.values()))
    n = any_row["personnummer"]
    reserv = any_row["id_typ"] == "reserv"
    kon = any_row["kon_kod"] if reserv else ("1" if int(n[10]) % 2 else "2")
    age = int(year) - int(any_row["fodelsear"] if reserv else n[:4])
    group = "0-17" if age < 18 else "18-24" if age < 25 else "25-64" if age < 65 else "65+"
    origin = [r["fodd_utrikes"] for _, r in sorted(rows.items()) if r["fodd_utrikes"]]
    own = [r for r in rows.values() if r["roll_kod"] != "barn" and age >= 18]
    hinder = Counter(hinder_group(r["forsorjningshinder_kod"]) for r in own)
    ranked = ("arbetsloshet", "ohalsa", "sociala_skal", "ovrigt")
    best = max(ranked, key=lambda g: (hinder[g], -ranked.index(g)))
    chosen = "" if not own else best if hinder[best] else "okand"
    return kon, group, origin[-1] if origin else "9", chosen, hinder["okand"], len(own)


def kommun_cells(force: dict[str, Any]) -> tuple[Counter[Any], Counter[Any]]:
    """(indicator, period, kon, alder, uppdelning, kod) -> numerator, and denominators of EB04 and EB09."""
    amounts, people = person_months(force)
    tal: Counter[Any] = Counter()
    nam: Counter[Any] = Counter()
    for period, ore in amounts.items():
        tal["EB07", period, "T", "T", "-", "T"] += ore
        tal["EB07", period[:4], "T", "T", "-", "T"] += ore
    for (year, _), rows in people.items():
        kon, group, origin, hinder, _, _ = describe(year, rows)
        tal["EB01", year, "T", "T", "inrikes_utrikes", origin] += 1
        for k in (kon, "T"):
            for a in (group, "T"):
                tal["EB01", year, k, a, "-", "T"] += 1
                if group != "0-17":
                    nam["EB04", year, k, a, "-", "T"] += 1
                    tal["EB04", year, k, a, "-", "T"] += len(rows) >= 10
            if hinder:
                tal["EB09", year, k, "T", "forsorjningshinder", hinder] += 1
                nam["EB09", year, k] += 1
    return tal, nam


def facit(demo: Path, name: str) -> list[dict[str, Any]]:
    return pq.read_table(demo / "demo" / "facit" / f"{name}.parquet").to_pylist()


def test_every_package_ends_as_the_truth_says(demo: Path, read: dict[str, Any]) -> None:
    got = {}
    for kommun, (packages, _) in read.items():
        for p in packages:
            for dataset in p.datasets():
                n = p.count(dataset)
                ends = p.ends.get(dataset, Counter())
                rest = (0, 0, 0, n) if p.rule else (ends["lasta"], ends["i_karantan"], ends["skyddade"], 0)
                got[kommun, p.namn, dataset] = (p.stadsdel, p.period, p.version, p.rule or None, n, *rest)
    want = {
        (r["kommun_kod"], r["paket_namn"], r["dataset"]): (
            r["stadsdel_kod"], r["period"], r["version"], r["stoppande_regel"], r["mottagna"],
            r["lasta"], r["i_karantan"], r["skyddade"], r["avvisade"],
        )
        for r in facit(demo, "leverans")
    }  # fmt: skip
    assert got == want
    assert {v[3] for v in want.values()} >= {None, *(f"GEN-0{n}" for n in (1, 2, 3, 4, 5, 8)), "GEN-24"}


def test_every_rule_falls_as_often_as_the_truth_says(demo: Path, read: dict[str, Any]) -> None:
    got = {
        (kommun, p.namn, dataset, rule): n
        for kommun, (packages, _) in read.items()
        for p in packages
        if not p.rule
        for (dataset, rule), n in [*p.fell.items(), *([((None, "GEN-06"), 0)] if p.late else [])]
    }
    want = {
        (r["kommun_kod"], r["paket_namn"], r["dataset"], r["regel_id"]): r["antal_rader"]
        for r in facit(demo, "regelutfall")
    }
    assert got == want
    assert {key[3] for key in want} >= {"GEN-10", "GEN-12", "GEN-25", "EB-03", "EB-14", "EB-15"}
    assert {key[3] for key in want} >= {"GEN-06", "GEN-09", "GEN-11", "GEN-13", "EB-05", "EB-08", "EB-09", "EB-10"}


def test_what_is_in_force_is_the_truths_with_its_rows(demo: Path, read: dict[str, Any]) -> None:
    got = {
        (kommun, part, dataset, period): (p.namn, p.count(dataset, period))
        for kommun, (_, force) in read.items()
        for period, month in force.items()
        for part, p in month.of.items()
        for dataset in p.datasets()
    }
    rows = facit(demo, "i_kraft")
    want = {
        (r["kommun_kod"], r["stadsdel_kod"], r["dataset"], r["period"]): (r["paket_namn"], r["mottagna"]) for r in rows
    }
    assert got == want
    assert len(rows) == len(want)
    assert any(len(name.split("_")[1]) == 4 for name, _ in want.values())


def test_protected_households_are_counted_for_riket(demo: Path, read: dict[str, Any]) -> None:
    got: dict[str, Counter[str]] = defaultdict(Counter)
    for _, force in read.values():
        for (period, month), dataset in product(force.items(), ("eb_hushall", "eb_person")):
            got[period][dataset] += sum(p.skyddade[dataset, period] for p in month.of.values())
    rows = facit(demo, "skyddade")
    assert [(r["antal_hushall"], r["antal_personer"]) for r in rows] == [
        (got[r["period"]]["eb_hushall"], got[r["period"]]["eb_person"]) for r in rows
    ]
    assert sum(r["antal_personer"] for r in rows) > 0


def test_indicator_values_of_each_municipality(demo: Path, read: dict[str, Any]) -> None:
    cells = {kommun: kommun_cells(force) for kommun, (_, force) in read.items()}
    counted = 0
    for r in facit(demo, "indikatorvarde"):
        if r["geo_typ"] != "kommun" or r["indikator_id"] not in FIRST:
            continue
        kommun, period = r["geo_kod"], r["period"]
        force = read[kommun][1] if kommun in read else {}
        needed = [period] if len(period) == 7 else [f"{period}-{m:02d}" for m in range(1, 13)]
        datasets = {"eb_hushall"} if r["indikator_id"] == "EB07" else {"eb_hushall", "eb_person"}
        if not all(m in force and datasets <= force[m].datasets() for m in needed):
            assert (r["status"], r["taljare"], r["namnare"]) == ("ej_rapporterad", None, None)
            continue
        counted += 1
        key = (
            r["indikator_id"],
            period,
            r["kon_kod"],
            r["aldersgrupp_kod"],
            r["uppdelning"],
            r["uppdelning_kod"],
        )
        tal, nam = cells[kommun]
        assert float(r["taljare"]) == tal[key] / (100 if r["indikator_id"] == "EB07" else 1), key
        if r["indikator_id"] == "EB04":
            assert float(r["namnare"]) == nam[key]
        if r["indikator_id"] == "EB09":
            assert float(r["namnare"]) == nam["EB09", period, r["kon_kod"]]
    assert counted > 500


def test_punctuality_and_coverage_of_each_month(demo: Path, read: dict[str, Any]) -> None:
    in_time = Counter()
    for kommun, (packages, _) in read.items():
        done = set()
        for p, month in ((sent, month) for sent in packages for month in sent.months):
            y, m = int(month[:4]), int(month[5:])
            limit = datetime(y + m // 12, m % 12 + 1, 16, tzinfo=ZONE).timestamp()
            done |= {(p.stadsdel, month, d) for d in p.datasets() if not p.rule and p.received < limit}
        for month, d in {key[1:] for key in done}:
            parts = {p.stadsdel for p in packages if p.period[:4] == month[:4]}
            in_time[kommun, month, d] = int(all((part, month, d) in done for part in parts))
    for r in facit(demo, "indikatorvarde"):
        if r["indikator_id"] == "SU01" and r["geo_typ"] == "kommun":
            wanted = [r["uppdelning_kod"]] if r["uppdelning"] == "dataset" else list(DATASETS)
            assert r["taljare"] == sum(in_time[r["geo_kod"], r["period"], d] for d in wanted)
            assert r["namnare"] == len(wanted)
