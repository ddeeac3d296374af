"""Properties of the simulated society, its files and the sums of the truth.

Belongs here: what must hold for any seed. Does not belong here: row by row agreement (test_synthetic_text).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from pipelines.synthetic import write_demo
from pipelines.synthetic.mal import levels, read_reference
from pipelines.synthetic.nummer import luhn_digit, number, slots
from pipelines.synthetic.parametrar import parametrar
from pipelines.synthetic.plan import FORLOPP, STOPP, choose
from pipelines.synthetic.samhalle import simulate
from pipelines.synthetic.slutlig import SLUTLIGA, WANTED

RATIOS = ("EB07", "EB08")
Z2 = 1.959963984540054**2


def fingerprint(home: Path) -> dict[str, str]:
    return {
        str(p.relative_to(home)): hashlib.sha256(p.read_bytes()).hexdigest()
        + str(int(p.stat().st_mtime) * ("inbox" in p.parts))
        for p in sorted(home.rglob("*"))
        if p.is_file()
    }


def facit(demo: Path, name: str) -> list[dict[str, Any]]:
    return pq.read_table(demo / "demo" / "facit" / f"{name}.parquet").to_pylist()


def people(read: dict[str, Any]) -> list[tuple[str, dict[str, str]]]:
    return [(k, r) for k, (packages, _) in read.items() for p in packages for r in p.rows.get("eb_person", [])]


def test_the_same_seed_gives_the_same_bytes_whatever_the_workers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.synthetic.demo.SMALL", 0)
    given = {"kommuner": 5, "manader": 13, "skala": 0.03, "fro": 7}
    summaries = [write_demo(tmp_path / str(w), workers=w, **given) for w in (1, 2)]
    assert summaries[0] == summaries[1]
    assert fingerprint(tmp_path / "1") == fingerprint(tmp_path / "2")
    names = {path.name for path in (tmp_path / "1" / "inbox").glob("*/*")}
    assert {"eb_2018-01_s01.zip", "eb_2018-01.zip"} <= names
    assert any(name.startswith("eb_2017") and len(name.split("_")[1].removesuffix(".zip")) == 4 for name in names)
    write_demo(tmp_path / "other", workers=1, **{**given, "fro": 8})
    assert fingerprint(tmp_path / "1") != fingerprint(tmp_path / "other")


def test_writing_again_replaces_and_leaves_nothing_half_done(tmp_path: Path) -> None:
    for _ in range(2):
        write_demo(tmp_path, kommuner=2, manader=3, skala=0.1, workers=1)
    assert not (tmp_path / "demo" / ".tmp").exists()
    assert (tmp_path / "demo" / "plan.json").exists()


def test_persons_carry_numbers_of_the_test_series_only(read: dict[str, Any]) -> None:
    twelve = re.compile("[0-9]{12}")
    own = [
        r["personnummer"] for _, r in people(read) if r["id_typ"] != "reserv" and twelve.fullmatch(r["personnummer"])
    ]
    assert own
    assert all(980 <= int(n[8:11]) <= 999 for n in own)
    reserve = {r["personnummer"] for _, r in people(read) if r["id_typ"] == "reserv"}
    assert all(n[0] == "R" and n[1:].isdigit() for n in reserve)


def test_check_digit_sex_and_kind_of_numbers() -> None:
    assert luhn_digit(np.array([811218987])).tolist() == [6]
    year, kon = np.array([1980, 1980, 1980]), np.array([1, 2, 1])
    kind = np.array([0, 0, 1])
    texts = [str(n) for n in number(year, slots(year, kon, kind), kon, kind)]
    assert [int(t[10]) % 2 for t in texts] == [1, 0, 1]
    assert int(texts[2][6:8]) > 60


def test_a_number_is_one_person_within_a_municipality_and_recurs_in_others(read: dict[str, Any]) -> None:
    where = defaultdict(set)
    for kommun, r in people(read):
        where[r["personnummer"]].add(kommun)
    assert sum(len(k) > 1 for n, k in where.items() if n[:1] in "12") > 20
    assert any(len(k) > 1 for n, k in where.items() if n[:1] == "R")


def test_sound_households_have_the_members_their_type_says(read: dict[str, Any]) -> None:
    adults = {"1": 0, "3": 1, "4": 1, "5": 1, "6": 1, "7": 2, "8": 2}
    types = set()
    for packages, _ in read.values():
        for p in (p for p in packages if not p.rule and not any(rule in {"GEN-14", "GEN-25"} for _, rule in p.fell)):
            roles = defaultdict(list)
            for r in p.rows.get("eb_person", []):
                roles[r["period"], r["hushall_id"]].append(r["roll_kod"])
            for r in p.loaded["eb_hushall"]:
                typ, here = r["hushallstyp_kod"], roles[r["period"], r["hushall_id"]]
                types.add(typ)
                grown = sum(x != "barn" for x in here)  # a person row sent twice may make three of a pair
                assert typ == "9" or grown == adults[typ] or (typ in "78" and grown > 2)
                assert typ not in "357" or "barn" not in here
    assert types >= {"3", "5", "6", "8"}
    assert "2" not in types


def test_received_is_loaded_quarantined_protected_and_rejected(demo: Path) -> None:
    rows = facit(demo, "leverans")
    assert all(r["mottagna"] == r["lasta"] + r["i_karantan"] + r["skyddade"] + r["avvisade"] for r in rows)
    assert all((r["status"] == "stoppad") == (r["stoppande_regel"] is not None) for r in rows)
    assert all(r["avvisade"] == (r["mottagna"] if r["status"] == "stoppad" else 0) for r in rows)


def test_every_cell_exists_once_for_every_municipality(demo: Path) -> None:
    rows = facit(demo, "indikatorvarde")
    keys = [tuple(list(r.values())[:9]) for r in rows]
    assert len(set(keys)) == len(keys)
    per = defaultdict(set)
    for r in rows:
        per[r["geo_typ"], r["geo_kod"]].add(
            (r["indikator_id"], r["period"], r["kon_kod"], r["aldersgrupp_kod"], r["uppdelning_kod"])
        )
    assert len({frozenset(v) for (typ, _), v in per.items() if typ == "kommun"}) == 1
    assert sum(typ == "kommun" for typ, _ in per) == 290
    assert sum(typ == "lan" for typ, _ in per) == 21
    periods = {r["period"] for r in rows}
    assert {"2017", "2018", "2019", "2017-01", "2019-12"} <= periods
    assert "2020-01" not in periods


def estimate(known: dict[str, Any], kommun: str, period: str, cell: Any) -> Any:
    """A municipality's own row of one or two years before, if it counted then."""
    for back in (1, 2):
        row = known.get((kommun, f"{int(period[:4]) - back}{period[4:]}", cell))
        if row and row["status"] != "ej_rapporterad":
            return row
    return None


