"""The simulated children: the same bytes for the same seed, published totals, and a truth that adds up.

Belongs here: what must hold of the yearly deliveries and their truth as a whole. Does not belong here: cases worked by
hand (test_barn_fall).
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import zipfile
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow.parquet as pq
import pytest

from pipelines.synthetic import write_demo
from pipelines.synthetic.arsvis.avsandare import avsandare
from pipelines.synthetic.arsvis.folk import befolkning
from pipelines.synthetic.arsvis.parametrar import parametrar
from pipelines.synthetic.arsvis.tal import ars_dagar
from pipelines.synthetic.barn.koder import BARN, EGET, KALLOR, LVU_6, LVU_VARD, SOL
from pipelines.synthetic.barn.samhalle import ALDERSGRANSER, simulera
from pipelines.synthetic.mal import SEEDS, read_reference

GIVEN: dict[str, Any] = {"kommuner": 14, "manader": 36, "skala": 0.05, "fro": 3, "asof": date(2020, 6, 1), "workers": 1}
BU = {f"BU{n:02d}" for n in range(1, 22)} | {"SU03", "SU04"}
MANGDER = tuple(dataset for datasets in KALLOR.values() for dataset in datasets)
PUBLISHED = {SOL: 22_333, LVU_VARD: 6_983, LVU_6: 2_636}
TOLERANCE, ALL_CHILDREN = 0.08, 28_700


def fingerprint(home: Path) -> dict[str, str]:
    return {
        str(p.relative_to(home)): hashlib.sha256(p.read_bytes()).hexdigest() + str(int(p.stat().st_mtime))
        for p in sorted((home / "inbox").rglob("*"))
        if p.is_file()
    }


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("barn")
    write_demo(folder, barn=True, **GIVEN)
    return folder


def facit(home: Path, name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(home / "demo" / "facit" / f"{name}.parquet").to_pylist()
    return rows


@pytest.fixture(scope="module")
def values(home: Path) -> duckdb.DuckDBPyConnection:
    """The truth's values of children as `varde`."""
    db = duckdb.connect()
    path = home / "demo" / "facit" / "indikatorvarde.parquet"
    names = ", ".join(f"'{name}'" for name in sorted(BU))
    db.execute(f"create table varde as select * from '{path}' where indikator_id in ({names})")
    return db


def one(db: duckdb.DuckDBPyConnection, column: str, where: str = "true") -> set[Any]:
    """The distinct values of a column."""
    return {value for (value,) in db.execute(f"select distinct {column} from varde where {where}").fetchall()}


def test_the_same_seed_gives_the_same_bytes_and_leaves_the_other_source_alone(tmp_path: Path) -> None:
    given = {**GIVEN, "kommuner": 4, "manader": 12, "skala": 0.03}
    home = tmp_path / "med"
    write_demo(home, barn=True, **given)
    write_demo(tmp_path / "igen", barn=True, **given)
    write_demo(tmp_path / "utan", **given)
    whole = fingerprint(home)
    assert whole == fingerprint(tmp_path / "igen")
    alone = fingerprint(tmp_path / "utan")
    assert {path: whole[path] for path in alone} == alone
    assert {Path(path).name.split("_")[0] for path in set(whole) - set(alone)} >= set(KALLOR)
    for name in ("leverans", "indikatorvarde", "i_kraft"):
        both, other = (pq.read_table(h / "demo" / "facit" / f"{name}.parquet") for h in (home, tmp_path / "utan"))
        assert both.slice(0, other.num_rows).equals(other)


@pytest.mark.parametrize("fro", [1, 2])
def test_a_year_at_real_size_is_near_the_published_totals(fro: int) -> None:
    ref, par = read_reference(), parametrar("barn")
    nowhere = np.zeros(len(ref.kommuner), dtype=bool)
    soc = simulera(
        ref, befolkning(SEEDS, ref, (0, *ALDERSGRANSER)), avsandare(ref, {}), range(2017, 2020), 1.0, fro, par, nowhere
    )
    p = soc.placering
    for year in soc.ar:
        jan, dec = ars_dagar(year)
        there = (p["start"] <= dec) & (p["slut"] >= jan) & (p["form"] != EGET)
        kind, barn = soc.insats["typ"][p["insats"][there]], p["barn"][there]
        assert len(np.unique(barn)) == pytest.approx(ALL_CHILDREN, rel=TOLERANCE)
        for code, number in PUBLISHED.items():
            assert len(np.unique(barn[kind == code])) == pytest.approx(number, rel=TOLERANCE)


def packages(home: Path) -> list[tuple[dict[str, Any], dict[str, bytes]]]:
    out = []
    for path in sorted((home / "inbox").glob("*/*")):
        if not path.name.startswith(tuple(f"{kalla}_" for kalla in KALLOR)):
            continue
        if path.is_dir():
            members = {p.name: p.read_bytes() for p in path.iterdir()}
        else:
            with zipfile.ZipFile(path) as archive:
                members = {n: archive.read(n) for n in archive.namelist()}
        out.append((json.loads(members.pop("manifest.json")), members))
    return out


def test_children_carry_numbers_of_the_test_series_only(home: Path) -> None:
    found = set()
    for manifest, members in packages(home):
        for name, data in members.items():
            if name.endswith(".csv"):
                rows = csv.DictReader(io.StringIO(data.decode()), delimiter=";")
                found |= {r["personnummer"] for r in rows if r.get("personnummer")}
        assert manifest["kalla"] in KALLOR
    twelve = [n for n in found if re.fullmatch("[0-9]{12}", n)]
    assert len(twelve) > 100
    assert all(980 <= int(n[8:11]) <= 999 for n in twelve)
    assert all(re.fullmatch("R[0-9]{5}", n) for n in found - set(twelve))


