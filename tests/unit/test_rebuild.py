"""Rebuilding from the archive: the same rows, the same outcomes, and nothing else touched.

Belongs here: `lager aterskapa`. Does not belong here: being killed meanwhile (tests/faults/test_killed_drift.py).
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from pipelines.contracts.model import get_contracts
from pipelines.landing import package
from pipelines.landing.access import entries
from pipelines.landing.keys import SealError
from pipelines.landing.rebuild import RebuildError, Rebuilt, rebuild
from pipelines.landing.retention import retain
from pipelines.landing.rewrite import remove_unnamed
from tests.support.delivery import Delivery, families, hushall, person
from tests.support.drift import FLAWED, LATE, NEWER, OLD, Drift, stocked


@pytest.fixture
def drift(tmp_path: Path) -> Drift:
    house = stocked(tmp_path / "hem")
    house.receive(Delivery(**families(2), kommun="0117", period="2019-02", nolleverans=[]))
    return house


def rebuilt(house: Drift, **how: Any) -> Rebuilt:
    return rebuild(house.settings, get_contracts(), house.keys, house.engine, "Test Testsson", **how)


def test_everything_comes_out_as_it_was(drift: Drift) -> None:
    before, names = drift.outcome(), {r["namn"] for r in drift.ledger("select namn from landningsfil")}
    done = rebuilt(drift)
    assert done.lika
    assert (done.aterskapade, done.behallna) == (5, 0)
    assert {name: entry["rader"] for name, entry in done.landning.items()} == {
        name: len(before[name]) for name in ("eb_hushall", "eb_person", "eb_avslut")
    }
    assert drift.outcome() == before
    assert drift.left() == []
    after = {r["namn"] for r in drift.ledger("select namn from landningsfil")}
    assert not after & names, "made anew, not left as it was"
    lie = {f"{p.parent.name}/{p.name}" for p in drift.settings.landing.glob("eb_*/*.parquet")}
    assert lie - {f"{n}/tom.parquet" for n in before if n.startswith("eb_")} == after


def test_what_is_lost_or_damaged_in_landing_and_quarantine_comes_back(drift: Drift) -> None:
    before = drift.outcome()
    shutil.rmtree(drift.settings.landing / "eb_person")
    for path in (drift.settings.landing / "eb_hushall").glob("[0-9a-f]*.parquet"):
        path.write_bytes(path.read_bytes()[:-9])
    shutil.rmtree(drift.settings.quarantine)
    done = rebuilt(drift)
    assert not done.lika
    assert done.landning["eb_person"]["rader_fore"] is None
    assert drift.outcome() == before


def test_outcomes_changed_by_hand_are_found_and_put_right(drift: Drift) -> None:
    before = drift.outcome()
    with drift.engine.begin() as connection:
        connection.exec_driver_sql(
            "update leverans_manad set lasta = lasta + 1 where leverans_id = ?", (FLAWED.leverans_id,)
        )
        connection.exec_driver_sql("delete from fynd")
    dry = rebuilt(drift, dry=True)
    assert (dry.lika, dry.huvudbok["leverans_manad"] > 0, dry.huvudbok["fynd"] > 0) == (False, True, True)
    assert drift.ledger("select * from fynd") == []
    assert not rebuilt(drift).lika
    assert drift.outcome() == before
    assert rebuilt(drift).lika


def test_a_dry_run_touches_nothing_but_the_access_log(drift: Drift) -> None:
    def files() -> dict[Path, tuple[bytes, int]]:
        kept = (p for p in drift.home.rglob("*") if p.is_file() and "sqlite" not in p.name)
        return {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in kept if p != drift.settings.access_log}

    before, ledger = files(), drift.outcome()
    lines = len(entries(drift.settings.access_log))
    assert rebuilt(drift, dry=True).lika
    assert files() == before
    assert [e["handelse"] for e in entries(drift.settings.access_log)][lines:] == ["återskapande", "läst"]
    assert drift.outcome() == ledger


def test_a_rebuild_is_one_line_for_all_it_reads_with_their_number(drift: Drift) -> None:
    rebuilt(drift)
    intent, read = entries(drift.settings.access_log)
    assert (intent["av"], read["lager"], read["antal"]) == ("Test Testsson", "arkiv", 5)
    assert len(read["leveranser_sha256"]) == 64


# -- deliveries whose packages are gone ----------------------------------------------------------------------------


def test_deliveries_whose_packages_are_destroyed_keep_outcome_and_rows_and_the_others_are_rebuilt(drift: Drift) -> None:
    """LATE shares its batch, and so its landing files, with STOPPED only; NEWER comes into a batch of its own."""
    drift.receive(NEWER, OLD.but(kommun="0123"))
    retain(drift.settings, drift.engine)
    before, protocol = drift.outcome(), drift.ledger("select * from gallring")
    done = rebuilt(drift)
    assert done.lika
    assert (done.aterskapade, done.behallna) == (2, 5)
    assert drift.outcome() == before
    assert drift.landing("eb_person", FLAWED)
    assert drift.landing("eb_person", LATE)
    assert drift.ledger("select * from gallring") == protocol


def test_a_landing_file_of_both_kinds_is_parted(tmp_path: Path) -> None:
    """One batch, one file: the kept rows are carried over, the others made from the package."""
    house = Drift(tmp_path / "hem")
    house.receive(FLAWED, LATE)
    retain(house.settings, house.engine)
    before = house.outcome()
    assert len(house.ledger("select * from landningsfil where dataset = 'eb_person'")) == 1
    assert rebuilt(house).lika
    assert house.outcome() == before
    assert len(house.ledger("select * from landningsfil where dataset = 'eb_person'")) == 2


def test_set_aside_rows_that_are_destroyed_do_not_come_back(drift: Drift) -> None:
    """The package is still there: the same times hold for both, but a kill or a change of rules may come between."""
    retain(drift.settings, drift.engine)
    with drift.engine.begin() as connection:
        connection.exec_driver_sql(
            "insert into gallring (gallrad_tid, regel, slag, namn, sha256, antal_rader, utford_av) "
            "values ('2020-02-01 00:00:00', 'GAL-02', 'karantan', ?, 'x', 1, 'Test')",
            (f"eb_person_{LATE.leverans_id}",),
        )
    (drift.settings.quarantine / f"eb_person_{LATE.leverans_id}.lager").unlink()
    rebuilt(drift)
    assert {row[0] for row in drift.set_aside()} == {"eb_hushall", "eb_avslut"}


def test_a_package_that_was_never_kept_keeps_its_verdict(drift: Drift) -> None:
    """Of one with free text nothing but sha256, sender and rule was written."""
    spoken = Delivery(
        [hushall("ring 070-174 06 05", "9")], [person("ring 070-174 06 05")], kommun="0123", period="2019-02"
    )
    drift.receive(spoken)
    assert spoken.leverans_id not in drift.archived()
    rebuilt(drift)
    assert drift.verdict(spoken) == ("stoppad", "GEN-08")


def test_a_package_keeps_the_identity_the_ledger_has_for_it(drift: Drift, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of one that could not be opened it was once made of the bytes alone."""
    with monkeypatch.context() as then:
        then.setattr(package, "_placed", lambda identity, envelope: identity)
        FLAWED.but(kommun="0123").put(drift.settings.inbox, wrapped=b"")
        drift.run()
    before = drift.outcome()
    assert rebuilt(drift).lika
    assert drift.outcome() == before