def test_riket_is_reported_plus_estimates(demo: Path) -> None:
    rows = [r for r in facit(demo, "indikatorvarde") if r["indikator_id"].startswith("EB")]
    known = {}
    for r in rows:
        cell = (r["indikator_id"], r["kon_kod"], r["aldersgrupp_kod"], r["uppdelning"], r["uppdelning_kod"])
        known[r["geo_kod"], r["period"], cell] = r
    kommuner = {r["geo_kod"] for r in rows if r["geo_typ"] == "kommun"}
    estimated = 0
    for (geo, period, cell), r in known.items():
        if geo != "00":
            continue
        own = [known[k, period, cell] for k in kommuner]
        counts = [x for x in own if x["status"] != "ej_rapporterad"]
        assert r["antal_kommuner_med"] == len(counts)
        if not counts:
            assert (r["status"], r["taljare"], r["imputerad_andel"]) == ("ej_rapporterad", None, None)
            continue
        guesses = [estimate(known, k, period, cell) for k in kommuner if known[k, period, cell] not in counts]
        used = counts + [g for g in guesses if g]
        estimated += any(guesses)
        assert r["taljare"] == sum(x["taljare"] for x in used)
        if r["namnare"] is not None:
            assert r["namnare"] == sum(x["namnare"] for x in used)
            guessed = sum(g["namnare"] for g in guesses if g)
            assert not r["namnare"] or r["imputerad_andel"] == pytest.approx(float(guessed / r["namnare"]))
            assert not r["namnare"] or r["varde"] == pytest.approx(float(r["taljare"] / r["namnare"]))
    assert estimated


def test_intervals_are_wilson_and_hold_the_value(demo: Path) -> None:
    shares = [r for r in facit(demo, "indikatorvarde") if r["varde"] is not None and r["indikator_id"] not in RATIOS]
    for r in shares[:: max(len(shares) // 500, 1)]:
        n, p = float(r["namnare"]), r["varde"]
        for bound in (r["ki_nedre"], r["ki_ovre"]):  # the bounds solve (p - b)^2 = z^2 b (1 - b) / n
            assert (p - bound) ** 2 == pytest.approx(Z2 * bound * (1 - bound) / n, abs=1e-9)
        assert r["ki_nedre"] - 1e-12 <= p <= r["ki_ovre"] + 1e-12


def test_a_small_demo_holds_every_course(tmp_path: Path) -> None:
    summary = write_demo(tmp_path, kommuner=12, manader=36, skala=0.03, fro=1, workers=1)
    assert set(FORLOPP) - {"stoppad_orattad", "utan_avslut_rattad"} <= set(summary.forlopp)
    assert set(list(SLUTLIGA)[:WANTED]) <= set(summary.forlopp)
    assert summary.forlopp["stoppad_rattad"] >= len(STOPP)
    plan = json.loads((tmp_path / "demo" / "plan.json").read_text(encoding="utf-8"))
    assert plan["roller"]["helt_ar"]
    assert plan["antal"]["paket"] == summary.paket


def test_stockholm_sends_only_when_everyone_does_and_malmo_when_a_few_do() -> None:
    ref = read_reference()
    sending = {n: [ref.kommuner[k] for k in choose(ref.kommuner, ref.invanare, n)] for n in (1, 4, 6, 12, 40, 289)}
    assert all(len(set(codes)) == n and "0180" not in codes for n, codes in sending.items())
    assert all("1280" in codes for n, codes in sending.items() if n >= 4)
    assert len(choose(ref.kommuner, ref.invanare, 290)) == 290


def test_published_households_are_met_at_scale_one() -> None:
    ref, par = read_reference(), parametrar()
    level = levels(ref, 12, par)
    seen = 0
    for kommun in ("0127", "1278", "2480"):
        k = ref.kommuner.index(kommun)
        society = simulate(np.rint(level[k]).astype(np.int64), np.random.default_rng(4), par)
        months = np.bincount(society.hm_t, minlength=12)
        known = ~np.isnan(ref.publicerat[k]).any(axis=0)
        published = ref.publicerat[k].sum(axis=0)
        seen += int(known.sum())
        assert np.allclose(months[known], published[known], rtol=0.01, atol=1)
    assert seen > 12


def test_nothing_is_sent_before_the_first_deadline(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="frist"):
        write_demo(tmp_path, kommuner=2, manader=3, asof=date(2017, 2, 15), workers=1)
    assert write_demo(tmp_path, kommuner=2, manader=3, skala=0.1, asof=date(2017, 2, 16), workers=1).manader == 1
