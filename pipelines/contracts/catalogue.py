"""Everything that is defined, gathered for those who read: indicators with examples, rules, code lists, tables.

Belongs here: reading contracts, registries and the models' own yml into plain frozen objects. Does not belong here:
any description of its own, and how it is shown (`publish/catalogue.py`). A field nobody foresaw is kept, not dropped.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from pipelines.contracts.changes import Change
from pipelines.contracts.files import read_yaml
from pipelines.contracts.model import CONTRACTS, SEEDS, Contracts, Dataset, Rule, get_contracts
from pipelines.contracts.render import indicators
from pipelines.settings import PROJECT_ROOT

MODELS = PROJECT_ROOT / "dbt_project" / "models"
REF = re.compile(r"ref\('([^']+)'\)")
STATUS = re.compile("status$|orsak$")
Row = dict[str, Any]


class CatalogueError(ValueError):
    """A definition that cannot be shown; names the file and the fault."""


@dataclass(frozen=True)
class Example:
    """A dbt unit test as a worked example: rows given, by model, and the rows they must give."""

    name: str
    description: str
    given: tuple[tuple[str, tuple[Row, ...]], ...]
    expected: tuple[Row, ...]


@dataclass(frozen=True)
class Indicator:
    """An indicator's meta as its model has it, and its examples."""

    model: str
    meta: dict[str, Any]
    examples: tuple[Example, ...]


@dataclass(frozen=True)
class RuleEntry:
    """A rule with what the registry says of its basis, and the (table, column) it is bound to (none: every table)."""

    rule: Rule
    basis: str
    owner: str
    since: str
    places: tuple[tuple[str, str | None], ...]
    dormant: str | None


@dataclass(frozen=True)
class CodeList:
    """A code list: its mark (A read in the source, B and C our own), and its rows as they stand."""

    id: str
    name: str
    description: str
    mark: str
    source: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class ColumnEntry:
    """A column as promised: where its codes stand and what it means."""

    name: str
    type: str
    required: bool
    key: bool
    code_list: str | None
    description: str


@dataclass(frozen=True)
class TableEntry:
    """A delivered or published table, with its own words in order (purpose, limits, licence and so on).

    `changes` are those of a delivered table's form, by year.
    """

    id: str
    title: str
    version: str
    grain: str
    words: dict[str, str]
    columns: tuple[ColumnEntry, ...]
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True)
class Catalogue:
    """All of it."""

    indicators: tuple[Indicator, ...]
    rules: tuple[RuleEntry, ...]
    code_lists: tuple[CodeList, ...]
    delivered: tuple[TableEntry, ...]
    published: tuple[TableEntry, ...]
    statuses: dict[str, tuple[str, tuple[str, ...]]]


def read_catalogue(contracts: Contracts | None = None) -> Catalogue:
    """Read everything. Raises CatalogueError where a unit test cannot be shown as rows."""
    known = contracts or get_contracts()
    found = tuple(Indicator(model, meta, examples(model)) for model, meta in indicators(MODELS / "indicators"))
    return Catalogue(
        indicators=found,
        rules=_rules(known),
        code_lists=tuple(sorted(map(_code_list, (SEEDS / "codes").glob("*.csv")), key=_by_name)),
        delivered=tuple(_table(path, known) for path in sorted(CONTRACTS.glob("sources/*/*.odcs.yaml"))),
        published=tuple(_table(path, known) for path in sorted(CONTRACTS.glob("outputs/*.odcs.yaml"))),
        statuses=_statuses(known),
    )


@lru_cache(maxsize=1)
def get_catalogue() -> Catalogue:
    """The project's own catalogue, read once per process."""
    return read_catalogue()


def model_description(folder: str, model: str) -> str:
    """What a model's own yml says it is; empty when there is none."""
    path = MODELS / folder / f"{model}.yml"
    return " ".join(str(read_yaml(path)["models"][0]["description"]).split()) if path.exists() else ""


def _statuses(contracts: Contracts) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Every column that says why a value is there or not, with its meaning and the values its test accepts."""
    found: dict[str, tuple[str, tuple[str, ...]]] = {}
    for path in sorted(p for folder in ("indicators", "published") for p in (MODELS / folder).glob("*.yml")):
        for column in read_yaml(path)["models"][0].get("columns", []):
            values = _accepted(column)
            if STATUS.search(column["name"]) and values:
                found.setdefault(column["name"], (contracts.columns.get(column["name"], ""), values))
    return found


def _accepted(column: dict[str, Any]) -> tuple[str, ...]:
    tests = [test["accepted_values"] for test in column.get("data_tests", []) if "accepted_values" in test]
    return tuple(str(value) for test in tests for value in test["arguments"]["values"])


def examples(model: str) -> tuple[Example, ...]:
    """The unit tests in an indicator's yml."""
    path = MODELS / "indicators" / f"{model}.yml"
    return tuple(_example(path, test) for test in read_yaml(path).get("unit_tests", []))


def _example(path: Path, test: dict[str, Any]) -> Example:
    given = tuple((_model(entry["input"]), _rows(path, test, entry)) for entry in test["given"])
    words = " ".join(str(test.get("description", "")).split())
    return Example(str(test["name"]), words, given, _rows(path, test, test["expect"]))


def _model(reference: str) -> str:
    found = REF.search(reference)
    return found[1] if found else reference


