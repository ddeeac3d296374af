"""The suites in expectations/: they fit the tables dbt promises, stay quiet on nothing, and can fail."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.checks import Expectation, Outcome, Suite, gx, load_suites, run_suite
from pipelines.checks.runner import _frame
from tests.support.rimligt import make_sound_warehouse, make_warehouse

ROOT = Path(__file__).resolve().parents[2]
SUITES = load_suites(ROOT / "expectations")
EVERY = [(suite, expectation) for suite in SUITES for expectation in suite.forvantningar]


@pytest.fixture(scope="module")
def empty() -> Iterator[duckdb.DuckDBPyConnection]:
    with make_warehouse() as con:
        yield con


@pytest.fixture(scope="module")
def good() -> Iterator[duckdb.DuckDBPyConnection]:
    with make_sound_warehouse() as con:
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
    "PAR-001": "UPDATE staging.stg_huvudbok__leverans_dataset SET antal_lasta = 19 WHERE leverans_id = 'L-01102017' "
    "AND dataset = 'bbic_insats'",
    "PAR-002": "UPDATE staging.stg_huvudbok__leverans_dataset SET antal_i_karantan = 2 WHERE dataset = 'bbic_barn'",
    "PAR-003": "UPDATE staging.stg_huvudbok__leverans_dataset SET antal_i_karantan = 10 "
    "WHERE dataset = 'bu_insats' AND leverans_id < 'L-0400'",
    "PAR-004": "UPDATE staging.stg_huvudbok__leverans_dataset SET antal_skyddade = 1 WHERE dataset = 'aktualisering'",
    "PAR-005": "UPDATE staging.stg_huvudbok__leverans_manad SET antal_lasta = 13 "
    "WHERE dataset = 'bbic_uppfoljning' AND period = '2018'",
    "PAR-006": "UPDATE staging.stg_huvudbok__leverans_manad SET antal_lasta = 31 "
    "WHERE dataset = 'bu_barn' AND period = '2018' AND leverans_id < 'L-0600'",
    "PLC-001": "DELETE FROM core.fct_placering WHERE person_id > 40",
    "PLC-002": "DELETE FROM core.fct_placering WHERE ar = 2018 AND person_id > 65",
    "PLC-003": "UPDATE core.fct_placering SET vardygn = 100",
    "PLC-004": "UPDATE core.fct_placering SET placering_slut_datum = NULL WHERE ar = 2018",
    "PLC-005": "UPDATE core.fct_placering SET vistelsekommun_kod = NULL WHERE person_id < 10",
    "PLC-006": "UPDATE core.fct_placering SET utforare_id = NULL WHERE person_id < 20",
    "PLC-007": "UPDATE core.fct_placering SET placeringsform_kod = 'ANNAN' WHERE person_id < 10",
    "PLC-008": "UPDATE core.fct_placering SET placering_avslut_orsak_kod = 'PA9' WHERE person_id < 22",
    "PLC-009": "UPDATE core.fct_placering SET ar_utanfor_lan = false",
    "PLC-010": "UPDATE core.fct_placering SET fodelsear = ar - 21 WHERE person_id < 5",
    "INP-001": "DELETE FROM core.fct_insatsperiod WHERE insatstyp_kod = 'SOL' AND person_id < 60",
    "INP-002": "UPDATE core.fct_insatsperiod SET insatstyp_kod = 'SOL' WHERE insatstyp_kod = 'LVU_VARD'",
    "INP-003": "DELETE FROM core.fct_insatsperiod WHERE insatstyp_kod = 'LVU_6' AND ar = 2018",
    "INP-004": "DELETE FROM core.fct_insatsperiod WHERE insatstyp_kod = 'SOL' AND person_id >= 70 "
    "OR insatstyp_kod = 'LVU_6' AND person_id > 75",
    "INP-005": "UPDATE core.fct_insatsperiod SET id_typ_kod = 'reserv' WHERE kommun_kod = '0110' OR person_id < 13",
    "INP-006": "UPDATE core.fct_insatsperiod SET metod_kod = 'okand' WHERE insats_id < 'I4'",
    "INP-007": "UPDATE core.fct_insatsperiod SET genomforandeplan_datum = NULL WHERE ar = 2017",
    "UTD-001": "UPDATE core.fct_utredning SET dagar = dagar * 2",
    "UTD-002": "DELETE FROM core.fct_utredning WHERE utredning_slut_datum IS NULL",
    "UTD-003": "UPDATE core.fct_utredning SET ar_inom_4_manader = true WHERE dagar IS NOT NULL",
    "UTD-004": "UPDATE core.fct_utredning SET antal_barnsamtal = 1",
    "UTD-005": "UPDATE core.fct_utredning SET anledning_huvud_kod = 'okand' WHERE dagar > 120",
    "UTD-006": "UPDATE core.fct_utredning SET instrument_kod = 'INGEN'",
    "UTD-007": "UPDATE core.fct_utredning SET beslut_kod = 'hanvisad'",
    "AKU-001": "DELETE FROM core.fct_aktualisering WHERE utfall_kod = 'inleds_inte'",
    "AKU-002": "UPDATE core.fct_aktualisering SET mottagen_datum = mottagen_datum - 31, "
    "utfall_kod = CASE WHEN dagar_till_beslut < 18 THEN utfall_kod END",
    "AKU-003": "UPDATE core.fct_aktualisering SET aktualisering_typ_kod = 'annat' WHERE dagar_till_beslut > 13",
    "AKU-004": "UPDATE core.fct_aktualisering SET ar_inom_14_dagar = true",
    "AKU-005": "UPDATE core.fct_aktualisering SET orsak_kod = 'okand' WHERE dagar_till_beslut < 12",
    "AKU-006": "UPDATE core.fct_aktualisering SET anmalartyp_kod = NULL WHERE dagar_till_beslut < 13",
    "OMR-001": "DELETE FROM core.fct_bbic_omrade "
    "WHERE omrade_kod = 'FM1' AND bedomning_typ = 'uppfoljning' AND ar = 2018",
    "OMR-002": "UPDATE core.fct_bbic_omrade SET behov_kod = '9' WHERE omrade_kod = 'FF1' AND behov_kod = '1'",
    "OMR-003": "UPDATE core.fct_bbic_omrade SET behov_kod = '1' WHERE omrade_kod = 'FF1' AND behov_kod = '0'",
    "OMR-004": "UPDATE core.fct_bbic_omrade SET behov_kod = '2' WHERE omrade_kod = 'FF1' AND behov_kod <> '9'",
    "UPF-001": "UPDATE core.fct_uppfoljning SET insats_id = 'X' || insats_id",
    "UPF-002": "UPDATE core.fct_uppfoljning SET maluppfyllelse_kod = 'ej_bedomd' WHERE maluppfyllelse_kod = 'helt'",
    "UPF-003": "UPDATE core.fct_uppfoljning SET maluppfyllelse_kod = 'helt'",
    "ISM-001": "DELETE FROM core.fct_uppfoljning WHERE tillfalle_kod <> 'start'",
    "ISM-002": "UPDATE core.fct_uppfoljning SET tillfalle_kod = 'under' WHERE tillfalle_kod = 'slut'",
    "ISM-003": "UPDATE core.fct_uppfoljning SET metod_kod = 'okand' WHERE tillfalle_kod <> 'start'",
    "ITV-001": "DELETE FROM core.fct_asi_intervju WHERE asi_typ_kod = 'ej_genomford'",
    "ITV-002": "UPDATE core.fct_asi_intervju SET dagar_alkohol_30 = NULL WHERE dagar_alkohol_30 < 3",
    "ITV-003": "UPDATE core.fct_asi_intervju SET dagar_narkotika_30 = NULL WHERE dagar_narkotika_30 < 7",
    "ITV-004": "UPDATE core.fct_asi_intervju SET dagar_alkohol_30 = 30 WHERE dagar_alkohol_30 > 1",
    "ITV-005": "UPDATE core.fct_asi_intervju SET dagar_narkotika_30 = 0",
    "ITV-006": "DELETE FROM core.fct_asi_intervju WHERE ar = 2018 AND dagar_alkohol_30 < 4",
    "ITV-007": "UPDATE core.fct_asi_intervju SET dagar_alkohol_30 = dagar_alkohol_30 + 2 WHERE ar = 2018",
    "SKA-001": "UPDATE core.fct_asi_omrade SET klient_oro = NULL WHERE omrade_kod = 'ASI3' AND klient_oro = 0",
    "SKA-002": "UPDATE core.fct_asi_omrade SET intervjuare = NULL WHERE omrade_kod = 'ASI3' AND intervjuare < 3",
    "SKA-003": "UPDATE core.fct_asi_omrade SET klient_oro = 0 WHERE omrade_kod = 'ASI3'",
    "SKA-004": "UPDATE core.fct_asi_omrade SET intervjuare = 9 WHERE omrade_kod = 'ASI3'",
    "SKA-005": "UPDATE core.fct_asi_omrade SET klient_oro = 3 WHERE omrade_kod = 'ASI3' AND ar = 2018",
    "LMA-001": "DELETE FROM core.fct_lvm_ansokan WHERE kommun_kod > '0500'",
    "LMA-002": "DELETE FROM core.fct_lvm_ansokan WHERE ar = 2018 AND kommun_kod > '1200'",
    "LMA-003": "UPDATE core.fct_lvm_ansokan SET indikation_fys_psyk = '0'",
    "LMA-004": "UPDATE core.fct_lvm_ansokan SET medel_alkohol = '0' WHERE kommun_kod > '0800'",
    "LMA-005": "UPDATE core.fct_lvm_ansokan SET fodelsear = ar - 20 WHERE indikation_fys_psyk = '0'",
    "LMO-001": "DELETE FROM core.fct_lvm_omhandertagande WHERE kommun_kod > '0450'",
    "LMO-002": "DELETE FROM core.fct_lvm_omhandertagande WHERE ar = 2018 AND kommun_kod > '1200'",
    "LMO-003": "DELETE FROM core.fct_lvm_ansokan WHERE kommun_kod > '0900'",
    "LMU-001": "UPDATE core.fct_lvm_utskrivning SET vardtid_dagar = vardtid_dagar - 90",
    "LMU-002": "UPDATE core.fct_lvm_utskrivning SET vardtid_dagar = 201 WHERE kommun_kod < '0400'",
    "LMU-003": "UPDATE core.fct_lvm_utskrivning SET boende_efter_kod = 'okand' WHERE kommun_kod < '0500'",
    "LMU-004": "DELETE FROM core.fct_lvm_utskrivning WHERE ar = 2018 AND kommun_kod > '1200'",
    "OPP-001": "UPDATE core.fct_oppenvard_mangd SET antal = 23 WHERE oppenvard_kod = 'OV1'",
    "OPP-002": "DELETE FROM core.fct_oppenvard_mangd WHERE kon_kod = '2'",
    "OPP-003": "DELETE FROM core.fct_oppenvard_mangd WHERE aldersgrupp_kod IN ('0-6', '7-12', '18-20')",
    "OPP-004": "UPDATE core.fct_oppenvard_mangd SET antal = 1500 WHERE kommun_kod = '0110' AND aldersgrupp_kod = '0-6'",
    "OPP-005": "UPDATE core.fct_oppenvard_mangd SET antal = 14 WHERE oppenvard_kod = 'OV0' AND ar = 2018",
    "UTF-001": "UPDATE core.dim_utforare SET giltig_till = DATE '2015-01-01' WHERE utforare_id = 'SIS'",
    "UTF-002": "UPDATE core.dim_utforare SET ar_privat = true WHERE utforare_id = 'SIS'",
    "UTF-003": "UPDATE core.dim_utforare SET giltig_till = giltig_fran WHERE utforare_id = 'P1'",
    "UTF-004": "UPDATE core.dim_utforare SET giltig_till = DATE '2018-01-01' WHERE utforare_id = 'P1'",
    "UTF-005": "UPDATE core.fct_placering SET utforare_id = 'P1' WHERE person_id = 29",
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
