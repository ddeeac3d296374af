"""The command as a newcomer meets it: a second run, the release, the leaks that must not be, an older reader."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from pipelines.landing.keys import load_keys
from pipelines.publish.manifest import MANIFEST_FILE
from pipelines.synthetic.koder import FRITEXT_STOPP
from tests.support.canary import leaks, of_key_file
from tests.support.lager import LAGER, Lager, environment

pytestmark = pytest.mark.xdist_group("golden")
PROJECT = Path(__file__).parents[2]


def test_a_second_run_finds_nothing_to_do_and_says_so(lager: Lager) -> None:
    before, started = lager.answer("release", "show")["version"], time.monotonic()
    done = lager.run("run")
    assert "Inget att göra" in done.stdout
    assert time.monotonic() - started < 40
    assert lager.answer("release", "show")["version"] == before


def test_the_summary_and_the_status_speak_of_what_was_received(lager: Lager) -> None:
    found = lager.answer("run")
    assert found["nytt"] is False
    assert found["indikatorer"] == 58
    rows = [int(str(found[f"rader_{k}"])) for k in ("lasta", "i_karantan", "skyddade", "avvisade")]
    assert sum(rows) == found["rader_mottagna"]
    status = lager.answer("status")
    assert status["i_inkorgen"] == 0
    assert len(status["perioder"]) == 38 + 3 * 7  # type: ignore[arg-type]


def test_a_run_says_what_its_checks_said_and_on_a_sound_demo_none_is_an_error(lager: Lager) -> None:
    """A check that could not be tried is one."""
    (said,) = re.findall(r"Kontroller +prövade (\d+) · varnar (\d+) · fel (\d+)", lager.said)
    tried, warning, wrong = map(int, said)
    assert tried > 400
    assert 0 < warning < 40
    assert wrong == 0


def test_the_release_verifies_and_one_changed_byte_is_found(lager: Lager) -> None:
    assert lager.answer("release", "verify") == {"fel": []}
    table = lager.home / "release" / "CURRENT" / "publik" / "pub_indikatorvarde.parquet"
    whole = table.read_bytes()
    try:
        table.write_bytes(whole[:-9] + bytes([whole[-9] ^ 1]) + whole[-8:])
        broken = lager.answer("release", "verify", check=False)
        assert "pub_indikatorvarde.parquet" in str(broken["fel"])
    finally:
        table.write_bytes(whole)


def test_what_a_published_value_is_counted_from_is_in_the_release(lager: Lager) -> None:
    manifest = json.loads((lager.home / "release" / "CURRENT" / MANIFEST_FILE).read_text(encoding="utf-8"))
    with lager.warehouse() as db:
        named = db.execute("select distinct kallor from published.pub_indikatorvarde").fetchall()
    assert len(named) > 10
    released = set(manifest["innehall"]["tabeller"])
    assert {f"core.{table}" for (tables,) in named for table in tables.split(", ")} - released == set()


def test_no_identifier_and_no_key_is_anywhere_but_in_the_sealed_stores(lager: Lager) -> None:
    assert len(lager.identifiers) == 50
    key = lager.home / "nycklar" / "huvudnyckel"
    load_keys(key)
    divided = [f"{number[:8]}-{number[8:]}" for number in lager.identifiers]
    written = [text for texts in FRITEXT_STOPP.values() for text in texts]
    secrets = [*lager.identifiers, *divided, *written, *of_key_file(key)]
    assert leaks(lager.home, secrets, also=[lager.home.parent / "tmp"], key_file=key) == []


def test_the_warehouse_carries_comments_on_every_table_and_column(lager: Lager) -> None:
    with lager.warehouse() as db:
        bare = db.execute(
            "select schema_name, table_name from duckdb_tables() where comment is null "
            "union all select schema_name, table_name || '.' || column_name from duckdb_columns() "
            "where comment is null and not internal"
        ).fetchall()
    assert bare == []


def test_nobody_can_join_a_person_across_municipalities(lager: Lager) -> None:
    with lager.warehouse() as db:
        shared = db.execute(
            "select person_id from core.fct_bidragsmanad_person group by 1 having count(distinct kommun_kod) > 1"
        ).fetchall()
    assert shared == []


def test_dbt_keeps_no_log_of_its_queries(lager: Lager) -> None:
    assert (lager.home / "dbt" / "logs" / "kor.log").stat().st_size > 0
    assert list(lager.home.rglob("dbt.log*")) == []


def test_a_second_run_at_the_same_time_leaves_with_a_clear_message(lager: Lager) -> None:
    from pipelines.landing.runlock import hold
    from pipelines.settings import Settings

    with hold(Settings(home=lager.home)):
        done = lager.run("run", check=False)
    assert done.returncode == 1
    assert "En annan körning pågår" in done.stderr


def test_every_dbt_unit_test_holds(lager: Lager, tmp_path: Path) -> None:
    """Unit tests need the relations to exist, so they run against a copy of the build file."""
    build = tmp_path / "build"
    build.mkdir()
    (tmp_path / "landing").symlink_to(lager.home / "landing")
    for name in ("lager.duckdb", "arbete.duckdb"):
        shutil.copy(lager.home / "build" / name, build / name)
    project = PROJECT / "dbt_project"
    where = ("--project-dir", str(project), "--profiles-dir", str(project), "--target-path", str(tmp_path / "target"))
    done = subprocess.run(
        [LAGER.with_name("dbt"), "test", "--select", "test_type:unit", *where],
        env={**environment(lager.home), "DBT_LOG_PATH": str(tmp_path)},
        cwd=build,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:]
    assert "ERROR=0" in done.stdout
    assert "PASS=0 " not in done.stdout
