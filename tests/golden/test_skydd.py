"""The protection of a whole release, and the attacks on it that must fail: small counts, totals, two releases.

Belongs here: what a reader of publik/ can see and work out, against what intern/ knows. Does not belong here: the
method itself (tests/unit/test_disclosure.py) or the truth of the indicators (test_truth.py).
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from pipelines.contracts.indicators import whole
from pipelines.contracts.protection import PUBLIC, protection
from pipelines.contracts.render import indicators
from pipelines.disclosure import ptable
from pipelines.disclosure.attack import Cell, bounds, recovered, true_counts
from tests.support.delivery import zipped
from tests.support.lager import Lager, members
from tests.support.repo import DBT

pytestmark = pytest.mark.xdist_group("golden")

P = protection()
CELL = ["kon_kod", "aldersgrupp_kod", "uppdelning", "uppdelning_kod"]
KEY = ["indikator_id", "version", "geo_typ", "geo_kod", "period", *CELL]
SIGNS = {
    "X": {"skyddad"},
    "..": {"avtal_saknas", "ej_rapporterad", "undertryckt_kvalitet"},
    ".": {"namnare_saknas", "namnare_noll"},
    "–": {"noll"},
}


def public(lager: Lager, version: str = "CURRENT") -> Path:
    return lager.home / "release" / version / "publik"


def kinds(lager: Lager) -> pd.DataFrame:
    with lager.warehouse() as db:
        return db.execute("select indikator_id, taljare_slag, namnare_slag from core.dim_indikator").df()


def counts(lager: Lager, table: pd.DataFrame) -> pd.DataFrame:
    """Every published count of persons, households, months and spells: one row per number."""
    found = table.merge(kinds(lager), on="indikator_id")
    sides = [
        found[~found[f"{side}_slag"].isin([*PUBLIC, "kronor"])].assign(del_=side, antal=lambda t, s=side: t[s])
        for side in ("taljare", "namnare")
    ]
    return pd.concat(sides).dropna(subset=["antal"])


@pytest.mark.parametrize("suffix", ["parquet", "csv"])
def test_no_count_of_one_to_four_is_in_any_public_file(lager: Lager, suffix: str) -> None:
    path = public(lager) / f"pub_indikatorvarde.{suffix}"
    table = pd.read_parquet(path) if suffix == "parquet" else pd.read_csv(path, sep=";", decimal=",", low_memory=False)
    shown = counts(lager, table)["antal"].astype(float)
    assert len(shown) > 10_000
    assert not shown.between(0.001, P["hogsta_som_aldrig_visas"]).any()
    assert (shown == shown.round()).all()
    with lager.warehouse() as db:
        small = db.execute(
            "select count(*) from indicators.fct_indikatorvarde where taljare between 1 and 4 and indikator_id < 'F'"
        ).fetchone()
    assert small is not None
    assert small[0] > 1000, "there was something to hide"


def test_other_public_files_hold_no_counts_of_people_but_the_protected_from_twenty_up(lager: Lager) -> None:
    files = {path.name for path in public(lager).glob("*.parquet")}
    # the outcome by method is of values that are in the first; a dbt test compares them one by one
    names = ("indikatorvarde", "leveransstatus", "metodutfall", "skyddade_hushall", "skyddsnytta")
    assert files == {f"pub_{name}.parquet" for name in names}, "a new one must be thought of here"
    hidden = pd.read_parquet(public(lager) / "pub_skyddade_hushall.parquet")
    assert not (hidden.filter(like="antal") < 20).any(axis=None)
    delivered = pq.read_schema(public(lager) / "pub_leveransstatus.parquet").names
    assert [name for name in delivered if name.startswith("antal")] == ["antal_delar", "antal_delar_i_kraft"]


def test_keys_and_true_numbers_stay_inside(lager: Lager) -> None:
    columns = {name for path in public(lager).glob("*.parquet") for name in pq.read_schema(path).names}
    assert not {name for name in columns if "nyckel" in name or name.endswith("_bakom") or name == "person_id"}
    words = b"".join(path.read_bytes() for path in public(lager).glob("*.csv"))
    assert b"nyckel" not in words
    with lager.warehouse() as db:
        tables = {f"{s}.{t}" for s, t in db.execute("select schema_name, table_name from duckdb_tables()").fetchall()}
        keyed = db.execute(
            "select distinct schema_name from duckdb_columns() where column_name like '%nyckel'"
        ).fetchall()
    assert not {name for name in tables if "._" in name}
    assert {"core.dim_cellnyckel", "indicators.fct_indikatorvarde"} <= tables
    assert {schema for (schema,) in keyed} <= {"core", "indicators", "referens"}


def test_everything_shown_follows_from_shown_parts(lager: Lager) -> None:
    """So a value, its interval or the estimate's part cannot carry a true count in its decimals."""
    table = pd.read_parquet(public(lager) / "pub_indikatorvarde.parquet").astype({"taljare": float, "namnare": float})
    shown = table.dropna(subset=["varde"])
    share = shown["matt"] == "andel"
    ratio = shown["taljare"] / shown["namnare"]
    assert (shown["varde"] - ratio.where(~share, ratio.clip(upper=1))).abs().max() < 1e-9
    assert table[table["varde"].isna()][["ki_nedre", "ki_ovre"]].isna().all(axis=None)
    with lager.warehouse() as db:
        true = db.execute("select * from indicators.fct_indikatorvarde").df()
    both = shown.merge(true, on=KEY, suffixes=("", "_sann")).merge(kinds(lager), on="indikator_id")
    own = both[both["namnare_slag"] == "person"]
    assert len(own) > 200
    assert (abs(own["varde"] - own["varde_sann"]) < 1e-9).mean() < 0.2, "the true share is seldom the shown one"
    part = own[(own["imputerad_andel_sann"] > 0) & (own["imputerad_andel_sann"] < 1)]
    assert (abs(part["imputerad_andel"] - part["imputerad_andel_sann"]) < 1e-9).mean() < 0.2


