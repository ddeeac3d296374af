"""Missbruk och beroende: whose rows may meet, by dbt's own graph, from an indicator and back through every step.

Belongs here: what the manifest says of a model's ancestors. Does not belong here: the register and local follow-up of
children, read of the SQL (test_apart.py). The three tables of LVM come from different systems and are never joined, nor
to bu or eb though the pseudonym is the same there; ASI and missbruk meet each other and nothing else; ISU nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache

import pytest

from pipelines.transform.prepare import MANIFEST
from tests.structure.test_dbt import SQL

TOGETHER = [{"asi", "missbruk"}, {"isu"}, {"lvm_ansokan"}, {"lvm_omhandertagande"}, {"lvm_utskrivning"}]
NEW = {source for group in TOGETHER for source in group}
GATHER = {"ind_alla", "ind_fordelning"}  # finished numbers of all indicators, of nobody
BESIDE = {"fct_utredning", "fct_insatsperiod", "fct_uppfoljning"}  # one under the other; delmangd says whose
Graph = Mapping[str, set[str]]


@cache
def graph() -> Graph:
    """Every model of the project and the models it reads, what macros read included."""
    nodes = json.loads(MANIFEST.read_text(encoding="utf-8"))["nodes"].values()
    return {
        node["name"]: {name.split(".")[-1] for name in node["depends_on"]["nodes"] if name.startswith("model.")}
        for node in nodes
        if node["resource_type"] == "model"
    }


def sources(name: str, models: Graph) -> set[str]:
    """The deliveries that a model's rows come from, each table of LVM its own."""
    if staged := re.fullmatch(r"stg_([a-z]+)__(\w+)", name):
        kalla, tabell = staged.groups()
        return set() if kalla == "huvudbok" else {f"lvm_{tabell}" if kalla == "lvm" else kalla}
    if name in GATHER:
        return set()
    return {source for read in models[name] for source in sources(read, models)}


def too_much(name: str, models: Graph) -> set[str]:
    """What a model has among its ancestors beside what it may have, when it has anything of missbruk."""
    found = sources(name, models)
    return found if found & NEW and not any(found <= group for group in TOGETHER) else set()


@pytest.mark.parametrize("name", sorted(path.stem for path in SQL if path.stem not in BESIDE))
def test_no_model_reads_what_may_not_meet(name: str) -> None:
    assert too_much(name, graph()) == set()


@pytest.mark.parametrize("name", sorted(BESIDE))
def test_what_stands_one_under_the_other_is_not_joined_and_has_no_reader(name: str) -> None:
    (sql,) = (text for path, text in SQL.items() if path.stem == name)
    assert not re.search(r"\bjoin\b|\bexists\b|\bintersect\b|\bexcept\b|\bin\s*\(", sql, flags=re.I)
    assert {reader for reader, read in graph().items() if name in read} == set()


@pytest.mark.parametrize("name", sorted(path.stem for path in SQL if path.stem.startswith("ind_bu__")))
def test_what_is_counted_of_children_reads_no_row_of_missbruk(name: str) -> None:
    assert sources(name, graph()) & NEW == set()


def test_every_source_is_there_to_be_kept_apart() -> None:
    assert {source for name in graph() for source in sources(name, graph())} >= NEW | {"bu", "eb", "bbic"}
    assert sources("_metodkohort", graph()) == {"asi", "missbruk"}
    assert sources("fct_lvm_ansokan", graph()) == {"lvm_ansokan"}


@pytest.mark.parametrize(
    ("read", "met"),
    [
        ({"fct_lvm_ansokan", "stg_lvm__utskrivning"}, {"lvm_ansokan", "lvm_utskrivning"}),
        ({"fct_lvm_ansokan", "stg_eb__person"}, {"lvm_ansokan", "eb"}),
        ({"fct_lvm_utskrivning", "_placering_vardygn"}, {"lvm_utskrivning", "bu"}),
        ({"_asi_kohort", "_utredning_barn"}, {"asi", "bbic"}),
        ({"_missbruk_insats", "fct_aktualisering"}, {"missbruk", "aktualisering"}),
        ({"_uppfoljning_isu", "_missbruk_insats"}, {"isu", "missbruk"}),
        ({"fct_uppfoljning"}, {"isu", "bbic"}),
        ({"_asi_kohort", "_missbruk_insats", "dim_metod", "ind_alla"}, set()),
    ],
)
def test_a_model_that_joined_them_would_be_seen_in_every_step_after(read: set[str], met: set[str]) -> None:
    models = {**graph(), "between": read, "ind_mb__x": {"between", "fct_befolkning"}}
    assert too_much("ind_mb__x", models) == met
