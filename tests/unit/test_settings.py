"""Settings: what the process of dbt knows of the environment, and who may read what lies there.

Belongs here: pipelines/settings.py by itself, and a home as whole processes leave it. Does not belong here: what runs
write there.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines import cli
from pipelines.cli import run
from pipelines.landing.ledger.store import open_ledger
from pipelines.landing.runlock import hold
from pipelines.publish import build_release
from pipelines.settings import Settings, get_settings
from tests.support.drift import FLAWED, Drift
from tests.unit.test_publish import PROVENANCE, make_build

ASK = "import os; from pipelines.settings import forget_the_rest; forget_the_rest(); print(*sorted(os.environ))"


def test_dbt_is_left_what_it_needs_of_the_environment_and_no_secret_of_others() -> None:
    ours = {"LAGER_HOME": "a", "DBT_TARGET_PATH": "b", "LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"]}
    others = {"PGPASSWORD": "hemlig", "AWS_SECRET_ACCESS_KEY": "hemlig", "XPATH": "x"}
    done = subprocess.run([sys.executable, "-c", ASK], env=ours | others, capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) >= set(ours)
    assert not set(done.stdout.split()) & set(others)


def test_the_key_file_is_the_same_wherever_a_process_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Dagster is started in the project's folder."""
    started: list[dict[str, str]] = []
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LAGER_KEY_FILE", "nycklar/huvudnyckel")
    monkeypatch.setattr(run, "get_settings", lambda: Settings(home=tmp_path / "hem"))
    monkeypatch.setattr(os, "execve", lambda _, __, environment: started.append(environment))
    run.ui()
    assert started[0]["LAGER_KEY_FILE"] == str(tmp_path / "nycklar" / "huvudnyckel")
    monkeypatch.setenv("LAGER_KEY_FILE", "~/huvudnyckel")
    assert Settings().key_file == Path.home() / "huvudnyckel"


@pytest.mark.parametrize("asked", ["status", "kvittera --kommun 0114", "avtal visa"])
def test_a_question_to_an_empty_home_makes_no_ledger(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: str
) -> None:
    """One that is there is taken for a home in use."""
    monkeypatch.setenv("LAGER_HOME", str(tmp_path / "hem"))
    get_settings.cache_clear()
    done = CliRunner().invoke(cli.app, asked.split())
    get_settings.cache_clear()
    assert done.exit_code == 1
    assert "ingen huvudbok" in done.output
    assert not (tmp_path / "hem").exists()


def test_the_status_of_a_home_before_its_first_run_says_what_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    FLAWED.put(tmp_path / "hem" / "inbox")
    monkeypatch.setenv("LAGER_HOME", str(tmp_path / "hem"))
    get_settings.cache_clear()
    done = CliRunner().invoke(cli.app, ["status"])
    assert (done.exit_code, done.output.strip()) == (0, "I inkorgen väntar 1 paket.")
    assert not (tmp_path / "hem" / "ledger.sqlite").exists()
    open_ledger(tmp_path / "hem" / "ledger.sqlite")
    done = CliRunner().invoke(cli.app, ["status"])
    get_settings.cache_clear()
    assert "Kommuner per period: inget\n" in done.output


@pytest.fixture
def _usual_umask() -> Iterator[None]:
    former = os.umask(0o022)
    yield
    os.umask(former)


@pytest.mark.usefixtures("_usual_umask")
def test_what_a_run_writes_is_read_by_owner_and_group_only_but_for_the_public_half(tmp_path: Path) -> None:
    with hold(Settings(home=tmp_path / "hem")):
        house = Drift(tmp_path / "hem")
        house.receive(FLAWED)
        house.export()
        release = build_release(make_build(house.home / "lager.duckdb"), house.settings.release, PROVENANCE).path
    public = {release / "publik", *release.glob("publik/*")}
    above = {release.parent, release, release / "MANIFEST.json"}
    written = {p for p in house.home.rglob("*") if not p.is_symlink()} - public - above
    assert {path.name for path in written if path.stat().st_mode & 0o006} == set()
    assert all(path.stat().st_mode & 0o004 for path in public)
    assert all(path.stat().st_mode & 0o001 for path in (house.home, release.parent, release))


@pytest.mark.usefixtures("_usual_umask")
def test_so_is_what_a_command_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    monkeypatch.setattr(cli, "app", lambda: seen.append(os.umask(0)))
    cli.main()
    assert seen[0] & 0o006 == 0o006