def test_every_package_says_truly_what_it_holds_but_for_what_is_planted(home: Path) -> None:
    truth = {
        (r["kommun_kod"], r["stadsdel_kod"], r["period"], r["version"], r["dataset"]): r
        for r in facit(home, "leverans")
    }
    formats, seen = Counter(), 0
    for manifest, members in packages(home):
        for f in manifest["filer"]:
            formats[f["namn"].split(".")[-1]] += 1
            key = (manifest["kommun_kod"], manifest["stadsdel_kod"] or "", manifest["period"], manifest["version"])
            row = truth[(*key, f["dataset"])]
            honest = (
                hashlib.sha256(members[f["namn"]]).hexdigest() == f["sha256"] and row["mottagna"] == f["antal_rader"]
            )
            seen += honest
            assert honest or row["stoppande_regel"] in ("GEN-01", "GEN-24") or manifest["version"] == 1
    assert seen > 200
    assert set(formats) == {"csv", "xlsx", "xml"}


def test_received_is_loaded_quarantined_protected_and_rejected(home: Path) -> None:
    rows = [r for r in facit(home, "leverans") if r["dataset"] in MANGDER]
    assert {r["dataset"] for r in rows} == set(MANGDER)
    assert all(r["mottagna"] == r["lasta"] + r["i_karantan"] + r["skyddade"] + r["avvisade"] for r in rows)
    assert sum(r["skyddade"] for r in rows) > 0
    stops = {r["stoppande_regel"] for r in rows}
    assert stops >= {"GEN-01", "GEN-02", "GEN-03", "GEN-24", "GEN-26", "BU-01", "BU-07"}
    assert len(BARN.stopp["bu"]) == len(set(BARN.stopp["bu"]))


def test_planted_and_natural_faults_fall_on_the_rules_of_the_page(home: Path) -> None:
    fell = {r["regel_id"] for r in facit(home, "regelutfall") if r["dataset"] in MANGDER and r["antal_rader"]}
    assert fell >= {f"BU-{n:02d}" for n in (2, 3, 4, 5, 6, 11, 12, 13, 14, 15, 16, 18, 19)}
    assert fell >= {"AKT-01", "AKT-02", "AKT-03", "AKT-04", "AKT-05", "UTR-01", "UTR-02", "UTR-03", "UTR-05"}
    assert fell >= {"BBIC-01", "BBIC-03", "BBIC-04", "BBIC-05", "BBIC-06", "BBIC-07"}


def test_every_indicator_has_its_levels_pools_and_statuses(values: duckdb.DuckDBPyConnection) -> None:
    assert one(values, "indikator_id") == BU
    for level in ("kommun", "kommungrupp", "lan"):
        assert one(values, "indikator_id", f"geo_typ = '{level}'") == BU
    assert one(values, "indikator_id", "geo_typ = 'riket'") == {"BU10", "BU11", "BU12", "BU14", "BU18"}
    assert one(values, "indikator_id", "period = '2017-2019'") == BU - {"BU06", "BU11"}
    assert one(values, "geo_typ", "period = '2017-2019'") == {"kommun"}
    assert one(values, "status") == {"rapporterad", "osaker", "ej_rapporterad", "avtal_saknas", "namnare_saknas"}
    assert one(values, "geo_typ", "status = 'avtal_saknas'") == {"kommun"}
    estimated = one(values, "indikator_id", "imputerad_andel > 0")
    assert "BU10" in estimated
    assert estimated <= {"BU10", "BU12", "BU13", "BU14", "BU15", "BU18", "BU21"}


def test_the_first_year_says_nothing_of_what_needs_two(values: duckdb.DuckDBPyConnection) -> None:
    two = "period = '2017' and indikator_id in ('BU14', 'BU16', 'BU17', 'BU19', 'BU20', 'SU03', 'SU04')"
    assert one(values, "status", two) == {"ej_rapporterad", "avtal_saknas"}
    assert one(values, "indikator_id", "period = '2019' and taljare > 0") == BU


def test_the_four_classes_of_an_area_add_up_to_its_children(values: duckdb.DuckDBPyConnection) -> None:
    query = (
        "select sum(taljare), any_value(namnare), count(distinct namnare) from varde "
        "where indikator_id = 'BU20' and uppdelning = 'bbic_forandring' and taljare is not null "
        "group by geo_typ, geo_kod, period, kon_kod, split_part(uppdelning_kod, '_', 1)"
    )
    rows = values.execute(query).fetchall()
    assert len(rows) > 100
    assert any(of > 0 for _, of, _ in rows)
    assert all(total == of and different == 1 for total, of, different in rows)


def test_sexes_and_ages_add_up_and_no_law_has_more_children_than_all(values: duckdb.DuckDBPyConnection) -> None:
    query = (
        "select sum(taljare) filter (kon_kod <> 'T' and aldersgrupp_kod <> 'T'), "
        "max(taljare) filter (kon_kod = 'T' and aldersgrupp_kod = 'T' and uppdelning = '-'), "
        "max(taljare) filter (uppdelning = 'insatstyp') from varde "
        "where indikator_id = 'BU10' and taljare is not null group by geo_typ, geo_kod, period"
    )
    rows = values.execute(query).fetchall()
    assert len(rows) > 20
    assert all(parts == whole and law <= whole for parts, whole, law in rows)


def test_agreements_are_in_the_form_that_the_command_reads(home: Path) -> None:
    with (home / "demo" / "avtal.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    assert {r["andamal_kod"] for r in rows} == {"kvalitetsuppfoljning"}
    assert all(re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", r["giltig_fran"]) for r in rows)
    assert any(r["giltig_till"] for r in rows)
