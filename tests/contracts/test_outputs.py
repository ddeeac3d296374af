"""What is published is what its contract promises, column by column."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

PROJECT = Path(__file__).parents[2]
OUTPUTS = sorted((PROJECT / "data_contracts" / "outputs").glob("*.odcs.yaml"))


def promised(path: Path) -> dict[str, str]:
    (table,) = yaml.safe_load(path.read_text(encoding="utf-8"))["schema"]
    return {p["name"]: p["physicalType"] for p in table["properties"]}


def built(model: str) -> dict[str, str]:
    text = (PROJECT / "dbt_project" / "models" / "published" / f"{model}.yml").read_text(encoding="utf-8")
    (properties,) = yaml.safe_load(text)["models"]
    assert properties["config"]["contract"]["enforced"] is True
    return {c["name"]: c["data_type"] for c in properties["columns"]}


@pytest.mark.parametrize("path", OUTPUTS, ids=lambda p: p.name)
def test_a_published_table_has_the_columns_and_types_of_its_contract(path: Path) -> None:
    assert built(f"pub_{path.name.removesuffix('.odcs.yaml')}") == promised(path)


def test_every_published_table_has_a_contract() -> None:
    models = {p.stem for p in (PROJECT / "dbt_project" / "models" / "published").glob("pub_*.sql")}
    assert {f"pub_{p.name.removesuffix('.odcs.yaml')}" for p in OUTPUTS} == models
