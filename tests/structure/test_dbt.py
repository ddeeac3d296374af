"""dbt's layers and words: who may see whom, and one description per column.

Belongs here: what can be read of SQL and YAML without dbt. Does not belong here: what the SQL means (dbt's own tests).
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.contracts.render import indicators, renderings
from pipelines.publish.content import is_released
from tests.support.repo import DBT, ROOT

MODELS = DBT / "models"
LAYERS = ("staging", "core", "indicators", "published")
SEES: dict[str, set[str]] = {
    "staging": {"source"},
    "core": {"staging", "core", "seed"},
    "indicators": {"core", "indicators"},
    "published": {"indicators", "core"},
}
NAMES = {
    "staging": r"stg_[a-z]+__[a-z_]+",
    "core": r"_[a-z_]+|(dim|fct|bridge)_[a-z_]+",
    "indicators": r"_[a-z_]+|ind_[a-z]{2}__[a-z_]+|ind_alla|fct_[a-z_]+",
    "published": r"pub_[a-z_]+",
}
SEEDS = {path.stem for path in (DBT / "seeds").rglob("*.csv")}
WRITTEN = sorted(path for path in MODELS.rglob("*.sql") if "_generated" not in path.parts)
RENDERED = {
    path: content for path, content in renderings(ROOT).items() if path.suffix == ".sql" and "models" in path.parts
}
SQL = {path: path.read_text(encoding="utf-8") for path in WRITTEN} | RENDERED
PROPERTIES = sorted(
    p for folder in ("models", "seeds") for p in (DBT / folder).rglob("*.yml") if "_generated" not in p.parts
)


def layer(path: Path) -> str:
    return path.relative_to(MODELS).parts[0]


LAYER_OF = {path.stem: layer(path) for path in SQL}
BY_NAME = {path.stem: path for path in SQL}


def seen(sql: str) -> set[tuple[str, str]]:
    """(layer, name) of everything a model's SQL refers to, comments left out."""
    bare = re.sub(r"\{#.*?#\}|--[^\n]*", "", sql, flags=re.S)
    refs = re.findall(r"\bref\(\s*['\"](\w+)['\"]\s*\)", bare)
    sources = re.findall(r"\b(?:source|parquet)\(\s*['\"]\w+['\"]\s*,\s*['\"](\w+)['\"]\s*\)", bare)
    named = {(LAYER_OF.get(name, "seed" if name in SEEDS else "unknown"), name) for name in refs}
    return named | {("source", name) for name in sources}


def test_the_layers_are_those_of_the_house() -> None:
    assert set(LAYER_OF.values()) == set(LAYERS)


@pytest.mark.parametrize("path", sorted(SQL), ids=lambda p: p.stem)
def test_a_model_sees_only_the_layers_it_may(path: Path) -> None:
    found = seen(SQL[path])
    assert {entry for entry in found if entry[0] not in SEES[layer(path)]} == set()
    assert found or "_rader()" in SQL[path] or layer(path) != "staging", "reads nothing"


def test_a_model_that_looked_into_the_wrong_layer_would_be_seen() -> None:
    assert seen("select * from {{ ref('pub_indikatorvarde') }} -- {{ ref('x') }}") == {
        ("published", "pub_indikatorvarde")
    }
    assert seen("{{ parquet('landing', 'eb_person') }} {{ ref( \"kon\" ) }}") == {
        ("source", "eb_person"),
        ("seed", "kon"),
    }
    assert seen("{{ ref('borta') }}") == {("unknown", "borta")}


@pytest.mark.parametrize("path", WRITTEN, ids=lambda p: p.stem)
def test_a_model_has_the_name_of_its_layer_and_one_yml_beside_it(path: Path) -> None:
    assert re.fullmatch(NAMES[layer(path)], path.stem)
    (model,) = yaml.safe_load(path.with_suffix(".yml").read_text(encoding="utf-8"))["models"]
    assert model["name"] == path.stem
    assert model["description"].strip()


def test_no_yml_stands_without_its_model_or_seed() -> None:
    alone = [p for p in PROPERTIES if not p.with_suffix(".csv").exists() and p.stem not in LAYER_OF]
    assert alone == []


def test_no_sql_of_a_model_begins_without_saying_its_grain() -> None:
    silent = [p.stem for p, sql in SQL.items() if "_generated" not in p.parts and not sql.lstrip().startswith("--")]
    assert silent == []


def columns() -> list[tuple[str, dict[str, Any]]]:
    found = []
    for path in PROPERTIES:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        for entry in [*content.get("models", []), *content.get("seeds", [])]:
            found += [(entry["name"], column) for column in entry.get("columns", [])]
    return found


def test_every_column_is_described_by_the_dictionary_under_its_own_name() -> None:
    wrong = [f"{m}.{c['name']}" for m, c in columns() if c.get("description") != f"{{{{ doc('kolumn_{c['name']}') }}}}"]
    assert wrong == []


