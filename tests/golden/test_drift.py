"""Operations on a whole house: what is built afterwards is what was built before.

Belongs here: whole runs after retention, restore and a change of key. Does not belong here: the operations' own rules
(tests/unit).
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.support.canary import leaks, of_key_file
from tests.support.lager import Lager, environment

pytestmark = [pytest.mark.xdist_group("golden"), pytest.mark.slow]


def _copy(lager: Lager, folder: Path) -> Lager:
    (folder / "tmp").mkdir(parents=True)
    subprocess.run(["cp", "-a", str(lager.home), str(folder / "hem")], check=True)
    return Lager(folder / "hem", lager.identifiers)


def _content(house: Lager) -> tuple[str, dict[str, object]]:
    innehall = house.answer("release", "show")["innehall"]
    return innehall["sha256"], innehall["tabeller"]  # type: ignore[index]


def _people(house: Lager) -> set[int]:
    with house.warehouse() as db:
        return {row[0] for row in db.execute("select distinct person_id from core.fct_bidragsmanad_person").fetchall()}


def test_restored_into_an_empty_home_the_same_is_built_and_after_a_change_of_key_the_same_values(
    lager: Lager, tmp_path: Path
) -> None:
    """Packages past their time are destroyed first: what is built never needed them."""
    house = _copy(lager, tmp_path / "a")
    retained = house.answer("gallra", "--av", "Test Testsson")
    assert retained["antal"]["paket"] > 300  # type: ignore[index]
    assert house.answer("run")["nytt"] is False
    copied = house.answer("sakerhetskopia", str(tmp_path / "kopia"), "--nycklar", str(tmp_path / "nyckel"))
    assert copied["kopierade"] == copied["filer"]

    other = Lager(tmp_path / "b" / "hem", lager.identifiers)
    (tmp_path / "b" / "tmp").mkdir(parents=True)
    other.answer("aterstall", str(tmp_path / "kopia"), "--nycklar", str(tmp_path / "nyckel"))
    assert other.answer("run")["nytt"] is True
    assert _content(other) == _content(lager)
    assert other.answer("aterskapa")["lika"] is True

    before = _people(other)
    other.answer("nyckel", "rotera", "--av", "Test Testsson")
    assert other.answer("run")["nytt"] is True
    digest, tables = _content(other)
    assert digest != _content(lager)[0]
    values = "indicators.fct_indikatorvarde"
    assert tables[values] == _content(lager)[1][values]
    assert len(_people(other)) == len(before)
    assert not _people(other) & before
    assert other.answer("atkomst", "prova")["fel"] == []

    keys = other.home / "nycklar"
    secrets = [s for path in keys.iterdir() for s in of_key_file(path)]
    found = leaks(other.home, [*other.identifiers, *secrets], also=[tmp_path / "b" / "tmp", tmp_path / "kopia"])
    assert {Path(leak.file).parent for leak in found} <= {keys}
    assert environment(other.home)["LAGER_HOME"] == str(other.home)
