"""The simulated deliveries hold the cases that tell a right gate from one that is nearly right.

Belongs here: that both sides of each limit were delivered, by the plain reading of the packages. Does not belong here:
how often a rule falls (test_synthetic_text) and single rows (test_synthetic_regler).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow.parquet as pq

from tests.support import systemfiler

ZONE = ZoneInfo("Europe/Stockholm")
Row = dict[str, str]


def rows(read: dict[str, Any], dataset: str, stopped: bool = False) -> Iterator[tuple[Any, Row]]:
    """Rows of packages that were let in (or of all)."""
    packages = (p for found, _ in read.values() for p in found if stopped or not p.rule)
    return ((p, r) for p in packages for r in p.rows.get(dataset, []))


def test_every_system_and_every_encoding_delivers(read: dict[str, Any]) -> None:
    found = {
        (p.profil, f["teckenkodning"]) for packages, _ in read.values() for p in packages for f in p.manifest["filer"]
    }
    assert found >= {
        ("kanonisk", "utf-8"),
        ("kanonisk", "cp1252"),
        ("kanonisk", "utf-8-sig"),
        ("pahittad_alfa", "cp1252"),
        ("pahittad_beta", "utf-8-sig"),
        ("pahittad_gamma", "utf-8"),
    }
    assert all(len({p.profil for p in packages}) == 1 for packages, _ in read.values())


def test_amounts_stand_at_sixty_thousand_and_one_ore_above(read: dict[str, Any]) -> None:
    amounts = Counter(r["belopp_kr"] for _, r in rows(read, "eb_hushall"))
    assert amounts["60000,00"]
    assert amounts["60000,01"]


def test_closings_lie_exactly_four_months_back_and_a_day_more(read: dict[str, Any]) -> None:
    found = set()
    for _, r in rows(read, "eb_avslut"):
        try:
            day = date.fromisoformat(r["avslut_datum"])
        except ValueError:
            continue
        year, month = map(int, r["period"].split("-"))
        first = date(year - (month <= 4), (month - 5) % 12 + 1, 1)
        found.add((day - first).days)
    assert found >= {0, -1}


def test_children_turn_eighteen_on_the_last_of_a_month_and_the_first_of_the_next(read: dict[str, Any]) -> None:
    found = set()
    for _, r in rows(read, "eb_person"):
        number = r["personnummer"]
        if r["roll_kod"] == "barn" and r["id_typ"] == "pnr" and number.isdigit() and len(number) == 12:
            year, month = map(int, r["period"].split("-"))
            after = date(year + month // 12, month % 12 + 1, 1)
            birthday = number[4:8]
            if int(number[:4]) + 18 == (after - timedelta(days=1)).year and birthday == f"{after:%m%d}":
                found.add("first")
            if int(number[:4]) + 18 == year and birthday == f"{after - timedelta(days=1):%m%d}":
                found.add("last")
    assert found == {"first", "last"}


def test_packages_come_in_the_last_second_and_the_first_too_late(read: dict[str, Any]) -> None:
    found = set()
    for packages, _ in read.values():
        for p in (p for p in packages if "-" in p.period):
            year, month = map(int, p.period.split("-"))
            limit = datetime(year + month // 12, month % 12 + 1, 16, tzinfo=ZONE).timestamp()
            found.add((p.received - limit, p.late))
    assert found >= {(-1, False), (0, True)}


def test_free_text_of_every_kind_and_what_comes_close(demo: Path, read: dict[str, Any]) -> None:
    stopped = Counter(p.rule for packages, _ in read.values() for p in packages)
    assert stopped["GEN-08"] >= 6
    cells = {c for _, r in rows(read, "eb_hushall") for c in r.values()}
    assert {len(c.removeprefix(systemfiler.UNKNOWN)) for c in cells} >= {64}
    ten = [c for c in cells if c.isdigit() and len(c) == 10]
    assert len(ten) >= 4


def test_protected_persons_are_declared_and_once_they_are_not(read: dict[str, Any]) -> None:
    found = Counter(
        (p.manifest["skyddade_deklarerade"], p.fell["eb_person", "GEN-09"] > 0) for p, _ in rows(read, "eb_person")
    )
    assert found[True, False]
    assert found[False, True]
    assert not found[True, True]


def test_about_half_a_percent_of_the_rows_are_broken_in_many_ways(demo: Path) -> None:
    facit = demo / "demo" / "facit"
    ends = [r for r in pq.read_table(facit / "leverans.parquet").to_pylist() if r["status"] == "godkand"]
    share = sum(r["i_karantan"] for r in ends) / sum(r["mottagna"] for r in ends)
    assert 0.003 < share < 0.007
    rules = {r["regel_id"] for r in pq.read_table(facit / "regelutfall.parquet").to_pylist()}
    plan = json.loads((demo / "demo" / "plan.json").read_text(encoding="utf-8"))
    assert len(rules) >= 18
    assert rules <= set(plan["regler_i_facit"])
