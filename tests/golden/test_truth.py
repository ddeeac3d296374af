"""What the pipeline says equals the truth the simulated society was tallied to, without a line of pipeline code."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import duckdb
import pytest

from tests.support.lager import Lager

pytestmark = pytest.mark.xdist_group("golden")

KEY = [
    "indikator_id",
    "version",
    "geo_typ",
    "geo_kod",
    "period",
    "kon_kod",
    "aldersgrupp_kod",
    "uppdelning",
    "uppdelning_kod",
]
EXACT = ["taljare", "namnare", "antal_kommuner_med", "antal_kommuner_forvantade", "status"]
INDICATORS = [
    *(f"BU{n:02d}" for n in range(1, 22)),
    *(f"EB{n:02d}" for n in (*range(1, 14), 15)),
    *(f"MB{n:02d}" for n in range(1, 18)),
    *(f"SU{n:02d}" for n in range(1, 7)),
]
CLOSE = ["varde", "ki_nedre", "ki_ovre", "tackning_befolkning", "imputerad_andel"]


@pytest.fixture(scope="module")
def both(lager: Lager) -> duckdb.DuckDBPyConnection:
    """The truth as `facit_…`, the ledger's export as `…`, the warehouse attached as `lager`."""
    db = duckdb.connect()
    db.execute(f"attach '{lager.home}/release/CURRENT/intern/lager.duckdb' as lager (read_only)")
    for name in ("indikatorvarde", "leverans", "regelutfall", "skyddade", "varning"):
        db.execute(f"create view facit_{name} as select * from '{lager.home}/demo/facit/{name}.parquet'")
    db.execute(f"create view facit_i_kraft as select * from '{lager.home}/demo/facit/i_kraft.parquet'")
    for name in ("leverans", "leverans_dataset", "leverans_manad", "regelutfall", "i_kraft"):
        db.execute(f"create view {name} as select * from '{lager.home}/landing/huvudbok/{name}.parquet'")
    db.execute("create view varde as select * from lager.indicators.fct_indikatorvarde")
    return db


def differ(db: duckdb.DuckDBPyConnection, truth: str, found: str) -> dict[str, list[tuple[object, ...]]]:
    """Rows that only one side has."""
    return {
        "bara facit": db.execute(f"{truth} except all {found} limit 10").fetchall(),
        "bara lagret": db.execute(f"{found} except all {truth} limit 10").fetchall(),
    }


NOTHING: dict[str, list[tuple[object, ...]]] = {"bara facit": [], "bara lagret": []}


def test_the_demo_holds_enough_to_prove_something(both: duckdb.DuckDBPyConnection) -> None:
    query = "select count(distinct stoppande_regel), count(distinct status) from facit_leverans"
    kinds = both.execute(query).fetchone()
    assert kinds is not None
    assert kinds[0] >= 6
    assert kinds[1] == 2
    assert both.execute("select distinct indikator_id from facit_indikatorvarde order by 1").fetchall() == [
        (indikator,) for indikator in INDICATORS
    ]
    structure = both.execute(
        "select count(distinct stadsdel_kod) filter (stadsdel_kod <> ''), "
        "count(distinct paket_namn) filter (length(period) = 4 and status = 'godkand'), "
        "count(distinct stoppande_regel) filter (length(period) = 4) from facit_leverans"
    ).fetchone()
    assert structure is not None
    assert structure[0] >= 3
    assert structure[1] >= 3
    assert structure[2] >= 2
    shown = both.execute(
        "select distinct indikator_id from facit_indikatorvarde "
        "where period in ('2019', '2019-12', '2017-2019') and taljare > 0"
    ).fetchall()
    by_month, no_level_confirmed = "SU01", "SU05"
    assert {indikator for (indikator,) in shown} >= set(INDICATORS) - {by_month, no_level_confirmed}
    begun = "select count(*) from {} where period = '2020'"
    assert [both.execute(begun.format(t)).fetchone() for t in ("varde", "facit_indikatorvarde")] == [(0,), (0,)]
    imputed = both.execute("select count(*) from facit_indikatorvarde where imputerad_andel > 0").fetchone()
    assert imputed is not None
    assert imputed[0] > 0


