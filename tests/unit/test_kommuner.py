"""The checks that name municipalities: exactly those who are missing, late, stopped or silent, and what to do."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import duckdb
import pytest
import yaml

from pipelines.checks import SuiteError, load_suites
from pipelines.checks.kommuner import Question, ask, load_questions, make_kommun_checks, told

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "expectations" / "kommuner"
QUESTIONS = {question.namn: question for question in load_questions(FOLDER)}
MONTHS = [f"{year}-{month:02d}" for year in (2018, 2019) for month in range(1, 13)]
NAMES = {"0114": "Upplands Väsby", "0115": "Vallentuna", "0117": "Österåker", "0120": "Värmdö", "0123": "Järfälla"}


def deadline(period: str) -> str:
    year, month = int(period[:4]), int(period[5:])
    return f"{year + month // 12}-{month % 12 + 1:02d}-16 00:00:00"


def statuses() -> dict[tuple[str, str, str], tuple[str, str | None]]:
    """(status, first approved) of every municipality, dataset and month: all well but for what the stories say."""
    found: dict[tuple[str, str, str], tuple[str, str | None]] = {}
    for kommun in NAMES:
        for dataset in ("eb_hushall", "eb_person"):
            for period in MONTHS:
                found[kommun, dataset, period] = ("mottagen_godkand", deadline(period)[:8] + "10 12:00:00")
    for dataset in ("eb_hushall", "eb_person"):
        for period in MONTHS[-2:]:  # 0115 has gone silent
            found["0115", dataset, period] = ("ej_rapporterad", None)
        found["0120", dataset, "2019-05"] = ("underkand", None)  # stopped, nothing in force
        found["0120", dataset, "2018-05"] = ("ej_rapporterad", None)  # too long ago to ask about
    found["0114", "eb_person", "2019-12"] = ("ej_rapporterad", None)  # one dataset of two
    found["0117", "eb_hushall", "2019-03"] = ("forsenad", "2019-04-16 00:00:00")  # the first instant too late
    found["0117", "eb_hushall", "2019-04"] = ("forsenad", "2019-05-26 08:00:00")
    found["0117", "eb_hushall", "2018-04"] = ("forsenad", "2018-06-26 08:00:00")
    return found


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("bygge") / "lager.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute("create schema core")
        con.execute(
            "create table core.dim_kommun (kommun_kod varchar, kommun_namn varchar, lan_namn varchar, giltig_fran date)"
        )
        con.executemany(
            "insert into core.dim_kommun values (?, ?, 'Stockholms län', '1900-01-01')",
            [list(n) for n in NAMES.items()],
        )
        con.execute(
            "create table core.fct_leverans (kommun_kod varchar, kalla varchar, dataset varchar, period varchar, "
            "leverans_status varchar, ar_i_tid boolean, frist_tid timestamp, forsta_godkand_tid timestamp)"
        )
        con.executemany(
            "insert into core.fct_leverans values (?, 'eb', ?, ?, ?, ?, ?, ?)",
            [[k, d, p, s, bool(t and t < deadline(p)), deadline(p), t] for (k, d, p), (s, t) in statuses().items()],
        )
        con.execute(
            "create table core.dim_leverans (kommun_kod varchar, kalla varchar, period varchar, paket_namn varchar, "
            "mottagningsstatus varchar, stoppande_regel_id varchar, mottagen_lokal_tid timestamp)"
        )
        received = [[k, "2019-10", "2019-11-10 12:00:00", "godkand", None] for k in NAMES if k != "0123"]
        received += [[k, "2019-12", "2020-01-10 12:00:00", "godkand", None] for k in ("0114", "0117")]
        received += [["0120", "2019-05", "2019-06-10 12:00:00", "stoppad", "GEN-05"]]
        received += [["0120", "2019-12", "2019-12-16 00:00:00", "stoppad", "GEN-04"]]  # stopped, but heard of
        con.executemany(
            "insert into core.dim_leverans select ?, 'eb', ?, 'eb_' || ?, ?, ?, cast(? as timestamp)",
            [[k, p, p, s, r, t] for k, p, t, s, r in received],
        )
    return path


def named(build: Path, check: str) -> list[dict[str, object]]:
    with duckdb.connect(str(build), read_only=True) as db:
        return ask(db, QUESTIONS[check]).rows


def test_missing_for_the_last_month_are_those_without_any_delivery_and_what_lacks(build: Path) -> None:
    rows = {row["kommun_kod"]: row["saknade_datamangder"] for row in named(build, "saknas_senaste_manaden")}
    assert rows == {"0114": "eb_person", "0115": "eb_hushall, eb_person"}


def test_gaps_are_named_month_by_month_for_the_last_twelve_only(build: Path) -> None:
    rows = {row["kommun_kod"]: row["perioder"] for row in named(build, "luckor_tolv_manader")}
    assert rows == {"0115": "2019-11, 2019-12", "0114": "2019-12"}


def test_late_are_those_whose_first_approved_came_at_or_after_the_deadline(build: Path) -> None:
    (only,) = named(build, "sena_tolv_manader")
    assert (only["kommun_kod"], only["perioder"]) == ("0117", "2019-03, 2019-04")
    assert only["mest_dagar_for_sent"] == 11


def test_stopped_without_replacement_are_named_with_the_rule_that_stopped(build: Path) -> None:
    (only,) = named(build, "stoppade_utan_ersattning")
    assert (only["kommun_kod"], only["perioder_och_regler"]) == ("0120", "2019-05 (GEN-05)")


def test_silent_is_who_has_sent_nothing_at_all_since_the_deadline_before_the_last(build: Path) -> None:
    rows = {
        row["kommun_kod"]: (row["senast_mottaget"], row["frister_sedan_dess"]) for row in named(build, "tysta_kommuner")
    }
    assert rows == {"0115": ("2019-11-10", 3), "0123": ("aldrig", 24)}


@pytest.fixture(scope="module")
def yearly(build: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same municipalities' years 2016-2019, due on 31 March: all well but for what the stories say."""
    path = tmp_path_factory.mktemp("ar") / "lager.duckdb"
    path.write_bytes(build.read_bytes())
    told = {
        ("0114", "bu", 2016): "ej_rapporterad",  # four years ago: no window or pool reads it
        ("0115", "bu", 2017): "ej_rapporterad",
        ("0115", "bu", 2019): "ej_rapporterad",
        ("0115", "bbic", 2019): "avtal_saknas",  # nothing is expected
        ("0117", "bu", 2018): "underkand",
        ("0117", "bu", 2016): "underkand",  # four years ago
        ("0120", "bu", 2019): "forsenad",  # late is not missing
        ("0123", "bbic", 2018): "ej_rapporterad",
    }
    with duckdb.connect(str(path)) as con:
        con.executemany(
            "insert into core.fct_leverans select ?, ?, ? || unnest(['_barn', '_insats']), ?, ?, true, ?, null",
            [
                [k, source, source, str(year), told.get((k, source, year), "mottagen_godkand"), f"{year + 1}-04-01"]
                for k in NAMES
                for source in ("bu", "bbic")
                for year in range(2016, 2020)
            ],
        )
        received = [["0117", "bu", "2018", "stoppad", r, "2019-03-05"] for r in ("BU-07", "BU-01")]
        received += [["0117", "bbic", "2018", "stoppad", "GEN-04", "2019-03-05"]]  # another source
        received += [["0117", "bu", "2016", "stoppad", "GEN-01", "2017-03-05"]]
        received += [[k, s, "2019", "godkand", None, "2020-03-01"] for k in ("0114", "0120") for s in ("bu", "bbic")]
        received += [["0117", "bbic", "2019", "godkand", None, "2020-03-01"]]
        con.executemany("insert into core.dim_leverans select $1, $2, $3, $2 || '_' || $3, $4, $5, $6", received)
    return path