def _rows(path: Path, test: dict[str, Any], entry: dict[str, Any]) -> tuple[Row, ...]:
    rows = entry.get("rows", [])
    if not isinstance(rows, list) or any(not isinstance(row, dict) for row in rows):
        raise CatalogueError(f"{path.name}: {test['name']} har rader i en annan form än yaml")
    return tuple(rows)


def _rules(contracts: Contracts) -> tuple[RuleEntry, ...]:
    registry = read_yaml(CONTRACTS / "shared" / "regler.yaml")
    return tuple(_rule(rule, registry, contracts) for rule in sorted(contracts.rules.values(), key=_rule_order))


def _rule_order(rule: Rule) -> tuple[bool, str]:
    return not rule.id.startswith("GEN"), rule.id


def _rule(rule: Rule, registry: dict[str, Any], contracts: Contracts) -> RuleEntry:
    entry = registry.get("regler", {}).get(rule.id, {})
    basis, owner, since = (str(entry.get(n, registry.get(n, ""))) for n in ("basis", "agare", "giltig_fran"))
    dormant = getattr(rule, "vilande", None) or entry.get("vilande")
    places = tuple(place for dataset in contracts.datasets.values() for place in _places(rule, dataset))
    if not places:  # of a source as a whole, by its name; a GEN rule is of them all
        places = tuple((dataset.id, None) for dataset in contracts.source(rule.id.partition("-")[0].lower()))
    return RuleEntry(rule, basis, owner, since, places, " ".join(dormant.split()) if dormant else None)


def _places(rule: Rule, dataset: Dataset) -> list[tuple[str, str | None]]:
    """Where a contract asks for it: its own, that of a coded column, of rows that follow another's or that landed."""
    own: list[str | None] = [r.kolumn for r in dataset.rules if r.id == rule.id]
    coded: list[str | None] = [c.name for c in dataset.columns if c.kodregel == rule.id]
    follows: list[str | None] = [None] if dataset.cascade and dataset.cascade.regel == rule.id else []
    landed = {*(share.regel for share in dataset.shares), *(dataset.history.rules if dataset.history else ())}
    follows += [None] if rule.id in landed and not rule.id.startswith("GEN") else []
    return [(dataset.id, column) for column in own + coded + follows + _asked(rule, dataset)]


def _asked(rule: Rule, dataset: Dataset) -> list[str | None]:
    """Where a rule that no contract writes is tried, when that is not in every table."""
    numbers = [dataset.identity_column] if dataset.identity_column else []
    asked: dict[str, list[Any]] = {
        "GEN-09": [dataset.protection.kolumn] if dataset.protection else [],
        "GEN-10": numbers,
        "GEN-13": numbers if dataset.same_person else [],
        "GEN-15": [c.name for c in dataset.columns if c.inte_fore],
        "GEN-16": [c.name for c in dataset.columns if c.kontroll == "handelsedatum"],
        "GEN-26": [None] if dataset.kraver_avtal else [],
    }
    return asked.get(rule.id, [])


def _by_name(codes: CodeList) -> str:
    """As Swedish sorts: å, ä and ö last, in that order."""
    return codes.name.casefold().translate({ord("å"): "{", ord("ä"): "|", ord("ö"): "}"})


def _code_list(path: Path) -> CodeList:
    (entry,) = read_yaml(path.with_suffix(".yml"))["seeds"]
    with path.open(encoding="utf-8", newline="") as handle:
        rows = tuple(dict(row) for row in csv.DictReader(handle))
    registry = read_yaml(CONTRACTS / "shared" / "kodlistor.yaml")
    listed: dict[str, str] = next((r for r in registry.values() if r["seed"] == f"codes/{path.stem}"), {})
    words, meta = " ".join(entry["description"].split()), entry["config"]["meta"]
    name = listed.get("namn") or meta.get("namn") or path.stem
    return CodeList(path.stem, name, words, meta["mark"], meta["kalla"], tuple(rows[0]), rows)


def _table(path: Path, contracts: Contracts) -> TableEntry:
    content = read_yaml(path)
    (table,) = content["schema"]
    words = {name: " ".join(str(text).split()) for name, text in content.get("description", {}).items()}
    words |= {p["property"]: _words(p) for p in content.get("customProperties", [])}
    delivered = contracts.datasets.get(content["id"])
    return TableEntry(
        id=content["id"],
        title=table["businessName"],
        version=str(content["version"]),
        grain=str(table.get("dataGranularityDescription", "")),
        words=words,
        columns=tuple(_column(p, contracts) for p in table["properties"]),
        changes=delivered.changes if delivered else (),
    )


def _words(prop: dict[str, Any]) -> str:
    """A property in words: its value, or for a structure what is said of it."""
    value = prop["value"]
    if isinstance(value, dict):
        return str(prop.get("description", ""))
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _column(prop: dict[str, Any], contracts: Contracts) -> ColumnEntry:
    extra = {p["property"]: p["value"] for p in prop.get("customProperties", [])}
    return ColumnEntry(
        name=prop["name"],
        type=prop["physicalType"],
        required=bool(prop.get("required")),
        key=bool(prop.get("primaryKey")),
        code_list=extra.get("kodlista"),
        description=" ".join(str(prop.get("description") or contracts.columns.get(prop["name"], "")).split()),
    )
