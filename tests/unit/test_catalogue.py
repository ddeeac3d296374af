"""The catalogue page: all that is defined is on it, nothing of it can harm the reader, and it holds without a run."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.contracts.catalogue import CatalogueError, Example, Indicator, examples, read_catalogue
from pipelines.contracts.model import get_contracts
from pipelines.publish.catalogue import catalogue_page, cell, shown

ROOT = Path(__file__).resolve().parents[2]
VOID = {"meta", "br", "link", "img", "hr", "input"}
CATALOGUE = read_catalogue()
PAGE = catalogue_page(CATALOGUE, "2020-02-01-0123456789ab")


class Reader(HTMLParser):
    """Reads a page strictly: every element closed in its order, every attribute given once."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.faults: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.headings: list[int] = []
        self.elements: set[str] = set()
        self.article: dict[str, str] = {}
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        self.faults += [f"{tag}: {name} twice" for name in names if names.count(name) > 1]
        found = dict(attrs)
        self.ids += [str(found["id"])] if "id" in found else []
        self.links += [str(found["href"])] if "href" in found else []
        self.elements.add(tag)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> at {self.getpos()}")

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.text.append(data)


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    reader.close()
    return reader


READ = read(PAGE)
TEXT = " ".join(" ".join(READ.text).split())


def part(anchor: str) -> str:
    """The text of the article whose heading has the id."""
    found = re.search(rf'<article aria-labelledby="{re.escape(anchor)}">.*?</article>', PAGE, flags=re.S)
    assert found, anchor
    return " ".join(" ".join(read(found[0]).text).split())


def ymls() -> list[dict[str, Any]]:
    folder = ROOT / "dbt_project" / "models" / "indicators"
    found = (yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("ind_*.yml")))
    return [content for content in found if "meta" in content["models"][0].get("config", {})]


def words(text: str) -> str:
    return " ".join(str(text).split())


def test_the_page_is_well_formed_swedish_and_needs_nothing_but_itself() -> None:
    assert PAGE.startswith('<!DOCTYPE html>\n<html lang="sv">')
    assert READ.faults == []
    assert READ.open == []
    assert not READ.elements & {"script", "link", "img", "iframe", "object", "form"}
    assert {link for link in READ.links if not link.startswith("#")} == set()
    assert "default-src 'none'" in PAGE


def test_every_link_leads_somewhere_and_every_place_has_one_name() -> None:
    assert len(READ.ids) == len(set(READ.ids))
    assert {link.removeprefix("#") for link in READ.links} <= set(READ.ids)


def test_headings_step_down_one_level_at_a_time() -> None:
    assert READ.headings[0] == 1
    assert READ.headings.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(READ.headings, READ.headings[1:], strict=False))


@pytest.mark.parametrize("content", ymls(), ids=lambda c: c["models"][0]["name"])
def test_every_indicator_is_there_with_all_its_meta_and_its_examples(content: dict[str, Any]) -> None:
    meta = content["models"][0]["config"]["meta"]
    shown_as = part(f"{meta['indikator_id']}-v{meta['version']}")
    for field in ("indikator_id", "namn", "definition", "taljare", "namnare", "kallor"):
        assert words(meta[field]) in shown_as, field
    for cells in meta["celler"]:
        assert all(str(code) in shown_as for part in cells.get("koder_av", [cells.get("koder")]) for code in part)
    for test in content["unit_tests"]:
        assert words(test["description"]) in shown_as
        for row in test["expect"]["rows"]:
            assert all(cell(value) in shown_as for value in row.values()), row
        assert all(re.search(r"'(\w+)'", given["input"])[1] in shown_as for given in test["given"])  # type: ignore[index]


def test_every_expected_row_can_be_read_back_from_its_table() -> None:
    """A column told once for all rows, put back, gives the rows of the unit test."""
    for indicator in CATALOGUE.indicators:
        for example in indicator.examples:
            table = shown("Ger", example.expected)
            back = [dict(table.same) | dict(zip(table.columns, row, strict=True)) for row in table.rows]
            names = {name for row in example.expected for name in row}
            assert back == [{name: row.get(name) for name in names} for row in example.expected]


def test_every_rule_is_there_with_its_meaning_remedy_and_limit() -> None:
    rules = get_contracts().rules
    assert {i.removeprefix("regel-") for i in READ.ids if i.startswith("regel-")} == set(rules)
    for rule in rules.values():
        shown_as = part(f"regel-{rule.id}")
        assert words(rule.regel) in shown_as
        assert words(rule.meddelande) in shown_as
        assert rule.allvar in shown_as
        assert ("procent av raderna" in shown_as) == (rule.eskalering_andel is not None)
    assert "Faller fler än 0,5 procent av raderna, och minst 10, stoppas hela leveransen" in part("regel-GEN-14")


def test_a_rule_names_the_tables_it_is_tried_on_where_that_is_not_all() -> None:
    assert "Gäller eb_person , kolumnen personnummer Allvar" in part("regel-GEN-13")
    assert "eb_avslut" in part("regel-EB-11")
    assert "alla datamängder" in part("regel-GEN-01")
    assert "alla datamängder" not in part("regel-EB-11") + part("regel-GEN-26")


def test_a_deadline_and_a_purpose_are_told_in_words() -> None:
    assert "Frist, året efter 31 mars" in TEXT
    assert "Frist för hela året, året efter 31 mars" in TEXT
    assert "Rättsligt ändamål kvalitetsuppföljning" in TEXT


