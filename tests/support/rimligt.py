"""A warehouse in which everything is believable: tables as dbt promises them, with the rows that the suites ask of.

Belongs here: the tables and their rows, written by hand. Does not belong here: the faults, and what is asked of them
(tests/unit/test_checks_suites.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import yaml

ROOT = Path(__file__).resolve().parents[2]
EKONOMISKT_BISTAND = """
INSERT INTO core.dim_kommun BY NAME
SELECT lpad((i % 21 + 1)::VARCHAR, 2, '0') || lpad((i // 21 + 10)::VARCHAR, 2, '0') AS kommun_kod,
  lpad((i % 21 + 1)::VARCHAR, 2, '0') AS lan_kod, DATE '1900-01-01' AS giltig_fran,
  'A1' AS kommungrupp_2017_kod, 'A1' AS kommungrupp_2023_kod
FROM range(290) r(i);

INSERT INTO core.fct_befolkning BY NAME
SELECT kommun_kod, kon_kod, alder, ar,
  CASE WHEN alder = 10 THEN 3600 ELSE 14200 END
    + CASE WHEN kommun_kod = '0110' AND kon_kod = '1' AND alder = 40 THEN 3589 ELSE 0 END AS antal
FROM core.dim_kommun, (VALUES ('1'), ('2')) k(kon_kod), (VALUES (10), (40)) a(alder), (VALUES (2017), (2018)) y(ar);

CREATE TEMP TABLE leverans AS
SELECT 'L-' || kommun_kod || period AS leverans_id, kommun_kod, dataset, period
FROM core.dim_kommun, (VALUES ('eb_hushall'), ('eb_person'), ('eb_avslut')) d(dataset),
  (VALUES ('2017-03'), ('2017-04')) p(period)
UNION ALL
SELECT 'L-' || kommun_kod || period, kommun_kod, dataset, period
FROM core.dim_kommun, (VALUES ('2017'), ('2018')) p(period),
  (VALUES ('bu_barn'), ('bu_insats'), ('bu_placering'), ('bu_oppenvard_mangd'), ('aktualisering'), ('bbic_barn'),
    ('bbic_sammanfattning'), ('bbic_insats'), ('bbic_uppfoljning'), ('missbruk_person'), ('missbruk_utredning'),
    ('missbruk_insats'), ('asi_intervju'), ('lvm_ansokan'), ('lvm_omhandertagande'), ('lvm_utskrivning'),
    ('isu_uppfoljning')) d(dataset);

INSERT INTO core.fct_leverans BY NAME
SELECT kommun_kod, split_part(dataset, '_', 1) AS kalla, dataset, period, substring(period, 1, 4)::INT AS ar,
  'mottagen_godkand' AS leverans_status, true AS ar_godkand,
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
BARN = """
INSERT INTO core.fct_placering BY NAME
SELECT kommun_kod, ar, n AS person_id, ar - 10 AS fodelsear, 220 AS vardygn, n % 4 = 0 AS ar_utanfor_lan,
  CASE WHEN n % 29 = 0 THEN 'SIS' ELSE 'FAM' END AS placeringsform_kod,
  CASE WHEN n % 29 = 0 THEN 'SIS' ELSE 'P1' END AS utforare_id, kommun_kod AS vistelsekommun_kod,
  make_date(ar - 1, 2, 1) AS placering_start_datum,
  CASE WHEN n % 2 = 0 THEN make_date(ar, 8, 1) END AS placering_slut_datum,
  CASE WHEN n % 2 = 0 THEN 'PA1' END AS placering_avslut_orsak_kod
FROM core.dim_kommun, range(88) r(n), (VALUES (2017), (2018)) y(ar);
INSERT INTO core.dim_utforare BY NAME SELECT utforare_id, regiform_kod, ar_privat, DATE '1900-01-01' AS giltig_fran
FROM (VALUES ('SIS', 'sis', false), ('P1', 'lou', true)) t(utforare_id, regiform_kod, ar_privat);

CREATE TEMP TABLE nagra AS SELECT kommun_kod, '' AS stadsdel_kod, ar
FROM core.dim_kommun, (VALUES (2017), (2018)) y(ar) WHERE kommun_kod < '0300';
INSERT INTO core.fct_insatsperiod BY NAME
SELECT k.*, 'bu' AS delmangd, n AS person_id, 'pnr' AS id_typ_kod, insatstyp_kod
FROM nagra k, range(100) r(n), (VALUES ('SOL', 0, 77), ('LVU_VARD', 76, 99), ('LVU_6', 70, 78)) t(insatstyp_kod, a, b)
WHERE n BETWEEN a AND b;
INSERT INTO core.fct_insatsperiod BY NAME
SELECT k.*, 'lokal' AS delmangd, 'I' || n AS insats_id, 'OPPEN' AS insatstyp_kod, 'KOMET' AS metod_kod,
  make_date(ar, 3, 1) AS genomforandeplan_datum, CASE WHEN n % 2 = 1 THEN make_date(ar, 9, 1) END AS insats_slut_datum
FROM nagra k, range(10) r(n);
INSERT INTO core.fct_uppfoljning BY NAME
SELECT k.*, 'bbic' AS delmangd, 'I' || n AS insats_id,
  CASE WHEN n % 2 = 0 THEN 'helt' ELSE 'delvis' END AS maluppfyllelse_kod
FROM nagra k, range(7) r(n);
INSERT INTO core.fct_utredning BY NAME
SELECT k.*, 'barn' AS delmangd, 'omsorgssvikt' AS anledning_huvud_kod,
  CASE WHEN n > 1 THEN make_date(ar, 9, 1) END AS utredning_slut_datum,
  CASE WHEN n > 1 THEN 50 + 10 * n END AS dagar, CASE WHEN n > 1 THEN n < 8 END AS ar_inom_4_manader,
  n % 4 AS antal_barnsamtal, CASE WHEN n % 2 = 0 THEN 'INGEN' ELSE 'SDQ' END AS instrument_kod,
  CASE WHEN n % 2 = 0 THEN 'insats_sol_oppen' ELSE 'utan_insats' END AS beslut_kod
FROM nagra k, range(10) r(n);
INSERT INTO core.fct_aktualisering BY NAME
SELECT k.*, CASE WHEN n < 8 THEN 'anmalan' ELSE 'ansokan' END AS aktualisering_typ_kod, 'polis' AS anmalartyp_kod,
  'omsorgssvikt' AS orsak_kod, make_date(ar, 12, 1) AS mottagen_datum,
  CASE WHEN n < 4 THEN 'inleds' WHEN n < 9 THEN 'inleds_inte' END AS utfall_kod,
  CASE WHEN n < 9 THEN 10 + n END AS dagar_till_beslut, CASE WHEN n < 9 THEN n < 5 END AS ar_inom_14_dagar
FROM nagra k, range(10) r(n);
INSERT INTO core.dim_bbic_omrade BY NAME SELECT omrade_kod, omrade_kod = 'G01' AS ar_gammal_utgava
FROM (VALUES ('BU1'), ('BU2'), ('FF1'), ('FM1'), ('G01')) t(omrade_kod);
INSERT INTO core.fct_bbic_omrade BY NAME
SELECT k.*, bedomning_typ, omrade_kod, substring('0000111229', n::INT + 1, 1) AS behov_kod
FROM nagra k, core.dim_bbic_omrade, range(10) r(n), (VALUES ('utredning'), ('uppfoljning')) t(bedomning_typ)
WHERE NOT ar_gammal_utgava OR n = 0;
INSERT INTO core.fct_oppenvard_mangd BY NAME
SELECT k.*, oppenvard_kod, kon_kod, aldersgrupp_kod, antal
FROM nagra k, (VALUES ('OV0', 10), ('OV1', 4), ('OV2', 5), ('OV3', 4)) t(oppenvard_kod, antal),
  (VALUES ('1'), ('2')) x(kon_kod), (VALUES ('0-6'), ('7-12'), ('13-17'), ('18-20')) g(aldersgrupp_kod);
"""
MISSBRUK = """
INSERT INTO core.fct_utredning BY NAME
SELECT k.*, 'missbruk' AS delmangd, make_date(ar, 9, 1) AS utredning_slut_datum, 20 AS dagar, 'oppen' AS beslut_kod
FROM nagra k, range(10) r(n);
INSERT INTO core.fct_asi_intervju BY NAME
SELECT k.*, asi_typ_kod, CASE WHEN n % 10 < 9 AND asi_typ_kod <> 'ej_genomford' THEN n END AS dagar_alkohol_30,
  CASE WHEN n % 10 < 9 AND asi_typ_kod <> 'ej_genomford' THEN 10 - n END AS dagar_narkotika_30
FROM nagra k, range(10) r(n), (VALUES ('grund', 10), ('uppfoljning', 6), ('ej_genomford', 4)) t(asi_typ_kod, antal)
WHERE n < antal;
INSERT INTO core.fct_asi_omrade BY NAME
SELECT k.*, omrade_kod, CASE WHEN n < 9 THEN n % 5 END AS klient_oro, CASE WHEN n < 9 THEN n END AS intervjuare
FROM nagra k, range(10) r(n), (VALUES ('ASI2'), ('ASI3')) o(omrade_kod);
INSERT INTO core.fct_uppfoljning BY NAME
SELECT k.*, 'isu' AS delmangd, tillfalle_kod, CASE WHEN n < 1 THEN 'okand' ELSE 'MET' END AS metod_kod
FROM nagra k, range(5) r(n), (VALUES ('start', 5), ('under', 3), ('slut', 3)) t(tillfalle_kod, antal) WHERE n < antal;

INSERT INTO core.fct_lvm_ansokan BY NAME
SELECT kommun_kod, ar, ar - 40 AS fodelsear, CASE WHEN n < 3 THEN '1' ELSE '0' END AS indikation_fys_psyk,
  CASE WHEN n < 3 THEN '1' ELSE '0' END AS medel_alkohol, '0' AS medel_narkotika, '0' AS medel_losningsmedel
FROM core.dim_kommun, range(4) r(n), (VALUES (2017), (2018)) y(ar);
INSERT INTO core.fct_lvm_omhandertagande BY NAME
SELECT kommun_kod, ar, ar - 40 AS fodelsear FROM core.dim_kommun, range(3) r(n), (VALUES (2017), (2018)) y(ar);
INSERT INTO core.fct_lvm_utskrivning BY NAME
SELECT kommun_kod, ar, 100 + 30 * n AS vardtid_dagar,
  CASE WHEN n < 1 AND kommun_kod < '1200' THEN 'okand' ELSE 'eget' END AS boende_efter_kod
FROM core.dim_kommun, range(4) r(n), (VALUES (2017), (2018)) y(ar);
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


def make_sound_warehouse() -> duckdb.DuckDBPyConnection:
    con = make_warehouse()
    con.execute(EKONOMISKT_BISTAND)
    con.execute(BARN)
    con.execute(MISSBRUK)
    return con
