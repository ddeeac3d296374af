"""The analyst's questions in docs/how-to/fragor are answered by the release, and answered rightly.

Belongs here: that each file is a question of its length with an answer, and a few answers against the truth. Does not
belong here: the values themselves (test_truth.py).
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.support.lager import Lager

pytestmark = pytest.mark.xdist_group("golden")
HOW_TO = Path(__file__).parents[2] / "docs" / "how-to"
QUESTIONS = sorted((HOW_TO / "fragor").glob("*.sql"))
TRACE, COVERAGE, STOPPED = (QUESTIONS[i] for i in (0, 2, 9))
CHOOSES = re.compile(r"indikator_id = 'EB04' AND .*? AND uppdelning_kod = 'T'", re.DOTALL)
COUNTRY = "indikator_id = 'EB04' AND geo_kod = '00' AND period = '2018'"


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@pytest.fixture
def db(lager: Lager) -> Any:
    with lager.warehouse() as connection:
        yield connection


@pytest.fixture
def truth(lager: Lager) -> Any:
    """The truth about the demo: deliveries as `leverans`, values as `varde`."""
    with duckdb.connect() as connection:
        for view, name in (("leverans", "leverans"), ("varde", "indikatorvarde")):
            connection.execute(f"create view {view} as select * from '{lager.home}/demo/facit/{name}.parquet'")
        yield connection


def test_there_are_ten_questions_and_the_how_to_names_them_all() -> None:
    assert [path.name[:2] for path in QUESTIONS] == [f"{i:02d}" for i in range(1, 11)]
    shown = text(HOW_TO / "analytiker.md")
    assert [path.name for path in QUESTIONS if f"(fragor/{path.name})" not in shown] == []


@pytest.mark.parametrize("path", QUESTIONS, ids=lambda p: p.stem)
def test_a_question_is_answered_in_at_most_fifteen_lines(path: Path, db: duckdb.DuckDBPyConnection) -> None:
    lines = text(path).splitlines()
    assert lines[0].startswith("-- Fråga: ")
    assert len(lines) <= 15
    rows = db.execute(text(path)).fetchall()
    assert rows
    assert any(value is not None for value in rows[0])


def traced(db: duckdb.DuckDBPyConnection, chosen: str) -> set[tuple[Any, ...]]:
    """(kommun, stadsdel, period, version, estimated) of the deliveries that the trace finds behind the chosen value."""
    query, changed = CHOOSES.subn(chosen, text(TRACE).rstrip().removesuffix(";"))
    assert changed == 1
    found = db.execute(
        "select l.kommun_kod, l.stadsdel_kod, l.period, l.leverans_version, s.ar_skattad "
        f"from ({query}) as s join core.dim_leverans as l using (leverans_id)"
    )
    return set(found.fetchall())


def in_force(truth: duckdb.DuckDBPyConnection, year: str) -> dict[str, set[tuple[Any, ...]]]:
    """What the truth says was in force of a year, by kommun: of each part a whole year, or each month's highest."""
    found: dict[str, set[tuple[Any, ...]]] = {}
    rows = truth.execute(
        "select kommun_kod, stadsdel_kod, period, max(version) from leverans "
        "where status = 'godkand' and period[:4] = ? and starts_with(dataset, 'eb_') "
        "group by 1, 2, 3 order by length(period), 1, 2, 3",
        [year],
    ).fetchall()
    for kommun, part, period, version in rows:
        entries = found.setdefault(kommun, set())
        if (part, 4) not in {(entry[1], len(entry[2])) for entry in entries}:
            entries.add((kommun, part, period, version))
    return found


def counting(truth: duckdb.DuckDBPyConnection, indicator: str, period: str) -> set[str]:
    rows = truth.execute(
        "select distinct geo_kod from varde where indikator_id = ? and period = ? and geo_typ = 'kommun' "
        "and status <> 'ej_rapporterad'",
        [indicator, period],
    ).fetchall()
    return {kommun for (kommun,) in rows}


def test_the_trace_from_a_value_of_the_country_ends_at_the_deliveries_the_truth_says(
    db: duckdb.DuckDBPyConnection, truth: duckdb.DuckDBPyConnection
) -> None:
    """Of 2019: a month of a stadsdel is missing there, so that Malmö at least is estimated from a year before."""
    now, before, first = (counting(truth, "EB04", year) for year in ("2019", "2018", "2017"))
    assert now
    assert before - now, "no municipality is estimated: nothing is proved"
    expected = {(*d, False) for k, entries in in_force(truth, "2019").items() if k in now for d in entries}
    for year, estimated in (("2018", before - now), ("2017", first - before - now)):
        expected |= {(*d, True) for k, entries in in_force(truth, year).items() if k in estimated for d in entries}
    assert traced(db, COUNTRY.replace("2018", "2019")) == expected


def test_the_trace_from_a_month_of_one_municipality_is_its_own_delivery_only(
    db: duckdb.DuckDBPyConnection, truth: duckdb.DuckDBPyConnection
) -> None:
    kommun = min(counting(truth, "EB07", "2018-03"))
    month = f"indikator_id = 'EB07' AND geo_kod = '{kommun}' AND period = '2018-03'"
    own = {d for d in in_force(truth, "2018")[kommun] if d[2] in ("2018", "2018-03")}
    assert traced(db, month) == {(*d, False) for d in own}
    silent = truth.execute(
        "select min(geo_kod) from varde where indikator_id = 'EB07' and period = '2018-03' and geo_typ = 'kommun' "
        "and status = 'ej_rapporterad'"
    ).fetchall()[0][0]
    assert traced(db, month.replace(kommun, silent)) == set()


@pytest.mark.parametrize("indicator", ["EB01", "EB07", "EB09", "SU01", "SU02"])
def test_a_value_of_every_indicator_can_be_traced(db: duckdb.DuckDBPyConnection, indicator: str) -> None:
    period = "2018-03" if indicator == "SU01" else "2018"
    assert traced(db, COUNTRY.replace("EB04", indicator).replace("2018", period))


def test_the_country_over_time_is_what_the_truth_says(
    db: duckdb.DuckDBPyConnection, truth: duckdb.DuckDBPyConnection
) -> None:
    found = db.execute(text(COVERAGE)).fetchall()
    expected = truth.execute(
        "select period, taljare, namnare, varde, ki_nedre, ki_ovre, antal_kommuner_med, antal_kommuner_forvantade, "
        "tackning_befolkning, imputerad_andel from varde where indikator_id = 'EB01' and geo_typ = 'riket' "
        "and kon_kod = 'T' and aldersgrupp_kod = 'T' and uppdelning = '-' order by period"
    ).fetchall()
    assert len(found) == 3
    for ours, theirs in zip(found, expected, strict=True):
        assert ours[0] == theirs[0]
        assert [float(v or 0) for v in ours[1:]] == pytest.approx([float(v or 0) for v in theirs[1:]])


def test_stopped_deliveries_are_counted_by_rule_as_the_truth_says(
    db: duckdb.DuckDBPyConnection, truth: duckdb.DuckDBPyConnection
) -> None:
    found = {(rule, stopped, senders) for rule, stopped, senders, _ in db.execute(text(STOPPED)).fetchall()}
    expected = truth.execute(
        "select stoppande_regel, "
        "count(distinct (kommun_kod, stadsdel_kod, split_part(dataset, '_', 1), period, version)), "
        "count(distinct kommun_kod) from leverans where status = 'stoppad' group by 1"
    ).fetchall()
    assert found == set(expected)
