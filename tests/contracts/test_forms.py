"""The project's own changes of form are those that the definitions name, and no others.

Belongs here: the files as they stand. Does not belong here: how they are read (tests/unit/test_contracts_changes.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import pytest

from pipelines.contracts.changes import form, form_codes
from pipelines.contracts.model import get_contracts
from tests.support.repo import ROOT

AREAS = {f"behov_{part}{i}" for part in ("bu", "ff", "fm") for i in range(1, 5)}


@dataclass(frozen=True)
class Said:
    """What the definitions say of a change: columns, and codes by list."""

    columns: set[str] = field(default_factory=set)
    codes: dict[str, set[str]] = field(default_factory=dict)
    gone_columns: set[str] = field(default_factory=set)
    gone_codes: dict[str, set[str]] = field(default_factory=dict)


SAID = {  # the table of section 9
    ("bu_barn", 2017): Said({"ensamkommande"}, {"id_typ": {"reserv"}}),
    ("bu_placering", 2017): Said(codes={"placeringsform": {"STOD"}}),
    ("bu_placering", 2024): Said(codes={"placeringsform": {"SKYDD"}}),
    ("bbic_sammanfattning", 2015): Said(AREAS, {"bbic_version": {"2015"}}),
    ("bbic_uppfoljning", 2015): Said({f"{name}_nu" for name in AREAS}, {"bbic_version": {"2015"}}),
    ("bbic_sammanfattning", 2018): Said(codes={"bbic_version": {"2018"}}),
    ("bbic_uppfoljning", 2018): Said(codes={"bbic_version": {"2018"}}),
}


def test_the_changes_are_those_of_the_definitions() -> None:
    section = (ROOT / "docs/reference/barn_och_unga.md").read_text(encoding="utf-8").split("\n## 9. ")[1]
    named = set(re.findall(r"`(\w+/\w+\.\d{4})`", section.split("\n## 10. ")[0]))
    files = sorted((ROOT / "data_contracts/sources").glob("*/*.diff.yaml"))
    assert {f"{path.parent.name}/{path.name.removesuffix('.diff.yaml')}" for path in files} == named
    made = {(d.id, change.ar) for d in get_contracts().datasets.values() for change in d.changes}
    assert made == set(SAID)


@pytest.mark.parametrize(("table", "year"), SAID)
def test_a_form_differs_from_that_of_the_year_before_by_its_change(table: str, year: int) -> None:
    said, found = SAID[table, year], get_contracts()
    dataset = found.datasets[table]
    before, after = ({c.name for c in form(dataset, y).columns} for y in (year - 1, year))
    assert (after - before, before - after) == (said.columns, said.gone_columns)
    for kodlista in {c.kodlista for c in dataset.columns if c.kodlista}:
        was, becomes = (set(form_codes(dataset, kodlista, found.codes[kodlista], y)) for y in (year - 1, year))
        come, gone = said.codes.get(kodlista, set()), said.gone_codes.get(kodlista, set())
        assert (becomes - was, was - becomes) == (come, gone), kodlista


def test_nothing_changed_before_the_oldest_year_that_is_received() -> None:
    for dataset in get_contracts().datasets.values():
        assert form(dataset, 2014) == form(dataset, 1900)
