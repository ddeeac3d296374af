"""The pictures tell statuses apart, for every eye, stay small and quick, and show what the table says."""

from __future__ import annotations

import itertools
import random
import time
from io import BytesIO
from pathlib import Path

import duckdb
import numpy as np
import pytest
import yaml
from PIL import Image

from pipelines.transform import facts
from pipelines.transform.pictures import BAR, PALETTE, Sender, coverage, heat_map

ROOT = Path(__file__).resolve().parents[2]
MONTHS = [f"{year}-{month:02d}" for year in (2017, 2018, 2019) for month in range(1, 13)]
STATUSES = ("bekräftat tom", "godkänd i tid", "godkänd med varning", "godkänd för sent", "stoppad", "saknas")
# Machado, Oliveira and Fernandes 2009, severity 1.0, on linear RGB.
BLINDNESS = {
    "none": np.eye(3),
    "protan": np.array([
        [0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998],
    ]),
    "deutan": np.array([
        [0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881],
    ]),
    "tritan": np.array([
        [1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900],
    ]),
}  # fmt: skip


def linear(colour: str) -> np.ndarray:
    rgb = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def lab(rgb: np.ndarray) -> np.ndarray:
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    x, y, z = (to_xyz @ rgb.clip(0, 1)) / np.array([0.9505, 1.0, 1.089])
    f = [t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z)]
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("sight", BLINDNESS)
def test_any_two_statuses_are_told_apart_by_every_eye(sight: str) -> None:
    seen = [lab(BLINDNESS[sight] @ linear(colour)) for colour in PALETTE]
    distances = [float(np.linalg.norm(a - b)) for a, b in itertools.combinations(seen, 2)]
    assert min(distances) > 20


def test_worse_is_darker_so_that_the_order_survives_grey_print() -> None:
    lightness = [lab(linear(colour))[0] for colour in PALETTE]
    empty, *approved_to_missing = lightness
    assert approved_to_missing == sorted(approved_to_missing, reverse=True)
    assert empty > max(approved_to_missing[2:]), "confirmed empty is no fault, and looks like none"


def senders(number: int, seed: int = 1) -> list[Sender]:
    chance = random.Random(seed)
    return [
        Sender(f"Kommun {i}", f"Län {i // 14:02d}", tuple(chance.choices([1, 2, 3, 4, 5, 6], k=len(MONTHS))))
        for i in range(number)
    ]


def pixels(png: bytes) -> dict[str, int]:
    image = Image.open(BytesIO(png)).convert("RGB")
    return {f"#{r:02x}{g:02x}{b:02x}": count for count, (r, g, b) in image.getcolors(100_000)}


def test_the_whole_country_over_three_years_is_small_and_quick() -> None:
    spent = []
    for _ in range(3):  # the first also loads what draws; a machine that is busy makes one slow
        start = time.process_time()
        png = heat_map(senders(290), MONTHS, STATUSES, "Leveransläge")
        spent.append(time.process_time() - start)
    assert min(spent) < 2
    assert len(png) < 200_000
    assert Image.open(BytesIO(png)).width <= 1100, "wider than the dialog that shows it"


def test_every_cell_has_its_status_colour_and_a_rare_one_keeps_its_own() -> None:
    ranks = [1] * 35 + [3]
    many = [Sender("Vanlig", "Län", (1,) * 36)] * 40 + [Sender("Ensam", "Län", tuple(ranks))]
    found = pixels(heat_map(many, MONTHS, STATUSES, "x"))
    legend = 14 * 14
    cell = found[PALETTE[2]] - legend
    assert 40 <= cell <= 70, "one cell of 5 x 11 pixels"
    assert found[PALETTE[0]] - legend == pytest.approx(cell * (40 * 36 + 35), rel=0.02)
    assert abs(found[PALETTE[3]] - legend) < 20, "no late cell, only the legend"


def test_a_month_that_nobody_expects_is_left_white() -> None:
    alone = [Sender("Ny", "Län", (None,) * 35 + (6,))]
    found = pixels(heat_map(alone, MONTHS, STATUSES, "x"))
    assert found[PALETTE[5]] < 14 * 14 + 100


def test_columns_of_coverage_stand_for_their_shares() -> None:
    half = pixels(coverage({"eb_person": [0.5] * 36}, MONTHS, "x"))[BAR]
    full = pixels(coverage({"eb_person": [1.0] * 36}, MONTHS, "x"))[BAR]
    assert full == pytest.approx(2 * half, rel=0.03)


