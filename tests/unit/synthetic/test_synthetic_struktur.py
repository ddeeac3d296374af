"""The demo's structure: stadsdelar, years sent again, files cut short, confirmed empties.

Belongs here: that each of them is there and ends as the reference says. Does not belong here: agreement row by row
(test_synthetic_text).
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow.parquet as pq
import pytest

from pipelines.synthetic import write_demo

MALMO = "1280"
DATASETS = ("eb_hushall", "eb_person", "eb_avslut")
Read = dict[str, tuple[list[Any], dict[str, Any]]]


def plan(demo: Path) -> dict[str, Any]:
    return json.loads((demo / "demo" / "plan.json").read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def facit(demo: Path, name: str) -> list[dict[str, Any]]:
    return pq.read_table(demo / "demo" / "facit" / f"{name}.parquet").to_pylist()


def yearly(read: Read) -> list[Any]:
    return [p for packages, _ in read.values() for p in packages if p.yearly]


def malmo(demo: Path, indikator: str, period: str) -> dict[str, Any]:
    """Malmö's value that is not divided."""
    where = {"geo_kod": MALMO, "indikator_id": indikator, "period": period, "uppdelning": "-"}
    path = demo / "demo" / "facit" / "indikatorvarde.parquet"
    (row,) = pq.read_table(path, filters=[(name, "=", value) for name, value in where.items()]).to_pylist()
    return row  # type: ignore[no-any-return]


def test_each_stadsdel_is_a_sender_of_its_own(read: Read) -> None:
    packages, _ = read[MALMO]
    assert {p.stadsdel for p in packages} == {"01", "02", "03"}
    assert all(f"_s{p.stadsdel}" in p.namn for p in packages)
    assert all(p.stadsdel == "" for kommun, (sent, _) in read.items() if kommun != MALMO for p in sent)
    assert len({tuple(p.received for p in packages if p.stadsdel == s and not p.yearly) for s in ("01", "02")}) == 2


def test_a_month_that_one_stadsdel_misses_is_not_approved_though_the_others_came(demo: Path, read: Read) -> None:
    _, force = read[MALMO]
    partial = [m for m, month in force.items() if month.needed - set(month.of)]
    assert partial
    assert all(month.of and not month.datasets() for m, month in force.items() if m in partial)
    value = malmo(demo, "EB07", partial[0])
    assert (value["status"], value["taljare"]) == ("ej_rapporterad", None)


