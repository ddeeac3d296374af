"""The ledger: what is one delivery, which one stands, what is in force, and what the database itself refuses.

Belongs here: identity, versions, GEN-05, GEN-24 and slutlig through real receptions. Does not belong here: the
judgement over all orders and histories (tests/properties) and rules about rows.
"""

from __future__ import annotations

import random
import shutil
import sqlite3
import sys
from contextlib import closing
from datetime import date, datetime
from itertools import count, permutations
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Any

import pyarrow.parquet as pq
import pytest
from alembic import op
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from pipelines.contracts.model import get_contracts
from pipelines.contracts.periods import Calendar
from pipelines.landing import reception
from pipelines.landing.ledger.export import expected_periods
from pipelines.landing.ledger.store import open_ledger
from pipelines.landing.ledger.summary import by_period, missing
from pipelines.landing.ledger.tables import metadata
from pipelines.landing.settle import settle
from tests.support.delivery import DATASETS, Delivery, avslut, families, hushall, person, senders, year, zipped
from tests.support.reception import House
from tests.support.repo import ROOT

MARCH = Delivery(**families(3), avslut=[avslut()])
APPROVED, GEN_05, GEN_24 = ("godkand", None), ("stoppad", "GEN-05"), ("stoppad", "GEN-24")


def owners(house: House, period: str) -> set[str]:
    return {lev for (_, _, p), lev in house.in_force().items() if p == period}


# -- one delivery --------------------------------------------------------------------------------------------------


def test_the_same_package_again_changes_nothing(house: House) -> None:
    house.receive(MARCH)
    before = house.state()
    result = house.receive(MARCH)
    assert (result.mottagna, result.redan_kanda) == (1, 1)
    assert house.state() == before
    assert [p for p in house.settings.inbox.rglob("*") if p.is_file()] == []


def test_zip_and_folder_of_the_same_content_are_one_delivery(house: House) -> None:
    other = Path(f"{MARCH.name}_v1.zip")
    MARCH.put(house.settings.inbox)
    MARCH.put(house.settings.inbox, folder=True)
    repacked = MARCH.put(house.settings.inbox, wrapped=zipped(dict(reversed(MARCH.members().items()))))
    repacked.rename(repacked.with_name(other.name))
    MARCH.put(house.settings.inbox)
    result = house.run()
    assert (result.mottagna, result.redan_kanda) == (3, 2)
    assert [r["leverans_id"] for r in house.ledger("select * from leverans")] == [MARCH.leverans_id]
    assert house.counts(MARCH) == {
        "eb_hushall": (3, 3, 0, 0, 0),
        "eb_person": (3, 3, 0, 0, 0),
        "eb_avslut": (1, 1, 0, 0, 0),
    }
    assert len(house.landing("eb_hushall")) == 3


@pytest.mark.parametrize("wrapped", [b"", zipped({"manifest.json": b"{"})], ids=["an empty file", "no manifest"])
def test_what_does_not_say_whose_it_is_is_one_delivery_for_each_sender_and_name(house: House, wrapped: bytes) -> None:
    sent = [MARCH, MARCH.but(period="2019-04"), MARCH.but(kommun="0115")]
    for delivery in [*sent, MARCH]:
        delivery.put(house.settings.inbox, wrapped=wrapped)
        house.run()
    rows = house.ledger("select kommun_kod, period, stoppande_regel from leverans order by 1, 2")
    assert [tuple(row.values()) for row in rows] == [
        ("0114", "2019-03", "GEN-01"),
        ("0114", "2019-04", "GEN-01"),
        ("0115", "2019-03", "GEN-01"),
    ]
    assert len(house.receipts()) == 3