def test_four_signs_say_four_different_things_and_a_shown_number_has_none(lager: Lager) -> None:
    table = pd.read_parquet(public(lager) / "pub_indikatorvarde.parquet")
    found = {sign: set(rows["varde_status"]) for sign, rows in table.groupby("tecken")}
    assert set(found) == set(SIGNS)
    assert all(statuses <= SIGNS[sign] for sign, statuses in found.items())
    assert set(table[table["tecken"].isna()]["varde_status"]) == {"visas"}
    assert (table[table["varde_status"] == "noll"]["varde"] == 0).all()
    assert (table[(table["varde_status"] == "visas") & (table["matt"] != "medel")]["varde"] > 0).all()
    assert table[~table["varde_status"].isin(["noll", "visas"])]["varde"].isna().all()
    assert table[table["status"].isin(["ej_rapporterad", "undertryckt_kvalitet"])]["taljare"].isna().all()


def test_kronor_are_shown_for_thirty_households_or_more_and_only_in_thousands(lager: Lager) -> None:
    table = pd.read_parquet(public(lager) / "pub_indikatorvarde.parquet").query("indikator_id == 'EB07'")
    with lager.warehouse() as db:
        behind = db.execute(
            "select kommun_kod as geo_kod, period, antal_bakom, storsta_bakom, taljare as sann "
            "from indicators.ind_eb__belopp_per_invanare where antal_bakom > 0"
        ).df()
    found = table[table["geo_typ"] == "kommun"].merge(behind, on=["geo_kod", "period"])
    shown = found.dropna(subset=["taljare"]).astype({"taljare": float, "sann": float, "storsta_bakom": float})
    assert len(shown) > 20
    assert shown["antal_bakom"].min() >= P["minsta_antal_hushall_belopp"]
    assert (shown["storsta_bakom"] <= P["storsta_hushalls_andel_av_belopp"] * shown["sann"]).all()
    assert (shown["taljare"] % P["avrundning_belopp_kr"] == 0).all()
    assert (abs(shown["taljare"] - shown["sann"]) > P["avrundning_belopp_kr"]).mean() > 0.5, "moved, not only rounded"
    few = found[found["antal_bakom"] < P["minsta_antal_hushall_belopp"]]
    assert len(few) > 20
    assert few[few["varde_status"] != "ej_rapporterad"]["tecken"].eq("X").all()


