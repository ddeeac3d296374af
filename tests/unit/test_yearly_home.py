"""Operations on a home of yearly sources: rebuilt, restored, with another key and after retention it is what it was.

Belongs here: what yearly sources add: hashed keys of what never landed, three tables with persons of two purposes,
agreements, and the secret of counts without persons. Does not belong here: the operations themselves (test_rebuild.py,
test_backup.py, test_rotation.py, test_retention.py).
"""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipelines.contracts.model import get_contracts
from pipelines.landing.backup import back_up, back_up_keys
from pipelines.landing.ledger.agreements import end
from pipelines.landing.opening import open_keys
from pipelines.landing.rebuild import rebuild
from pipelines.landing.restore import restore
from pipelines.landing.retention import retain
from pipelines.landing.rotation import rotate
from pipelines.settings import Settings
from tests.support.arshus import ANCIENT, CHILDREN, LEFT_OUT, UNAGREED, stocked
from tests.support.canary import leaks, of_key_file
from tests.support.drift import Drift
from tests.support.lokal import PURPOSE
from tests.support.reception import ASOF

PERSONS = ("bu_barn", "aktualisering", "bbic_barn")
KEPT_TABLES = ("avtal", "undanhallen", "kvittering", "gallring")


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("saga") / "hem"
    stocked(home).engine.dispose()
    return home


@pytest.fixture
def house(story: Path, tmp_path: Path) -> Drift:
    return Drift(shutil.copytree(story, tmp_path / "hem"))


def tables(house: Drift) -> dict[str, list[dict[str, Any]]]:
    return {name: house.ledger(f"select * from {name} order by 1, 2") for name in KEPT_TABLES}


def secret(house: Drift) -> str:
    """The secret that goes with the key in use, as the ledger holds it."""
    return str(house.ledger("select skyddsnyckel from nyckel order by nr desc limit 1")[0]["skyddsnyckel"])


def judged_by_what_never_landed(house: Drift) -> None:
    """Next year's delivery: one placement is nowhere, two were received and set aside or protected."""
    house.receive(LEFT_OUT)
    assert house.verdict(LEFT_OUT) == ("stoppad", "BU-07")
    corrected = LEFT_OUT.but(version=2, placering=LEFT_OUT.placering[:1] + ANCIENT.placering[:1])
    house.receive(corrected)
    assert house.verdict(corrected) == ("godkand", None)


def test_the_story_has_what_operations_must_keep(house: Drift) -> None:
    assert all(house.landing(name) for name in PERSONS)
    assert {row["period"] for row in house.ledger("select period from undanhallen")} == {"2014", "2018", "2019"}
    assert house.verdict(UNAGREED) == ("stoppad", "GEN-26")
    assert len(secret(house)) == 64


def test_it_is_rebuilt_as_it_was_though_the_agreement_has_ended(house: Drift) -> None:
    with house.engine.begin() as connection:
        end(connection, "0114", PURPOSE, date(2010, 1, 1), "Avtalsenheten")
    before, kept = house.outcome(), tables(house)
    done = rebuild(house.settings, get_contracts(), house.keys, house.engine, "Test Testsson")
    assert (done.lika, done.aterskapade, done.behallna) == (True, 5, 1)
    assert house.outcome() == before
    assert tables(house) == kept
    judged_by_what_never_landed(house)


def test_it_is_restored_as_it_was_backed_up(house: Drift, tmp_path: Path) -> None:
    back_up_keys(house.settings, tmp_path / "nyckel", tmp_path / "kopia")
    back_up(house.settings, house.engine, tmp_path / "kopia")
    (tmp_path / "nytt").mkdir()
    restore(Settings(home=tmp_path / "nytt", asof=ASOF), get_contracts(), tmp_path / "kopia", tmp_path / "nyckel")
    again = Drift(tmp_path / "nytt")
    assert again.outcome() == house.outcome()
    assert (tables(again), secret(again)) == (tables(house), secret(house))
    judged_by_what_never_landed(again)


def test_with_another_key_every_child_is_the_same_and_counts_draw_anew(house: Drift) -> None:
    people = {name: {row["person_id"] for row in house.landing(name)} for name in PERSONS}
    before, kept, was, old = house.outcome(), tables(house), secret(house), of_key_file(house.settings.master_key)
    rotate(house.settings, get_contracts(), house.engine, "Test Testsson")
    for name in PERSONS:
        assert people[name].isdisjoint({row["person_id"] for row in house.landing(name)})
    assert house.outcome() == before, "the same rows of the same children, by the standard library"
    assert tables(house) == kept
    assert secret(house) != was
    assert secret(house) == house.keys.protection
    judged_by_what_never_landed(house)
    gone = list(house.settings.master_key.parent.glob("*.gammal-*"))
    found = leaks(house.home, [*CHILDREN, *old, *of_key_file(house.settings.master_key)])
    assert {leak.file for leak in found} <= {str(path) for path in (house.settings.master_key, *gone)}


def test_what_is_due_goes_and_the_rest_is_rebuilt_as_it_was(house: Drift) -> None:
    """On the first day of 2025 the year 2014 has been kept ten years, and every package longer than ninety days."""
    settings, kept = Settings(home=house.home, asof=date(2025, 1, 1)), tables(house)
    landed = {name: house.landing(name) for name in ("bu_barn", "bu_placering")}
    retain(settings, house.engine, "Test Testsson")
    assert house.archived() == {}
    assert house.set_aside() == []
    for name, rows in landed.items():
        assert house.landing(name) == [row for row in rows if row["period"] > "2014"]
    assert tables(house)["undanhallen"] == [row for row in kept["undanhallen"] if row["period"] > "2014"]
    assert tables(house)["avtal"] == kept["avtal"]
    before = house.outcome()
    done = rebuild(house.settings, get_contracts(), house.keys, house.engine)
    assert (done.lika, done.aterskapade) == (True, 0)
    assert house.outcome() == before
    judged_by_what_never_landed(house)


def test_a_ledger_from_before_there_was_a_secret_gets_it_when_it_is_opened(house: Drift) -> None:
    was = secret(house)
    with house.engine.begin() as connection:
        connection.exec_driver_sql("update nyckel set skyddsnyckel = null")
    open_keys(house.settings, house.engine)
    assert secret(house) == was
    assert was not in house.settings.master_key.read_text()