def test_a_folder_whose_file_is_rewritten_while_it_is_received_is_received_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Written in place, it changes nothing of the folder itself."""
    path, read = MARCH.put(house.settings.inbox, folder=True), reception.read_wrapped

    def rewritten(path: Path) -> bytes:
        content = read(path)
        (path / "eb_person.csv").write_bytes(b"x")
        return content

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(reception, "read_wrapped", rewritten)
        house.run()
    assert path.exists()
    house.run()
    assert not path.exists()
    (first, second) = house.ledger("select status, mottagen_tid from leverans order by mottagen_tid")
    assert (first["status"], second["status"]) == ("godkand", "stoppad")
    assert str(second["mottagen_tid"]) > "2026"


@pytest.mark.parametrize("order", [("06", "08"), ("08", "06")])
@pytest.mark.parametrize("together", [True, False])
def test_of_the_same_content_the_earlier_arrival_counts(
    house: House, order: tuple[str, str], *, together: bool
) -> None:
    for day, folder in zip(order, (False, True), strict=True):
        MARCH.but(mottagen=f"2019-04-{day}T23:30:00").put(house.settings.inbox, folder=folder)
        if not together:
            house.run()
    house.run()
    (row,) = house.ledger("select mottagen_tid, mottagen_lokal from leverans")
    assert str(row["mottagen_tid"])[:19] == "2019-04-06 23:30:00"
    assert str(row["mottagen_lokal"])[:19] == "2019-04-07 01:30:00"


@pytest.mark.parametrize("early_folder", [True, False])
def test_rows_are_judged_by_the_earlier_of_two_arrivals_in_a_reception(house: House, *, early_folder: bool) -> None:
    """The closing of the 8th lies in the future for what came on the 5th, not for what came on the 9th."""
    closed = MARCH.but(avslut=[avslut(avslut_datum="2019-04-08")])
    for day in ("05", "09"):
        early = day == "05"
        closed.but(mottagen=f"2019-04-{day}T10:00:00").put(house.settings.inbox, folder=early is early_folder)
    house.run()
    assert house.findings(closed) == {("eb_avslut", 2, "avslut_datum", "GEN-16")}


def test_a_package_of_another_period_waits_for_its_turn(house: House) -> None:
    april = MARCH.but(period="2019-04")
    MARCH.put(house.settings.inbox)
    april.put(house.settings.inbox)
    assert house.run({"2019-03"}).mottagna == 1
    assert house.run({"2019-04", "2019-05"}).mottagna == 1
    yearly = year()
    yearly.put(house.settings.inbox)
    assert house.run({"2019-04"}).mottagna == 0
    assert house.run({"2018-07"}).mottagna == 1


# -- GEN-24 and versions -------------------------------------------------------------------------------------------

OTHER = MARCH.but(hushall=[*MARCH.hushall[:2], hushall("H2", "5", belopp_kr="1,00")])


@pytest.mark.parametrize("first", ["earlier", "later"])
def test_gen_24_the_earlier_received_stands_whichever_comes_first(house: House, first: str) -> None:
    earlier, later = MARCH.but(mottagen="2019-04-05T08:00:00"), OTHER.but(mottagen="2019-04-06T08:00:00")
    house.receive(earlier if first == "earlier" else later)
    assert owners(house, "2019-03") == {(earlier if first == "earlier" else later).leverans_id}
    house.receive(later if first == "earlier" else earlier)
    assert (house.verdict(earlier), house.verdict(later)) == (APPROVED, GEN_24)
    assert owners(house, "2019-03") == {earlier.leverans_id}
    assert house.counts(later)["eb_hushall"] == (3, 0, 0, 0, 3)
    assert house.receipt(later)["stoppad_av"]["regel"] == "GEN-24"
    assert house.receipt(earlier)["status"] == "godkand"


def test_gen_24_on_a_tie_the_lower_hash_stands(house: House) -> None:
    house.receive(MARCH)
    house.receive(OTHER)
    rows = house.ledger("select sha256, stoppande_regel from leverans order by sha256")
    assert [row["stoppande_regel"] for row in rows] == [None, "GEN-24"]


def test_gen_24_holds_also_against_a_stopped_first(house: House) -> None:
    """A stopped version is not sent again with other content: the next version is."""
    stopped = MARCH.but(avslut=[avslut(period="2019-02")], mottagen="2019-04-05T08:00:00")
    house.receive(stopped)
    house.receive(MARCH, OTHER.but(version=2))
    assert house.verdict(stopped) == ("stoppad", "GEN-03")
    assert house.verdict(MARCH) == GEN_24
    assert owners(house, "2019-03") == {OTHER.but(version=2).leverans_id}


def test_a_stopped_correction_leaves_the_former_version_in_force(house: House) -> None:
    first, second, third = (MARCH.but(version=v) for v in (1, 2, 3))
    broken = second.but(avslut=[avslut(kommun_kod="0115")])
    house.receive(first)
    house.receive(broken)
    assert house.verdict(broken) == ("stoppad", "GEN-02")
    assert owners(house, "2019-03") == {first.leverans_id}
    house.receive(third)
    assert owners(house, "2019-03") == {third.leverans_id}
    assert {r["leverans_id"] for r in house.landing("eb_hushall")} == {first.leverans_id, third.leverans_id}


def test_an_older_version_that_comes_late_is_kept_and_not_promoted(house: House) -> None:
    house.receive(MARCH.but(version=2))
    house.receive(MARCH)
    assert house.verdict(MARCH) == APPROVED
    assert owners(house, "2019-03") == {MARCH.but(version=2).leverans_id}
    assert len(house.landing("eb_hushall", MARCH)) == 3


def test_stadsdelar_are_senders_of_their_own(house: House) -> None:
    parts = [MARCH.but(kommun="0180", stadsdel=code) for code in ("01", "02")]
    house.receive(*parts)
    rows = house.ledger("select stadsdel_kod, leverans_id from i_kraft where dataset = 'eb_hushall' order by 1")
    assert [(r["stadsdel_kod"], r["leverans_id"]) for r in rows] == [
        ("01", parts[0].leverans_id),
        ("02", parts[1].leverans_id),
    ]
    assert {row["stadsdel_kod"] for row in house.landing("eb_hushall")} == {"01", "02"}


# -- GEN-05 --------------------------------------------------------------------------------------------------------


def month(number: int, closed: int, *, confirmed: bool = False, **fields: Any) -> Delivery:
    """A month with one household and so many closings."""
    rows = [avslut(f"X{i}", avslut_datum="2019-01-01") for i in range(closed)]
    empty = ["eb_avslut"] if confirmed else []
    return Delivery(**families(1), avslut=rows, period=f"2019-{number:02d}", nolleverans=empty, **fields)


def test_gen_05_an_unconfirmed_empty_dataset_is_compared_with_the_latest_period_in_force(house: House) -> None:
    first, second, third, fourth = month(1, 0), month(2, 1), month(3, 0), month(4, 0)
    house.receive(first, second, third, fourth)
    assert [house.verdict(d) for d in (first, second, third, fourth)] == [APPROVED, APPROVED, GEN_05, GEN_05]
    confirmed = month(3, 0, confirmed=True, version=2)
    house.receive(confirmed)
    assert house.verdict(confirmed) == APPROVED
    assert [house.verdict(d) for d in (third, fourth)] == [GEN_05, APPROVED]
    assert house.counts(third)["eb_hushall"] == (1, 0, 0, 0, 1)
    assert house.counts(fourth)["eb_hushall"] == (1, 1, 0, 0, 0)
    assert house.receipt(fourth)["status"] == "godkand"


def test_gen_05_is_judged_again_when_an_earlier_period_changes(house: House) -> None:
    house.receive(month(1, 1), month(2, 0))
    assert house.verdict(month(2, 0)) == GEN_05
    house.receive(month(1, 0, confirmed=True, version=2))
    assert house.verdict(month(2, 0)) == APPROVED
    house.receive(month(1, 1, version=3))
    assert house.verdict(month(2, 0)) == GEN_05
    assert owners(house, "2019-02") == set()
    assert house.receipt(month(2, 0))["stoppad_av"]["regel"] == "GEN-05"


def test_gen_05_a_dataset_left_out_counts_as_empty_and_has_nothing_in_force(house: House) -> None:
    without = month(2, 0).but(absent=("eb_avslut",))
    house.receive(without)
    assert house.verdict(without) == APPROVED
    assert set(house.in_force()) == {("0114", "eb_hushall", "2019-02"), ("0114", "eb_person", "2019-02")}
    house.receive(month(1, 1))
    assert house.verdict(without) == GEN_05


def test_gen_05_counts_received_rows_not_loaded_ones(house: House) -> None:
    """Rows that were all set aside were still sent: the sender had something to report."""
    house.receive(month(1, 0).but(avslut=[avslut(avslutsorsak_kod="?")]), month(2, 0))
    assert house.verdict(month(2, 0)) == GEN_05


# -- slutlig -------------------------------------------------------------------------------------------------------


def test_slutlig_outranks_every_monthly_version_whenever_it_came(house: House) -> None:
    monthly = Delivery(**families(2), period="2018-05", version=7)
    final, second = year(), year(version=2, mottagen="2019-02-19T10:00:00")
    house.receive(final)
    house.receive(monthly)
    assert house.verdict(monthly) == APPROVED
    assert all(owners(house, f"2018-{m:02d}") == {final.leverans_id} for m in range(1, 13))
    house.receive(second)
    assert all(owners(house, f"2018-{m:02d}") == {second.leverans_id} for m in range(1, 13))


@pytest.mark.parametrize("lacking", ["rows", "word"])
def test_slutlig_with_an_unconfirmed_empty_month_stops_and_leaves_the_months(house: House, lacking: str) -> None:
    monthly = Delivery(**families(2), period="2018-05")
    if lacking == "rows":
        final = year().but(hushall=year().hushall[:-1], person=year().person[:-1])
    else:
        final = year(nolleverans=[f"eb_avslut/2018-{m:02d}" for m in range(2, 13)])
    house.receive(monthly, final)
    assert house.verdict(final) == GEN_05
    assert owners(house, "2018-05") == {monthly.leverans_id}
    assert owners(house, "2018-06") == set()


def test_the_month_after_a_slutlig_is_compared_with_its_december(house: House) -> None:
    closed = [avslut(period=f"2018-{m:02d}", avslut_datum="2018-01-01") for m in range(1, 13)]
    january = Delivery(**families(1), period="2019-01", nolleverans=[])
    house.receive(january, year(avslut=closed, nolleverans=[]))
    assert house.verdict(january) == GEN_05
    house.receive(year(version=2))
    assert house.verdict(january) == APPROVED


def test_zero_takes_a_month_back_in_a_slutlig(house: House) -> None:
    rows = year().hushall
    rows[0]["belopp_kr"] = "0"
    final = year(hushall=rows)
    house.receive(final)
    assert house.findings(final) == set()


# -- order of arrival ----------------------------------------------------------------------------------------------

STORY = [
    month(1, 1, mottagen="2019-02-10T10:00:00"),
    month(2, 0, mottagen="2019-03-10T10:00:00"),  # stopped, until January has no closings
    month(3, 2, mottagen="2019-04-10T10:00:00"),
    month(3, 0, version=2, mottagen="2019-04-20T10:00:00"),  # the correction: nothing closed, unconfirmed
    month(1, 0, confirmed=True, version=2, mottagen="2019-05-10T10:00:00"),
    month(3, 1, mottagen="2019-04-11T10:00:00"),  # another version 1 of March: GEN-24
]


def test_any_order_of_the_same_deliveries_gives_the_same_content(house: House) -> None:
    """24 orders, each by a sender of its own; every delivery comes in a reception of its own."""
    orders = [*random.Random(20).sample(list(permutations(STORY)), 22), tuple(STORY), tuple(reversed(STORY))]
    for place in range(len(STORY)):
        house.receive(*(order[place].but(kommun=senders()[i]) for i, order in enumerate(orders)))

    def content(kommun: str) -> list[Any]:
        periods = {d.but(kommun=kommun).leverans_id: (d.period, d.version, d.mottagen) for d in STORY}
        force = {k[1:]: periods[lev] for k, lev in house.in_force().items() if k[0] == kommun}
        rows = [
            (name, row["period"], row["hushall_id"], row["rad_nr"])
            for name in DATASETS
            for row in house.landing(name)
            if row["kommun_kod"] == kommun and force.get((name, row["period"])) == periods[row["leverans_id"]]
        ]
        columns = "period, version, mottagen_tid, status, stoppande_regel"
        status = f"select {columns} from leverans where kommun_kod = :k order by 1, 2, 3"
        return [sorted(force.items()), sorted(rows), house.ledger(status, k=kommun)]

    truth = content(senders()[0])
    assert [(r["period"], r["version"], r["stoppande_regel"]) for r in truth[2]] == [
        ("2019-01", 1, None),
        ("2019-01", 2, None),
        ("2019-02", 1, None),
        ("2019-03", 1, None),
        ("2019-03", 1, "GEN-24"),
        ("2019-03", 2, None),
    ]
    assert all(content(senders()[i]) == truth for i in range(len(orders)))


def test_a_city_is_counted_when_every_stadsdel_of_the_year_is_in_force(house: House) -> None:
    parts = [Delivery(**families(2), kommun="1280", stadsdel=s, period="2019-01") for s in ("01", "02")]
    house.receive(*parts, parts[0].but(period="2019-02"))
    with house.engine.connect() as connection:
        found = {r["period"]: r["i_kraft"] for r in by_period(connection, get_contracts(), date(2019, 4, 1))}
        assert found == {"2019-01": 1, "2019-02": 0}
        assert "1280" not in missing(connection, get_contracts(), {"eb": "2019-01"})["eb"]
        assert "1280" in missing(connection, get_contracts(), {"eb": "2019-02"})["eb"]


# -- what the database itself holds --------------------------------------------------------------------------------

ROW = {
    "leverans_id": "x",
    "dataset": "eb_hushall",
    "mottagna": 3,
    "lasta": 1,
    "i_karantan": 1,
    "skyddade": 1,
    "avvisade": 0,
}
INSERT = text(
    "insert into leverans_dataset "
    "(leverans_id, dataset, mottagna, lasta, i_karantan, skyddade, avvisade, ar_nolleverans) values "
    " (:leverans_id, :dataset, :mottagna, :lasta, :i_karantan, :skyddade, :avvisade, false)"
)


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"mottagna": 4}, "rader_bevaras"),
        ({"lasta": 0}, "rader_bevaras"),
        ({"avvisade": 1}, "rader_bevaras"),
        ({"skyddade": 2, "avvisade": -1}, "rader_ej_negativa"),
        ({"leverans_id": "okand"}, "FOREIGN KEY"),
    ],
)
def test_the_database_refuses_rows_that_do_not_add_up(house: House, wrong: dict[str, Any], name: str) -> None:
    house.receive(MARCH)
    with house.engine.begin() as connection:
        connection.execute(text("delete from leverans_dataset"))
        connection.execute(INSERT, {**ROW, "leverans_id": MARCH.leverans_id})
        connection.execute(text("delete from leverans_dataset"))
    with pytest.raises(IntegrityError, match=name), house.engine.begin() as connection:
        connection.execute(INSERT, {**ROW, "leverans_id": MARCH.leverans_id, **wrong})


def test_the_database_refuses_a_stop_without_a_rule_and_an_unknown_status(house: House) -> None:
    house.receive(MARCH)
    for change in ("status = 'stoppad'", "stoppande_regel = 'GEN-01'", "status = 'kanske'"):
        with pytest.raises(IntegrityError, match="leverans_st"), house.engine.begin() as connection:
            connection.execute(text(f"update leverans set {change}"))


def test_migrations_give_exactly_the_tables_of_the_code(house: House) -> None:
    with house.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        ddl = "select name, sql from sqlite_master where type = 'table' and name not like 'alembic%'"
        migrated = dict(connection.execute(text(ddl)).all())
    constraints = {
        table.name: {c.name for c in table.constraints if c.name and not str(c.name).startswith("_")}
        for table in metadata.sorted_tables
    }
    for name, checks in constraints.items():
        assert all(str(check) in migrated[name] for check in checks if "CheckConstraint" in str(type(check))), name
    assert "rader_bevaras" in migrated["leverans_dataset"]
    assert "leverans_stopp_har_regel" in migrated["leverans"]


def test_a_migration_that_stops_midway_leaves_nothing_and_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    create, made = op.create_table, count()

    def stop(*arguments: Any, **how: Any) -> Any:
        if next(made) == 2:
            raise KeyboardInterrupt
        return create(*arguments, **how)

    with monkeypatch.context() as interrupted:
        interrupted.setattr(op, "create_table", stop)
        with pytest.raises(KeyboardInterrupt):
            open_ledger(tmp_path / "ledger.sqlite")
    with closing(sqlite3.connect(tmp_path / "ledger.sqlite")) as db:
        assert db.execute("select name from sqlite_master").fetchall() == []
    with open_ledger(tmp_path / "ledger.sqlite").connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


OPENED = """
import sys
from pathlib import Path
from sqlalchemy import text
from pipelines.landing.ledger.store import open_ledger
print("klar", flush=True)
sys.stdin.readline()
with open_ledger(Path(sys.argv[1])).connect() as connection:
    print(connection.execute(text("select version_num from alembic_version")).scalar_one())