META = [whole(meta) for _, meta in indicators(DBT / "models" / "indicators")]
MEANS = [meta for meta in META if meta["matt"] == "medel"]
POOLED = [meta for meta in META if meta["kommun_bara_pool"]]


def means(lager: Lager, meta: dict[str, Any]) -> pd.DataFrame:
    """Published means beside the true ones (`_sann`), with how far the sum was moved."""
    table = pd.read_parquet(public(lager) / "pub_indikatorvarde.parquet")
    table = table[(table["indikator_id"] == meta["indikator_id"]) & (table["matt"] == "medel")]
    with lager.warehouse() as db:
        true = db.execute("select * from indicators.fct_indikatorvarde").df()
    both = table.merge(true, on=KEY, suffixes=("", "_sann")).astype({"namnare": float, "namnare_sann": float})
    return both.assign(flyttat=(both["varde"] - both["varde_sann"]).abs() * both["namnare_sann"])


@pytest.mark.parametrize("meta", MEANS, ids=lambda meta: meta["indikator_id"])
def test_a_mean_is_of_ten_or_more_shows_no_sum_and_is_moved_no_further_than_the_table_says(
    lager: Lager, meta: dict[str, Any]
) -> None:
    both = means(lager, meta)
    shown = both.dropna(subset=["varde"])
    assert not shown.empty
    assert both["taljare"].isna().all()
    assert shown["namnare"].min() >= P["minsta_namnare_medel"]
    furthest = P["storsta_avvikelse"] * meta["medel_skala"] + 0.05 * shown["namnare_sann"] + 1e-6
    assert (shown["flyttat"] <= furthest).all()
    half = (shown["ki_ovre"] - shown["ki_nedre"]) / 2
    least = 1.96 * np.sqrt(P["varians"]) * meta["medel_skala"] / shown["namnare"]
    assert (half >= least - 1e-9).all(), "the interval counts the move"


def test_means_are_moved_and_not_only_rounded(lager: Lager) -> None:
    assert any((means(lager, meta)["flyttat"] > meta["medel_skala"] / 2).any() for meta in MEANS)


@pytest.mark.parametrize("meta", POOLED, ids=lambda meta: meta["indikator_id"])
def test_a_kommun_of_pools_only_has_no_year_and_few_events_are_hidden_at_every_level(
    lager: Lager, meta: dict[str, Any]
) -> None:
    table = pd.read_parquet(public(lager) / "pub_indikatorvarde.parquet")
    table = table[table["indikator_id"] == meta["indikator_id"]]
    assert len(table) > 0
    assert set(table[table["geo_typ"] == "kommun"]["period_typ"]) <= {"pool3"}
    side = "taljare" if meta["namnare_slag"] == "befolkning" else "namnare"
    assert not (table[side].dropna().astype(float) <= P["hogsta_kansliga_antal"]).any()
    alone = table[(table["geo_typ"] != "kommun") & (table["antal_kommuner_med"] == 1)]
    assert alone[["taljare", "varde", "imputerad_andel"]].isna().all(axis=None)


def test_an_rss_of_the_same_kommuner_shows_its_countys_numbers(lager: Lager) -> None:
    """Else the mean of both would tell more than one of them."""
    with_rss = [
        meta["indikator_id"] for _, meta in indicators(DBT / "models" / "indicators") if "rss" in meta["nivaer"]
    ]
    table = pd.read_parquet(public(lager) / "pub_indikatorvarde.parquet").query("indikator_id in @with_rss")
    county, rss = (table[table["geo_typ"] == level] for level in ("lan", "rss"))
    both = rss.assign(geo_kod=rss["geo_kod"].str[-2:]).merge(
        county, on=["indikator_id", "version", "geo_kod", "period", *CELL], suffixes=("", "_lan")
    )
    assert bool(len(both)) is bool(with_rss)
    for number in ("taljare", "namnare", "varde", "ki_nedre", "ki_ovre", "grans_nedre", "grans_ovre"):
        assert both[number].equals(both[f"{number}_lan"].rename(number)), number


