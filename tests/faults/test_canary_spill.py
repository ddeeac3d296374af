"""The canary where memory is short: what is written when a room may not hold more, and what a kill then leaves.

Belongs here: the gate, which spills nothing, and the rooms after it, which spill sealed. Does not belong here: how much
memory they need.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import duckdb
import pytest
import yaml

from pipelines.landing.rewrite import connect
from pipelines.publish.content import open_build
from pipelines.settings import Settings
from pipelines.transform.assets import dbt_environment, prepare_build
from tests.support.canary import leaks, leaks_in
from tests.support.delivery import Delivery, families, hushall
from tests.support.reception import House
from tests.support.repo import DBT, ROOT
from tests.support.stops import big, planted

SECRET = "HEMLIGT-HUSHALL"
BIG = f"create table t as select '{SECRET}' || i as a, i from range(900000) as r(i)"
SORT = "create table u as select * from t order by hash(a), a desc"


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.chdir(folder)
    return folder


# -- the gate ------------------------------------------------------------------------------------------------------


def test_a_package_that_does_not_fit_in_memory_is_stopped_by_name_and_the_others_go_on(
    tmp_path: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.landing.gate.MEMORY_LIMIT", "10MB")
    house, large, small = House(tmp_path / "hem"), big(9000), Delivery(**families(1), kommun="0115")
    house.receive(large, small)
    assert house.verdict(small) == ("godkand", None)
    assert house.verdict(large) == ("stoppad", "GEN-01")
    (fault,) = house.faults(large)
    assert fault["detalj"].startswith("Paketets rader ryms inte i mottagningens minne.")
    assert {name: counts[4] for name, counts in house.counts(large).items()} == {
        "eb_hushall": 9000,
        "eb_person": 9000,
        "eb_avslut": 0,
    }
    assert set(house.archived()) == {large.leverans_id, small.leverans_id}
    assert leaks(house.home, [planted(i) for i in range(50)], also=[scratch]) == []
    assert list(scratch.iterdir()) == []


def test_a_package_that_the_gate_cannot_go_through_is_still_searched_for_free_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def falls(gate: object) -> None:
        raise duckdb.OutOfMemoryException("x")

    house, text = House(tmp_path / "hem"), big(1).but(hushall=[hushall(f"f {planted(3)}", "9")])
    house.run()
    monkeypatch.setattr("pipelines.landing.gate.Gate._apply_checks", falls)
    house.receive(text)
    assert house.verdict(text) == ("stoppad", "GEN-08")
    assert house.archived() == {}


KILLED_AT_ITS_LIMIT = """
import os, signal, sys
from pathlib import Path
from pipelines.landing import gate
from tests.support.reception import House
from tests.support.stops import big

class Dies(RuntimeError):
    def __init__(self, kind):
        print(kind, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)

gate.MEMORY_LIMIT, gate.GateError = "10MB", Dies
House(Path(sys.argv[1])).receive(big(9000))
"""


def test_the_gate_killed_at_its_memory_limit_has_written_nothing(tmp_path: Path, scratch: Path) -> None:
    home = tmp_path / "hem"
    command = [sys.executable, "-c", KILLED_AT_ITS_LIMIT, str(home)]
    environment = {"PYTHONPATH": str(ROOT), "TMPDIR": str(scratch), "HOME": str(scratch)}
    done = subprocess.run(command, cwd=scratch, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (-9, "OutOfMemoryException\n"), done.stderr
    assert list((home / "inbox").rglob("*.zip"))
    assert leaks(home, [planted(i) for i in range(50)], also=[scratch]) == []
    assert list(scratch.iterdir()) == []


def test_what_holds_identities_has_no_place_to_spill_to(tmp_path: Path, scratch: Path) -> None:
    """The gate, and the connection that rewrites landing files."""
    from pipelines.contracts.model import get_contracts
    from pipelines.landing.gate import Gate
    from pipelines.landing.keys import Keys

    for db in (Gate(get_contracts(), "eb", Keys(bytes(32)))._db, connect()):
        db.execute("set memory_limit = '60MB'")
        with pytest.raises(duckdb.OutOfMemoryException):
            db.execute(BIG.replace("900000", "9000000"))
    assert list(scratch.iterdir()) == []


CRASHES = """
import os, resource, sys
from pathlib import Path
hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))
from pipelines.landing.gate import Gate
from tests.support.reception import House
from tests.support.stops import big
Gate.positions = lambda self: os.abort()
House(Path(sys.argv[1])).receive(big(20))
"""


def test_a_crash_in_the_gate_leaves_no_core_of_its_memory(tmp_path: Path, scratch: Path) -> None:
    command = [sys.executable, "-X", "faulthandler", "-c", CRASHES, str(tmp_path / "hem")]
    environment = {"PYTHONPATH": str(ROOT), "TMPDIR": str(scratch), "HOME": str(scratch)}
    done = subprocess.run(command, cwd=scratch, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == -6, done.stderr
    assert "Fatal Python error" in done.stderr
    assert not [digits for digits in map(planted, range(20)) if digits in done.stderr]
    assert list(scratch.iterdir()) == []


# -- the rooms after it ----------------------------------------------------------------------------------------------


def dbt_options(settings: Settings) -> dict[str, str]:
    """What dbt gives DuckDB when it opens the build file."""
    profile = yaml.safe_load((DBT / "profiles.yml").read_text(encoding="utf-8"))
    return {name: str(value) for name, value in _output(profile)["config_options"].items()}


def _output(profile: dict[str, dict[str, dict[str, dict[str, dict[str, object]]]]]) -> dict[str, dict[str, object]]:
    return profile["socialtjanstlagret"]["outputs"]["bygge"]


SPILLS = """
import sys, os, signal, threading, time
from pathlib import Path
import duckdb
options = dict(pair.split("=") for pair in sys.argv[4:])
db = duckdb.connect(sys.argv[1], config={**options, "memory_limit": "25MB", "threads": "2"})

