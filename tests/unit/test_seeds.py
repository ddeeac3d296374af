"""What users may rely on in the seeds: sums hold, history is right, an unknown figure is never zero.

Reads the seed files, their properties and the code-list registry as text. Nothing here starts dbt; types,
keys and relations inside the warehouse are dbt data tests beside the seeds. Comparisons with the sources
read the library beside the checkout and are skipped where it is absent.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
SEEDS = ROOT / "dbt_project" / "seeds"
LIBRARY = ROOT.parent / "shared"

Row = dict[str, str]
needs_library = pytest.mark.skipif(
    not (LIBRARY / "data").is_dir(), reason="källbiblioteket ../shared/data finns inte här"
)

COUNTY_CODES = {
    "Stockholm": "01", "Uppsala": "03", "Sodermanland": "04", "Ostergotland": "05", "Jonkoping": "06",
    "Kronoberg": "07", "Kalmar": "08", "Gotland": "09", "Blekinge": "10", "Skane": "12",
    "Halland": "13", "Gotaland": "14", "Varmland": "17", "Orebro": "18", "Vastmanland": "19",
    "Dalarna": "20", "Gavleborg": "21", "Vasternorrland": "22", "Jamtland": "23", "Vasterbotten": "24",
    "Norrbotten": "25",
}  # fmt: skip


@cache
def read(path: Path, delimiter: str = ",") -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def seed(stem: str) -> list[Row]:
    return read(SEEDS / f"{stem}.csv")


def library(path: str, delimiter: str = ",") -> list[Row]:
    return read(LIBRARY / path, delimiter)


@cache
def registry() -> dict[str, dict[str, str]]:
    text = (ROOT / "data_contracts" / "shared" / "kodlistor.yaml").read_text(encoding="utf-8")
    loaded: dict[str, dict[str, str]] = yaml.safe_load(text)
    return loaded


def properties(stem: str) -> dict[str, Any]:
    loaded = yaml.safe_load((SEEDS / f"{stem}.yml").read_text(encoding="utf-8"))
    (only,) = loaded["seeds"]
    assert only["name"] == stem.split("/")[-1]
    return dict(only)


STEMS = sorted(p.relative_to(SEEDS).with_suffix("").as_posix() for p in SEEDS.rglob("*.csv"))
LISTS = sorted(registry())


def current_municipalities() -> list[Row]:
    return [row for row in seed("reference/kommuner") if not row["giltig_till"]]


def municipality(code: str) -> Row:
    (row,) = [row for row in seed("reference/kommuner") if row["kommun_kod"] == code]
    return row


@cache
def ages_by_group() -> dict[tuple[str, str], dict[int, int]]:
    groups: dict[tuple[str, str], dict[int, int]] = defaultdict(dict)
    for row in seed("reference/befolkning"):
        groups[row["kommun_kod"], row["kon_kod"]][int(row["alder"])] = int(row["antal"])
    return groups


@cache
def source_population() -> Counter[tuple[str, str]]:
    totals: Counter[tuple[str, str]] = Counter()
    for row in library("data/befolkning/kommun_kon_bakgrund_2019.csv"):
        totals[row["kommun"], "1" if row["Kon"] == "Män" else "2"] += int(row["values"])
    return totals


@cache
def age_profiles() -> dict[tuple[str, str], dict[int, int]]:
    profiles: dict[tuple[str, str], dict[int, int]] = defaultdict(dict)
    for row in library("data/befolkning/lan_alder_kon_2000_2015.csv"):
        if row["year"] == "2015":
            group = COUNTY_CODES[row["region"]], "1" if row["sex"] == "Males" else "2"
            profiles[group][int(row["age"].removesuffix("+"))] = int(row["population"])
    return profiles


# --- every seed


@pytest.mark.parametrize("stem", STEMS)
def test_every_seed_names_its_source_licence_and_evidence(stem: str) -> None:
    meta = properties(stem)["config"]["meta"]
    assert meta["kalla"]
    assert meta["licens"]
    assert meta["hamtad"]
    assert meta["mark"] in {"A", "B", "C"}


@pytest.mark.parametrize("stem", STEMS)
def test_every_column_is_typed_and_described_and_codes_are_text(stem: str) -> None:
    props = properties(stem)
    header = (SEEDS / f"{stem}.csv").read_text(encoding="utf-8").splitlines()[0].split(",")
    types = props["config"]["column_types"]
    assert list(types) == header == [column["name"] for column in props["columns"]]
    assert all(types[name] == "varchar" for name in header if name.endswith("_kod"))
    assert all(c["description"] == f"{{{{ doc('kolumn_{c['name']}') }}}}" for c in props["columns"])


@pytest.mark.parametrize("stem", STEMS)
def test_no_seed_repeats_a_row_or_has_a_ragged_line(stem: str) -> None:
    rows = seed(stem)
    assert len({tuple(row.values()) for row in rows}) == len(rows)
    assert all(None not in row and None not in row.values() for row in rows)


# --- municipalities and counties


def test_there_are_290_municipalities_in_21_counties_today() -> None:
    current = current_municipalities()
    counties = {row["lan_kod"] for row in seed("reference/lan")}
    assert (len(current), len(counties)) == (290, 21)
    assert {row["lan_kod"] for row in current} == counties


def test_a_code_begins_with_its_county_and_occurs_once() -> None:
    rows = seed("reference/kommuner")
    assert all(row["kommun_kod"][:2] == row["lan_kod"] for row in rows)
    assert max(Counter(row["kommun_kod"] for row in rows).values()) == 1


def test_heby_leaves_vastmanland_for_uppsala_on_new_years_day_2007() -> None:
    old, new = municipality("1917"), municipality("0331")
    assert old["kommun_namn"] == new["kommun_namn"] == "Heby"
    assert (old["lan_kod"], old["giltig_till"], old["efterfoljare_kod"]) == ("19", "2007-01-01", "0331")
    assert (new["lan_kod"], new["giltig_fran"], new["foregangare_kod"]) == ("03", "2007-01-01", "1917")
    assert not new["giltig_till"]


@pytest.mark.parametrize(
    ("code", "name", "since", "parent"),
    [("0140", "Nykvarn", "1999-01-01", "0181"), ("0330", "Knivsta", "2003-01-01", "0380")],
)
def test_a_municipality_broken_out_knows_its_parent_which_lives_on(
    code: str, name: str, since: str, parent: str
) -> None:
    row = municipality(code)
    assert (row["kommun_namn"], row["giltig_fran"], row["foregangare_kod"]) == (name, since, parent)
    assert not municipality(parent)["giltig_till"]
    assert not municipality(parent)["efterfoljare_kod"]


def test_no_start_date_is_invented() -> None:
    dated = {row["kommun_kod"] for row in seed("reference/kommuner") if row["giltig_fran"]}
    assert dated == {"0140", "0330", "0331"}
    assert "sedan före seriens början" in properties("reference/kommuner")["description"]


@needs_library
def test_names_and_counties_are_those_of_scb() -> None:
    source = library("data/geografi/kommun_lan.csv")
    expected = {(r["municipality_code"], r["municipality_name_short"], r["county_code"]) for r in source}
    assert {(r["kommun_kod"], r["kommun_namn"], r["lan_kod"]) for r in current_municipalities()} == expected
    counties = {(r["county_code"], r["county_name"]) for r in source}
    assert {(r["lan_kod"], r["lan_namn"]) for r in seed("reference/lan")} == counties


def groups_of(year: str) -> dict[str, str]:
    rows = [row for row in seed("reference/kommungrupper") if row["indelning_ar"] == year]
    assert len(rows) == 290
    return {row["kommun_kod"]: row["kommungrupp_kod"] for row in rows}


def test_33_municipalities_changed_group_between_2017_and_2023() -> None:
    before, after = groups_of("2017"), groups_of("2023")
    assert before.keys() == after.keys() == {row["kommun_kod"] for row in current_municipalities()}
    assert sum(before[code] != after[code] for code in before) == 33


def test_a_group_code_has_one_name_per_classification() -> None:
    names = {(r["indelning_ar"], r["kommungrupp_kod"], r["kommungrupp_namn"]) for r in seed("reference/kommungrupper")}
    assert len(names) == 18


@needs_library
def test_groups_are_those_of_skr() -> None:
    old = library("data/geografi/skr_kommungrupp_2017.csv")
    new = library("data/geografi/skr_kommungrupp_2023.csv")
    assert groups_of("2017") == {row["KnKod"]: row["KnInd-Grupp"] for row in old}
    assert groups_of("2023") == {row["municipality_id"]: row["kommungrupp_kod"] for row in new}


def test_every_county_is_one_rss_but_halland_whose_municipalities_have_none() -> None:
    rss = {row["kommun_kod"]: row["rss_kod"] for row in seed("reference/rss_kommun")}
    county = {row["kommun_kod"]: row["lan_kod"] for row in seed("reference/kommuner")}
    assert rss == {code: f"RSS{lan}" for code, lan in county.items() if lan != "13"}
    assert len(set(rss.values())) == 20
    assert {row["ar_bekraftad"] for row in seed("reference/rss_kommun")} == {"false"}


# --- population


def test_every_municipality_has_202_population_rows() -> None:
    groups = ages_by_group()
    codes = {row["kommun_kod"] for row in current_municipalities()}
    assert set(groups) == {(code, sex) for code in codes for sex in ("1", "2")}
    assert all(sorted(ages) == list(range(101)) for ages in groups.values())
    assert len(seed("reference/befolkning")) == 290 * 202


def test_the_population_sums_to_the_country_of_2019() -> None:
    assert sum(sum(ages.values()) for ages in ages_by_group().values()) == 10_327_589


def test_population_is_never_negative_and_always_called_modelled() -> None:
    rows = seed("reference/befolkning")
    assert all(int(row["antal"]) >= 0 for row in rows)
    assert {row["ar_modellerad"] for row in rows} == {"true"}


@needs_library
def test_every_municipality_and_sex_keeps_its_sum_of_2019() -> None:
    assert {group: sum(ages.values()) for group, ages in ages_by_group().items()} == dict(source_population())


@needs_library
def test_the_county_names_of_the_age_profile_are_read_right() -> None:
    """Gotaland is Västra Götalands län, Gotland the island: totals of 2015 and 2019 lie close."""
    before, after = Counter[str](), Counter[str]()
    for (county, _), ages in age_profiles().items():
        before[county] += sum(ages.values())
    for (code, _), total in source_population().items():
        after[code[:2]] += total
    assert sum(before.values()) == 9_851_017
    assert all(1.0 <= after[county] / before[county] < 1.09 for county in before)


@needs_library
@pytest.mark.parametrize(("code", "sex"), [("0114", "1"), ("0331", "2"), ("0980", "1"), ("1480", "2"), ("2506", "1")])
def test_ages_follow_the_countys_profile_by_largest_remainder(code: str, sex: str) -> None:
    ages, profile = ages_by_group()[code, sex], age_profiles()[code[:2], sex]
    people, base = source_population()[code, sex], sum(profile.values())
    whole = {age: divmod(people * share, base) for age, share in profile.items()}
    raised = {age for age in ages if ages[age] == whole[age][0] + 1}
    assert all(ages[age] == whole[age][0] for age in ages.keys() - raised)
    lowest_raised = min(whole[age][1] for age in raised)
    assert all(whole[age][1] <= lowest_raised for age in ages.keys() - raised)


# --- published households


def test_suppressed_and_unpublished_counts_are_empty_and_never_zero() -> None:
    rows = seed("reference/publicerade_hushall")
    assert Counter(row["publiceringsstatus"] for row in rows) == {
        "ok": 4274,
        "undertryckt": 211,
        "ej_publicerad": 171,
    }
    assert all((row["antal"] == "") == (row["publiceringsstatus"] != "ok") for row in rows)


def test_every_municipality_and_the_country_have_eight_months_and_two_backgrounds() -> None:
    rows = seed("reference/publicerade_hushall")
    codes = {row["kommun_kod"] for row in current_municipalities()} | {"00"}
    expected = {(c, "2017", str(m), b) for c in codes for m in range(1, 9) for b in ("inrikes", "utrikes")}
    assert {(r["kommun_kod"], r["ar"], r["manad"], r["bakgrund"]) for r in rows} == expected
    assert len(rows) == len(expected)


def test_the_country_in_march_2017_is_as_published() -> None:
    rows = [r for r in seed("reference/publicerade_hushall") if r["kommun_kod"] == "00" and r["manad"] == "3"]
    assert {row["bakgrund"]: row["antal"] for row in rows} == {"inrikes": "44164", "utrikes": "50774"}


def test_the_background_labels_are_explained_with_the_sources_words() -> None:
    text = properties("reference/publicerade_hushall")["description"]
    assert "En av sökande/sambo utrikesfödd" in text
    assert "preliminära" in text


@needs_library
def test_published_figures_are_the_sources_cell_by_cell() -> None:
    months = ["Januari", "Februari", "Mars", "April", "Maj", "Juni", "Juli", "Augusti"]
    signs = {"X": ("", "undertryckt"), "--": ("", "ej_publicerad")}
    source = library("data/socialstyrelsen/ekonomiskt_bistand_hushall_2017_manad_kommun.csv")
    expected = set()
    for row in source:
        group = "inrikes" if row["group"] == "Inrikes födda" else "utrikes"
        shown = signs.get(row["value_raw"]) or ("".join(row["value_raw"].split()), "ok")
        expected.add((row["code"], row["year"], str(months.index(row["month"]) + 1), group, *shown))
    assert {tuple(row.values()) for row in seed("reference/publicerade_hushall")} == expected


# --- code lists


@pytest.mark.parametrize("list_id", LISTS)
def test_every_registered_code_list_is_a_seed_column_with_unique_codes(list_id: str) -> None:
    entry = registry()[list_id]
    codes = [row[entry["kolumn"]] for row in seed(entry["seed"])]
    assert len(set(codes)) == len(codes) > 1
    assert all(code and code == code.strip() for code in codes)
    assert entry["namn"]
    assert entry["kalla"]


def test_every_code_seed_is_registered_or_made_here_of_what_is_delivered() -> None:
    """A grouping of a delivered list, the status that a delivery gets, what delivered columns are named for: nobody
    sends any of them.
    """
    registered = {entry["seed"] for entry in registry().values()}
    ours = {"forsorjningshindergrupp", "leverans_status", "asi_omrade", "lvm_indikation"}
    assert {stem for stem in STEMS if stem.startswith("codes/")} - registered == {f"codes/{name}" for name in ours}


@pytest.mark.parametrize("list_id", [name for name in LISTS if registry()[name]["seed"].startswith("codes/")])
def test_only_codes_read_in_a_source_are_called_confirmed(list_id: str) -> None:
    entry = registry()[list_id]
    confirmed = {row["ar_bekraftad"] for row in seed(entry["seed"])}
    props = properties(entry["seed"])
    assert confirmed == {"true" if entry["mark"] == "A" else "false"}
    assert props["config"]["meta"]["mark"] == entry["mark"]
    assert entry["mark"] == "A" or "egen kod" in " ".join(props["description"].lower().split())


def test_there_is_no_household_type_2() -> None:
    assert [row["hushallstyp_kod"] for row in seed("codes/hushallstyp")] == list("13456789")


def test_ties_between_hinders_fall_in_the_order_of_the_definition_with_unknown_last() -> None:
    rows = sorted(seed("codes/forsorjningshindergrupp"), key=lambda row: int(row["prioritet"]))
    order = ["arbetsloshet", "ohalsa", "sociala_skal", "ovrigt", "okand"]
    assert [row["forsorjningshindergrupp_kod"] for row in rows] == order


def test_every_hinder_belongs_to_a_group_and_only_fh99_is_unknown() -> None:
    groups = {row["forsorjningshindergrupp_kod"] for row in seed("codes/forsorjningshindergrupp")}
    of = {row["forsorjningshinder_kod"]: row["grupp"] for row in seed("codes/forsorjningshinder")}
    assert set(of.values()) == groups
    assert [code for code, group in of.items() if group == "okand"] == ["FH99"]


@needs_library
@pytest.mark.parametrize("list_id", ["hushallstyp", "utrikes_fodd", "forsorjningshinder", "avslutsorsak"])
def test_codes_and_texts_are_those_of_the_domain(list_id: str) -> None:
    source = [row for row in library("domain/kodlistor.csv", ";") if row["lista"] == list_id]
    entry = registry()[list_id]
    ours = [(row[entry["kolumn"]], row["text"], row["ar_bekraftad"]) for row in seed(entry["seed"])]
    assert ours == [(row["kod"], row["text"], "true" if row["mark"] == "A" else "false") for row in source]


def test_the_old_edition_of_bbic_goes_to_the_twelve_by_our_own_mapping() -> None:
    areas = {row["omrade_kod"]: row["ar_gammal_utgava"] == "true" for row in seed("reference/bbic_omrade")}
    pairs = [(row["gammalt_omrade_kod"], row["omrade_kod"]) for row in seed("reference/bbic_omrade_mappning")]
    old, new = {code for code in areas if areas[code]}, {code for code in areas if not areas[code]}
    assert (len(new), len(old), len(pairs)) == (12, 19, 18)
    assert {code for _, code in pairs} == new, "every one of the twelve can be had of an old assessment"
    assert old - {code for code, _ in pairs} == {"G07", "G13"}, "two have no counterpart"
    assert [code for code, _ in pairs if code == "G14"] == ["G14", "G14"], "one has two"
    assert {row["ar_bekraftad"] for row in seed("reference/bbic_omrade_mappning")} == {"false"}


def test_evidence_is_told_of_methods_that_exist_and_confirmed_only_of_what_was_read() -> None:
    known = {row["metod_kod"] for stem in ("codes/metod", "codes/metod_missbruk") for row in seed(stem)}
    known |= {row["instrument_kod"] for row in seed("codes/instrument")} | {"ASI"}
    told = seed("reference/metod_evidens")
    assert {row["metod_kod"] for row in told} <= known
    assert [(row["metod_kod"], row["evidensniva"]) for row in told if row["ar_bekraftad"] == "true"] == [("ASI", "5")]


def test_no_norm_and_no_formula_of_asi_is_confirmed_so_none_is_counted_by() -> None:
    areas = [row["omrade_kod"] for row in seed("codes/asi_omrade")]
    formulas = [row["cs_formelversion"] for row in seed("codes/asi_formelversion")]
    pairs = {(row["cs_formelversion"], row["omrade_kod"]) for row in seed("reference/asi_formel")}
    assert pairs == {(formula, area) for formula in formulas for area in areas}
    assert {row["ar_bekraftad"] for row in seed("reference/asi_formel") + seed("reference/asi_norm")} == {"false"}