def test_a_county_with_one_reporting_municipality_shows_that_municipalitys_numbers(lager: Lager) -> None:
    """The same persons, the same noise, in whichever table: so nothing is won by comparing them."""
    table = counts(lager, pd.read_parquet(public(lager) / "pub_indikatorvarde.parquet"))
    with lager.warehouse() as db:
        true = db.execute("select * from indicators.fct_indikatorvarde").df()
    table = table.merge(true[[*KEY, "taljare", "namnare"]], on=KEY, suffixes=("", "_sann"))
    table["lan"] = table["geo_kod"].str[:2]
    on = ["indikator_id", "period", "lan", "del_", *CELL, "taljare_sann", "namnare_sann"]
    county = table.query("geo_typ == 'lan' and antal_kommuner_med == 1")
    same = county.merge(table.query("geo_typ == 'kommun'"), on=on, suffixes=("", "_kommun"))
    assert len(same) > 500
    assert (same["antal"] == same["antal_kommun"]).all()


def test_linear_programming_over_the_release_recovers_no_count(lager: Lager) -> None:
    """EB01 of a year: kön x ålder of every municipality, its own totals, its county and the country."""
    table = pd.read_parquet(public(lager) / "pub_indikatorvarde.parquet")
    table = table.query("indikator_id == 'EB01' and period == '2018' and uppdelning == '-' and taljare.notna()")
    table = table[(table["geo_typ"] == "kommun") | (table["imputerad_andel"] == 0)]
    with lager.warehouse() as db:
        true = db.execute("select * from indicators.fct_indikatorvarde").df()
    table = table.merge(true[[*KEY, "taljare"]], on=KEY, suffixes=("", "_sann"))
    atoms = table.query("geo_typ == 'kommun' and kon_kod != 'T' and aldersgrupp_kod != 'T'").reset_index(drop=True)

    def cell(row: pd.Series) -> Cell:
        inside = atoms
        if row["geo_typ"] == "kommun":
            inside = inside[inside["geo_kod"] == row["geo_kod"]]
        if row["geo_typ"] == "lan":
            inside = inside[inside["geo_kod"].str[:2] == row["geo_kod"]]
        for column in ("kon_kod", "aldersgrupp_kod"):
            inside = inside if row[column] == "T" else inside[inside[column] == row[column]]
        return Cell(tuple(inside.index), int(row["taljare"]))

    cells, truth = [cell(row) for _, row in table.iterrows()], table["taljare_sann"].astype(int).tolist()
    found = bounds(cells, [true_counts(c.shown, ptable.contracted()) for c in cells])
    assert all(low <= n <= high for n, (low, high) in zip(truth, found, strict=True)), "the attack itself is sound"
    small = [span for n, span in zip(truth, found, strict=True) if 1 <= n <= 4]
    assert len(small) > 10
    assert recovered(small) == 0
    assert recovered(found) <= len(found) / 100


# --- two releases


@pytest.fixture(scope="module")
def corrected(lager: Lager, demo_inbox: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Lager, str, str]:
    """The same house after a correction that takes away one person's only month; the old version; the kommun.

    Of those in the largest kommun the one whose record key moves sums the most: one near 0 leaves them (ADR 0007).
    """
    with lager.warehouse() as db:
        row = db.execute(
            """
            with ensam as (
                select kommun_kod, hushall_id, period, abs((person_id % 256 + 256) % 256 - 128) as fran_mitten
                from core.fct_bidragsmanad_person as p
                join core.fct_bistandsar as a using (kommun_kod, person_id, ar)
                join core.dim_hushall as h using (kommun_kod, stadsdel_kod, hushall_id, ar)
                where ar = 2018 and a.antal_manader = 1 and h.antal_bidragsmanader = 1
                    and h.hushallstyp_kod in ('3', '5') and stadsdel_kod = '' and a.alder >= 18
            )
            select e.kommun_kod, e.period, e.hushall_id from ensam as e
            join core.dim_leverans as l on e.kommun_kod = l.kommun_kod and e.period = l.period and l.ar_i_kraft
            join indicators.fct_indikatorvarde as v on v.geo_kod = e.kommun_kod and v.period = '2018'
                and v.indikator_id = 'EB04' and v.kon_kod = 'T' and v.aldersgrupp_kod = 'T' and v.status = 'rapporterad'
            order by v.namnare desc, e.fran_mitten, e.period, e.hushall_id limit 1
            """
        ).fetchone()
    assert row is not None, "the demo has nobody with a single month"
    kommun, period, hushall_id = row
    home = tmp_path_factory.mktemp("rattad") / "hem"
    (home.parent / "tmp").mkdir()
    subprocess.run(["cp", "-a", str(lager.home), str(home)], check=True)
    house, before = Lager(home), str(lager.answer("release", "show")["version"])
    send_without(demo_inbox / "inbox" / kommun, home / "inbox" / kommun, period, hushall_id)
    done = house.run("run", check=False)
    assert done.returncode == 0, done.stderr
    return house, before, kommun