def test_missing_years_are_those_of_the_last_three_of_each_source_that_an_agreement_does_not_excuse(
    yearly: Path,
) -> None:
    rows = {row["kommun_kod"]: (row["saknar_senaste"], row["kallor_och_ar"]) for row in named(yearly, "luckor_tre_ar")}
    assert rows == {"0115": ("ja", "bu 2017, bu 2019"), "0123": ("nej", "bbic 2018")}


def test_stopped_years_without_replacement_are_named_with_the_rules_that_stopped_that_source(yearly: Path) -> None:
    (only,) = named(yearly, "stoppade_ar_utan_ersattning")
    assert (only["kommun_kod"], only["ar_och_regler"]) == ("0117", "bu 2018 (BU-01, BU-07)")


def test_a_source_that_has_gone_silent_is_named_though_its_sender_is_heard_of_in_another(yearly: Path) -> None:
    rows = {(row["kommun_kod"], row["kalla"]) for row in named(yearly, "tysta_kommuner") if row["kalla"] != "eb"}
    assert rows == {("0115", "bu"), ("0117", "bu"), ("0123", "bu"), ("0123", "bbic")}


def test_the_months_that_lack_are_the_same_whatever_the_years_say(build: Path, yearly: Path) -> None:
    for check in ("saknas_senaste_manaden", "luckor_tolv_manader", "sena_tolv_manader", "stoppade_utan_ersattning"):
        assert named(yearly, check) == named(build, check)


