"""A full disk at every write: the former release stands, the words say what to do, and with room all ends the same.

Belongs here: a real small disk filled more and more, and each write refused by itself. Does not belong here: a backup
on a full disk (tests/unit/test_backup.py).
"""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import pytest
import sqlalchemy
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.cli import run as command
from pipelines.landing.gate import Gate
from pipelines.landing.remedy import FULL, KEPT, remedy
from pipelines.publish import assets, build_release, verify_release
from pipelines.settings import Settings, get_settings
from pipelines.transform import assets as transform
from pipelines.transform.run_log import printed_to_log
from tests.support.drift import STORY, Drift
from tests.support.small_disk import digest, on_small_disk, why_not
from tests.support.small_house import SmallHouse
from tests.unit.test_publish import PROVENANCE, make_build

NO_DISK = why_not()
small_disk = pytest.mark.skipif(NO_DISK is not None, reason=str(NO_DISK))


def waiting(home: Path) -> Drift:
    house = Drift(home)
    for delivery in STORY:
        delivery.put(house.settings.inbox)
    return house


def received(house: Drift) -> None:
    """The two steps that stand before dbt, each with its words."""
    with remedy("Mottagningen"):
        house.run()
        house.export()


@pytest.fixture(scope="module")
def received_whole(tmp_path_factory: pytest.TempPathFactory) -> str:
    house = waiting(tmp_path_factory.mktemp("ostord"))
    received(house)
    return digest(house.outcome())


# -- each write by itself ------------------------------------------------------------------------------------------