def test_a_month_is_in_time_only_when_the_last_stadsdel_is(demo: Path, read: Read) -> None:
    packages, force = read[MALMO]
    zone, late = ZoneInfo("Europe/Stockholm"), set()
    for m in range(36):
        month = f"{2017 + m // 12}-{m % 12 + 1:02d}"
        limit = datetime(2017 + (m + 1) // 12, (m + 1) % 12 + 1, 16, tzinfo=zone).timestamp()
        sent = [p for p in packages if month in p.months and not p.rule]
        in_time = {p.stadsdel for p in sent if p.received < limit}
        if force[month].datasets() == set(DATASETS) and in_time and in_time < {"01", "02", "03"}:
            late.add(month)
    assert late
    assert [malmo(demo, "SU01", month)["taljare"] for month in sorted(late)] == [0] * len(late)


def test_a_household_moves_between_stadsdelar_only_between_years(read: Read) -> None:
    """Seen of the applicants: most stay, some are found in another stadsdel the year after."""
    where: dict[str, dict[str, set[str]]] = {}
    for p in (p for p in read[MALMO][0] if not p.yearly and not p.rule):
        for r in p.rows.get("eb_person", []):
            if r["roll_kod"] == "sokande" and r["id_typ"] == "pnr":
                where.setdefault(r["personnummer"], {}).setdefault(r["period"][:4], set()).add(r["stadsdel_kod"])
    pairs = [(y["2017"], y["2018"]) for y in where.values() if {"2017", "2018"} <= set(y)]
    moved = sum(a != b for a, b in pairs)
    assert 0 < moved < 0.2 * len(pairs)


def test_an_approved_year_outranks_a_later_correction_of_one_of_its_months(read: Read) -> None:
    beaten = 0
    for packages, force in read.values():
        for year in (p for p in packages if p.yearly and not p.rule):
            later = [p for p in packages if p.stadsdel == year.stadsdel and p.period in year.months and not p.rule]
            for p in (p for p in later if p.received > year.received):
                assert force[p.period].of[p.stadsdel].yearly
                beaten += p.version > 1
    assert beaten


def test_a_year_gives_months_that_never_came_and_comes_early_or_late(read: Read) -> None:
    given, early = 0, Counter()
    for packages, force in read.values():
        for year in (p for p in packages if p.yearly and not p.rule):
            sent = {p.period for p in packages if p.stadsdel == year.stadsdel and not p.yearly}
            given += sum(m not in sent and force[m].of[year.stadsdel].yearly for m in year.months)
            early[
                year.received < datetime(int(year.period) + 1, 1, 31, tzinfo=ZoneInfo("Europe/Stockholm")).timestamp()
            ] += 1
    assert given
    assert len(early) == 2


def test_years_are_stopped_for_a_month_forgotten_and_for_a_foreign_row_and_then_sent_again(read: Read) -> None:
    rules = Counter(p.rule for p in yearly(read))
    assert {"GEN-05", "GEN-02"} <= set(rules)
    assert rules[""] >= 4
    stopped = {(p.kommun, p.stadsdel, p.period) for p in yearly(read) if p.rule == "GEN-05"}
    assert {(p.kommun, p.stadsdel, p.period) for p in yearly(read) if p.version == 2 and not p.rule} & stopped


def test_empty_months_of_a_year_are_confirmed_one_by_one_and_an_empty_package_as_a_whole(read: Read) -> None:
    confirmed = [name for p in yearly(read) if not p.rule for name in p.manifest["nolleverans"]]
    assert {name.split("/")[0] for name in confirmed} == set(DATASETS)
    assert all(len(name.split("/")[1]) == 7 for name in confirmed)
    packages = [p for sent, _ in read.values() for p in sent]
    assert any(
        not p.manifest["filer"] and set(p.manifest["nolleverans"]) == set(DATASETS) and not p.rule for p in packages
    )


def test_zero_amounts_stand_in_years_too(read: Read) -> None:
    amounts = [r["belopp_kr"] for p in yearly(read) if not p.rule for r in p.loaded["eb_hushall"]]
    assert any(float(a.replace(",", ".")) == 0 for a in amounts)


def test_a_file_cut_short_is_told_by_the_manifest(read: Read) -> None:
    cut = [
        (p, f)
        for packages, _ in read.values()
        for p in packages
        for f in p.manifest["filer"]
        if f["antal_rader"] > p.count(f["dataset"]) and f["dataset"] == "eb_person"
    ]
    assert cut
    assert all(p.rule == "GEN-01" and 0 < p.count("eb_person") < f["antal_rader"] for p, f in cut)
    assert all(p.members[f["namn"]].endswith(b"\n") for p, f in cut)


def test_a_silent_cut_is_approved_and_differs_only_from_the_year_before(demo: Path) -> None:
    """Its manifest is right in all; half of the rows of the same month last year are missing."""
    rows = {
        (r["kommun_kod"], r["stadsdel_kod"], r["dataset"], r["period"]): r["mottagna"] for r in facit(demo, "i_kraft")
    }
    halved = []
    for (kommun, part, dataset, period), n in rows.items():
        before = rows.get((kommun, part, dataset, f"{int(period[:4]) - 1}{period[4:]}"), 0)
        if dataset == "eb_hushall" and before >= 40 and n < 0.65 * before:
            halved.append((kommun, part, period, n / before))
    assert plan(demo)["antal"]["forlopp"]["tyst_avkortad"] >= 1
    assert [ratio for *_, ratio in halved if ratio > 0.3]


def test_the_years_sent_again_do_not_swell_the_demo(tmp_path: Path) -> None:
    """At most six rows of a hundred where many municipalities send."""
    write_demo(tmp_path, kommuner=100, manader=36, skala=0.01, fro=2, workers=1)
    again: Counter[bool] = Counter()
    for r in facit(tmp_path, "leverans"):
        again[len(r["period"]) == 4] += r["mottagna"]
    assert 0.01 < again[True] / again[False] < 0.06
    share = len({k for k, *_ in plan(tmp_path)["slutliga"]}) / 100
    assert share == pytest.approx(0.12, abs=0.01)
