"""Reading mapping files: what fits the contracts beside it is read, what does not is refused by the file's name.

Belongs here: the loader. Does not belong here: what a package is translated to (test_landing_profiles.py).
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from pipelines.contracts.model import CONTRACTS, SEEDS, ContractError, get_contracts, load_contracts
from tests.support.repo import ROOT
from tests.support.vendor import SYSTEMS as EB
from tests.support.vendor_missbruk import ASI_SYSTEMS, ISU_SYSTEMS

SYSTEMS = EB | ASI_SYSTEMS | ISU_SYSTEMS
ALFA = "sources/eb/pahittad_alfa.mapping.yaml"


@pytest.fixture
def contracts(tmp_path: Path) -> Path:
    """A copy of the project's contracts."""
    return Path(shutil.copytree(CONTRACTS, tmp_path / "data_contracts"))


def test_every_mapping_file_is_a_profile_of_its_source() -> None:
    found = get_contracts()
    assert sorted(found.mappings) == sorted(SYSTEMS)
    sources = dict.fromkeys(EB, "eb") | dict.fromkeys(ASI_SYSTEMS, "asi") | dict.fromkeys(ISU_SYSTEMS, "isu")
    assert {mapping.profil: mapping.kalla for mapping in found.mappings.values()} == sources
    for mapping in found.mappings.values():
        assert set(mapping.tables) == {d.id for d in found.source(mapping.kalla)}
        assert found.mapping(mapping.profil, mapping.kalla) is mapping
        assert found.mapping(mapping.profil, "bu") is None


@pytest.mark.parametrize("name", SYSTEMS)
def test_a_mapping_has_exactly_the_columns_that_the_system_is_said_to_send(name: str) -> None:
    for dataset, columns in SYSTEMS[name].columns.items():
        pairs = [pair.partition("=")[::2] for pair in columns.split(";")]
        table = get_contracts().mappings[name].tables[dataset]
        assert {own: c.target for own, c in table.columns.items()} == {own: to for own, to in pairs if to}
        assert set(table.left_out) == {own for own, to in pairs if not to}
        assert table.separator == SYSTEMS[name].separator


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("Ärende: hushall_id", "Ärende: hushall", "eb_hushall: unknown column hushall"),
        ("      Hushållstyp: hushallstyp_kod\n", "", "eb_hushall: no column of the file gives hushallstyp_kod"),
        ("Antal barn: antal_barn", "Antal barn: hushallstyp_kod", "no column of the file gives antal_barn"),
        ("      Distrikt: stadsdel_kod\n", "      Distrikt: stadsdel_kod\n      D2: stadsdel_kod\n", "stands twice"),
        ("Kommun: kommun_kod", "Kommun: kommun_kod\n    utelamnade: [Kommun]", "stands twice"),
        ("{S: sokande,", "{S: sokanden,", "Roll to roll_kod: not in the code list roll: sokanden"),
        ("koder: kon}", "koder: ja_nej}", "Kön to kon_kod: not in the code list kon: 0"),
        ("Personnr: personnummer", "Personnr: {kolumn: personnummer, koder: kon}", "the column has no code list"),
        ("koder: roll}", "koder: rollen}", "rollen is not in the file"),
        ("form: manad}", "form: manaden}", "manaden is not in the file"),
        ("koder: roll}", "koder: roll, form: manad}", "more than one of form, koder and tal"),
        ("Antal barn: antal_barn", "Antal barn: {kolumn: antal_barn, tal: kronor}", "hold a number"),
        (r"'([0-9]{4})([0-9]{2})'", r"'([0-9]{4}([0-9]{2})'", "cannot be read"),
        (r"'([0-9]{4})([0-9]{2})'", r"'(?=[0-9])([0-9]{4})([0-9]{2})'", "cannot be read"),
        (r"blir: '\1-\2'", r"blir: '\1-\3'", "a group that"),
        ("  eb_avslut:", "  eb_avslutet:", "unknown dataset eb_avslutet"),
        ("profil: pahittad_alfa", "profil: pahittad_al", "is not the file's name"),
        ('avgransare: ";"', "avgransare: x", "not a separator"),
        ("decimaler: 2", "decimaler: 3", "decimaler"),
        ('tusental: ["\\u00a0"', 'tusental: [","', "thousands separator"),
        ("beskrivning:", "beskrivningen:", "beskrivningen"),
        ("Orsak: avslutsorsak_kod", "Orsak: {kolumn: avslutsorsak_kod, kod: x}", "kod"),
        ("Orsak: avslutsorsak_kod", "'Or;sak': avslutsorsak_kod", "cannot be written in the file"),
        ("datamangder:", "datamangder: [", "pahittad_alfa.mapping.yaml"),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused_by_its_name(contracts: Path, old: str, new: str, says: str) -> None:
    path = contracts / ALFA
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(ContractError, match=f"(?s)^pahittad_alfa.mapping.yaml: .*{re.escape(says)}|^{re.escape(says)}"):
        load_contracts(contracts, SEEDS)


def test_the_canonical_form_needs_no_mapping_and_no_mapping_may_take_its_name(contracts: Path) -> None:
    canonical = get_contracts().mapping("kanonisk", "eb")
    assert canonical is not None
    for dataset in get_contracts().source("eb"):
        assert [*canonical.tables[dataset.id].names] == [c.name for c in dataset.columns]
    text = (contracts / ALFA).read_text(encoding="utf-8").replace("profil: pahittad_alfa", "profil: kanonisk")
    (contracts / "sources/eb/kanonisk.mapping.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ContractError, match=r"kanonisk\.mapping\.yaml: the profile kanonisk"):
        load_contracts(contracts, SEEDS)


def test_a_new_profile_is_one_file(contracts: Path) -> None:
    text = (contracts / ALFA).read_text(encoding="utf-8").replace("pahittad_alfa", "pahittad_ny")
    (contracts / "sources/eb/pahittad_ny.mapping.yaml").write_text(text, encoding="utf-8")
    assert load_contracts(contracts, SEEDS).mapping("pahittad_ny", "eb") is not None


def test_no_code_of_ours_names_a_profile() -> None:
    code = [*ROOT.glob("pipelines/landing/**/*.py"), *ROOT.glob("pipelines/contracts/*.py")]
    assert len(code) > 20
    assert [path.name for path in code if "pahittad" in path.read_text(encoding="utf-8")] == []
