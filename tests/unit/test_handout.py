"""Handing out sealed rows and packages: to one file for one person, logged, and never anywhere else.

Belongs here: `lager karantan` and `lager arkiv`. Does not belong here: the log's chain (test_access.py).
"""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.cli import nycklar as cli
from pipelines.landing.access import entries
from tests.support.canary import leaks
from tests.support.drift import FLAWED, NEWER, NUMBERS, STOPPED, Drift, stocked

WHY = ("--syfte", "avsändaren frågar", "--av", "Test Testsson")


@pytest.fixture
def drift(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Drift:
    house = stocked(tmp_path / "hem")
    monkeypatch.setattr(cli, "get_settings", lambda: house.settings)
    return house


def asked(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, list(arguments))
    return done.exit_code, done.output


def test_set_aside_rows_are_written_to_a_file_for_its_owner_only(drift: Drift, tmp_path: Path) -> None:
    target = tmp_path / "ut.csv"
    code, said = asked("karantan", FLAWED.leverans_id, *WHY, "--till", str(target))
    assert code == 0, said
    assert target.stat().st_mode & 0o777 == 0o600
    rows = list(csv.DictReader(io.StringIO(target.read_text("utf-8-sig")), delimiter=";"))
    assert len(rows) == sum(counts[2] for counts in drift.counts(FLAWED).values()) == 4
    by_line = {(r["datamangd"], int(r["rad_nr"])): r for r in rows}
    sent = FLAWED.rows("eb_person")
    assert by_line["eb_person", 5]["personnummer"] == sent[3]["personnummer"]
    assert by_line["eb_hushall", 3]["hushallstyp_kod"] == "2"
    assert {tuple(p) for p in ((r["datamangd"], int(r["rad_nr"]), r["regler"]) for r in rows)} == {
        (dataset, line, " ".join(sorted(f[3] for f in drift.findings(FLAWED) if f[:2] == (dataset, line))))
        for dataset, line in by_line
    }


def test_a_cell_that_a_spreadsheet_would_run_is_made_text(drift: Drift, tmp_path: Path) -> None:
    target = tmp_path / "ut.csv"
    asked("karantan", FLAWED.leverans_id, *WHY, "--till", str(target))
    cells = [cell for row in csv.reader(io.StringIO(target.read_text("utf-8-sig")), delimiter=";") for cell in row]
    assert "'=1+1" in cells
    assert not [cell for cell in cells if cell[:1] in {"=", "+", "-", "@", "\t", "\r"}]


def test_the_package_comes_back_byte_for_byte(drift: Drift, tmp_path: Path) -> None:
    sent = NEWER.put(drift.settings.inbox).read_bytes()
    drift.run()
    target = tmp_path / "paket.zip"
    assert asked("arkiv", NEWER.leverans_id, *WHY, "--till", str(target))[0] == 0
    assert target.read_bytes() == sent
    assert target.stat().st_mode & 0o777 == 0o600


def test_each_handout_is_one_line_in_the_log(drift: Drift, tmp_path: Path) -> None:
    asked("karantan", FLAWED.leverans_id, *WHY, "--till", str(tmp_path / "a.csv"))
    asked("arkiv", FLAWED.leverans_id, *WHY, "--till", str(tmp_path / "a.zip"))
    found = [(e["lager"], e["leverans"], e["av"], e["syfte"]) for e in entries(drift.settings.access_log)]
    assert found == [(s, FLAWED.leverans_id, "Test Testsson", "avsändaren frågar") for s in ("karantan", "arkiv")]


def test_nothing_of_a_row_is_said_or_left_anywhere_else(drift: Drift, tmp_path: Path) -> None:
    target = tmp_path / "ut" / "ut.csv"
    target.parent.mkdir()
    said = asked("karantan", FLAWED.leverans_id, *WHY, "--till", str(target))[1]
    said += asked("karantan", FLAWED.leverans_id, *WHY, "--till", str(target))[1]
    assert any(digits in target.read_text("utf-8-sig") for digits in NUMBERS)
    assert not [digits for digits in NUMBERS if digits in said]
    assert leaks(drift.home, NUMBERS, key_file=drift.settings.master_key) == []
    assert [p.name for p in target.parent.iterdir()] == ["ut.csv"]


@pytest.mark.parametrize(
    ("leverans", "till", "says"),
    [
        (FLAWED.leverans_id, "hem/ut.csv", "LAGER_HOME"),
        (FLAWED.leverans_id, "finns.csv", "skrivs inte över"),
        (FLAWED.leverans_id, "ingen/mapp.csv", "Mappen"),
        ("0" * 16, "ut.csv", "känner ingen leverans"),
    ],
)
def test_what_may_not_be_handed_out_is_refused(
    drift: Drift, tmp_path: Path, leverans: str, till: str, says: str
) -> None:
    (tmp_path / "finns.csv").write_text("mitt")
    code, said = asked("karantan", leverans, *WHY, "--till", str(tmp_path / till))
    assert (code, says in said) == (1, True), said
    assert (tmp_path / "finns.csv").read_text() == "mitt"
    assert not (tmp_path / "ut.csv").exists()
    assert not drift.settings.access_log.exists(), "nothing was read"


def test_a_stopped_delivery_has_no_rows_in_quarantine_but_its_package_is_there(drift: Drift, tmp_path: Path) -> None:
    (leverans_id,) = [
        r["leverans_id"] for r in drift.ledger("select leverans_id from leverans where kommun_kod = '0117'")
    ]
    code, said = asked("karantan", leverans_id, *WHY, "--till", str(tmp_path / "ut.csv"))
    assert (code, "inga rader i karantän" in said) == (1, True)
    assert asked("arkiv", leverans_id, *WHY, "--till", str(tmp_path / "ut.zip"))[0] == 0
    with zipfile.ZipFile(tmp_path / "ut.zip") as package:
        assert {name: package.read(name) for name in package.namelist()} == STOPPED.members()


def test_a_name_and_a_purpose_must_be_given(drift: Drift, tmp_path: Path) -> None:
    code, _ = asked("karantan", FLAWED.leverans_id, "--till", str(tmp_path / "ut.csv"))
    assert code == 2
    assert not (tmp_path / "ut.csv").exists()
