"""The project's own changes of form are those that the definitions name, and no others.

Belongs here: the files as they stand. Does not belong here: how they are read (tests/unit/test_contracts_changes.py).
"""

from __future__ import annotations

import re

import pytest

from pipelines.contracts.changes import form, form_codes
from pipelines.contracts.model import get_contracts
from tests.support.repo import ROOT

AREAS = {f"behov_{part}{i}" for part in ("bu", "ff", "fm") for i in range(1, 5)}
# from the definitions, section 9: (table, year) -> columns, (list, codes)
COMES: dict[tuple[str, int], tuple[set[str], tuple[str, set[str]]]] = {
    ("bu_barn", 2017): ({"ensamkommande"}, ("id_typ", {"reserv"})),
    ("bu_placering", 2017): (set(), ("placeringsform", {"STOD"})),
    ("bu_placering", 2024): (set(), ("placeringsform", {"SKYDD"})),
    ("bbic_sammanfattning", 2015): (AREAS, ("bbic_version", {"2015"})),
    ("bbic_uppfoljning", 2015): ({f"{name}_nu" for name in AREAS}, ("bbic_version", {"2015"})),
    ("bbic_sammanfattning", 2018): (set(), ("bbic_version", {"2018"})),
    ("bbic_uppfoljning", 2018): (set(), ("bbic_version", {"2018"})),
}


def test_the_changes_are_those_of_the_definitions() -> None:
    section = (ROOT / "docs/reference/barn_och_unga.md").read_text(encoding="utf-8").split("\n## 9. ")[1]
    named = set(re.findall(r"`(\w+/\w+\.\d{4})`", section.split("\n## 10. ")[0]))
    files = sorted((ROOT / "data_contracts/sources").glob("*/*.diff.yaml"))
    assert {f"{path.parent.name}/{path.name.removesuffix('.diff.yaml')}" for path in files} == named
    made = {(d.id, change.ar) for d in get_contracts().datasets.values() for change in d.changes}
    assert made == set(COMES)


@pytest.mark.parametrize(("table", "year"), COMES)
def test_a_change_is_what_the_year_before_lacks(table: str, year: int) -> None:
    columns, (kodlista, codes) = COMES[table, year]
    dataset, known = get_contracts().datasets[table], get_contracts().codes[kodlista]
    before, after = ({c.name for c in form(dataset, y).columns} for y in (year - 1, year))
    assert (after - before, before - after) == (columns, set())
    was, becomes = (set(form_codes(dataset, kodlista, known, y)) for y in (year - 1, year))
    assert (becomes - was, was - becomes) == (codes, set())


def test_the_first_forms_are_those_of_the_oldest_year_that_is_received() -> None:
    found = get_contracts()
    for dataset in found.datasets.values():
        assert form(dataset, 2014) == form(dataset, 1900)
        assert form(dataset, 2024).columns == dataset.columns
