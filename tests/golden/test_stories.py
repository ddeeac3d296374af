"""Both yearly domains' stories in any order of arrival: every table of the warehouse is the same.

Belongs here: that the order of arrival changes nothing. Does not belong here: what the tables say (test_barn.py,
test_missbruk.py).
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from tests.support.lager import Lager, copy_home
from tests.support.stories import ONE_RUN, THREE_RUNS, delivered
from tests.support.warm import Warm

pytestmark = pytest.mark.xdist_group("stories")


def differing(one: Lager, other: Lager) -> dict[str, int]:
    """Rows that only one of two warehouses has, by table, for every table of either."""
    with duckdb.connect() as db:
        for name, house in (("a", one), ("b", other)):
            db.execute(f"attach '{house.home}/release/CURRENT/intern/lager.duckdb' as {name} (read_only)")
        tables = db.execute(
            "select distinct schema_name || '.' || table_name from duckdb_tables() where database_name in ('a', 'b')"
        ).fetchall()
        found = {
            table: db.execute(
                f"select count(*) from ((from a.{table} except all from b.{table}) "
                f"union all (from b.{table} except all from a.{table}))"
            ).fetchall()[0][0]
            for (table,) in tables
        }
    assert len(found) > 100
    return {table: rows for table, rows in found.items() if rows}


def test_what_is_compared_has_something_in_every_indicator(now: duckdb.DuckDBPyConnection) -> None:
    """Of every kommun, but for the three that no kommun has; no method's evidence is confirmed (SU05)."""
    seen = now.execute(
        "select distinct indikator_id from indicators.fct_indikatorvarde "
        "where taljare <> 0 and (geo_typ = 'kommun' or indikator_id in ('MB11', 'MB12', 'MB17'))"
    ).fetchall()
    both = {*(f"BU{n:02d}" for n in range(1, 22)), *(f"MB{n:02d}" for n in range(1, 18))}
    assert {row[0] for row in seen} == both | {"SU03", "SU04", "SU06"}


def test_two_runs_in_another_order_give_every_table_that_one_whole_run_gives(
    told: Lager, empty: Path, process: Warm, tmp_path: Path
) -> None:
    whole = delivered(copy_home(empty, tmp_path), process, ONE_RUN)
    assert differing(told, whole) == {}


@pytest.mark.slow
def test_three_runs_in_a_third_order_give_every_table_and_so_does_building_them_all_anew(
    told: Lager, empty: Path, process: Warm, tmp_path: Path
) -> None:
    again = delivered(copy_home(empty, tmp_path), process, THREE_RUNS)
    assert differing(told, again) == {}
    anew = delivered(again.home, process, [[]], "--helt")
    assert differing(told, anew) == {}
