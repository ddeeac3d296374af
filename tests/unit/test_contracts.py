"""Reading contracts: what hangs together is read, what does not is refused by the file's name.

Belongs here: the loader and the gate's SQL of a contract. Does not belong here: the project's own contracts
(tests/contracts).
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.contracts.model import CONTRACTS, SEEDS, ContractError, get_contracts, load_contracts
from pipelines.contracts.periods import Calendar
from pipelines.landing.gate_sql import checks, mask_type

Change = Callable[[str], str]


@pytest.fixture
def contracts(tmp_path: Path) -> Path:
    """A copy of the project's contracts."""
    return Path(shutil.copytree(CONTRACTS, tmp_path / "data_contracts"))


def edit(root: Path, old: str, new: str, file: str = "sources/eb/person.odcs.yaml") -> None:
    path = root / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_the_projects_contracts_are_read_with_their_keys_and_order() -> None:
    found = get_contracts()
    assert [d.id for d in found.source("eb")] == ["eb_hushall", "eb_avslut", "eb_person"]
    assert found.datasets["eb_person"].key == ("period", "hushall_id", "id_typ", "personnummer")
    assert found.datasets["eb_person"].identity_column == "personnummer"
    assert found.datasets["eb_avslut"].key == ("period", "hushall_id", "avslut_datum")
    assert found.datasets["eb_hushall"].calendar == Calendar("manad", "15", "03-31")
    assert found.codes["hushallstyp"] == ("1", "3", "4", "5", "6", "7", "8", "9")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("value: roll}", "value: rollen}", "eb_person.roll_kod: unknown code list rollen"),
        ("tabell: eb_hushall", "tabell: eb_hus", "eb_person: unknown table eb_hus"),
        (
            "nyckel: [period, hushall_id], kravs",
            "nyckel: [hushall_id], kravs",
            "follows eb_hushall by less than its key",
        ),
        ("{property: andamal, value: statistik}", "{property: annat, value: x}", "person.odcs.yaml"),
        ("{property: frist_dag, value: 15", "{property: frist_dag, value: femton", "person.odcs.yaml"),
        ("property: meddelande", "property: medelande", "person.odcs.yaml"),
    ],
)
def test_a_contract_that_does_not_hang_together_is_refused(contracts: Path, old: str, new: str, says: str) -> None:
    edit(contracts, old, new)
    with pytest.raises(ContractError, match=says):
        load_contracts(contracts, SEEDS)


def test_an_unknown_rule_is_refused(contracts: Path) -> None:
    edit(contracts, "value: EB-01", "value: EB-99", "sources/eb/hushall.odcs.yaml")
    with pytest.raises(ContractError, match="unknown rule EB-99"):
        load_contracts(contracts, SEEDS)


def test_tables_of_a_source_that_protect_by_different_keys_are_refused(contracts: Path) -> None:
    edit(contracts, "nyckel: [klient_id]", "nyckel: [ansokan_id]", "sources/lvm/ansokan.odcs.yaml")
    with pytest.raises(ContractError, match="protection by another key"):
        load_contracts(contracts, SEEDS)


def test_a_year_of_checks_fits_in_one_mask() -> None:
    found = get_contracts()
    for dataset in found.datasets.values():
        masks = [check.mask for check in checks(dataset, found)]
        assert len(set(masks)) == len(masks)
        assert sum(masks) < 2 ** {"bigint": 63, "hugeint": 127}[mask_type(checks(dataset, found))]


def test_a_new_limit_in_a_contract_is_the_gates_limit(contracts: Path) -> None:
    edit(contracts, "eskalering_andel: 0.01", "eskalering_andel: 0.02", "shared/regler.yaml")
    rules = load_contracts(contracts, SEEDS).rules
    assert rules["GEN-10"].eskalering_andel == rules["GEN-12"].eskalering_andel == 0.02
    assert rules["GEN-14"].eskalering_andel == 0.005
    assert rules["EB-15"].allvar == "WARNING"
