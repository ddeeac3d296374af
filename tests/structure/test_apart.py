"""The register and the local follow-up are never joined: no model reads a person's rows of both.

Belongs here: what can be read of the models' SQL and columns. Does not belong here: layers and names (test_dbt.py).
A model without any key of a person or a case says nothing of anyone, so what reads it reads no rows of anyone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import pytest
import yaml

from tests.structure.test_dbt import SQL, seen

KEYS = {"person_id", "barn_id", "insats_id", "utredning_id", "aktualisering_id", "uppfoljning_nr", "placering_nr"}
FAMILY = {"bu": "registret", "aktualisering": "lokal", "bbic": "lokal"}
BOTH = "fct_insatsperiod"  # of both, one under the other; delmangd says which, and a reader takes one
TEXTS = {path.stem: sql for path, sql in SQL.items()}


@lru_cache(maxsize=1)
def keyed() -> set[str]:
    """Models that have a key of a person or a case among their columns."""
    found = set()
    for path in SQL:
        written = Path(path).with_suffix(".yml")
        if written.exists():
            (model,) = yaml.safe_load(written.read_text(encoding="utf-8"))["models"]
            found |= {path.stem} if KEYS & {column["name"] for column in model["columns"]} else set()
    return found


def families(name: str, texts: Mapping[str, str], with_keys: set[str]) -> set[str]:
    """Whose rows a model reads, through everything below it."""
    if staged := re.fullmatch(r"stg_([a-z]+)__\w+", name):
        return {FAMILY[staged[1]]} if staged[1] in FAMILY else set()
    found: set[str] = set()
    for _, read in seen(texts[name]):
        if read == BOTH:
            taken = set(re.findall(r"delmangd\s*=\s*'(\w+)'", texts[name]))
            found |= {"registret" if part == "bu" else part for part in taken} or {"registret", "lokal"}
        elif read in texts and read in with_keys:
            found |= families(read, texts, with_keys)
    return found


@pytest.mark.parametrize("name", sorted(set(TEXTS) - {BOTH}))
def test_no_model_reads_rows_of_both_the_register_and_the_local_follow_up(name: str) -> None:
    assert len(families(name, TEXTS, keyed())) <= 1


def test_the_periods_of_both_stand_one_under_the_other_and_are_not_joined() -> None:
    assert not re.search(r"\bjoin\b|\bexists\b|\bintersect\b|\bexcept\b", TEXTS[BOTH], flags=re.I)


def test_both_are_there_to_be_kept_apart() -> None:
    found = {name: families(name, TEXTS, keyed()) for name in TEXTS if name != BOTH}
    assert {family for each in found.values() for family in each} == {"registret", "lokal"}
    assert found["ind_bu__omplacerade"] == {"registret"}


@pytest.mark.parametrize(
    "sql",
    [
        "select 1 from {{ ref('a') }} as a inner join {{ ref('b') }} as b on a.insats_id = b.insats_id",
        "select 1 from {{ ref('fct_insatsperiod') }}",
        "select 1 from {{ ref('fct_insatsperiod') }} where delmangd = 'bu' union {{ ref('b') }}",
    ],
)
def test_a_model_that_read_both_would_be_seen(sql: str) -> None:
    texts = {
        "a": "select person_id from {{ ref('stg_bu__barn') }}",
        "b": "select person_id from {{ ref('stg_bbic__barn') }}",
        "stg_bu__barn": "",
        "stg_bbic__barn": "",
        "fct_insatsperiod": "",
        "x": sql,
    }
    assert families("x", texts, set(texts) - {"x"}) == {"registret", "lokal"}
