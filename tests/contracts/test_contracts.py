"""The contracts hang together: with the standard, with each other, with the rules' catalogue and with the models.

Belongs here: what can be said of the YAML files as they stand. Does not belong here: how contracts are read
(tests/unit/test_contracts.py).
"""

from __future__ import annotations

import csv
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from datacontract.data_contract import DataContract

from pipelines.contracts.changes import widest
from pipelines.contracts.model import get_contracts
from pipelines.landing.gate_sql import checks
from tests.support.repo import DBT, LIBRARY, ROOT

FOLDER = ROOT / "data_contracts"
ALL = sorted(FOLDER.glob("*/**/*.odcs.yaml"))
SOURCES = [path for path in ALL if path.parts[-3] == "sources"]
OUTPUTS = [path for path in ALL if path.parent.name == "outputs"]
GATE = "".join((ROOT / "pipelines" / "landing" / f"gate_{part}.py").read_text() for part in ("sql", "rows"))
CATALOGUE = LIBRARY / "domain" / "dq_regler.csv"


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def name(path: Path) -> str:
    return str(path.relative_to(FOLDER))


@pytest.mark.parametrize("path", ALL, ids=name)
def test_passes_the_linter_of_the_standard(path: Path) -> None:
    run = DataContract(data_contract_file=str(path)).lint()
    assert [check.reason for check in run.checks if str(check.result.value) != "passed"] == []


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_a_source_contract_is_named_as_its_dataset(path: Path) -> None:
    contract, source, stem = read(path), path.parent.name, path.name.removesuffix(".odcs.yaml")
    dataset = source if stem == source else f"{source}_{stem}"
    (table,) = contract["schema"]
    assert contract["id"] == table["name"] == dataset
    assert table["physicalName"] == f"{dataset}.csv"
    assert get_contracts().datasets[dataset].kalla == path.parent.name


@pytest.mark.parametrize("path", OUTPUTS, ids=name)
def test_an_output_contract_is_named_as_its_model(path: Path) -> None:
    contract, product = read(path), f"pub_{path.name.removesuffix('.odcs.yaml')}"
    (table,) = contract["schema"]
    assert contract["id"] == table["name"] == product
    assert (DBT / "models" / "published" / f"{product}.sql").exists()


@pytest.mark.parametrize("path", OUTPUTS, ids=name)
def test_an_output_contract_promises_what_its_model_enforces(path: Path) -> None:
    (table,) = read(path)["schema"]
    (model,) = read(DBT / "models" / "published" / f"{table['name']}.yml")["models"]
    promised = [(p["name"], p["physicalType"].replace(" ", ""), bool(p.get("required"))) for p in table["properties"]]
    held = [
        (c["name"], c["data_type"].replace(" ", ""), {"type": "not_null"} in c.get("constraints", []))
        for c in model["columns"]
    ]
    assert model["config"]["contract"]["enforced"]
    assert promised == held


def test_every_delivered_column_is_described_where_its_reader_looks() -> None:
    contracts = get_contracts()
    lacking = [
        f"{dataset.id}.{column.name}"
        for dataset in contracts.datasets.values()
        for column in widest(dataset).columns
        if not (column.description or contracts.columns.get(column.name))
    ]
    assert lacking == []


def test_every_code_list_points_at_a_seed_with_its_column_and_is_used() -> None:
    registry = read(FOLDER / "shared" / "kodlistor.yaml")
    used = {c.kodlista for d in get_contracts().datasets.values() for c in widest(d).columns if c.kodlista}
    assert used == set(registry)
    for entry in registry.values():
        assert (DBT / "seeds" / f"{entry['seed']}.yml").exists()
        assert entry["mark"] in "ABC"
        with (DBT / "seeds" / f"{entry['seed']}.csv").open(encoding="utf-8", newline="") as handle:
            codes = [row[entry["kolumn"]] for row in csv.DictReader(handle)]
        assert codes
        assert len(codes) == len(set(codes))
        assert all(codes)


@lru_cache(maxsize=1)
def catalogue() -> dict[str, dict[str, str]]:
    if not CATALOGUE.exists():
        pytest.skip("the domain's catalogue of rules is not on this machine")
    with CATALOGUE.open(encoding="utf-8", newline="") as handle:
        return {row["id"]: row for row in csv.DictReader(handle, delimiter=";")}


@lru_cache(maxsize=1)
def defined() -> dict[str, str]:
    """Rule → severity, of the rules that the definitions of the yearly domains add or speak of."""
    pages = [ROOT / "docs" / "reference" / f"{domain}.md" for domain in ("barn_och_unga", "missbruk")]
    lines = [line for page in pages for line in page.read_text(encoding="utf-8").splitlines()]
    found = [re.match(r"\| ([A-Z]+-\d\d(?:, [A-Z]+-\d\d)*) \| ([A-Z_]+) \|", line) for line in lines]
    return {rule: match[2] for match in found if match for rule in match[1].split(", ")}