def send_without(sent: Path, inbox: Path, period: str, hushall_id: str) -> None:
    """A correction of a month: the newest package again, without one household."""
    package = max(sent.glob(f"eb_{period}*"), key=lambda path: path.stat().st_mtime)
    files = members(package)
    manifest = json.loads(files["manifest.json"])
    manifest |= {"version": 9, "leveranstyp": "rattelse"}
    for entry in manifest["filer"]:
        encoding = entry["teckenkodning"]
        rows = list(csv.reader(io.StringIO(files[entry["namn"]].decode(encoding)), delimiter=";"))
        kept = [r for r in rows if hushall_id not in r]
        files[entry["namn"]] = "".join(";".join(r) + "\n" for r in kept).encode(encoding)
        entry |= {
            "antal_rader": len(kept) - 1,
            "sha256": hashlib.sha256(files[entry["namn"]]).hexdigest(),
        }
    files["manifest.json"] = json.dumps(manifest).encode()
    inbox.mkdir(parents=True, exist_ok=True)
    path = inbox / f"eb_{period}_v9.zip"
    path.write_bytes(zipped(files))
    os.utime(path, (datetime(2020, 1, 20, tzinfo=UTC).timestamp(),) * 2)


@pytest.fixture(scope="module")
def pair(corrected: tuple[Lager, str, str]) -> pd.DataFrame:
    """Every published count of both releases, with the true ones."""
    house, before, _ = corrected
    sides = {}
    for name, version in (("fore", before), ("efter", str(house.answer("release", "show")["version"]))):
        shown = pd.read_parquet(public(house, version) / "pub_indikatorvarde.parquet")
        with duckdb.connect(str(house.home / "release" / version / "intern" / "lager.duckdb"), read_only=True) as db:
            true = db.execute("select * from indicators.fct_indikatorvarde").df()
        both = counts(house, shown).merge(true[[*KEY, "taljare", "namnare"]], on=KEY, suffixes=("", "_sann"))
        both["sann"] = both["taljare_sann"].where(both["del_"] == "taljare", both["namnare_sann"])
        sides[name] = both[[*KEY, "del_", "antal", "sann"]]
    return sides["fore"].merge(sides["efter"], on=[*KEY, "del_"], suffixes=("_fore", "_efter"))


def test_the_same_cell_has_the_same_noise_after_a_rebuild_and_anothers_correction(
    corrected: tuple[Lager, str, str], pair: pd.DataFrame
) -> None:
    _, _, kommun = corrected
    elsewhere = pair[~pair["geo_kod"].isin([kommun, kommun[:2], "00"])]
    assert len(elsewhere) > 3000
    assert (elsewhere["sann_fore"] == elsewhere["sann_efter"]).all()
    assert (elsewhere["antal_fore"] == elsewhere["antal_efter"]).all()
    unchanged = pair[(pair["sann_fore"] == pair["sann_efter"]) & ~pair["indikator_id"].isin(["EB08", "EB13"])]
    assert (unchanged["antal_fore"] == unchanged["antal_efter"]).all(), "also in the corrected kommun"


def test_the_difference_between_two_releases_does_not_tell_of_one_person(pair: pd.DataFrame) -> None:
    changed = pair[pair["sann_fore"] != pair["sann_efter"]].astype({"antal_fore": float, "antal_efter": float})
    assert len(changed) > 30
    truly = changed["sann_fore"].astype(float) - changed["sann_efter"].astype(float)
    assert set(truly.abs()) == {1}
    told = (changed["antal_fore"] - changed["antal_efter"]) == truly
    # one household's records move the sums of keys of all its cells alike, so the share varies from key to key
    assert told.mean() < 0.7, f"{told.sum()} of {len(changed)}"
