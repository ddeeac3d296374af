"""A delivery is tried against its own year's form, whatever other years come with it.

Belongs here: two forms of the tables of ekonomiskt bistånd, changed in a copy of their contracts. Does not belong here:
which changes are refused (test_contracts_changes.py).
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from pipelines.contracts.model import SEEDS, get_contracts, load_contracts
from pipelines.contracts.render import HOME, sources
from pipelines.landing import gate_load
from pipelines.landing.gate_sql import checks
from pipelines.landing.precheck import check_path
from tests.support.barn import COLUMNS as BU
from tests.support.barn import Ar, barn, insats, placering, reservbarn
from tests.support.delivery import COLUMNS, Delivery, avslut, hushall, person
from tests.support.forms import FOLDER, changed_contracts
from tests.support.lokal import BBIC, NEW, OLD, Bbic, agree, assessed, utredning
from tests.support.lokal import insats as lokal_insats
from tests.support.reception import House
from tests.support.vendor import BETA

OLD_FORM = COLUMNS["eb_hushall"].replace("utrikes_fodd_kod", "boende_kod")


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A home in which the households' form changed in 2018 and the closings' in 2016."""
    return House(tmp_path / "hem", contracts=load_contracts(changed_contracts(tmp_path), SEEDS))


def of(year: int, place: int = 0, *, typ: str = "5", orsak: str = "AO1", **cells: str) -> Delivery:
    """March of a year in that year's form: one household and one closing."""
    return Delivery(
        [hushall("H", typ, **{"boende_kod": "1", **cells})],
        [person("H", 10)],
        [avslut(avslutsorsak_kod=orsak, avslut_datum=f"{year}-02-10")],
        kommun=f"01{14 + place}",
        period=f"{year}-03",
        mottagen=f"{year}-04-10T10:00:00",
        order={"eb_hushall": OLD_FORM} if year < 2018 else {},
    )


def in_other_form(delivery: Delivery, columns: str) -> Delivery:
    """The same rows with other columns in the file of the households."""
    return delivery.but(order={"eb_hushall": columns})


def test_two_years_in_one_reception_are_each_tried_by_their_own_form(house: House) -> None:
    years = {year: of(year, typ="9", orsak="AO8") for year in (2015, 2016, 2017, 2018, 2019)}
    house.receive(*years.values())
    assert {year: house.verdict(sent) for year, sent in years.items()} == dict.fromkeys(years, ("godkand", None))
    fallen = {year: {(d, k, r) for d, _, k, r in house.findings(sent)} for year, sent in years.items()}
    new_code = {("eb_hushall", "hushallstyp_kod", "EB-01"), ("eb_person", "hushall_id", "EB-14")}
    gone_code = {("eb_avslut", "avslutsorsak_kod", "GEN-14")}
    assert fallen == {
        2015: new_code,
        2016: new_code | gone_code,
        2017: new_code | gone_code,
        2018: gone_code,
        2019: gone_code,
    }
    assert len(list((house.settings.landing / "eb_hushall").glob("*.parquet"))) == 2, "one batch, and the empty one"


