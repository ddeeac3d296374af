"""Backup and restore: all of it or nothing, proved, and never the key beside the data.

Belongs here: `lager sakerhetskopia` and `lager aterstall`. Does not belong here: being killed meanwhile, and a whole
run on what was restored (tests/golden/test_drift.py).
"""

from __future__ import annotations

import errno
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from pipelines.contracts.model import get_contracts
from pipelines.landing.access import prove
from pipelines.landing.backup import BackupError, back_up, back_up_keys, prove_backup, read_manifest
from pipelines.landing.keys import KeyFileError
from pipelines.landing.opening import pending_key
from pipelines.landing.restore import restore
from pipelines.landing.retention import retain
from pipelines.landing.rotation import rotate
from pipelines.landing.runlock import RESTORING
from pipelines.settings import Settings
from tests.support.canary import leaks, of_key_file
from tests.support.drift import FLAWED, NEWER, NUMBERS, Drift, stocked
from tests.support.reception import ASOF


@pytest.fixture
def drift(tmp_path: Path) -> Drift:
    house = stocked(tmp_path / "hem")
    house.access("arkiv", FLAWED.leverans_id)
    return house


@pytest.fixture
def copy(drift: Drift, tmp_path: Path) -> Path:
    """A backup of the house, and of its key apart from it."""
    back_up_keys(drift.settings, tmp_path / "nyckel", tmp_path / "kopia")
    back_up(drift.settings, drift.engine, tmp_path / "kopia")
    return tmp_path / "kopia"


def restored(copy: Path, home: Path, keys: Path | None = None) -> Drift:
    home.mkdir(exist_ok=True)
    restore(Settings(home=home, asof=ASOF), get_contracts(), copy, keys)
    return Drift(home)


def spoilt(path: Path) -> None:
    content = path.read_bytes()
    path.chmod(0o640)
    stamp = path.stat().st_mtime_ns
    path.write_bytes(content[:-7] + bytes([content[-7] ^ 1]) + content[-6:])
    import os

    os.utime(path, ns=(stamp, stamp))


# -- what comes back -----------------------------------------------------------------------------------------------


def test_a_restored_home_is_the_home_that_was_backed_up(drift: Drift, copy: Path, tmp_path: Path) -> None:
    house = restored(copy, tmp_path / "nytt", tmp_path / "nyckel")
    expected = drift.outcome()
    assert house.outcome() == expected
    assert expected["kvittenser"]
    assert house.settings.master_key.read_bytes() == drift.settings.master_key.read_bytes()
    assert house.settings.master_key.stat().st_mode & 0o777 == 0o400
    assert prove(house.settings.access_log, house.keys).fel == []
    mine, theirs = (
        {p.relative_to(h.home): (p.read_bytes(), p.stat().st_mode & 0o777) for p in h.home.rglob("*.lager")}
        for h in (drift, house)
    )
    assert mine == theirs
    assert house.left() == []


def test_the_restored_home_goes_on_receiving(drift: Drift, copy: Path, tmp_path: Path) -> None:
    house = restored(copy, tmp_path / "nytt", tmp_path / "nyckel")
    drift.receive(NEWER)
    house.receive(NEWER)
    mine, theirs = drift.outcome(), house.outcome()
    assert sorted(mine.pop("arkiv")) == sorted(theirs.pop("arkiv"))  # a zip holds the moment it was made
    assert mine == theirs


def test_what_has_been_destroyed_and_its_protocol_and_acknowledgements_are_as_they_were(
    drift: Drift, copy: Path, tmp_path: Path
) -> None:
    retain(drift.settings, drift.engine)
    with drift.engine.begin() as connection:
        connection.exec_driver_sql(
            "insert into kvittering (kommun_kod, stadsdel_kod, kalla, dataset, period, regel_id, underlag, "
            "kvitterad_tid, kvitterad_av, skal) values ('0114', '', 'eb', 'eb_person', '2019-03', 'GEN-18', 'x', "
            "'2020-01-01 00:00:00', 'Test', 'prov')"
        )
    done = back_up(drift.settings, drift.engine, copy)
    assert done.borttagna > 0, "what is destroyed at home does not live on in the backup"
    house = restored(copy, tmp_path / "nytt", tmp_path / "nyckel")
    assert house.outcome() == drift.outcome()
    for table in ("gallring", "kvittering", "nyckel"):
        rows = house.ledger(f"select * from {table}")
        assert rows
        assert rows == drift.ledger(f"select * from {table}")


# -- what a backup is ----------------------------------------------------------------------------------------------


def test_a_second_backup_copies_only_what_is_new(drift: Drift, copy: Path) -> None:
    again = back_up(drift.settings, drift.engine, copy)
    assert (again.kopierade, again.borttagna) == (0, 0)
    drift.receive(NEWER)
    third = back_up(drift.settings, drift.engine, copy)
    # one package, two landing files (the third has no rows, like a former one) and the ledger; the former ledger goes
    assert (third.kopierade, third.borttagna) == (4, 1)
    assert prove_backup(copy) == []


