"""Reading form changes: what fits the contract beside it is read, what does not is refused by file and place.

Belongs here: the loader, the form of a year and the changelog. Does not belong here: what the gate makes of it
(test_landing_forms.py).
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipelines.contracts.catalogue import read_catalogue
from pipelines.contracts.changes import form, form_codes
from pipelines.contracts.model import SEEDS, ContractError, Contracts, load_contracts
from pipelines.contracts.render import form_changes
from pipelines.publish.catalogue import catalogue_page
from tests.support.forms import AVSLUT_2016, FOLDER, HUSHALL_2018, OLD, changed_contracts, write


@pytest.fixture
def contracts(tmp_path: Path) -> Path:
    """A copy of the project's contracts in which two tables of ekonomiskt bistånd have had other forms."""
    return changed_contracts(tmp_path)


def load(root: Path) -> Contracts:
    return load_contracts(root, SEEDS)


def columns(found: Contracts, dataset: str, year: int) -> set[str]:
    return {c.name for c in form(found.datasets[dataset], year).columns}


def test_the_form_of_a_year_is_the_contract_with_all_later_changes_undone(contracts: Path) -> None:
    write(contracts, "hushall.2019", {**HUSHALL_2018, "ar": 2019, **NOTHING, "tillkomna_kolumner": ["antal_barn"]})
    found, now = load(contracts), columns(load(contracts), "eb_hushall", 2020)
    assert now == columns(found, "eb_hushall", 2019) == {c.name for c in found.datasets["eb_hushall"].columns}
    assert columns(found, "eb_hushall", 2018) == now - {"antal_barn"}
    assert columns(found, "eb_hushall", 2017) == now - {"antal_barn", "utrikes_fodd_kod"} | {"boende_kod"}
    assert columns(found, "eb_hushall", 1990) == columns(found, "eb_hushall", 2017)
    assert form(found.datasets["eb_hushall"], 2017).column("boende_kod").required
    assert form(form(found.datasets["eb_hushall"], 2018), 2017) == form(found.datasets["eb_hushall"], 2017)


def test_the_codes_of_a_year_are_those_of_the_table_and_not_of_the_list(contracts: Path) -> None:
    found = load(contracts)
    types, reasons = found.codes["hushallstyp"], found.codes["avslutsorsak"]
    hushall, avslut = found.datasets["eb_hushall"], found.datasets["eb_avslut"]
    assert set(types) - set(form_codes(hushall, "hushallstyp", types, 2017)) == {"9"}
    assert form_codes(hushall, "hushallstyp", types, 2018) == form_codes(hushall, "hushallstyp", types) == types
    assert form_codes(avslut, "avslutsorsak", reasons, 2015) == reasons
    assert set(reasons) - set(form_codes(avslut, "avslutsorsak", reasons, 2016)) == {"AO8"}
    assert form_codes(avslut, "hushallstyp", types, 2000) == types, "another table's change is not this one's"


def test_a_mapping_sends_the_columns_of_the_year_and_files_of_one_form_go_together(contracts: Path) -> None:
    found = load(contracts)
    for profil, own in (("kanonisk", "utrikes_fodd_kod"), ("pahittad_beta", "UTRFODD")):
        by_year = {year: found.mapping(profil, "eb", year) for year in (2010, 2017, 2018, 2019)}
        tables = {year: mapping.tables["eb_hushall"] for year, mapping in by_year.items() if mapping}
        assert tables[2010] is tables[2017]
        assert tables[2018] is tables[2019]
        assert set(tables[2018].names) - set(tables[2017].names) == {own}
        assert own in tables[2017].other_years
        assert len({id(m.tables["eb_person"]) for m in by_year.values() if m}) == 1, "a table that never changed"