# -- what stops it -------------------------------------------------------------------------------------------------


def test_a_package_that_is_missing_or_damaged_stops_it_and_nothing_is_changed(drift: Drift) -> None:
    state = drift.state()
    path = next(p for p in drift.settings.archive.rglob("*.lager") if p.name.startswith(FLAWED.leverans_id))
    content = path.read_bytes()
    path.chmod(0o640)
    path.write_bytes(content[:-1])
    with pytest.raises(SealError):
        rebuilt(drift)
    path.unlink()
    with pytest.raises(RebuildError, match=FLAWED.leverans_id):
        rebuilt(drift)
    assert drift.state() == state
    path.write_bytes(content)
    assert rebuilt(drift).lika
    assert drift.left() == []


def test_acknowledgements_survive(drift: Drift) -> None:
    with drift.engine.begin() as connection:
        connection.exec_driver_sql(
            "insert into kvittering (kommun_kod, stadsdel_kod, kalla, dataset, period, regel_id, underlag, "
            "kvitterad_tid, kvitterad_av, skal) values ('0114', '', 'eb', 'eb_person', '2019-03', 'GEN-18', 'x', "
            "'2020-01-01 00:00:00', 'Test', 'prov')"
        )
    before = drift.ledger("select * from kvittering")
    rebuilt(drift)
    assert drift.ledger("select * from kvittering") == before != []


def test_a_landing_file_that_does_not_count_is_gone_before_anything_is_built_of_the_folder(drift: Drift) -> None:
    """The daily build receives nothing, and so is not helped by the reception's cleaning."""
    named = {path: path.read_bytes() for path in drift.settings.landing.glob("eb_*/*.parquet")}
    shutil.copy(next(iter(named)), drift.settings.landing / "eb_person" / ("0" * 16 + ".parquet"))
    assert remove_unnamed(drift.settings.landing, drift.engine) == 1
    assert {path: path.read_bytes() for path in drift.settings.landing.glob("eb_*/*.parquet")} == named
    assert (drift.settings.landing / "huvudbok" / "i_kraft.parquet").exists()