def test_the_dictionary_has_every_name_that_is_used_and_no_other() -> None:
    dictionary = yaml.safe_load((ROOT / "data_contracts" / "shared" / "kolumner.yaml").read_text(encoding="utf-8"))
    used = {column["name"] for _, column in columns()}
    delivered = {
        prop["name"]
        for path in (ROOT / "data_contracts" / "sources").rglob("*.odcs.yaml")
        for table in yaml.safe_load(path.read_text(encoding="utf-8"))["schema"]
        for prop in table["properties"]
    }
    assert used - set(dictionary) == set()
    assert set(dictionary) - used - delivered == set()
    assert list(dictionary) == sorted(dictionary), "sorted, so that a column is found and stands once"


def test_enforced_contracts_stand_where_the_house_wants_them() -> None:
    lacking = []
    for path in WRITTEN:
        if layer(path) in ("core", "published") or path.stem == "fct_indikatorvarde":
            (model,) = yaml.safe_load(path.with_suffix(".yml").read_text(encoding="utf-8"))["models"]
            if not model.get("config", {}).get("contract", {}).get("enforced"):
                lacking.append(path.stem)
    assert lacking == []


def test_models_keep_to_sql_that_other_engines_have() -> None:
    words = r"\bqualify\b|\bfilter\s*\(|\bgroup by all\b|\border by all\b|\blist_\w+\(|\bunnest\(|\bexclude\s*\(|::"
    bare = {p.stem: re.sub(r"\{#.*?#\}|--[^\n]*|'[^']*'", "", sql, flags=re.S) for p, sql in SQL.items()}
    assert {name for name, sql in bare.items() if re.search(words, sql, flags=re.I)} == set()


@cache
def halves(name: str) -> frozenset[str]:
    """What a model knows of persons: the register, local follow-up. A union of values knows of none."""
    if name in SEEDS or name in ("ind_alla", "ind_fordelning"):
        return frozenset()
    if source := re.match(r"stg_(bu|bbic|aktualisering)__", name):
        return frozenset({"register" if source[1] == "bu" else "lokal"})
    below = [halves(other) for _, other in seen(SQL[BY_NAME[name]]) if other in BY_NAME]
    return frozenset().union(*below)


@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_no_model_joins_the_register_with_local_follow_up(name: str) -> None:
    if len(halves(name)) == 2:
        assert not re.search(r"\bjoin\b", SQL[BY_NAME[name]]), "the same child has two pseudonyms, and shall have"


def test_a_join_of_the_halves_would_be_seen() -> None:
    assert halves("_insatsperiod_lokal") == {"lokal"}
    assert halves("_insatsperiod_bu") == {"register"}
    assert halves("ind_bu__forandrat_behov") == {"lokal"}
    assert halves("_kommuncell") == set()


MACRO = re.compile(r"\{%-?\s*macro\s+(\w+)\((.*?)\{%-?\s*endmacro", re.S)
MACROS = dict(MACRO.findall("\n".join(p.read_text(encoding="utf-8") for p in sorted((DBT / "macros").glob("*.sql")))))


def with_macros(sql: str) -> str:
    """A model's SQL and that of every macro it calls, through other macros too."""
    called: dict[str, str] = {}
    more = [sql]
    while more:
        words = set(re.findall(r"\b(\w+)\(", more.pop())) & MACROS.keys() - called.keys()
        called |= {name: MACROS[name] for name in words}
        more += [MACROS[name] for name in words]
    return "\n".join([sql, *called.values()])


@cache
def delivered(name: str) -> frozenset[str]:
    """The staging models of deliveries that a model's rows come from; the ledger decides only which are in force."""
    if name.startswith("stg_"):
        return frozenset() if name.startswith("stg_huvudbok__") else frozenset({name})
    below = [delivered(other) for _, other in seen(with_macros(SQL[BY_NAME[name]])) if other in BY_NAME]
    return frozenset().union(*below)


@pytest.mark.parametrize(("name", "meta"), indicators(MODELS / "indicators"), ids=lambda value: str(value)[:40])
def test_what_an_indicator_says_it_is_counted_from_is_released_and_holds_it(name: str, meta: dict[str, Any]) -> None:
    named = meta["kallor"].split(", ")
    assert all(LAYER_OF[table] == "core" and is_released("core", table) for table in named)
    assert delivered(name) <= frozenset().union(*map(delivered, named))


def test_an_indicator_that_named_too_few_tables_would_be_seen() -> None:
    assert delivered("ind_mb__asi_grund") == {
        *(f"stg_missbruk__{n}" for n in ("person", "utredning")),
        "stg_asi__intervju",
    }
    assert not delivered("ind_mb__asi_grund") <= delivered("fct_asi_intervju")
    assert delivered("ind_mb__minskad_oro") == {"stg_asi__intervju"}, "read through macros"