def test_a_column_that_left_the_contract_may_stay_in_a_mapping(contracts: Path) -> None:
    path = contracts / FOLDER / "pahittad_beta.mapping.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("BARN: antal_barn", "BARN: antal_barn\n      BOENDE: boende_kod"), encoding="utf-8")
    found = load(contracts)
    names = [set(m.tables["eb_hushall"].names) for y in (2017, 2018) if (m := found.mapping("pahittad_beta", "eb", y))]
    assert [("BOENDE" in n, "UTRFODD" in n) for n in names] == [(True, False), (False, True)]


NOTHING: dict[str, Any] = dict.fromkeys(("tillkomna_kolumner", "borttagna_kolumner"), ()) | {"tillkomna_koder": {}}
ELSE = "not in the contract's form of the year"
SAFE = "rows cannot be told apart or kept safe without"


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({"tillkomna_kolumner": ["antal_vuxna"]}, f"tillkomna_kolumner: {ELSE}: antal_vuxna"),
        ({"tillkomna_kolumner": ["antal_barn", "antal_barn"]}, "tillkomna_kolumner: said twice: antal_barn"),
        ({"tillkomna_kolumner": ["hushall_id"]}, f"tillkomna_kolumner: {SAFE}: hushall_id"),
        ({"tillkomna_kolumner": ["kommun_kod"]}, f"tillkomna_kolumner: {SAFE}: kommun_kod"),
        ({"borttagna_kolumner": [{**OLD, "name": "antal_barn"}]}, "borttagna_kolumner: still in the contract's form"),
        ({"borttagna_kolumner": [OLD, OLD]}, "borttagna_kolumner: said twice: boende_kod"),
        ({"borttagna_kolumner": ["boende_kod"]}, "borttagna_kolumner"),
        (
            {"borttagna_kolumner": [{**OLD, "classification": "direkt_identifierare"}]},
            f"borttagna_kolumner: {SAFE}: boende_kod",
        ),
        ({"tillkomna_koder": {"hushallstyp": ["2"]}}, "tillkomna_koder.hushallstyp: not in the code list: 2"),
        ({"borttagna_koder": {"hushallstyp": ["x"]}}, "borttagna_koder.hushallstyp: not in the code list: x"),
        ({"tillkomna_koder": {"hushallstyp": [9]}}, "tillkomna_koder.hushallstyp"),
        ({"tillkomna_koder": {"hushallstyp": ["9", "9"]}}, "tillkomna_koder.hushallstyp: said twice: 9"),
        ({"tillkomna_koder": {"hushallstyp": []}}, "tillkomna_koder.hushallstyp: no codes"),
        ({"tillkomna_koder": {"roll": ["barn"]}}, "tillkomna_koder.roll: no column of eb_hushall has that code list"),
        (
            {"tillkomna_koder": {"hushallstyp": ["9"]}, "borttagna_koder": {"hushallstyp": ["9"]}},
            f"tillkomna_koder.hushallstyp: {ELSE}: 9",
        ),
        ({}, "nothing comes and nothing goes"),
        ({"tabell": "hushall", "tillkomna_kolumner": ["antal_barn"]}, "tabell: hushall is not eb_hushall"),
        ({"ar": 2017, "tillkomna_kolumner": ["antal_barn"]}, "ar: 2017 is not the year in the file's name"),
        ({"anmarkning": "", "tillkomna_kolumner": ["antal_barn"]}, "anmarkning"),
        ({"nya_kolumner": ["antal_barn"]}, "nya_kolumner"),
    ],
)
def test_a_change_that_does_not_fit_is_refused_by_file_and_place(
    contracts: Path, said: dict[str, Any], fault: str
) -> None:
    write(contracts, "hushall.2018", HUSHALL_2018 | NOTHING | said)
    with pytest.raises(ContractError, match=rf"(?s)^hushall\.2018\.diff\.yaml: .*{re.escape(fault)}"):
        load(contracts)