"""


def test_many_who_open_a_new_ledger_at_once_find_the_same(tmp_path: Path) -> None:
    """Processes of their own, all imported before the first is let go: a forked pool may wait for itself for ever."""
    asked = [sys.executable, "-c", OPENED, str(tmp_path / "ledger.sqlite")]
    many = [Popen(asked, cwd=ROOT, stdin=PIPE, stdout=PIPE, text=True) for _ in range(4)]
    assert [one.stdout.readline() for one in many if one.stdout] == ["klar\n"] * 4
    for one in many:
        assert one.stdin is not None
        one.stdin.write("\n")
        one.stdin.flush()
    found = [one.communicate(timeout=60)[0].strip() for one in many]
    assert len(set(found)) == 1
    assert found[0]


# -- the export that dbt reads -------------------------------------------------------------------------------------

EXPORTED = {
    "leverans": "leverans_id kommun_kod stadsdel_kod kalla period version leveranstyp profil system system_version "
    "paket_namn mottagen_tid mottagen_lokal sha256 status stoppande_regel",
    "leverans_dataset": "leverans_id dataset schema_version mottagna lasta i_karantan skyddade avvisade ar_nolleverans",
    "leverans_manad": "leverans_id dataset period lasta skyddade_hushall skyddade_personer ar_nolleverans",
    "regelutfall": "leverans_id dataset regel_id allvar antal_rader",
    "i_kraft": "kommun_kod stadsdel_kod kalla dataset period leverans_id",
    "varning": "kommun_kod stadsdel_kod kalla dataset period regel_id leverans_id antal jamfort_med",
    "avtal": "kommun_kod andamal_kod giltig_fran giltig_till",
    "kvittering": "kommun_kod stadsdel_kod kalla dataset period regel_id kvitterad_tid",
    "nyckel": "nr fingeravtryck skyddsnyckel",
    "forvantad": "kommun_kod kalla dataset period frist_lokal slutlig_frist_lokal avtal_andamal_kod",
}


def test_every_dataset_has_a_table_before_a_build_also_where_no_reception_has_met_it(house: House) -> None:
    """As when its contract came after the last reception, and only what does not receive is run."""
    house.receive(MARCH)
    shutil.rmtree(house.settings.landing / "bu_barn")
    settle(house.engine, house.contracts, house.settings)
    found = {path.parent.name for path in house.settings.landing.glob("*/tom.parquet")}
    assert found == set(house.contracts.datasets)


def test_the_exported_tables_have_the_agreed_columns_also_when_empty(house: House) -> None:
    assert set(house.export()) == set(EXPORTED)
    for name, columns in EXPORTED.items():
        assert pq.read_schema(house.settings.landing / "huvudbok" / f"{name}.parquet").names == columns.split(), name
    for name in DATASETS:
        assert house.landing(name) == []


def test_every_municipality_is_expected_from_the_lowest_period_of_any_package(house: House) -> None:
    stopped = Delivery(**families(1), period="2019-10", avslut=[avslut(kommun_kod="0115")])
    house.receive(stopped, Delivery(**families(1), period="2019-11"))
    house.export()
    rows = pq.read_table(house.settings.landing / "huvudbok" / "forvantad.parquet").to_pylist()
    deadlines = {(r["period"], r["frist_lokal"]) for r in rows}
    assert deadlines == {
        ("2019-10", datetime(2019, 11, 16)),
        ("2019-11", datetime(2019, 12, 16)),
        ("2019-12", datetime(2020, 1, 16)),
    }
    assert len(rows) == 3 * 3 * 290
    assert len({r["kommun_kod"] for r in rows}) == 290


@pytest.mark.parametrize(
    ("asof", "last"), [("2020-01-15", "2019-11"), ("2020-01-16", "2019-12"), ("2020-01-17", "2019-12")]
)
def test_a_period_is_expected_from_the_day_after_its_deadline(asof: str, last: str) -> None:
    months = [period for period, _ in expected_periods(Calendar("manad", "15"), "2019-10", date.fromisoformat(asof))]
    assert months[-1] == last


@pytest.mark.parametrize(("asof", "known"), [("2019-03-31", False), ("2019-04-01", True)])
def test_the_years_own_deadline_is_told_from_the_day_after_it(asof: str, known: bool) -> None:
    told = Calendar("manad", "15", "03-31").final_deadline("2018-05", date.fromisoformat(asof))
    assert told == (datetime(2019, 4, 1) if known else None)
    assert Calendar("manad", "15").final_deadline("2018-05", date.fromisoformat(asof)) is None


def test_the_month_rows_of_a_delivery_say_what_each_month_holds(house: House) -> None:
    final = year(person=[person(period=f"2018-{m:02d}") for m in range(1, 13)] + [person("?", 5, period="2018-03")])
    house.receive(final)
    rows = house.ledger("select * from leverans_manad where dataset = 'eb_person' order by period")
    assert [(r["mottagna"], r["lasta"], r["ar_nolleverans"]) for r in rows] == [
        (2, 1, 0) if m == 3 else (1, 1, 0) for m in range(1, 13)
    ]
    rows = house.ledger("select * from leverans_manad where dataset = 'eb_avslut' order by period")
    assert [(r["mottagna"], r["lasta"], r["ar_nolleverans"]) for r in rows] == [(0, 0, 1)] * 12