def test_neither_key_nor_identifier_is_in_the_backup(drift: Drift, copy: Path) -> None:
    secrets = [*of_key_file(drift.settings.master_key), *NUMBERS]
    assert leaks(copy, secrets) == []
    assert {p.stat().st_mode & 0o077 for p in copy.rglob("*") if p.is_dir()} == {0}


def test_the_ledger_is_taken_whole_while_it_is_open_and_written_to(drift: Drift, copy: Path, tmp_path: Path) -> None:
    """What lies in the write-ahead log only is in the backup too."""
    with closing(sqlite3.connect(drift.settings.ledger_path)) as writer:
        writer.execute("pragma wal_autocheckpoint = 0")
        writer.execute("update leverans set system = 'Sent skrivet'")
        writer.commit()
        assert (drift.home / "ledger.sqlite-wal").stat().st_size > 0
        back_up(drift.settings, drift.engine, copy)
    house = restored(copy, tmp_path / "nytt", tmp_path / "nyckel")
    assert {r["system"] for r in house.ledger("select system from leverans")} == {"Sent skrivet"}


# -- what is found -------------------------------------------------------------------------------------------------


def _pooled(copy: Path, name: str) -> Path:
    files = read_manifest(copy)[1]
    (facts,) = [facts for path, facts in files.items() if name in path][:1]
    return copy / "filer" / facts.sha256[:2] / facts.sha256


@pytest.mark.parametrize("name", ["archive/", "quarantine/", "landing/eb_person/", "ledger.sqlite", "atkomstlogg/"])
def test_a_flipped_bit_anywhere_in_a_backup_is_found_before_anything_is_written(
    copy: Path, tmp_path: Path, name: str
) -> None:
    spoilt(_pooled(copy, name))
    (fault,) = prove_backup(copy)
    assert fault.startswith(f"skadad: {name.rstrip('/')}")
    with pytest.raises(BackupError, match="inget är skrivet"):
        restored(copy, tmp_path / "nytt", tmp_path / "nyckel")
    assert list((tmp_path / "nytt").iterdir()) == []


def test_a_file_missing_in_a_backup_is_found(copy: Path, tmp_path: Path) -> None:
    _pooled(copy, "archive/").unlink()
    assert prove_backup(copy)[0].startswith("saknas: archive/")
    with pytest.raises(BackupError):
        restored(copy, tmp_path / "nytt")


def test_a_manifest_changed_by_hand_or_pointing_out_of_the_home_is_refused(copy: Path, tmp_path: Path) -> None:
    path = copy / "MANIFEST.json"
    whole = path.read_text()
    for changed in (whole.replace('"mode": 288', '"mode": 511', 1), whole[:-3], "{}", whole + "\n"):
        path.write_text(changed)
        assert prove_backup(copy)
        with pytest.raises(BackupError):
            restored(copy, tmp_path / "nytt")
    from pipelines.landing import backup

    content, _ = read_manifest_of(whole, copy)
    content["filer"]["landing/../../utanfor"] = next(iter(content["filer"].values()))
    backup._write_manifest(copy, content)
    with pytest.raises(BackupError, match="skadat"):
        restored(copy, tmp_path / "nytt")


def read_manifest_of(text: str, copy: Path) -> tuple[dict[str, Any], Any]:
    (copy / "MANIFEST.json").write_text(text)
    content, files = read_manifest(copy)
    content.pop("manifest_sha256")
    return content, files


def test_bit_rot_at_home_never_replaces_the_good_copy(drift: Drift, copy: Path) -> None:
    whole = (copy / "MANIFEST.json").read_bytes()
    path = next(drift.settings.archive.rglob("*.lager"))
    spoilt(path)
    with pytest.raises(BackupError, match="skadad"):
        back_up(drift.settings, drift.engine, copy)
    assert (copy / "MANIFEST.json").read_bytes() == whole
    assert prove_backup(copy) == []


@pytest.mark.parametrize(
    ("harm", "says"),
    [
        (lambda h: next(h.settings.archive.rglob("*.lager")).unlink(), "saknas i arkivet utan att vara gallrat"),
        (
            lambda h: next((h.settings.landing / "eb_person").glob("[0-9a-f]*.parquet")).write_bytes(b"x"),
            "lager aterskapa",
        ),
        (lambda h: h.settings.access_log.write_bytes(b"{}\n"), "Åtkomstloggen fortsätter inte"),
        (lambda h: pending_key(h.settings).write_bytes(b"x"), "nyckel rotera"),
    ],
)
def test_a_home_that_is_not_whole_is_not_backed_up(
    drift: Drift, copy: Path, harm: Callable[[Drift], Any], says: str
) -> None:
    whole = (copy / "MANIFEST.json").read_bytes()
    harm(drift)
    with pytest.raises(BackupError, match=says):
        back_up(drift.settings, drift.engine, copy)
    assert (copy / "MANIFEST.json").read_bytes() == whole
    assert prove_backup(copy) == []