def test_changes_that_contradict_each_other_are_refused_where_the_earlier_stands(contracts: Path) -> None:
    write(contracts, "avslut.2014", AVSLUT_2016 | {"ar": 2014})
    with pytest.raises(ContractError, match=r"^avslut\.2014\.diff\.yaml: borttagna_koder\.avslutsorsak: .*AO8"):
        load(contracts)
    (contracts / FOLDER / "avslut.2014.diff.yaml").unlink()
    again = HUSHALL_2018 | NOTHING | {"ar": 2012, "borttagna_kolumner": [{**OLD, "required": False}]}
    between = HUSHALL_2018 | NOTHING | {"ar": 2013, "tillkomna_kolumner": ["boende_kod"]}
    write(contracts, "hushall.2012", again)
    write(contracts, "hushall.2013", between)
    with pytest.raises(ContractError, match=r"^hushall\.2012\.diff\.yaml: .*another way than later: boende_kod"):
        load(contracts)
    write(contracts, "hushall.2012", again | {"borttagna_kolumner": [OLD]})
    assert [
        "boende_kod" in columns(load(contracts), "eb_hushall", year) for year in (2011, 2012, 2013, 2017, 2018)
    ] == [*(True, False, True, True, False)]


def test_a_removed_column_with_an_unknown_code_list_and_a_change_without_a_contract_are_refused(
    contracts: Path,
) -> None:
    lost = [{**OLD, "customProperties": [{"property": "kodlista", "value": "boende"}]}]
    write(contracts, "hushall.2018", HUSHALL_2018 | {"borttagna_kolumner": lost})
    with pytest.raises(ContractError, match="boende_kod: unknown code list boende"):
        load(contracts)
    write(contracts, "hushall.2018", HUSHALL_2018)
    write(contracts, "beslut.2018", HUSHALL_2018 | {"tabell": "eb_beslut"})
    with pytest.raises(ContractError, match=r"beslut\.2018\.diff\.yaml: no contract lies beside it"):
        load(contracts)


def test_the_changelog_says_what_came_and_went_by_year_and_table(contracts: Path) -> None:
    found = load(contracts)
    text = form_changes(replace(found, datasets={d.id: d for d in found.source("eb")}))
    assert re.findall(r"^##+ (.*)$", text, flags=re.M) == [
        "2018",
        "eb_hushall: Hushåll med ekonomiskt bistånd",
        "2016",
        "eb_avslut: Avslutade biståndsperioder",
    ]
    newer, older = text.split("\n## 2016\n")
    for line in (
        "- Tillkomna kolumner: `utrikes_fodd_kod`",
        "- Borttagna kolumner: `boende_kod`",
        "- Tillkomna koder i `hushallstyp`: `9`",
        "- Anmärkning: Ett prov.",
        "- Källa: egen",
    ):
        assert f"\n{line}\n" in newer
    assert "\n- Borttagna koder i `avslutsorsak`: `AO8`\n" in older
    assert "Tillkomna" not in older


def test_the_catalogue_shows_a_tables_changes_beside_its_columns(contracts: Path) -> None:
    page = catalogue_page(read_catalogue(load(contracts)))
    table = page.split('id="tabell-eb_hushall"')[1].split("</article>")[0].split("Formens ändringar in")[0]
    changes = page.split('aria-label="Formens ändringar i eb_hushall"')[1].split("</article>")[0]
    assert "boende_kod" not in table.split('aria-label="Formens ändringar')[0]
    row = re.search(r'<th scope="row">2018</th>(.*?)</tr>', changes)
    assert row
    came, went, *_ = re.findall(r"<td.*?</td>", row[1])
    assert re.sub("<.*?>", "", came) == "utrikes_fodd_kod; i hushallstyp: 9"
    assert re.sub("<.*?>", "", went) == "boende_kod"
    assert "Formens ändringar i eb_person" not in page


def test_without_changes_nothing_is_another_than_the_contract() -> None:
    found = load_contracts()
    plain = replace(found, datasets={name: d for name, d in found.datasets.items() if not d.changes})
    assert {d.kalla for d in plain.datasets.values()} >= {"eb"}
    for dataset in plain.datasets.values():
        assert form(dataset, 1990) is dataset
    assert plain.mapping("pahittad_beta", "eb", 1990) is plain.mapping("pahittad_beta", "eb")