def kill():
    while sum(p.stat().st_size for p in Path(sys.argv[1] + ".tmp").glob("*")) < 8_000_000:
        time.sleep(0.02)
    os.kill(os.getpid(), signal.SIGKILL)

threading.Thread(target=kill, daemon=True).start()
db.execute(sys.argv[2].replace("create table", "create temp table"))
db.execute(sys.argv[3].replace("create table", "create temp table"))
"""


def _spilled(settings: Settings, options: dict[str, str]) -> Path:
    """A build that is killed -9 while it spills; the folder it leaves."""
    prepare_build(settings)
    pairs = [f"{name}={value}" for name, value in options.items()]
    command = [sys.executable, "-c", SPILLS, str(settings.build_path), BIG, SORT, *pairs]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == -9, done.stderr[-1000:]
    return settings.build_path.with_name(f"{settings.build_path.name}.tmp")


def test_a_build_killed_while_it_spills_leaves_nothing_to_read_and_the_next_one_begins(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "hem")
    left = _spilled(settings, dbt_options(settings))
    assert sum(path.stat().st_size for path in left.iterdir()) > 4_000_000
    assert leaks(left, [SECRET]) == []
    prepare_build(settings)
    assert list(settings.build_path.parent.iterdir()) == []
    assert leaks(_spilled(settings, {}), [SECRET]), "in the open it would have been read"


@pytest.mark.slow
def test_dbt_itself_is_given_what_seals_its_spill(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "hem")
    prepare_build(settings)
    where = ("--project-dir", str(DBT), "--profiles-dir", str(DBT), "--target-path", str(tmp_path / "target"))
    asked = "select 'SEALED ' || current_setting('temp_file_encryption') as svar"
    command = [str(Path(sys.executable).with_name("dbt")), "show", "--inline", asked, *where]
    environment = {**dbt_environment(settings), "PATH": "", "HOME": str(tmp_path), "DBT_LOG_PATH": str(tmp_path)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert "SEALED true" in done.stdout, done.stdout[-2000:]


def _still_there(folder: Path) -> Iterator[bytes]:
    """Files that come and go while they are read."""
    for path in sorted(folder.iterdir()):
        with suppress(FileNotFoundError):
            yield path.read_bytes()


def test_a_release_that_does_not_fit_in_memory_spills_sealed_and_is_made(tmp_path: Path, scratch: Path) -> None:
    with duckdb.connect(str(tmp_path / "bygge.duckdb")) as db:
        db.execute(BIG)
    spill = tmp_path / "spill"
    with open_build(tmp_path / "bygge.duckdb", spill) as con:
        con.execute("set memory_limit = '60MB'")
        con.execute("set threads = 2")
        rows = con.sql("select * from bygge.t order by hash(a), a desc").to_arrow_reader(50_000)
        rows.read_next_batch()
        spilled = b"".join(_still_there(spill))
    assert len(spilled) > 4_000_000
    assert leaks_in(spilled, [SECRET]) == []
    assert list(scratch.iterdir()) == []
