"""The suites in expectations/: they fit the tables dbt promises, stay quiet on nothing, and can fail."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from pipelines.checks import Expectation, Outcome, Suite, gx, load_suites, run_suite
from pipelines.checks.runner import _frame

ROOT = Path(__file__).resolve().parents[2]
SUITES = load_suites(ROOT / "expectations")
EVERY = [(suite, expectation) for suite in SUITES for expectation in suite.forvantningar]
GOOD = """
INSERT INTO core.dim_kommun BY NAME
SELECT lpad((i % 21 + 1)::VARCHAR, 2, '0') || lpad((i // 21 + 10)::VARCHAR, 2, '0') AS kommun_kod,
  lpad((i % 21 + 1)::VARCHAR, 2, '0') AS lan_kod, DATE '1900-01-01' AS giltig_fran,
  'A1' AS kommungrupp_2017_kod, 'A1' AS kommungrupp_2023_kod
FROM range(290) r(i);

INSERT INTO core.fct_befolkning BY NAME
SELECT kommun_kod, kon_kod, alder, 2017 AS ar,
  CASE WHEN alder = 10 THEN 3600 ELSE 14200 END
    + CASE WHEN kommun_kod = '0110' AND kon_kod = '1' AND alder = 40 THEN 3589 ELSE 0 END AS antal
FROM core.dim_kommun, (VALUES ('1'), ('2')) k(kon_kod), (VALUES (10), (40)) a(alder);

CREATE TEMP TABLE leverans AS
SELECT 'L-' || kommun_kod || period AS leverans_id, kommun_kod, dataset, period
FROM core.dim_kommun, (VALUES ('eb_hushall'), ('eb_person'), ('eb_avslut')) d(dataset),
  (VALUES ('2017-03'), ('2017-04')) p(period);

INSERT INTO core.fct_leverans BY NAME
SELECT kommun_kod, dataset, period, 'mottagen_godkand' AS leverans_status, true AS ar_godkand,
  true AS ar_i_tid, false AS ar_nolleverans, 20 AS antal_rader FROM leverans;
INSERT INTO published.pub_leveransstatus BY NAME SELECT kommun_kod, dataset, period FROM leverans;
INSERT INTO core.dim_leverans BY NAME
SELECT DISTINCT leverans_id, kommun_kod, period, true AS ar_i_kraft,
  'godkand' AS mottagningsstatus FROM leverans;
INSERT INTO staging.stg_huvudbok__leverans_dataset BY NAME
SELECT leverans_id, dataset, 21 AS antal_mottagna, 20 AS antal_lasta, 0 AS antal_i_karantan,
  1 AS antal_skyddade, 0 AS antal_avvisade FROM leverans;
UPDATE staging.stg_huvudbok__leverans_dataset
SET antal_skyddade = 0, antal_i_karantan = 1 WHERE leverans_id >= 'L-03';
INSERT INTO staging.stg_huvudbok__leverans_manad BY NAME
SELECT leverans_id, dataset, period, 20 AS antal_lasta FROM leverans;
INSERT INTO staging.stg_huvudbok__i_kraft BY NAME
SELECT kommun_kod, dataset, period, leverans_id FROM leverans;

INSERT INTO core.fct_bidragsmanad BY NAME
SELECT kommun_kod, period, 2017 AS ar, 'H' || n AS hushall_id,
  CASE WHEN n % 4 = 0 THEN '4' ELSE '3' END AS hushallstyp_kod,
  CASE WHEN n % 4 = 0 THEN 1 ELSE 0 END AS antal_barn, 7000 + 200 * n AS belopp_kr
FROM core.dim_kommun, range(20) r(n), (VALUES ('2017-03'), ('2017-04')) p(period) WHERE kommun_kod < '0300';
INSERT INTO core.fct_bidragsmanad_person BY NAME
SELECT kommun_kod, period, ar, hushall_id, row_number() OVER () AS person_id, roll_kod, 'pnr' AS id_typ_kod,
  (1 + row_number() OVER () % 2)::VARCHAR AS kon_kod, fodelsear, false AS ar_i_flera_hushall,
  CASE WHEN roll_kod = 'sokande' THEN 'ohalsa' END AS forsorjningshindergrupp_kod
FROM core.fct_bidragsmanad, (VALUES ('sokande', 1980), ('barn', 2010)) t(roll_kod, fodelsear)
WHERE roll_kod = 'sokande' OR hushall_id LIKE '%5' OR antal_barn > 0;
INSERT INTO referens.publicerade_hushall BY NAME
SELECT DISTINCT kommun_kod, 2017 AS ar, substring(period, 6, 2)::INT AS manad, bakgrund,
  10 AS antal, 'ok' AS publiceringsstatus
FROM core.fct_bidragsmanad, (VALUES ('inrikes'), ('utrikes')) b(bakgrund);

INSERT INTO core.dim_indikator BY NAME
SELECT *, 'befolkning' AS namnare_slag
FROM (VALUES ('EB01', 1, 'andel', true, 'person'), ('EB07', 1, 'kvot', true, 'kronor'))
  t(indikator_id, version, matt, ar_personuppgift, taljare_slag);
INSERT INTO indicators.fct_indikatorvarde BY NAME
SELECT i.indikator_id, 1 AS version, geo_typ, geo_kod, period, 'T' AS kon_kod, 'T' AS aldersgrupp_kod,
  '-' AS uppdelning, 'T' AS uppdelning_kod, 40 * antal AS taljare, 1000 * antal AS namnare, 0.04 AS varde,
  CASE WHEN matt = 'andel' THEN 0.03 END AS ki_nedre, CASE WHEN matt = 'andel' THEN 0.05 END AS ki_ovre,
  antal AS antal_kommuner_med, antal AS antal_kommuner_forvantade, 1.0 AS tackning_befolkning,
  0.0 AS imputerad_andel, 'rapporterad' AS status
FROM core.dim_indikator i, (VALUES ('2017'), ('2017-03')) p(period), (
  SELECT 'kommun' AS geo_typ, kommun_kod AS geo_kod, 1 AS antal FROM core.dim_kommun
  UNION ALL SELECT 'lan', lan_kod, count(*) FROM core.dim_kommun GROUP BY lan_kod
  UNION ALL SELECT 'riket', '00', 290) g;
INSERT INTO published.pub_indikatorvarde BY NAME
SELECT v.* REPLACE (CASE WHEN indikator_id = 'EB01' THEN taljare + 1 ELSE 1000 * taljare END AS taljare),
  'visas' AS varde_status, NULL AS tecken, false AS ar_skyddad, NULL AS skydd_orsak
FROM indicators.fct_indikatorvarde v;
INSERT INTO published.pub_skyddade_hushall BY NAME SELECT '2017-03' AS period, 25 AS antal_skyddade_hushall,
  NULL AS antal_skyddade_personer, false AS ar_hushall_dolda, true AS ar_personer_dolda;
INSERT INTO core.fct_bidragsmanad BY NAME
SELECT '2110' AS kommun_kod, '2017-03' AS period, 2017 AS ar, 'H' || n AS hushall_id, '3' AS hushallstyp_kod,
  0 AS antal_barn, 8000 AS belopp_kr FROM range(3) r(n);
UPDATE published.pub_indikatorvarde
  SET varde = NULL, taljare = NULL, varde_status = 'skyddad', tecken = 'X',
  ar_skyddad = true, skydd_orsak = 'fa_hushall'
  WHERE indikator_id = 'EB07' AND geo_typ = 'kommun' AND (geo_kod = '2110' OR geo_kod < '0300') AND period = '2017-03';
"""


def staging_type(column: str) -> str:
    """Staging has no contract; the names say the types (HOUSE §4)."""
    if column.startswith("antal_"):
        return "bigint"
    if column.startswith("ar_"):
        return "boolean"
    return "timestamp" if column.endswith("_tid") else "varchar"


def promised_tables() -> Iterator[tuple[str, dict[str, str]]]:
    """Every table with the columns and types its dbt file promises."""
    for path in sorted((ROOT / "dbt_project" / "models").glob("*/*.yml")):
        for model in yaml.safe_load(path.read_text(encoding="utf-8"))["models"]:
            columns = {c["name"]: c.get("data_type") for c in model.get("columns", [])}
            if path.parent.name == "staging":
                columns = {name: staging_type(name) for name in columns}
            if columns and all(columns.values()):
                yield f"{path.parent.name}.{model['name']}", columns
    for path in sorted((ROOT / "dbt_project" / "seeds" / "reference").glob("*.yml")):
        for seed in yaml.safe_load(path.read_text(encoding="utf-8"))["seeds"]:
            yield f"referens.{seed['name']}", seed["config"]["column_types"]


def make_warehouse() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    for schema in ("staging", "core", "indicators", "published", "referens"):
        con.execute(f"CREATE SCHEMA {schema}")
    for name, columns in promised_tables():
        con.execute(f"CREATE TABLE {name} ({', '.join(f'{c} {t}' for c, t in columns.items())})")
    return con


@pytest.fixture(scope="module")
def empty() -> Iterator[duckdb.DuckDBPyConnection]:
    with make_warehouse() as con:
        yield con


@pytest.fixture(scope="module")
def good() -> Iterator[duckdb.DuckDBPyConnection]:
    with make_warehouse() as con:
        con.execute(GOOD)
        yield con


@pytest.fixture(scope="module")
def good_outcomes(good: duckdb.DuckDBPyConnection) -> dict[str, Outcome]:
    return {o.expectation.id: o for suite in SUITES for o in run_suite(good, suite)}


@pytest.mark.parametrize("suite", SUITES, ids=lambda suite: suite.tillgang)
def test_a_suite_on_an_empty_warehouse_has_nothing_to_try_except_where_emptiness_is_the_fault(
    empty: duckdb.DuckDBPyConnection, suite: Suite
) -> None:
    for outcome in run_suite(empty, suite):
        assert outcome.error is None, outcome
        passed_quietly = outcome.status in ("ej_tillamplig", "ok")
        assert passed_quietly is (outcome.expectation.tom == "ok"), outcome


@pytest.mark.parametrize(("suite", "expectation"), EVERY, ids=lambda item: getattr(item, "id", ""))
def test_every_expectation_holds_on_a_sound_warehouse(
    good_outcomes: dict[str, Outcome], suite: Suite, expectation: Expectation
) -> None:
    outcome = good_outcomes[expectation.id]
    quiet = {"AVS-003"}
    assert outcome.status == ("ej_tillamplig" if expectation.id in quiet else "ok"), outcome


def spoiled(frame: Any, kwargs: dict[str, Any]) -> Any:
    """The frame with the column in question pushed over its threshold."""
    bad = frame.copy()
    if "column_A" in kwargs:
        bad[kwargs["column_A"]] = bad[kwargs["column_B"]] + 1
        return bad
    over = kwargs["max_value"] + 1 if "max_value" in kwargs else kwargs["min_value"] - 1
    bad[kwargs["column"]] = float(over)
    return bad


@pytest.mark.parametrize(("suite", "expectation"), EVERY, ids=lambda item: getattr(item, "id", ""))
def test_every_expectation_fails_on_a_bad_frame(
    good: duckdb.DuckDBPyConnection, suite: Suite, expectation: Expectation
) -> None:
    frame = _frame(good, expectation.fraga or suite.fraga)
    verdict = gx.validate(spoiled(frame, expectation.kwargs), expectation.typ, expectation.kwargs)
    assert verdict.error is None
    assert not verdict.success


FAULTS = {
    "LEV-001": "DELETE FROM core.fct_leverans WHERE kommun_kod = '0110' AND period = '2017-03'",
    "LEV-002": "INSERT INTO core.fct_leverans SELECT * FROM core.fct_leverans LIMIT 1",
    "LEV-003": "UPDATE core.fct_leverans SET ar_godkand = false WHERE kommun_kod < '0700'",
    "LEV-004": "UPDATE core.fct_leverans SET ar_godkand = false WHERE kommun_kod < '0400' AND period = '2017-04'",
    "LEV-007": "DELETE FROM core.fct_leverans WHERE dataset = 'eb_avslut' AND period = '2017-04'",
    "PRH-001": "UPDATE staging.stg_huvudbok__leverans_dataset SET antal_lasta = 19 WHERE leverans_id = 'L-01102017-03'",
    "PRH-002": "UPDATE staging.stg_huvudbok__leverans_dataset SET antal_i_karantan = 5, antal_lasta = 16",
    "PRH-004": "UPDATE staging.stg_huvudbok__leverans_dataset SET antal_skyddade = 5, antal_lasta = 16",
    "PRP-005": "UPDATE staging.stg_huvudbok__leverans_manad SET antal_lasta = 5 WHERE period = '2017-04'",
    "PRA-006": "UPDATE staging.stg_huvudbok__leverans_manad SET antal_lasta = 90 WHERE period = '2017-04' "
    "AND leverans_id < 'L-0500'",
    "PRH-007": "UPDATE core.dim_leverans SET mottagningsstatus = 'stoppad' WHERE kommun_kod < '0500'",
    "BID-002": "UPDATE core.fct_bidragsmanad SET belopp_kr = belopp_kr * 100",
    "BID-007": "DELETE FROM core.fct_bidragsmanad WHERE period = '2017-04' AND hushall_id IN ('H1', 'H2', 'H3')",
    "BPE-001": "DELETE FROM core.fct_bidragsmanad_person WHERE roll_kod = 'barn'",
    "BPE-006": "UPDATE core.fct_bidragsmanad_person SET forsorjningshindergrupp_kod = 'okand' "
    "WHERE kommun_kod < '0200'",
    "BPE-009": "UPDATE core.fct_bidragsmanad_person SET forsorjningshindergrupp_kod = 'okand' "
    "WHERE kommun_kod < '0200'",
    "KOM-001": "UPDATE core.dim_kommun SET giltig_till = DATE '2007-01-01' WHERE kommun_kod = '0110'",
    "KOM-004": "UPDATE core.dim_kommun SET kommun_kod = '1101' WHERE kommun_kod = '0110'",
    "BEF-001": "UPDATE core.fct_befolkning SET antal = antal + 1 "
    "WHERE kommun_kod = '0110' AND kon_kod = '1' AND alder = 40",
    "IVA-001": "INSERT INTO indicators.fct_indikatorvarde SELECT * FROM indicators.fct_indikatorvarde LIMIT 1",
    "IVA-003": "UPDATE indicators.fct_indikatorvarde SET taljare = namnare + 1 WHERE geo_kod = '0110'",
    "IVA-005": "UPDATE indicators.fct_indikatorvarde SET ki_nedre = 0.9 "
    "WHERE indikator_id = 'EB01' AND geo_kod = '0110'",
    "IVA-008": "UPDATE indicators.fct_indikatorvarde SET imputerad_andel = 0.1 WHERE geo_kod = '0110'",
    "IVA-010": "UPDATE indicators.fct_indikatorvarde SET status = 'ej_rapporterad', taljare = 0 WHERE geo_kod = '0110'",
    "IVA-012": "UPDATE indicators.fct_indikatorvarde SET taljare = taljare + 1 WHERE geo_typ = 'riket'",
    "IVA-013": "UPDATE indicators.fct_indikatorvarde SET tackning_befolkning = 0.85 WHERE geo_typ = 'riket'",
    "PUB-001": "UPDATE published.pub_indikatorvarde SET taljare = 4 WHERE geo_kod = '0110'",
    "PUB-002": "UPDATE published.pub_indikatorvarde SET namnare = 3, taljare = 0 WHERE geo_kod = '0110'",
    "PUB-004": "UPDATE published.pub_indikatorvarde SET namnare = 29, taljare = 10 WHERE geo_kod = '0110'",
    "PUB-005": "UPDATE published.pub_indikatorvarde SET ki_nedre = 0.01 WHERE ar_skyddad",
    "PUB-006": "UPDATE published.pub_indikatorvarde SET taljare = 12 WHERE ar_skyddad",
    "PUB-007": "UPDATE published.pub_indikatorvarde SET varde_status = 'ej_rapporterad' WHERE ar_skyddad",
    "PUB-008": "UPDATE published.pub_indikatorvarde SET varde = NULL WHERE geo_kod = '0110'",
    "PUB-009": "DELETE FROM published.pub_indikatorvarde WHERE geo_kod = '0110'",
    "PUB-011": "UPDATE published.pub_indikatorvarde SET tecken = '–' WHERE geo_kod = '0110'",
    "PUB-012": "UPDATE published.pub_indikatorvarde SET taljare = 1500 WHERE indikator_id = 'EB07' AND NOT ar_skyddad",
    "PUB-013": "UPDATE published.pub_indikatorvarde SET taljare = taljare - 1 WHERE indikator_id = 'EB01'",
    "PUB-010": "UPDATE published.pub_indikatorvarde SET taljare = 24000 WHERE ar_skyddad",
    "PSK-001": "UPDATE published.pub_skyddade_hushall SET antal_skyddade_hushall = 0",
    "PLS-001": "DELETE FROM published.pub_leveransstatus WHERE kommun_kod = '0110'",
    "PLS-002": "INSERT INTO published.pub_leveransstatus SELECT * FROM published.pub_leveransstatus LIMIT 1",
    "VAR-001": "INSERT INTO core.fct_varning BY NAME SELECT kommun_kod, period, 'GEN-07' AS regel_id "
    "FROM core.fct_leverans WHERE kommun_kod < '0600'",
    "VAR-002": "INSERT INTO core.fct_varning BY NAME SELECT kommun_kod, '2017' AS period, 'GEN-23' AS regel_id "
    "FROM core.fct_leverans WHERE kommun_kod < '0600'",
    "VAR-003": "INSERT INTO core.fct_varning BY NAME SELECT kommun_kod, period, 'GEN-18' AS regel_id, "
    "true AS ger_osaker FROM core.fct_leverans WHERE kommun_kod < '0600'",
    "AVS-002": "DELETE FROM core.fct_bidragsmanad WHERE hushall_id IN ('H1', 'H2')",
    "AVS-006": "DELETE FROM core.fct_bidragsmanad WHERE hushall_id IN ('H1', 'H2')",
}


@pytest.mark.parametrize("expectation_id", FAULTS)
def test_a_fault_in_the_tables_is_seen_by_its_expectation(good: duckdb.DuckDBPyConnection, expectation_id: str) -> None:
    [suite] = [s for s in SUITES if any(e.id == expectation_id for e in s.forvantningar)]
    chosen = tuple(e for e in suite.forvantningar if e.id == expectation_id)
    good.execute("BEGIN")
    try:
        good.execute(FAULTS[expectation_id])
        [outcome] = run_suite(good, suite.model_copy(update={"forvantningar": chosen}))
    finally:
        good.execute("ROLLBACK")
    assert outcome.status == ("fel" if outcome.expectation.allvar == "ERROR" else "varning")


def test_suppressed_and_unpublished_totals_are_skipped_and_never_zero(
    good: duckdb.DuckDBPyConnection,
) -> None:
    [suite] = [s for s in SUITES if s.tabell == "referens.publicerade_hushall"]
    before = len(good.execute(suite.fraga).fetchall())
    good.execute("BEGIN")
    try:
        good.execute(
            "UPDATE referens.publicerade_hushall SET antal = NULL, publiceringsstatus = 'undertryckt' "
            "WHERE bakgrund = 'utrikes' AND manad = 3"
        )
        outcomes = run_suite(good, suite)
        after = len(good.execute(suite.fraga).fetchall())
    finally:
        good.execute("ROLLBACK")
    assert after == before // 2
    assert all(outcome.passed for outcome in outcomes)


def test_small_municipalities_get_the_wider_limit(good: duckdb.DuckDBPyConnection) -> None:
    [suite] = [s for s in SUITES if s.tabell == "referens.publicerade_hushall"]
    good.execute("BEGIN")
    try:
        good.execute("UPDATE core.fct_befolkning SET antal = 1000")
        good.execute("DELETE FROM core.fct_bidragsmanad WHERE hushall_id IN ('H1', 'H2')")
        outcomes = {o.expectation.id: o for o in run_suite(good, suite)}
    finally:
        good.execute("ROLLBACK")
    assert outcomes["AVS-003"].status == "ok"
    assert outcomes["AVS-002"].status == "ej_tillamplig"


def test_only_what_guards_publication_blocks_and_every_threshold_has_basis_owner_and_action() -> None:
    for suite, expectation in EVERY:
        guards = suite.tabell.split(".")[0] in ("published", "indicators")
        assert expectation.blockerande is (guards and expectation.allvar == "ERROR"), expectation.id
        assert min(map(len, (expectation.basis, expectation.agare, expectation.atgard))) > 3