@pytest.fixture
def build(tmp_path: Path) -> Path:
    """Two municipalities, two months, two datasets; the worst of each month is known."""
    path = tmp_path / "lager.duckdb"
    with duckdb.connect(str(path)) as con:
        for schema in ("core", "koder", "indicators"):
            con.execute(f"create schema {schema}")
        seed = ROOT / "dbt_project" / "seeds" / "codes" / "leverans_status.csv"
        con.execute(f"create table koder.leverans_status as select * from read_csv('{seed}')")
        con.execute(
            "create table core.dim_kommun as select * from (values ('0114', 'Upplands Väsby', '01', 'Stockholms län', "
            "date '1900-01-01'), ('0331', 'Heby', '19', 'Västmanlands län', date '1900-01-01'), "
            "('0331', 'Heby', '03', 'Uppsala län', date '2007-01-01')) "
            "t(kommun_kod, kommun_namn, lan_kod, lan_namn, giltig_fran)"
        )
        con.execute(
            "create table core.fct_leverans as select * from (values "
            "('0114', 'eb_hushall', '2018-01', 'mottagen_godkand'), ('0114', 'eb_person', '2018-01', 'forsenad'), "
            "('0114', 'eb_hushall', '2018-02', 'ej_rapporterad'), "
            "('0114', 'eb_person', '2018-02', 'mottagen_godkand'), "
            "('0331', 'eb_hushall', '2018-01', 'nolleverans_bekraftad'), "
            "('0331', 'eb_hushall', '2018-02', 'mottagen_godkand'), ('0331', 'eb_person', '2018-02', 'underkand')) "
            "t(kommun_kod, dataset, period, leverans_status)"
        )
    return path


def test_the_heat_map_shows_each_municipality_in_its_present_county_by_its_worst_dataset(build: Path) -> None:
    with duckdb.connect(str(build), read_only=True) as db:
        assert facts._rows(db, "leveranslage") == [
            ("Stockholms län", "Upplands Väsby", "2018-01", 4),
            ("Stockholms län", "Upplands Väsby", "2018-02", 6),
            ("Uppsala län", "Heby", "2018-01", 1),
            ("Uppsala län", "Heby", "2018-02", 5),
        ]
        last = {status: number for _, status, number in facts._rows(db, "senaste_manaden")}
    assert last == dict.fromkeys(STATUSES, 0) | {"saknas": 1, "stoppad": 1}


def test_a_table_gets_the_facts_its_meta_asks_for_and_a_fact_that_cannot_be_read_is_left_out(build: Path) -> None:
    found = facts.read_facts(build, {"fct_leverans": ["leveranslage", "tackning"]})
    assert set(found["fct_leverans"]) == {"dagster/row_count", "leveransläge, bild", "leveransläge, senaste månaden"}
    assert set(found["dim_kommun"]) == {"dagster/row_count"}
    picture = found["fct_leverans"]["leveransläge, bild"].md_str
    assert picture.startswith("![Leveransläge 2018-01 till 2018-02")
    assert "saknas 1" in picture.split("](")[0], "the words beside the picture say what it shows"


def test_warnings_are_counted_by_rule_the_open_ones_apart(tmp_path: Path) -> None:
    path = tmp_path / "lager.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute("create schema core")
        con.execute(
            "create table core.fct_varning as select * from (values "
            "('0114', 'GEN-18', 'WARNING', true, false), ('0114', 'GEN-18', 'WARNING', false, true), "
            "('0115', 'GEN-18', 'WARNING', true, false), ('0115', 'EB-11', 'INFO', false, false)) "
            "t(kommun_kod, regel_id, allvar, ger_osaker, ar_kvitterad)"
        )
    shown = facts.read_facts(path, {"fct_varning": ["varningar"]})["fct_varning"]["varningar per regel"]
    assert [tuple(record.data.values()) for record in shown.records] == [
        ("EB-11", "INFO", 1, 1, 0, 0),
        ("GEN-18", "WARNING", 3, 2, 2, 1),
    ]


def test_the_statuses_of_the_picture_are_those_the_table_may_have() -> None:
    model = yaml.safe_load((ROOT / "dbt_project/models/core/fct_leverans.yml").read_text(encoding="utf-8"))
    (column,) = [c for c in model["models"][0]["columns"] if c["name"] == "leverans_status"]
    accepted = column["data_tests"][0]["accepted_values"]["arguments"]["values"]
    seed = (ROOT / "dbt_project/seeds/codes/leverans_status.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert {line.split(",")[0] for line in seed} == set(accepted)
    assert len(accepted) == len(PALETTE) + 1, "without an agreement nothing is expected, and the cell is white"


def test_every_fact_a_model_asks_for_exists() -> None:
    asked = [
        name
        for path in (ROOT / "dbt_project" / "models").rglob("*.yml")
        for model in yaml.safe_load(path.read_text(encoding="utf-8")).get("models", [])
        for name in model.get("config", {}).get("meta", {}).get("visar", [])
    ]
    assert asked
    assert set(asked) == set(facts.FACTS)