@pytest.mark.parametrize("indikator", INDICATORS)
def test_counts_coverage_and_status_equal_the_truth_on_kommun_lan_and_riket(
    both: duckdb.DuckDBPyConnection, indikator: str
) -> None:
    columns = ", ".join(KEY + EXACT)
    where = f"where indikator_id = '{indikator}'"
    truth = f"select {columns} from facit_indikatorvarde {where}"
    assert differ(both, truth, f"select {columns} from varde {where}") == NOTHING


@pytest.mark.parametrize("column", CLOSE)
def test_values_and_intervals_equal_the_truth_to_the_last_bits(both: duckdb.DuckDBPyConnection, column: str) -> None:
    on = " and ".join(f"f.{k} = v.{k}" for k in KEY)
    wrong = both.execute(
        f"select f.indikator_id, f.geo_kod, f.period, f.{column}, v.{column} from facit_indikatorvarde as f "
        f"join varde as v on {on} where (f.{column} is null) <> (v.{column} is null) "
        f"or abs(f.{column} - v.{column}) > 1e-9 limit 10"
    ).fetchall()
    assert wrong == []


def test_every_package_ends_as_the_truth_says_with_its_rows_accounted_for(both: duckdb.DuckDBPyConnection) -> None:
    columns = (
        "kommun_kod, stadsdel_kod, period, version, dataset, status, stoppande_regel, mottagna, lasta, i_karantan, "
        "skyddade, avvisade"
    )
    found = f"select {columns} from leverans_dataset join leverans using (leverans_id)"
    assert differ(both, f"select {columns} from facit_leverans", found) == NOTHING


def test_what_is_in_force_of_each_sender_dataset_and_month_is_what_the_truth_says(
    lager: Lager, both: duckdb.DuckDBPyConnection
) -> None:
    """Also how many rows the month had when received: that is what a month is compared with next year."""
    with closing(sqlite3.connect(f"file:{lager.home}/ledger.sqlite?mode=ro", uri=True)) as ledger:
        found = ledger.execute(
            "select k.kommun_kod, k.stadsdel_kod, k.dataset, k.period, l.paket_namn, m.mottagna from i_kraft as k "
            "join leverans as l using (leverans_id) join leverans_manad as m using (leverans_id, dataset, period)"
        ).fetchall()
        (rows,) = ledger.execute("select count(*) from i_kraft").fetchone()
    columns = "kommun_kod, stadsdel_kod, dataset, period, paket_namn, mottagna"
    truth = both.execute(f"select {columns} from facit_i_kraft").fetchall()
    assert sorted(found) == sorted(truth)
    assert len(found) == rows


def test_every_rule_falls_on_as_many_rows_as_the_truth_says(both: duckdb.DuckDBPyConnection) -> None:
    columns = "kommun_kod, stadsdel_kod, period, version, dataset, regel_id, antal_rader"
    found = (
        "select l.kommun_kod, l.stadsdel_kod, l.period, l.version, r.dataset, r.regel_id, r.antal_rader "
        "from regelutfall as r join leverans as l using (leverans_id) where l.status = 'godkand'"
    )
    assert differ(both, f"select {columns} from facit_regelutfall", found) == NOTHING


def test_protected_households_are_counted_and_nothing_else_is_known_of_them(both: duckdb.DuckDBPyConnection) -> None:
    found = (
        "select f.period, coalesce(s.antal_skyddade_hushall, 0), coalesce(s.antal_skyddade_personer, 0) "
        "from facit_skyddade as f left join lager.core.fct_skyddade as s using (period)"
    )
    assert differ(both, "select period, antal_hushall, antal_personer from facit_skyddade", found) == NOTHING


def test_every_warning_over_history_and_year_stands_where_the_truth_says(both: duckdb.DuckDBPyConnection) -> None:
    columns = "kommun_kod, stadsdel_kod, dataset, period, regel_id, kolumn, antal, jamfort_med"
    found = (
        f"select {columns} from lager.core.fct_varning where regel_id in ('GEN-18', 'GEN-20', 'GEN-22', 'EB-12') "
        "and ger_osaker"
    )
    assert differ(both, f"select {columns} from facit_varning", found) == NOTHING
    rules = both.execute("select distinct regel_id from facit_varning").fetchall()
    assert {rule for (rule,) in rules} >= {"GEN-18", "GEN-22", "EB-12"}