@contextmanager
def no_room_for(patch: pytest.MonkeyPatch, folder: str) -> Iterator[None]:
    """Half a file is written below the folder, and then there is no more room."""
    whole = os.replace

    def full(source: Any, target: Any) -> None:
        if folder in Path(target).parts:
            os.truncate(source, os.path.getsize(source) // 2)
            raise OSError(errno.ENOSPC, "No space left on device")
        whole(source, target)

    with patch.context() as within:
        within.setattr(os, "replace", full)
        yield


@contextmanager
def no_room_for_parquet(patch: pytest.MonkeyPatch) -> Iterator[None]:
    def full(self: Gate, dataset: Any, path: Path) -> int:
        path.write_bytes(b"PAR1")
        raise OSError(errno.ENOSPC, "No space left on device 19900101-9802", str(path))

    with patch.context() as within:
        within.setattr(Gate, "write_loaded", full)
        yield


@contextmanager
def no_room_for_the_ledger(house: Drift) -> Iterator[None]:
    """In the transaction that makes rows count, when half of it is entered."""

    def full(_: Any, __: Any, statement: str, *___: Any) -> None:
        if statement.lower().startswith("insert into leverans_dataset"):
            error = sqlite3.OperationalError("database or disk is full")
            error.sqlite_errorcode = sqlite3.SQLITE_FULL
            raise error

    sqlalchemy.event.listen(house.engine, "before_cursor_execute", full)
    yield
    sqlalchemy.event.remove(house.engine, "before_cursor_execute", full)


WRITES: dict[str, Callable[[pytest.MonkeyPatch, Drift], Any]] = {
    "arkivet": lambda patch, house: no_room_for(patch, "archive"),
    "karantänen": lambda patch, house: no_room_for(patch, "quarantine"),
    "landningen": lambda patch, house: no_room_for_parquet(patch),
    "huvudboken": lambda patch, house: no_room_for_the_ledger(house),
    "kvittenserna": lambda patch, house: no_room_for(patch, "outbox"),
    "utläsningen": lambda patch, house: no_room_for(patch, "huvudbok"),
}


@pytest.mark.parametrize("write", WRITES)
def test_a_reception_without_room_for_a_write_says_so_and_the_next_one_ends_the_same(
    write: str, tmp_path: Path, received_whole: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = waiting(tmp_path)
    with WRITES[write](monkeypatch, house), pytest.raises(dg.Failure) as stopped:
        received(house)
    words = str(stopped.value.description)
    assert words.endswith(f"Gör så här: {FULL} {KEPT}")
    assert "9802" not in words
    received(house)
    assert digest(house.outcome()) == received_whole
    assert house.left() == []


def test_without_room_for_its_line_in_the_access_log_nothing_sealed_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = waiting(tmp_path)
    received(house)
    lines = house.settings.access_log
    before = lines.read_bytes() if lines.exists() else b""

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            house.access("arkiv")
    house.access("arkiv")
    assert lines.read_bytes().startswith(before)
    assert len(house.archived()) == len(STORY)


@pytest.mark.parametrize("part", ["publik", "intern", "MANIFEST.json", "CURRENT"])
def test_a_release_without_room_leaves_the_former_one_and_says_what_to_do(
    part: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(home=tmp_path)
    settings.build_path.parent.mkdir()
    make_build(settings.build_path)
    first = build_release(settings.build_path, settings.release, PROVENANCE).version
    newer = PROVENANCE.__class__(**{**vars(PROVENANCE), "underlag": "ny"})
    monkeypatch.setattr(assets, "read_provenance", lambda _: newer)
    whole = {name: getattr(os, name) for name in ("chmod", "replace")}

    def full(name: str) -> Callable[..., None]:
        def act(source: Any, target: Any, *rest: Any, **named: Any) -> None:
            path = Path(target if name == "replace" else source)
            if part in path.parts and path.is_file() | (name == "replace"):
                raise OSError(errno.ENOSPC, "No space left on device")
            whole[name](source, target, *rest, **named)

        return act

    with monkeypatch.context() as patch:
        for name in whole:  # every file of a release is given its rights when it has been written
            patch.setattr(os, name, full(name))
        with pytest.raises(dg.Failure) as stopped:
            assets._built(settings)
    assert "CURRENT pekar kvar på den förra. Gör så här: se efter ledigt utrymme" in str(stopped.value.description)
    assert os.readlink(settings.release / "CURRENT") == first
    assert verify_release(settings.release) == []
    assert list(settings.release.glob(".bygger-*.tmp")) == []
    assert assets._built(settings).version != first
    assert verify_release(settings.release) == []
    assert list(settings.release.glob(".bygger-*")) == []


def test_a_build_that_stops_on_a_full_disk_says_that_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings, usage = Settings(home=tmp_path), transform.shutil.disk_usage(tmp_path)
    for free, words in ((12_000_000, "Disken är nästan full (12 MB kvar): frigör först utrymme"), (10**9, "")):
        monkeypatch.setattr(transform.shutil, "disk_usage", lambda _, free=free: usage._replace(free=free))
        assert transform._room(settings).startswith(words)
        assert bool(transform._room(settings)) == bool(words)


def test_every_librarys_way_of_saying_full_is_understood() -> None:
    with sqlite3.connect(":memory:") as db:
        db.execute("pragma max_page_count = 2")
        with pytest.raises(sqlite3.OperationalError) as full:
            db.execute("create table t as select randomblob(100000)")
    db.close()
    wrapped = sqlalchemy.exc.OperationalError("insert", {}, full.value)
    for error in (OSError(errno.EDQUOT, "x"), full.value, wrapped, duckdb.IOException("No space left on device")):
        with pytest.raises(dg.Failure, match="Disken är full"), remedy("Steget"):
            raise error
    for error in (OSError(errno.EACCES, "x"), sqlite3.OperationalError("database is locked"), duckdb.IOException("x")):
        with pytest.raises(dg.Failure) as other, remedy("Steget"):
            raise error
        assert "Disken är full" not in str(other.value.description)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "Körningen stannade (OSError). Gör så här: Disken är full."),
        (PermissionError(errno.EACCES, "19900101-9802"), "Gör så här: Se efter ledigt utrymme och rättigheter"),
        (ValueError("19900101-9802"), "Felet ligger i koden eller miljön"),
    ],
)
def test_what_stops_a_run_outside_its_steps_is_said_in_words_and_never_as_a_traceback(
    error: Exception, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stops(_: Settings) -> bool:
        raise error

    monkeypatch.setenv("LAGER_HOME", str(tmp_path))
    monkeypatch.setattr(command, "_up_to_date", stops)
    get_settings.cache_clear()
    try:
        done = CliRunner().invoke(app, ["run"])
    finally:
        get_settings.cache_clear()
    said = " ".join(done.output.split())
    assert done.exit_code == 1
    assert isinstance(done.exception, SystemExit)
    assert words in said
    assert "Var: test_full_disk.py:" in said
    assert "9802" not in said


def test_a_log_without_room_loses_words_and_stops_nothing(tmp_path: Path) -> None:
    logs = tmp_path / "dbt" / "logs"
    logs.mkdir(parents=True)
    (logs / "kor.log").symlink_to("/dev/full")
    with printed_to_log(Settings(home=tmp_path)):
        print("what dbt says", flush=True)
    (logs / "kor.log").unlink()
    for words in ("åäö", "there is room again"):
        with printed_to_log(Settings(home=tmp_path)):
            print(words)
    assert (logs / "kor.log").read_text(encoding="utf-8") == "åäö\nthere is room again\n"


# -- a real small disk ---------------------------------------------------------------------------------------------


def _swept(found: dict[str, Any]) -> list[str]:
    """What was said with too little room; the last time there was enough."""
    *said, last = found["sagt"].values()
    assert last is None, "the sweep never came to enough room"
    assert None not in said
    return said


@small_disk
@pytest.mark.parametrize("step", ["60", pytest.param("12", marks=pytest.mark.slow)])
def test_whatever_room_a_reception_has_the_next_one_ends_the_same(
    step: str, tmp_path: Path, received_whole: str
) -> None:
    found = on_small_disk("receptions", tmp_path, step)
    said = _swept(found)
    assert len(said) >= (3 if step == "60" else 12)
    assert [words for words in said if FULL not in words] == []
    assert set(found["efter"]) == {received_whole}
    assert found["kvar"] == []
    assert step == "60" or {"inget", "arkiv", "landning", "karantan", "kvittenser"} <= set(found["platser"])


@small_disk
@pytest.mark.parametrize("step", ["400", pytest.param("40", marks=pytest.mark.slow)])
def test_whatever_room_a_release_has_the_former_one_is_whole_until_the_new_one_is(step: str, tmp_path: Path) -> None:
    found = on_small_disk("releases", tmp_path, step)
    said = _swept(found)
    assert len(said) >= (3 if step == "400" else 20)
    assert {words.split(");")[1] for words in said} == {assets.STOPPED.split(");")[1]}
    assert found["fel"] == []
    *during, after = found["versioner"]
    assert set(during) == {found["forsta"]}
    assert after != found["forsta"]
    assert found["kvar"] == []


@small_disk
@pytest.mark.slow
@pytest.mark.xdist_group("killed_run")
def test_whatever_room_a_run_has_readers_keep_the_former_release_and_the_next_run_gives_the_same_hashes(
    released_once: SmallHouse, undisturbed: SmallHouse, tmp_path: Path
) -> None:
    found = on_small_disk("runs", tmp_path, str(released_once.home.parent))
    assert found["fel"] == []
    assert found["versioner"] == [released_once.version()]
    for kilobytes, code, said in found["slut"]:
        assert (kilobytes, code) == (kilobytes, 1), said
        assert "Gör så här" in said, kilobytes
        assert "Traceback" not in said, kilobytes
        assert len(said) < 4000, "the words are lost among others"
    assert found["sist"] == 0
    assert found["tabeller"] == undisturbed.hashes()