def test_files_of_one_form_are_read_as_one_whatever_their_years(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[tuple[tuple[str, ...], int]] = []
    real = gate_load._read_joined

    def counted(separator: str, columns: tuple[str, ...], bodies: list[Any]) -> Any:
        read.append((columns, len(bodies)))
        return real(separator, columns, bodies)

    monkeypatch.setattr(gate_load, "_read_joined", counted)
    house.receive(*(of(year, place) for year in (2014, 2017, 2018, 2019) for place in (0, 1)))
    assert sorted(n for columns, n in read if "belopp_kr" in columns) == [4, 4]
    assert [n for columns, n in read if "roll_kod" in columns] == [8], "a table that never changed"


def test_a_column_is_landed_in_the_years_that_have_it_and_empty_in_the_others(house: House) -> None:
    before, after = of(2017), of(2018)
    house.receive(before, after)
    (old,), (new,) = house.landing("eb_hushall", before), house.landing("eb_hushall", after)
    assert (old["boende_kod"], old["utrikes_fodd_kod"]) == ("1", None)
    assert (new["boende_kod"], new["utrikes_fodd_kod"]) == (None, "0")
    contract = [c.name for c in house.contracts.datasets["eb_hushall"].columns]
    assert list(old) == ["leverans_id", "rad_nr", *contract, "boende_kod"]


def test_a_column_of_another_year_stops_the_file_and_is_named(house: House) -> None:
    early = in_other_form(of(2017), f"{OLD_FORM} utrikes_fodd_kod")
    late = in_other_form(of(2018), f"{COLUMNS['eb_hushall']} boende_kod")
    lacking = in_other_form(of(2019), COLUMNS["eb_hushall"].replace("utrikes_fodd_kod ", ""))
    house.receive(early, late, lacking)
    said = {sent.period[:4]: [f["detalj"] for f in house.faults(sent)] for sent in (early, late, lacking)}
    assert {house.verdict(sent) for sent in (early, late, lacking)} == {("stoppad", "GEN-04")}
    assert said == {
        "2017": ["Rubrikraden i eb_hushall: hör inte till årets form: utrikes_fodd_kod."],
        "2018": ["Rubrikraden i eb_hushall: hör inte till årets form: boende_kod."],
        "2019": ["Rubrikraden i eb_hushall: kolumn saknas: utrikes_fodd_kod."],
    }


def test_a_cell_is_required_and_coded_only_in_the_years_whose_form_has_the_column(house: House) -> None:
    sent = {
        (2017, "boende_kod", "GEN-25"): of(2017, 0, boende_kod=""),
        (2017, "boende_kod", "GEN-14"): of(2017, 1, boende_kod="7"),
        (2018, "utrikes_fodd_kod", "GEN-25"): of(2018, 0, utrikes_fodd_kod=""),
        (2018, "utrikes_fodd_kod", "GEN-14"): of(2018, 1, utrikes_fodd_kod="7"),
    }
    house.receive(*sent.values())
    for (_, column, rule), delivery in sent.items():
        assert {f for f in house.findings(delivery) if f[0] == "eb_hushall"} == {("eb_hushall", 2, column, rule)}
    aside = [row for row in house.set_aside() if row[0] == "eb_hushall"]
    assert len(aside) == 4
    assert sum("7" in row for row in aside) == 2, "the text of both columns is kept for whoever corrects it"


def test_a_business_system_sends_its_own_columns_of_the_year(tmp_path: Path) -> None:
    root = changed_contracts(tmp_path)
    mapping = root / FOLDER / "pahittad_beta.mapping.yaml"
    text = mapping.read_text(encoding="utf-8")
    mapping.write_text(text.replace("BARN: antal_barn", "BARN: antal_barn\n      BOENDE: boende_kod"), encoding="utf-8")
    house = House(tmp_path / "hem", contracts=load_contracts(root, SEEDS))
    old = BETA.columns["eb_hushall"].replace("UTRFODD=utrikes_fodd_kod", "BOENDE=boende_kod")
    system = {2017: replace(BETA, columns={**BETA.columns, "eb_hushall": old}), 2018: BETA}
    own = {year: system[year].send(of(year)) for year in (2017, 2018)}
    twins = {year: of(year, 1) for year in (2017, 2018)}
    wrong = BETA.send(of(2017, 3))
    house.receive(*own.values(), *twins.values(), wrong)
    for year in (2017, 2018):
        assert house.verdict(own[year]) == ("godkand", None)
        assert rows(house, own[year]) == rows(house, twins[year])
    assert house.verdict(wrong) == ("stoppad", "GEN-04")
    detalj = "Rubrikraden i eb_hushall: kolumn saknas: BOENDE; hör inte till årets form: UTRFODD."
    assert [f["detalj"] for f in house.faults(wrong)] == [detalj]


def rows(house: House, delivery: Delivery) -> list[dict[str, Any]]:
    """Landed households, without what tells the sender."""
    apart = {"leverans_id", "kommun_kod"}
    return [{k: v for k, v in row.items() if k not in apart} for row in house.landing("eb_hushall", delivery)]


def test_a_check_before_sending_knows_the_year(house: House, tmp_path: Path) -> None:
    good, bad = of(2017), in_other_form(of(2017, 1), COLUMNS["eb_hushall"])
    answers = [check_path(sent.put(tmp_path / "prov"), house.contracts) for sent in (good, bad)]
    assert [(a["status"], (a["stoppad_av"] or {}).get("regel")) for a in answers] == [
        ("godkand", None),
        ("stoppad", "GEN-04"),
    ]


def test_what_landed_before_a_new_form_is_read_with_what_lands_in_it(house: House, tmp_path: Path) -> None:
    first = House(house.home)
    first.receive(of(2018))
    house.receive(of(2017, 1))
    (location,) = [
        table["config"]["meta"]["external_location"]
        for source in yaml.safe_load(sources(house.contracts))["sources"]
        for table in source["tables"]
        if table["name"] == "eb_hushall"
    ]
    query = location.replace(HOME, str(house.home)).replace("$name", "eb_hushall")
    with duckdb.connect() as db:
        rows = db.execute(f"select period, utrikes_fodd_kod, boende_kod from {query} order by period").fetchall()
    assert rows == [("2017-03", None, "1"), ("2018-03", "0", None)]


def test_without_changes_the_gate_asks_nothing_about_years() -> None:
    found = get_contracts()
    for dataset in found.datasets.values():
        if not dataset.changes:
            assert not [c.condition for c in checks(dataset, found) if "substr(period" in c.condition]
    assert "eb_person" in {d.id for d in found.datasets.values() if not d.changes}


# -- barn och unga -------------------------------------------------------------------------------------------------


def ar(year: int, kommun: str, **parts: Any) -> Ar:
    """A year's package of barn och unga in that year's form: one child in one placement since the first of January."""
    start = f"{year}-01-01"
    parts = {
        "barn": [barn()],
        "insats": [insats(beslut_datum=start, insats_start_datum=start)],
        "placering": [placering(placering_start_datum=start)],
        **parts,
    }
    order = {"bu_barn": BU["bu_barn"].replace("ensamkommande ", "")} if year < 2017 else {}
    return Ar(**parts, kommun=kommun, period=str(year), mottagen=f"{year + 1}-01-20T10:00:00", order=order)


def home_of(year: int) -> list[Any]:
    """A placement in supported accommodation."""
    return [placering(placering_start_datum=f"{year}-01-01", placeringsform_kod="STOD")]


def test_what_came_in_2017_is_refused_in_2016_and_taken_in_2017(house: House) -> None:
    plain = {year: ar(year, "0114") for year in (2016, 2017)}
    codes = {year: ar(year, "0115", barn=[reservbarn()], placering=home_of(year)) for year in (2016, 2017)}
    column = ar(2016, "0117").but(order={})
    house.receive(*plain.values(), *codes.values(), column)
    assert [house.verdict(sent) for sent in (*plain.values(), *codes.values())] == [("godkand", None)] * 4
    assert house.verdict(column) == ("stoppad", "GEN-04")
    assert house.faults(column)[0]["detalj"] == "Rubrikraden i bu_barn: hör inte till årets form: ensamkommande."
    assert [house.findings(plain[year]) for year in plain] == [set(), set()]
    assert house.findings(codes[2017]) == set()
    assert house.findings(codes[2016]) >= {
        ("bu_barn", 2, "id_typ", "GEN-14"),
        ("bu_placering", 2, "placeringsform_kod", "GEN-14"),
    }
    landed = {year: [r["ensamkommande"] for r in house.landing("bu_barn", sent)] for year, sent in plain.items()}
    assert landed == {2016: [None], 2017: ["0"]}
    assert len(list((house.settings.landing / "bu_barn").glob("*.parquet"))) == 2, "one batch, and the empty one"


def test_a_protected_shelter_is_a_form_of_placement_from_2024(tmp_path: Path) -> None:
    for year, found in ((2023, {("bu_placering", 2, "placeringsform_kod", "GEN-14")}), (2024, set())):
        shelter = placering(placering_start_datum=f"{year}-01-01", placeringsform_kod="SKYDD", vistelsekommun_kod="")
        answer = check_path(ar(year, "0114", placering=[shelter]).put(tmp_path), get_contracts())
        places = {(r["datamangd"], e["rad"], e["kolumn"], r["regel"]) for r in answer["regler"] for e in r["exempel"]}
        assert (answer["status"], places) == ("godkand", found)


def test_a_new_form_meets_the_rows_of_the_years_before_it(tmp_path: Path) -> None:
    """A home that has received 2018 goes on with a contract whose form got a column in 2019."""
    first = House(tmp_path / "hem")
    before = ar(2018, "0114")
    first.receive(before)
    root = changed_contracts(tmp_path)
    path = root / "sources/bu/placering.odcs.yaml"
    contract = yaml.safe_load(path.read_text(encoding="utf-8"))
    column = {"name": "syskon_dar", "logicalType": "string", "physicalType": "varchar", "required": True}
    column["customProperties"] = [{"property": "kodlista", "value": "ja_nej"}]
    contract["schema"][0]["properties"].append(column)
    path.write_text(yaml.safe_dump(contract, allow_unicode=True), encoding="utf-8")
    change = {"tabell": "bu_placering", "ar": 2019, "kalla": "egen", "anmarkning": "Ett prov."}
    new = {"tillkomna_kolumner": ["syskon_dar"]}
    (root / "sources/bu/placering.2019.diff.yaml").write_text(yaml.safe_dump(change | new), encoding="utf-8")
    house = House(first.home, contracts=load_contracts(root, SEEDS))
    columns = {"bu_placering": f"{BU['bu_placering']} syskon_dar"}
    goes_on = [placering(placering_start_datum="2018-01-01", syskon_dar="1")]
    since = {"beslut_datum": "2018-01-01", "insats_start_datum": "2018-01-01"}
    after = ar(2019, "0114", insats=[insats(**since)], placering=goes_on).but(order=columns)
    forgotten = ar(2018, "0115")
    lacking = ar(2019, "0115", placering=[placering(nr=2, syskon_dar="0")]).but(order=columns)
    house.receive(after, forgotten, lacking)
    assert house.verdict(before) == house.verdict(after) == ("godkand", None)
    assert house.verdict(lacking) == ("stoppad", "BU-07"), "the years are still compared, row by row"
    assert [row["syskon_dar"] for row in house.landing("bu_placering", after)] == ["1"]


def test_the_same_years_hold_in_a_workbook_and_in_xml(house: House) -> None:
    good = [ar(2016, kommun).but(format=kind) for kommun, kind in (("0114", "xlsx"), ("0115", "xml"))]
    early = [ar(2016, kommun).but(format=kind, order={}) for kommun, kind in (("0117", "xlsx"), ("0120", "xml"))]
    house.receive(*good, *early)
    assert [house.verdict(sent) for sent in good] == [("godkand", None)] * 2
    assert [r["ensamkommande"] for sent in good for r in house.landing("bu_barn", sent)] == [None, None]
    assert [house.verdict(sent) for sent in early] == [("stoppad", "GEN-04")] * 2


# -- BBIC ----------------------------------------------------------------------------------------------------------


def bbic(year: int, kommun: str, version: str) -> Bbic:
    """A year's package in its form, with one investigation closed in April in an edition."""
    days = {name: f"{year}-0{month}-01" for name, month in zip(DAYS, (1, 2, 4), strict=True)}
    areas = {**assessed(NEW, ""), **assessed(OLD)} if version == "gamla" else assessed(NEW)
    case = utredning(bbic_version_kod=version, **days, **areas)
    old = {name: " ".join(c for c in BBIC[name].split() if c.removesuffix("_nu") not in NEW) for name in BBIC}
    return Bbic(
        sammanfattning=[case],
        insats=[lokal_insats(insats_start_datum=f"{year}-01-01")],
        uppfoljning=[],
        kommun=kommun,
        period=str(year),
        mottagen=f"{year + 1}-01-20T10:00:00",
        order=old if year < 2015 else {},
    )


DAYS = ("aktualisering_datum", "utredning_start_datum", "utredning_slut_datum")


def test_an_edition_of_bbic_is_known_from_its_year_and_the_old_one_always(house: House) -> None:
    agree(house, "0114", "0115", "0117")
    senders = {"gamla": "0114", "2015": "0115", "2018": "0117"}
    sent = {(y, v): bbic(y, kommun, v) for y in (2014, 2015, 2017, 2018) for v, kommun in senders.items()}
    house.receive(*sent.values())
    assert {house.verdict(delivery) for delivery in sent.values()} == {("godkand", None)}
    unknown = {("bbic_sammanfattning", 2, "bbic_version_kod", "BBIC-03")}
    too_early = {(2014, "2015"), (2014, "2018"), (2015, "2018"), (2017, "2018")}
    assert {key: house.findings(delivery) for key, delivery in sent.items()} == {
        key: unknown if key in too_early else set() for key in sent
    }
    (landed,) = house.landing("bbic_sammanfattning", sent[2014, "gamla"])
    assert [landed[name] for name in (NEW[0], OLD[0])] == [None, "1"]


def test_the_twelve_areas_are_no_columns_of_2014(house: House) -> None:
    agree(house, "0114")
    sent = bbic(2014, "0114", "gamla").but(order={})
    house.receive(sent)
    assert house.verdict(sent) == ("stoppad", "GEN-04")
    assert "hör inte till årets form: behov_bu1, behov_bu2" in house.faults(sent)[0]["detalj"]