def run(build: Path) -> dict[str, dg.AssetCheckEvaluation]:
    @dg.asset(key=["core", "fct_leverans"])
    def fct() -> None: ...

    @dg.asset(key=["landing", "leverans"])
    def ledger() -> None: ...

    result = dg.materialize([fct, ledger, *make_kommun_checks(QUESTIONS.values(), lambda: build)])
    assert result.success, "a warning never stops a run"
    return {e.check_name: e for e in result.get_asset_check_evaluations()}


def test_a_check_that_falls_names_them_says_what_to_do_and_warns_only(build: Path) -> None:
    found = run(build)
    assert len(found) == len(QUESTIONS)
    fallen = found["LEV_101_saknas_senaste_manaden"]
    assert not fallen.passed
    assert {e.severity for e in found.values()} == {dg.AssetCheckSeverity.WARN}
    assert "Vallentuna (0115)" in str(fallen.description)
    assert "Gör så här: " in str(fallen.description)
    assert "lager status --kommun 0114" in str(fallen.description)
    assert fallen.metadata["antal kommuner"].value == 2
    assert {r.data["kommun"] for r in fallen.metadata["kommuner"].records} == {"Upplands Väsby", "Vallentuna"}
    assert found["LEV_105_tysta_kommuner"].metadata["senaste frist"].value == "eb: 2019-12, gick ut 2020-01-15"


def test_when_all_is_well_every_check_passes(build: Path, tmp_path: Path) -> None:
    path = tmp_path / "bra.duckdb"
    path.write_bytes(build.read_bytes())
    with duckdb.connect(str(path)) as con:
        con.execute("update core.fct_leverans set leverans_status = 'mottagen_godkand', ar_i_tid = true")
        con.execute("update core.dim_leverans set mottagen_lokal_tid = '2020-01-10'")
        con.execute("update core.dim_leverans set kommun_kod = '0123' where mottagningsstatus = 'stoppad'")
    found = run(path)
    assert [name for name, e in found.items() if not e.passed] == []
    assert "kommuner" not in found["LEV_102_luckor_tolv_manader"].metadata


def test_a_question_that_cannot_be_asked_has_not_passed(tmp_path: Path) -> None:
    path = tmp_path / "tomt.duckdb"
    duckdb.connect(str(path)).close()
    found = run(path)
    assert not any(e.passed for e in found.values())
    assert all("CatalogException" in str(e.description) for e in found.values())
    assert {e.severity for e in found.values()} == {dg.AssetCheckSeverity.ERROR}


def test_only_the_first_are_named_in_the_sentence_and_all_in_the_table() -> None:
    rows = [{"kommun": f"Kommun {i}", "kommun_kod": f"{i:04d}"} for i in range(290)]
    words = told(QUESTIONS["tysta_kommuner"], rows)
    assert words.startswith("290 kommuner: Kommun 0 (0000), ")
    assert "och 280 till, se tabellen" in words


def test_ids_stand_once_among_suites_and_questions_and_a_bad_file_is_refused(tmp_path: Path) -> None:
    suites = [e.id for suite in load_suites(ROOT / "expectations") for e in suite.forvantningar]
    ids = suites + [question.id for question in QUESTIONS.values()]
    assert len(set(ids)) == len(ids)
    good = yaml.safe_load((FOLDER / "tysta_kommuner.yaml").read_text(encoding="utf-8"))
    for name in ("a", "b"):
        (tmp_path / f"{name}.yaml").write_text(yaml.safe_dump(good), encoding="utf-8")
    with pytest.raises(SuiteError, match="LEV-105"):
        load_questions(tmp_path)
    (tmp_path / "a.yaml").write_text(yaml.safe_dump({**good, "okant": 1}), encoding="utf-8")
    with pytest.raises(SuiteError, match=r"a\.yaml"):
        load_questions(tmp_path)


def test_a_question_asks_of_tables_that_dbt_builds_and_never_of_a_person() -> None:
    for question in QUESTIONS.values():
        words = (question.fraga + (question.lage or "")).lower()
        assert "person_id" not in words, question.id
        assert "hushall_id" not in words, question.id
        assert isinstance(question, Question)
