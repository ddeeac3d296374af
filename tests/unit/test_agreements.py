"""Agreements: without one nothing of a local package is kept; with one it is received; what is entered stays true.

Belongs here: GEN-26 through real receptions, the ledger's `avtal` and its export, `lager avtal`. Does not belong here:
the status it gives (dbt's unit test of fct_leverans) and the rules of rows (test_local_rules.py).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from sqlalchemy.exc import IntegrityError
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.contracts.model import get_contracts
from pipelines.landing import runlock
from pipelines.landing.backup import back_up
from pipelines.landing.ledger.agreements import Agreed, Agreement, end
from pipelines.landing.ledger.summary import by_period, missing
from pipelines.landing.rebuild import rebuild
from pipelines.landing.restore import restore
from pipelines.landing.retention import retain
from pipelines.settings import Settings, get_settings
from tests.support.canary import leaks
from tests.support.delivery import Delivery, families, number
from tests.support.drift import Drift
from tests.support.lokal import PURPOSE, Aktualiseringar, Bbic, agree
from tests.support.reception import ASOF, House

CHILD = number(0, born="2010-01-01")
OF_0114 = ("--kommun", "0114", "--andamal", PURPOSE, "--av", "Avtalsenheten")
Command = Callable[..., tuple[int, Any]]


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path / "hem")


@pytest.fixture
def avtal(house: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[Command]:
    """`lager avtal …` in the house: (exit code, JSON, or what was said)."""
    monkeypatch.setenv("LAGER_HOME", str(house.home))
    monkeypatch.setenv("LAGER_ASOF", str(ASOF))
    get_settings.cache_clear()

    def run(*arguments: str) -> tuple[int, Any]:
        done = CliRunner().invoke(app, ["avtal", *arguments, "--json"])
        return done.exit_code, json.loads(done.stdout) if done.stdout.strip() else done.output

    yield run
    get_settings.cache_clear()


# -- what a package without an agreement leaves --------------------------------------------------------------------


@pytest.mark.parametrize("folder", [False, True], ids=["zip", "folder"])
def test_without_an_agreement_the_package_is_nowhere_but_in_the_ledger_and_on_its_receipt(
    house: House, folder: bool
) -> None:
    refused, other = Bbic(), Bbic(kommun="0115")
    agree(house, "0115")
    house.receive(refused, other, folder=folder)
    assert house.verdict(refused) == ("stoppad", "GEN-26")
    assert house.verdict(other) == ("godkand", None)
    assert [f["regel_id"] for f in house.faults(refused)] == ["GEN-26"]
    assert house.findings(refused) == set(), "no row is read"
    assert house.counts(refused)["bbic_barn"] == (1, 0, 0, 0, 1)
    assert set(house.archived()) == {other.leverans_id}
    assert list((house.settings.inbox / "0114").iterdir()) == []
    assert leaks(house.home, [CHILD]) == []
    receipt = house.receipt(refused)
    assert receipt["stoppad_av"]["regel"] == "GEN-26"
    assert "inte sparats" in receipt["stoppad_av"]["gor_sa_har"]
    assert receipt["nasta_steg"].startswith("Hör av er till mottagaren om ett avtal ska gälla.")
    (rule,) = receipt["regler"]
    assert rule["detalj"] == "Kommunen har inget avtal om kvalitetsuppföljning som gäller den 31 december 2019."


def test_a_package_that_cannot_even_be_read_is_not_kept_either(house: House) -> None:
    broken = Bbic(entry={"bbic_barn": {"schema_version": "9"}})
    late = Bbic(kommun="0115", mottagen="2020-05-01T10:00:00")
    misplaced = Bbic(kommun="0117", manifest={"kommun_kod": "0120"})
    house.receive(broken, late, misplaced)
    rules = house.ledger("select distinct gate_regel from leverans")
    assert [r["gate_regel"] for r in rules] == ["GEN-26"]
    assert house.archived() == {}
    assert house.ledger("select * from regelutfall where regel_id = 'GEN-06'") == [], "what is not expected is not late"


def test_sources_that_need_none_are_received_without(house: House) -> None:
    plain = Delivery(**families(2))
    house.receive(plain, Aktualiseringar())
    assert house.verdict(plain) == ("godkand", None)
    assert house.verdict(Aktualiseringar()) == ("stoppad", "GEN-26")


@pytest.mark.parametrize(
    ("fran", "till", "holds"),
    [
        ("2019-12-31", None, True),
        ("2020-01-01", None, False),
        ("2010-01-01", "2020-01-01", True),
        ("2010-01-01", "2019-12-31", False),
        ("2019-12-31", "2020-01-01", True),
    ],
)
def test_the_years_last_day_decides(house: House, fran: str, till: str | None, holds: bool) -> None:
    sent = Bbic()
    agree(house, "0114", fran=fran, till=till)
    house.receive(sent)
    assert (house.verdict(sent) == ("godkand", None)) == holds


def test_an_agreement_for_another_purpose_or_of_another_municipality_is_none() -> None:
    agreed = Agreed([Agreement("0114", "annat", date(2010, 1, 1)), Agreement("0115", PURPOSE, date(2010, 1, 1))])
    asked = [(kommun, purpose) for kommun in ("0114", "0115") for purpose in ("annat", PURPOSE)]
    assert [agreed.has(*pair, "2019") for pair in asked] == [True, False, False, True]


def test_entered_afterwards_the_next_version_is_received_and_the_same_is_known(house: House) -> None:
    first, again = Bbic(), Bbic(version=2)
    house.receive(first)
    agree(house, "0114")
    house.receive(first)
    assert house.verdict(first) == ("stoppad", "GEN-26")
    house.receive(again)
    assert house.verdict(again) == ("godkand", None)
    assert set(house.archived()) == {again.leverans_id}


def test_a_municipality_that_leaves_keeps_its_years_and_sends_no_more(house: House, avtal: Command) -> None:
    kept, after = Bbic(), Bbic(period="2020", mottagen="2021-02-01T10:00:00")
    agree(house, "0114")
    house.receive(kept)
    before = house.in_force()
    assert avtal("avsluta", *OF_0114, "--till", "2020-06-01")[0] == 0
    house.receive(after)
    assert house.verdict(after) == ("stoppad", "GEN-26")
    assert house.in_force() == before != {}
    assert len(house.landing("bbic_barn", kept)) == 1


# -- what the ledger holds -----------------------------------------------------------------------------------------


def test_an_agreement_is_entered_shown_and_exported_with_who_and_when_in_the_ledger_only(
    house: House, avtal: Command
) -> None:
    before = datetime.now(UTC).replace(tzinfo=None)
    assert avtal("skapa", *OF_0114, "--fran", "2018-01-01")[0] == 0
    row = {"kommun_kod": "0114", "andamal_kod": PURPOSE, "giltig_fran": "2018-01-01", "giltig_till": None}
    assert avtal("visa") == (0, [row])
    assert avtal("visa", "--kommun", "0115") == (0, [])
    (entry,) = house.ledger("select * from avtal")
    assert entry["inskriven_av"] == "Avtalsenheten"
    assert before <= datetime.fromisoformat(entry["inskriven_tid"]) <= datetime.now(UTC).replace(tzinfo=None)
    house.export()
    table = pq.read_table(house.settings.landing / "huvudbok" / "avtal.parquet")
    assert [str(kind) for kind in table.schema.types] == ["string", "string", "date32[day]", "date32[day]"]
    assert table.to_pylist() == [row | {"giltig_fran": date(2018, 1, 1)}]


def test_the_calendar_says_which_purpose_needs_an_agreement_and_names_every_municipality(house: House) -> None:
    agree(house, "0114")
    house.receive(Bbic(period="2018"), Delivery(**families(1)))
    house.export()
    rows = pq.read_table(house.settings.landing / "huvudbok" / "forvantad.parquet").to_pylist()
    assert {(r["kalla"], r["avtal_andamal_kod"]) for r in rows} == {("bbic", PURPOSE), ("eb", None)}
    assert len({r["kommun_kod"] for r in rows if r["kalla"] == "bbic"}) == 290
    assert {(r["period"], r["frist_lokal"]) for r in rows if r["kalla"] == "bbic"} == {("2018", datetime(2019, 4, 1))}


def test_only_those_with_an_agreement_are_told_to_be_missing(house: House) -> None:
    agree(house, "0114", "0115")
    agree(house, "0117", till="2018-12-31")
    house.receive(Bbic(period="2018", mottagen="2019-02-01T10:00:00"), Bbic(period="2018", kommun="0117"))
    with house.engine.connect() as connection:
        (row,) = by_period(connection, get_contracts(), date(2020, 2, 1))
        names = missing(connection, get_contracts(), {"bbic": "2018"})["bbic"]
    assert row == {
        "kalla": "bbic",
        "period": "2018",
        "forvantade": 2,
        "i_kraft": 1,
        "saknas": 1,
        "med_stoppad_leverans": 1,
    }
    assert names == ["0115"]


def test_nothing_entered_is_ever_changed_and_the_last_word_holds(house: House, avtal: Command) -> None:
    avtal("skapa", *OF_0114, "--fran", "2018-01-01")
    avtal("avsluta", *OF_0114, "--till", "2019-01-01")
    avtal("avsluta", *OF_0114, "--till", "2020-01-01")
    avtal("skapa", *OF_0114, "--fran", "2020-01-01")
    assert [(r["giltig_fran"], r["giltig_till"]) for r in avtal("visa")[1]] == [
        ("2018-01-01", "2020-01-01"),
        ("2020-01-01", None),
    ]
    assert avtal("avsluta", *OF_0114, "--till", "2020-01-01")[0] == 0, "its own first day takes it back"
    assert [r["giltig_fran"] for r in avtal("visa")[1]] == ["2018-01-01"]
    assert avtal("skapa", *OF_0114, "--fran", "2020-01-01", "--till", "2021-01-01")[0] == 0, "and it can be made anew"
    every = avtal("visa", "--alla")[1]
    assert [r["giltig_till"] for r in every] == [None, "2019-01-01", "2020-01-01", None, "2020-01-01", "2021-01-01"]
    assert {r["inskriven_av"] for r in every} == {"Avtalsenheten"}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("skapa", *OF_0114, "--fran", "2019-06-01"), "överlappar"),
        (("skapa", *OF_0114, "--fran", "2017-01-01", "--till", "2018-01-02"), "överlappar"),
        (("skapa", *OF_0114, "--fran", "2010-01-01", "--till", "2010-01-01"), "inte en enda dag"),
        (("skapa", *OF_0114, "--fran", "2010-01-01", "--till", "2009-01-01"), "före sin första dag"),
        (("skapa", *OF_0114[2:], "--kommun", "9999", "--fran", "2010-01-01"), "ingen kommuns"),
        (
            ("skapa", *OF_0114[:2], "--andamal", "statistik", "--av", "X", "--fran", "2010-01-01"),
            "kvalitetsuppfoljning",
        ),
        (("skapa", *OF_0114[:4], "--av", f"ring {CHILD}", "--fran", "2010-01-01"), "personuppgifter"),
        (("avsluta", *OF_0114, "--till", "2017-12-31"), "före sin första dag"),
        (("avsluta", *OF_0114[2:], "--kommun", "0115", "--till", "2019-01-01"), "inget avtal"),
    ],
)
def test_what_may_not_stand_is_refused_in_words_and_nothing_is_entered(
    house: House, avtal: Command, arguments: tuple[str, ...], says: str
) -> None:
    agree(house, "0114", fran="2018-01-01")
    before = house.ledger("select * from avtal")
    code, said = avtal(*arguments)
    assert (code, says in said) == (1, True), said
    assert house.ledger("select * from avtal") == before
    assert CHILD not in said


def test_agreements_that_meet_on_a_day_do_not_overlap(house: House) -> None:
    agree(house, "0114", fran="2018-01-01", till="2019-01-01")
    agree(house, "0114", fran="2019-01-01")
    agree(house, "0114", fran="2017-01-01", till="2018-01-01")
    assert len(house.ledger("select * from avtal")) == 3


def test_the_database_itself_refuses_an_end_before_the_start(house: House) -> None:
    columns = "kommun_kod, andamal_kod, giltig_fran, giltig_till, inskriven_tid, inskriven_av"
    with pytest.raises(IntegrityError, match="avtal_slut_efter_start"), house.engine.begin() as connection:
        connection.exec_driver_sql(
            f"insert into avtal ({columns}) values ('0114', 'x', '2019-01-02', '2019-01-01', '2019-01-01', 'x')"
        )


def test_nothing_is_entered_while_a_run_is_under_way(
    house: House, avtal: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(_: Any) -> Any:
        raise runlock.BusyError(runlock.BUSY)

    monkeypatch.setattr(runlock, "hold", busy)
    assert avtal("skapa", *OF_0114, "--fran", "2018-01-01")[0] == 1
    assert house.ledger("select * from avtal") == []


# -- many at once --------------------------------------------------------------------------------------------------

HEADER = "kommun_kod;andamal_kod;giltig_fran;giltig_till"


def written(tmp_path: Path, *lines: str, header: str = HEADER) -> str:
    path = tmp_path / "avtal.csv"
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return str(path)


def test_a_file_is_entered_whole_and_read_in_again_changes_nothing(
    house: House, avtal: Command, tmp_path: Path
) -> None:
    file = written(tmp_path, f"0114;{PURPOSE};2018-01-01;", f"0115;{PURPOSE};2017-01-01;2019-01-01")
    code, found = avtal("importera", file, "--av", "Avtalsenheten")
    assert (code, len(found["inskrivna"]), found["redan_inskrivna"]) == (0, 2, 0)
    entries = house.ledger("select * from avtal")
    code, found = avtal("importera", file, "--av", "Avtalsenheten")
    assert (code, found) == (0, {"inskrivna": [], "redan_inskrivna": 2})
    assert house.ledger("select * from avtal") == entries


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ((f"0115;{PURPOSE};2018-01-01;", f"0115;{PURPOSE};2019-01-01;"), "överlappar"),
        ((f"0115;{PURPOSE};2018-01-01;", f"9999;{PURPOSE};2018-01-01;"), "ingen kommuns"),
        ((f"0115;{PURPOSE};2018-01-01;", f"0117;{PURPOSE};2018-13-01;"), "rad 3"),
        ((f"0115;{PURPOSE};2018-01-01;", f"0117;{PURPOSE}"), "rad 3"),
        ((f"0115;{PURPOSE};2018-01-01;;x",), "rad 2"),
    ],
)
def test_a_file_with_a_fault_enters_nothing(
    house: House, avtal: Command, tmp_path: Path, lines: tuple[str, ...], says: str
) -> None:
    code, said = avtal("importera", written(tmp_path, *lines), "--av", "Avtalsenheten")
    assert (code, says in said) == (1, True), said
    assert house.ledger("select * from avtal") == []


def test_a_file_of_another_form_is_refused_without_its_content(house: House, avtal: Command, tmp_path: Path) -> None:
    for header in ("kommun_kod;andamal_kod", HEADER.replace(";", ","), f"{HEADER};{CHILD}"):
        code, said = avtal("importera", written(tmp_path, header=header), "--av", "Avtalsenheten")
        assert (code, HEADER in said.replace("\n", ""), CHILD in said) == (1, True, False)
    (tmp_path / "latin.csv").write_bytes(f"{HEADER}\n0114;kvalitetsuppföljning;2018-01-01;\n".encode("cp1252"))
    assert avtal("importera", str(tmp_path / "latin.csv"), "--av", "X")[0] == 1
    assert avtal("importera", str(tmp_path / "borta.csv"), "--av", "X")[0] == 1


# -- operations ----------------------------------------------------------------------------------------------------


@pytest.fixture
def drift(tmp_path: Path) -> Drift:
    """A house with a local year received, and one refused."""
    house = Drift(tmp_path / "hem")
    agree(house, "0114")
    house.receive(Bbic(), Bbic(kommun="0115"))
    return house


def test_agreements_are_in_the_backup_and_come_back(drift: Drift, tmp_path: Path) -> None:
    back_up(drift.settings, drift.engine, tmp_path / "kopia")
    home = tmp_path / "nytt"
    home.mkdir()
    restore(Settings(home=home, asof=ASOF), get_contracts(), tmp_path / "kopia", None)
    assert House(home).ledger("select * from avtal") == drift.ledger("select * from avtal") != []


def test_a_rebuild_keeps_agreements_what_they_let_in_and_what_they_kept_out(drift: Drift) -> None:
    agreements, landed = drift.ledger("select * from avtal"), len(drift.landing("bbic_barn"))
    done = rebuild(drift.settings, get_contracts(), drift.keys, drift.engine, "Test Testsson")
    assert done.lika
    assert (done.aterskapade, done.behallna) == (1, 1)
    assert drift.ledger("select * from avtal") == agreements
    assert (drift.verdict(Bbic(kommun="0115")), landed) == (("stoppad", "GEN-26"), 1)


def test_what_was_received_in_its_time_is_rebuilt_also_when_the_agreement_has_been_taken_back(drift: Drift) -> None:
    agree(drift, "0117")
    with drift.engine.begin() as connection:
        end(connection, "0114", PURPOSE, date(2010, 1, 1), "Avtalsenheten")
    done = rebuild(drift.settings, get_contracts(), drift.keys, drift.engine, "Test Testsson")
    assert done.lika
    assert drift.verdict(Bbic()) == ("godkand", None)


def test_a_refused_package_is_not_missed_when_packages_are_destroyed(drift: Drift) -> None:
    settings = Settings(home=drift.home, asof=date(2020, 6, 1))
    done = retain(settings, drift.engine, "Test Testsson")
    assert done.saknas == []
    assert drift.archived() == {}