def test_a_log_that_has_only_grown_is_the_same_log(drift: Drift, copy: Path) -> None:
    drift.access("arkiv", FLAWED.leverans_id)
    assert back_up(drift.settings, drift.engine, copy).atkomstlogg["rader"] == 2


# -- where it may lie ----------------------------------------------------------------------------------------------


def test_the_key_is_never_copied_to_where_the_data_lies(drift: Drift, copy: Path, tmp_path: Path) -> None:
    for target, data in (
        (copy, None),
        (copy / "nycklar", copy),
        (tmp_path, copy),
        (drift.home / "kopia", copy),
        (drift.home, None),
    ):
        with pytest.raises(BackupError):
            back_up_keys(drift.settings, target, data)
    for target in (drift.home / "kopia", drift.home, tmp_path):
        with pytest.raises(BackupError):
            back_up(drift.settings, drift.engine, target)


def test_a_folder_with_other_things_in_it_is_left_alone(drift: Drift, tmp_path: Path) -> None:
    (tmp_path / "annat").mkdir()
    (tmp_path / "annat" / "brev.txt").write_text("mitt")
    with pytest.raises(BackupError, match="Välj en tom mapp"):
        back_up(drift.settings, drift.engine, tmp_path / "annat")
    assert [p.name for p in (tmp_path / "annat").iterdir()] == ["brev.txt"]


def test_a_home_with_something_in_it_is_not_restored_into(drift: Drift, copy: Path) -> None:
    before = drift.outcome()
    with pytest.raises(BackupError, match="inte tomt"):
        restored(copy, drift.home)
    assert drift.outcome() == before


def test_packages_that_wait_are_kept_also_when_a_restore_is_tried_again(
    drift: Drift, copy: Path, tmp_path: Path
) -> None:
    """A sender need not know of it."""
    home = tmp_path / "nytt"
    waiting = NEWER.put(home / "inbox")
    (home / RESTORING).mkdir()
    house = restored(copy, home)
    assert waiting.exists()
    assert house.outcome() == drift.outcome()
    house.run()
    assert house.verdict(NEWER) == ("godkand", None)


def test_a_key_that_waits_in_an_otherwise_empty_home_is_kept(drift: Drift, copy: Path, tmp_path: Path) -> None:
    home = tmp_path / "nytt"
    (home / "nycklar").mkdir(parents=True)
    shutil.copy2(drift.settings.master_key, home / "nycklar")
    house = restored(copy, home)
    assert house.outcome() == drift.outcome()


def test_the_key_from_before_a_change_is_kept_and_another_key_is_refused(
    drift: Drift, copy: Path, tmp_path: Path
) -> None:
    """A backup belongs to the key it was made under."""
    rotate(drift.settings, get_contracts(), drift.engine)
    back_up_keys(drift.settings, tmp_path / "nyckel")
    names = sorted(p.name for p in (tmp_path / "nyckel").iterdir())
    assert names[0] == "huvudnyckel"
    assert names[1].startswith("huvudnyckel.gammal-")
    with pytest.raises(BackupError, match="inte den som säkerhetskopian hör till"):
        restored(copy, tmp_path / "nytt", tmp_path / "nyckel")
    assert list((tmp_path / "nytt").iterdir()) == []
    (tmp_path / "gammal").mkdir()
    (tmp_path / "nyckel" / names[1]).rename(tmp_path / "gammal" / "huvudnyckel")
    house = restored(copy, tmp_path / "nytt", tmp_path / "gammal")
    assert sorted(house.archived()) == sorted(drift.archived())


def test_without_its_key_a_restored_home_says_so_and_makes_no_new_one(copy: Path, tmp_path: Path) -> None:
    home = tmp_path / "nytt"
    home.mkdir()
    settings = Settings(home=home, asof=ASOF)
    restore(settings, get_contracts(), copy)
    from pipelines.landing.ledger.store import open_ledger
    from pipelines.landing.opening import open_keys

    with pytest.raises(KeyFileError, match="Lägg tillbaka"):
        open_keys(settings, open_ledger(settings.ledger_path), create=True)
    assert not settings.master_key.exists()


def test_a_full_disk_leaves_the_former_backup_whole(
    drift: Drift, copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drift.receive(NEWER)

    def full(source: Path, target: Path) -> None:
        Path(target).write_bytes(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    whole = (copy / "MANIFEST.json").read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "copyfile", full)
        with pytest.raises(OSError, match="No space"):
            back_up(drift.settings, drift.engine, copy)
        with pytest.raises(OSError, match="No space"):
            restored(copy, tmp_path / "nytt")
    assert (copy / "MANIFEST.json").read_bytes() == whole
    assert prove_backup(copy) == []
    assert back_up(drift.settings, drift.engine, copy).kopierade == 4
    assert not [p for p in copy.rglob("*") if "delvis" in p.name]
    assert restored(copy, tmp_path / "nytt", tmp_path / "nyckel").outcome()["leverans"] == drift.outcome()["leverans"]
