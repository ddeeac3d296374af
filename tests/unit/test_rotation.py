"""Changing the key: everything opens with the new one only, and every person is still one person.

Belongs here: `lager nyckel`. Does not belong here: being killed meanwhile (tests/faults/test_killed_drift.py).
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.cli import nycklar as cli
from pipelines.contracts.model import get_contracts
from pipelines.landing.access import prove
from pipelines.landing.archive import Archive, Quarantine
from pipelines.landing.keys import KeyFileError, Keys, SealError, create_master_key, load_keys
from pipelines.landing.opening import open_keys
from pipelines.landing.rewrite import LandingError
from pipelines.landing.rotation import Changed, rotate
from pipelines.publish.provenance import fingerprint
from pipelines.settings import Settings
from tests.support.canary import leaks, of_key_file
from tests.support.delivery import Delivery, hushall, person, reserv
from tests.support.drift import FLAWED, LATE, NUMBERS, Drift, stocked


@pytest.fixture
def drift(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Drift:
    house = stocked(tmp_path / "hem")
    monkeypatch.setattr(cli, "get_settings", lambda: house.settings)
    return house


def changed(house: Drift) -> Changed:
    return rotate(house.settings, get_contracts(), house.engine, "Test Testsson")


def asked(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, list(arguments))
    return done.exit_code, done.output


def test_after_a_change_everything_opens_with_the_new_key_and_nothing_with_the_old(drift: Drift) -> None:
    before, aside, old = drift.archived(), drift.set_aside(), drift.keys
    done = changed(drift)
    assert (drift.archived(), drift.set_aside()) == (before, aside)
    assert (done.fran, done.till) == (old.fingerprint, drift.keys.fingerprint)
    for store in (Archive(drift.settings.archive, drift.keys), Quarantine(drift.settings.quarantine, drift.keys)):
        assert store.files()
        for path in store.files():
            with pytest.raises(SealError):
                old.open(store.use, store.name(path), path.read_bytes())
            assert path.stat().st_mode & 0o777 == 0o440


def test_every_pseudonym_differs_and_every_person_is_the_same(drift: Drift) -> None:
    before, outcome = {row["person_id"] for row in drift.landing("eb_person")}, drift.outcome()
    for _ in range(3):
        changed(drift)
        after = {row["person_id"] for row in drift.landing("eb_person")}
        assert after
        assert not after & before
        assert drift.outcome() == outcome, "the same rows of the same people, by the standard library"
        before = after


def test_a_delivery_after_the_change_meets_the_same_persons(drift: Drift) -> None:
    """Also those whose packages are destroyed: a link needs no identity."""
    people = {row["kommun_kod"]: set() for row in drift.landing("eb_person")}
    shutil.rmtree(drift.settings.archive)
    changed(drift)
    for row in drift.landing("eb_person"):
        people[row["kommun_kod"]].add(row["person_id"])
    again = Delivery([hushall("Q", "9")], [person("Q", 2), reserv("Q", "R9")], period="2019-04")
    drift.receive(again)
    found = {row["person_id"] for row in drift.landing("eb_person", again)}
    assert len(found) == 2
    assert found <= people["0114"]


def test_no_pseudonym_is_of_two_municipalities_before_or_after(drift: Drift) -> None:
    rows = [person("Q", i) for i in range(5)]
    drift.receive(*(Delivery([hushall("Q", "9")], rows, kommun=k, period="2019-06") for k in ("0114", "0115", "0120")))
    changed(drift)
    owners: dict[int, set[str]] = {}
    for row in drift.landing("eb_person"):
        owners.setdefault(row["person_id"], set()).add(row["kommun_kod"])
    assert {len(kommuner) for kommuner in owners.values()} == {1}


def test_the_new_file_seals_nothing_with_the_old_and_the_old_one_is_kept_apart(drift: Drift) -> None:
    changed(drift)  # of a file with one line: its master stays as the first root
    master, *roots = drift.settings.master_key.read_text().split()
    done = changed(drift)
    again, *more = drift.settings.master_key.read_text().split()
    assert done.gammal_nyckel.read_text().split() == [master, *roots]
    assert (drift.settings.master_key.stat().st_mode | done.gammal_nyckel.stat().st_mode) & 0o777 == 0o400
    assert more[:-1] == roots
    assert master not in (again, *more), "what is sealed under the old master cannot be opened with the new file"
    assert len({again, *more}) == 4


def test_a_change_makes_the_next_run_build_anew(drift: Drift) -> None:
    drift.export()
    before = fingerprint(drift.settings)
    drift.export()
    assert fingerprint(drift.settings) == before
    changed(drift)
    drift.export()
    assert fingerprint(drift.settings) != before


def test_the_change_is_in_the_access_log_and_no_key_is_anywhere(drift: Drift, caplog: pytest.LogCaptureFixture) -> None:
    old = of_key_file(drift.settings.master_key)
    code, said = asked("nyckel", "rotera", "--av", "Test Testsson")
    assert code == 0, said
    keys = drift.settings.master_key.parent
    secrets = [*NUMBERS, *old, *of_key_file(drift.settings.master_key)]
    found = leaks(drift.home, secrets)
    assert {Path(leak.file).parent for leak in found} == {keys}
    assert not [s for s in secrets if isinstance(s, str) and s in said + caplog.text]
    assert prove(drift.settings.access_log, drift.keys).fel == []
    log = [json.loads(line) for line in drift.settings.access_log.read_text().splitlines()]
    assert [e["handelse"] for e in log] == ["läst", "läst", "nyckel bytt"]
    assert [e["av"] for e in log] == ["Test Testsson"] * 3


def test_a_damaged_package_stops_the_change_and_the_old_key_still_counts(drift: Drift) -> None:
    path = Archive(drift.settings.archive, drift.keys).files()[-1]
    whole, fore = path.read_bytes(), drift.keys.fingerprint
    path.chmod(0o640)
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    code, said = asked("nyckel", "rotera")
    assert (code, path.name.removesuffix(".zip.lager") in said) == (1, True), said
    assert drift.keys.fingerprint == fore
    drift.receive(LATE.but(period="2019-11", kommun="0120"))
    path.write_bytes(whole)
    assert changed(drift).fortsatt
    assert len(drift.archived()) == 5


def test_a_damaged_landing_file_stops_the_change(drift: Drift) -> None:
    path = next((drift.settings.landing / "eb_person").glob("[0-9a-f]*.parquet"))
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(LandingError, match=path.name):
        changed(drift)
    assert drift.ledger("select count(*) as n from nyckel") == [{"n": 1}]


# -- the right key -------------------------------------------------------------------------------------------------


def test_another_key_file_than_the_one_in_use_is_refused(drift: Drift) -> None:
    other = drift.home / "nycklar" / "annan"
    create_master_key(other)
    with pytest.raises(KeyFileError, match="en annan än den"):
        open_keys(Settings(home=drift.home, key_file=other), drift.engine, create=True)


def test_a_missing_key_is_never_replaced_by_a_new_one_even_when_the_archive_is_destroyed(drift: Drift) -> None:
    drift.settings.master_key.unlink()
    shutil.rmtree(drift.settings.archive)
    shutil.rmtree(drift.settings.quarantine)
    with pytest.raises(KeyFileError, match="Lägg tillbaka"):
        open_keys(drift.settings, drift.engine, create=True)
    assert asked("nyckel", "skapa")[0] == 1
    assert not drift.settings.master_key.exists()


def test_a_key_is_made_once_and_shown_without_being_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(home=tmp_path / "nytt")
    monkeypatch.setattr(cli, "get_settings", lambda: settings)
    code, said = asked("nyckel", "skapa")
    assert (code, "Kopiera filen" in said) == (0, True), said
    before = settings.master_key.read_bytes()
    assert settings.master_key.stat().st_mode & 0o777 == 0o400
    again = asked("nyckel", "skapa")
    shown = asked("nyckel", "visa", "--json")
    assert (again[0], shown[0]) == (1, 0)
    assert settings.master_key.read_bytes() == before
    assert json.loads(shown[1])["fingeravtryck"] == load_keys(settings.master_key).fingerprint
    assert not [line for line in before.decode().split() for text in (said, again[1], shown[1]) if line[:12] in text]


def test_the_fingerprint_tells_keys_apart_and_covers_the_roots() -> None:
    a, b, c = bytes(32), bytes([1] * 32), bytes([2] * 32)
    found = {Keys(a).fingerprint, Keys(b).fingerprint, Keys(a, (b,)).fingerprint, Keys(a, (c,)).fingerprint}
    assert len(found) == 4
    assert {len(text) for text in found} == {12}


def test_the_trial_of_a_key_names_what_it_does_not_open(drift: Drift) -> None:
    assert asked("nyckel", "visa", "--prova")[0] == 0
    files = Quarantine(drift.settings.quarantine, drift.keys).files()
    files[0].rename(files[0].with_name(f"eb_person_{'0' * 16}.lager"))
    code, said = asked("nyckel", "visa", "--prova", "--json")
    assert code == 1
    assert json.loads(said)["oppnas_inte"] == [f"eb_person_{'0' * 16}.lager"]
    assert FLAWED.leverans_id