@pytest.mark.parametrize("rule_id", sorted(defined()))
def test_a_rule_of_the_definitions_has_their_severity(rule_id: str) -> None:
    assert get_contracts().rules[rule_id].allvar == defined()[rule_id]


@pytest.mark.parametrize("rule_id", sorted(get_contracts().rules))
def test_a_rule_is_that_of_the_catalogue_with_its_severity_and_limit(rule_id: str) -> None:
    if rule_id not in catalogue():
        assert rule_id in defined(), "a rule of our own stands in the definitions"
        return
    rule, entry = get_contracts().rules[rule_id], catalogue()[rule_id]
    assert rule.allvar == entry["allvar"]
    limit = re.match(r">([0-9,]+) % av raderna och minst ([0-9]+) rader: ERROR", entry["eskalering"])
    expected = (float(limit[1].replace(",", ".")) / 100, int(limit[2])) if limit else (None, 0)
    assert (rule.eskalering_andel, rule.eskalering_minst) == pytest.approx(expected)


def test_every_rule_of_the_catalogue_for_what_is_delivered_is_there() -> None:
    ours = {"alla": 25, "eb": 15, "bu": 12, "aktualisering": 4, "utredning": 4, "bbic": 3, "asi": 7, "lvm": 5}
    wanted = {rule_id for rule_id, entry in catalogue().items() if entry["dataset"] in ours}
    assert len(wanted) == sum(ours.values())
    assert set(get_contracts().rules) == wanted | set(defined())


def test_a_dormant_rule_says_why_and_is_never_tried() -> None:
    found = get_contracts()
    dormant = {rule.id: rule.vilande for rule in found.rules.values() if rule.vilande}
    assert set(dormant) == {"ASI-07", "BU-10", "EB-07", "GEN-17", "LVM-05"}
    assert all(len(reason) > 20 and reason.endswith(".") for reason in dormant.values())
    tried = {check.rule.id for dataset in found.datasets.values() for check in checks(dataset, found)}
    assert tried >= {"GEN-09", "GEN-11", "GEN-13", "EB-05", "EB-08", "EB-09", "EB-10"}
    assert not tried & set(dormant)
    named = [
        p for p in ROOT.glob("pipelines/**/*.py") if any(rule in p.read_text(encoding="utf-8") for rule in dormant)
    ]
    assert [str(p.relative_to(ROOT)) for p in named] == []


def test_a_rule_of_one_table_stands_in_its_contract_and_one_of_every_delivery_does_not() -> None:
    written = {rule.id for dataset in get_contracts().datasets.values() for rule in dataset.rules}
    assert {"EB-02", "EB-05", "EB-08", "EB-09", "EB-10"} <= written
    assert not [rule for rule in written if rule.startswith("GEN")]
    shared = set(read(FOLDER / "shared" / "regler.yaml")["regler"])
    said = [item for path in SOURCES for table in read(path)["schema"] for item in table.get("quality", [])]
    assert [item["id"] for item in said if ("severity" in item) == (item["id"] in shared)] == []


def test_every_rule_that_the_gate_may_record_tells_the_sender_what_to_do() -> None:
    for rule in get_contracts().rules.values():
        assert rule.meddelande.endswith("."), rule.id
        assert len(rule.meddelande) > 40, rule.id
        assert rule.dimension, rule.id


def test_an_identifier_or_a_mark_of_protection_is_classified_so_that_it_stays_at_the_gate() -> None:
    hidden = {
        (dataset.id, column.name): column.classification
        for dataset in get_contracts().datasets.values()
        for column in dataset.columns
        if column.kontroll == "personidentitet" or (dataset.protection and dataset.protection.kolumn == column.name)
    }
    people = (
        "aktualisering",
        "bbic_barn",
        "bu_barn",
        "eb_person",
        "missbruk_person",
        "asi_intervju",
        "isu_uppfoljning",
    )
    people += ("lvm_ansokan", "lvm_omhandertagande", "lvm_utskrivning")
    kinds = {"personnummer": "direkt_identifierare", "skyddad": "skyddsuppgift"}
    assert hidden == {(dataset, column): kind for dataset in people for column, kind in kinds.items()}


def test_no_column_has_the_name_of_what_the_gate_puts_beside_it() -> None:
    """A rule would read the one where it means the other."""
    beside = {"paket", "radnr", "paket_datum", "period_start", "period_slut", "leveranstyp", "skyddade_deklarerade"}
    assert all(f"as {name}" in GATE or f".{name}" in GATE for name in beside)
    assert not beside & {c.name for d in get_contracts().datasets.values() for c in d.columns}