def test_code_lists_stand_in_the_order_of_their_names() -> None:
    names = [codes.name for codes in CATALOGUE.code_lists]
    assert names[-1] == "Öppenvård"
    assert names.index("Behov i ett BBIC-område") < names.index("Indikation enligt LVM") < names.index("Område i ASI")


def test_a_dormant_rule_says_that_it_sleeps_and_why() -> None:
    first, *rest = CATALOGUE.rules
    asleep = replace(first, dormant="Underlag för en tröskel saknas.")
    page = catalogue_page(replace(CATALOGUE, rules=(asleep, *rest)))
    assert "Prövas inte. Underlag för en tröskel saknas." in page
    assert f"{first.rule.id} (vilar)" in page


def test_every_code_list_is_there_with_every_code_and_our_own_are_never_called_official() -> None:
    for path in sorted((ROOT / "dbt_project" / "seeds" / "codes").glob("*.csv")):
        shown_as = part(f"lista-{path.stem}")
        meta = yaml.safe_load(path.with_suffix(".yml").read_text(encoding="utf-8"))["seeds"][0]["config"]["meta"]
        with path.open(encoding="utf-8", newline="") as handle:
            rows = list(csv.DictReader(handle))
        assert all(words(row[name]) in shown_as for row in rows for name in row if name != "ar_bekraftad")
        assert ("egen kod" in shown_as.split("Om listan")[0]) == (meta["mark"] != "A"), path.stem
        assert (": Koder lästa i källan." in shown_as) == (meta["mark"] == "A"), path.stem


@pytest.mark.parametrize("folder", ["sources/*", "outputs"])
def test_every_delivered_and_published_table_is_there_with_every_column_and_its_meaning(folder: str) -> None:
    dictionary = get_contracts().columns
    for path in sorted((ROOT / "data_contracts").glob(f"{folder}/*.odcs.yaml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        shown_as = part(f"tabell-{content['id']}")
        for prop in content["schema"][0]["properties"]:
            assert prop["name"] in shown_as
            assert words(prop.get("description") or dictionary[prop["name"]]) in shown_as, prop["name"]
        assert words(content["description"]["limitations"]) in shown_as


def test_markup_in_a_description_is_text_and_stays_so() -> None:
    evil = "<script>alert('x')</script><img src=x onerror=alert(1)>"
    first, *rest = CATALOGUE.indicators
    example = Example("prov", evil, (("fct_<b>", ({"kolumn<i>": evil},)),), ({"x": evil, 'y"': 1},))
    planted = Indicator(first.model, {**first.meta, "definition": evil, "okänt<fält>": evil}, (example,))
    page = catalogue_page(replace(CATALOGUE, indicators=(planted, *rest)))
    found = read(page)
    assert found.faults == []
    assert not found.elements & {"script", "img", "i", "b", "fält"}
    assert evil in " ".join(found.text)
    assert "okänt<fält>" in " ".join(found.text), "a field that nobody foresaw is shown, not dropped"


def test_what_a_missing_year_does_follows_from_the_meta() -> None:
    assert "alla månader av de 3 senaste åren" in part("EB06-v1")
    assert "årets tolv månader" in part("EB04-v1")
    assert "skattas" in part("EB04-v1")
    assert "årets leverans är godkänd" in part("BU10-v1")
    assert "de 2 senaste årens leveranser är godkända" in part("BU14-v1")
    assert "Alla kommuner räknas alltid" in part("SU02-v1")


def test_an_example_shows_what_differs_and_says_once_what_does_not() -> None:
    table = shown("x", [{"a": "0180", "b": 1, "c": None}, {"a": "0180", "b": 2, "c": None}])
    assert (table.same, table.columns, table.rows) == ((("a", "0180"), ("c", None)), ("b",), ((1,), (2,)))
    assert shown("x", [{"a": 1}]).columns == ("a",)
    assert shown("x", [{"a": 1}, {"a": 1}]).rows == ((1,), (1,))
    assert shown("x", [{"a": True}, {"a": 1}]).same == (), "ja and 1 are not the same"
    assert [cell(v) for v in (None, True, 0.25, "0180", 3)] == ["tomt", "ja", "0,25", "0180", "3"]


def test_a_unit_test_that_is_not_rows_is_refused_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "indicators"
    folder.mkdir()
    test = {"name": "ett_prov", "model": "ind_x", "given": [], "expect": {"format": "csv", "rows": "a,b"}}
    (folder / "ind_x.yml").write_text(yaml.safe_dump({"models": [{"name": "ind_x"}], "unit_tests": [test]}))
    monkeypatch.setattr("pipelines.contracts.catalogue.MODELS", tmp_path)
    with pytest.raises(CatalogueError, match=r"ind_x\.yml: ett_prov"):
        examples("ind_x")


def test_the_command_writes_the_page_without_a_run_and_speaks_json(tmp_path: Path) -> None:
    target = tmp_path / "katalog.html"
    done = CliRunner().invoke(app, ["katalog", "--html", str(target)])
    assert done.exit_code == 0, done.output
    assert read(target.read_text(encoding="utf-8")).faults == []
    assert "utan utgåva" in target.read_text(encoding="utf-8")
    told = json.loads(CliRunner().invoke(app, ["katalog", "--json"]).stdout)
    assert len(told["indicators"]) == len(CATALOGUE.indicators)
    assert list(tmp_path.iterdir()) == [target]
