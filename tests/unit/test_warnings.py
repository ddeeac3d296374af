"""Warnings that look at history: when they stand, what the sender is told, how they are answered, when answers lapse.

Belongs here: GEN-18, GEN-22, receipts, acknowledgements and `lager kvittera` through real receptions. Does not belong
here: the rules over all histories (tests/properties/test_history.py) and what a warning does to a value (dbt's tests).
"""

from __future__ import annotations

import json
import random
from dataclasses import replace
from itertools import permutations
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest
from sqlalchemy import insert
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.contracts.model import Rule, get_contracts
from pipelines.landing import runlock
from pipelines.landing.history import Warned
from pipelines.landing.ledger import tables
from pipelines.landing.ledger.acknowledged import LONGEST, RefusedTextError, require_plain
from pipelines.landing.receipt_page import receipt_page
from pipelines.landing.receipts import Findings, receipt
from pipelines.landing.settle import acknowledge, settle
from pipelines.publish import Provenance, build_release
from pipelines.settings import get_settings
from tests.support.delivery import Delivery, families, senders
from tests.support.reception import ASOF, House

BIG, SMALL = "0114", "2403"


def march(year: int, households: int, **fields: Any) -> Delivery:
    """March of a year with so many households, each of one person."""
    when = f"{year}-04-{9 + fields.get('version', 1):02d}T10:00:00"
    return Delivery(**families(households), **{"period": f"{year}-03", "mottagen": when, **fields})


def standing(house: House, kommun: str = BIG) -> list[tuple[Any, ...]]:
    """(stadsdel, dataset, month, rule, now, compared with) of every warning of a municipality, from the ledger."""
    rows = house.ledger(
        "select l.stadsdel_kod, v.dataset, v.period, v.regel_id, v.antal, v.jamfort_med "
        "from varning as v join leverans as l using (leverans_id) where l.kommun_kod = :k order by 1, 2, 3, 4",
        k=kommun,
    )
    return [tuple(row.values()) for row in rows]


def exported(house: House, table: str) -> list[dict[str, Any]]:
    house.export()
    return pq.read_table(house.settings.landing / "huvudbok" / f"{table}.parquet").to_pylist()


# -- GEN-18 --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kommun", "then", "now", "falls"),
    [
        (BIG, 40, 52, False),  # 12 rows, exactly 30 per cent
        (BIG, 40, 53, True),
        (BIG, 40, 28, False),
        (BIG, 40, 27, True),
        (BIG, 20, 30, False),  # 50 per cent, but ten rows
        (BIG, 20, 31, True),
        (SMALL, 40, 60, False),  # fewer than 10 000 live there: exactly 50 per cent
        (SMALL, 40, 61, True),
        (SMALL, 40, 20, False),
        (SMALL, 40, 19, True),
    ],
)
def test_gen_18_falls_above_ten_rows_and_the_limit_and_not_at_it(
    house: House, kommun: str, then: int, now: int, *, falls: bool
) -> None:
    house.receive(march(2018, then, kommun=kommun), march(2019, now, kommun=kommun))
    found = [("", d, "2019-03", "GEN-18", now, then) for d in ("eb_hushall", "eb_person")] if falls else []
    assert standing(house, kommun) == found


def test_gen_18_compares_what_is_in_force_and_only_with_the_same_month(house: House) -> None:
    house.receive(march(2018, 40, period="2018-04"), march(2018, 40), march(2018, 20, version=2), march(2019, 40))
    assert standing(house) == [("", d, "2019-03", "GEN-18", 40, 20) for d in ("eb_hushall", "eb_person")]
    house.receive(march(2018, 40, version=3))
    assert standing(house) == []


def test_gen_18_a_stopped_delivery_is_never_warned_of_nor_compared_with(house: House) -> None:
    stopped = march(2018, 40, avslut=[{"kommun_kod": "0115"}])
    house.receive(stopped, march(2019, 10))
    assert house.verdict(stopped)[0] == "stoppad"
    assert standing(house) == []


# -- GEN-22 --------------------------------------------------------------------------------------------------------


def part(code: str | None, month: int, **fields: Any) -> Delivery:
    return Delivery(**families(2), kommun="0180", stadsdel=code, period=f"2019-{month:02d}", **fields)


def in_parts(house: House) -> dict[str, set[tuple[str, int, int]]]:
    """Per month: (stadsdel, parts in force, parts of the year), the same for every dataset."""
    found: dict[str, set[tuple[str, int, int]]] = {}
    rows = standing(house, "0180")
    assert {r[3] for r in rows} <= {"GEN-22"}
    for stadsdel, _, period, _, now, expected in rows:
        found.setdefault(period, set()).add((stadsdel, now, expected))
    assert len(rows) == 3 * sum(map(len, found.values()))
    return found


def test_gen_22_falls_where_a_part_of_the_year_lacks_and_not_where_all_are_there(house: House) -> None:
    house.receive(part("01", 1), part("02", 1), part("01", 2))
    assert in_parts(house) == {"2019-02": {("01", 1, 2)}}
    house.receive(part("02", 2))
    assert in_parts(house) == {}


def test_gen_22_a_part_that_was_only_stopped_still_counts_as_a_part_of_the_year(house: House) -> None:
    house.receive(part("01", 1), part("03", 2, avslut=[{"kommun_kod": "0115"}]))
    assert in_parts(house) == {"2019-01": {("01", 1, 2)}}


def test_gen_22_falls_where_the_whole_stands_beside_a_part_and_never_without_named_parts(house: House) -> None:
    house.receive(part(None, 1), part("01", 1))
    assert in_parts(house) == {"2019-01": {("", 2, 2), ("01", 2, 2)}}
    alone = Delivery(**families(2), kommun="1280", period="2019-01")
    house.receive(alone)
    assert standing(house, "1280") == []


# -- order of arrival ----------------------------------------------------------------------------------------------

STORY = [
    march(2018, 40),
    march(2018, 12, version=2),
    march(2019, 12, stadsdel="01"),
    march(2019, 30),
]


def test_any_order_of_the_same_deliveries_gives_the_same_warnings(house: House) -> None:
    """24 orders, each by a sender of its own; every delivery comes in a reception of its own."""
    orders = random.Random(18).sample(list(permutations(STORY)), 24)
    for place in range(len(STORY)):
        house.receive(*(order[place].but(kommun=senders()[i]) for i, order in enumerate(orders)))
    truth = standing(house, senders()[0])
    assert [row[3:] for row in truth if row[1] == "eb_hushall"] == [
        ("GEN-18", 30, 12),
        ("GEN-22", 2, 2),
        ("GEN-22", 2, 2),
    ]
    assert all(standing(house, senders()[i]) == truth for i in range(24))


# -- the receipt ---------------------------------------------------------------------------------------------------


def page_of(house: House, delivery: Delivery) -> str:
    (path,) = house.settings.outbox.glob(f"*/*{delivery.leverans_id[:8]}.kvittens.html")
    return path.read_text(encoding="utf-8")


def test_the_receipt_says_what_deviates_and_changes_when_the_warning_comes_and_goes(house: House) -> None:
    now = march(2019, 50)
    house.receive(now)
    assert house.receipt(now)["varningar"] == []
    assert house.receipt(now)["nasta_steg"] == "Ni behöver inte göra något."
    house.receive(march(2018, 30))
    found = house.receipt(now)
    assert [(v["datamangd"], v["antal"], v["jamfort_med"], v["andring_procent"]) for v in found["varningar"]] == [
        ("eb_hushall", 50, 30, 66.7),
        ("eb_person", 50, 30, 66.7),
    ]
    assert {v["jamfort_period"] for v in found["varningar"]} == {"2018-03"}
    assert "behöver kvitteras eller rättas" in found["besked"]
    assert "svara med ett skäl så kvitteras" in found["nasta_steg"]
    page = page_of(house, now)
    assert page == receipt_page(found)
    assert "Godkänd, men se över varningarna nedan" in page
    assert "<td>mars 2019</td><td>50</td><td>30</td><td>+66,7 %</td><td>kvittera eller rätta</td>" in page
    house.receive(march(2018, 50, version=2))
    assert house.receipt(now)["varningar"] == []
    assert "kvittera eller rätta" not in page_of(house, now)


def test_open_warnings_are_asked_about_also_where_rows_are_to_be_looked_at(house: House) -> None:
    now = march(2019, 50)
    now = now.but(hushall=[*now.hushall[:-1], {**now.hushall[-1], "belopp_kr": "60001"}])
    house.receive(march(2018, 30), now)
    step = house.receipt(now)["nasta_steg"]
    assert step.startswith("Kontrollera raderna nedan.")
    assert step.endswith("Svara också på varningarna nedan: stämmer talen, lämna ett skäl utan personuppgifter så "
                         "kvitteras de.")  # fmt: skip
    acknowledge(house.engine, get_contracts(), house.settings, KEYS, "Statistikenheten", "Varsel på bruket")
    assert "varningarna" not in house.receipt(now)["nasta_steg"]


def test_the_receipt_names_parts_where_a_stadsdel_lacks(house: House) -> None:
    house.receive(part("01", 1), part("02", 2))
    (warning, *_) = house.receipt(part("01", 1))["varningar"]
    assert (warning["regel"], warning["antal"], warning["jamfort_med"]) == ("GEN-22", 1, 2)
    assert "andring_procent" not in warning
    assert "<td>januari 2019</td><td>1</td><td>2</td><td>kvittera eller rätta</td>" in page_of(house, part("01", 1))


def test_a_fall_to_nothing_and_a_rise_from_nothing_can_be_shown(house: House) -> None:
    house.receive(march(2018, 0), march(2019, 11))
    page = page_of(house, march(2019, 11))
    assert "<td>11</td><td>0</td><td>–</td>" in page
    house.receive(march(2020, 0))
    assert "<td>0</td><td>11</td><td>−100,0 %</td>" in page_of(house, march(2020, 0))


LATE = {"regel_id": "GEN-06", "dataset": None, "allvar": "WARNING", "antal_rader": 0, "detalj": None}


@pytest.mark.parametrize(
    ("period", "said"), [("2019-03", "15 april 2019"), ("2019-12", "15 januari 2020"), ("2019-01", "15 februari 2019")]
)
def test_a_late_delivery_is_told_its_deadline_and_that_no_row_is_set_aside(period: str, said: str) -> None:
    rule = Rule("GEN-06", "WARNING", "Leveransen kom före fristens utgång", "Sänd i tid nästa månad.")
    contracts = replace(get_contracts(), rules={**get_contracts().rules, "GEN-06": rule})
    delivery = {
        "leverans_id": "0123456789abcdef",
        "paket_namn": f"eb_{period}",
        "profil": "kanonisk",
        "kommun_kod": BIG,
        "stadsdel_kod": "",
        "kalla": "eb",
        "period": period,
        "version": 1,
        "mottagen_lokal": "2020-05-01 12:00:00",
        "status": "godkand",
        "stoppande_regel": None,
    }
    found = receipt(contracts, delivery, Findings(rules=[LATE]))
    assert found["besked"] == f"Leveransen är godkänd. Leveransen kom efter fristen den {said}."
    assert found["nasta_steg"] == "Ni behöver inte göra något."
    (entry,) = found["regler"]
    assert entry["verkan"] == "gäller hela leveransen; ingen rad är satt åt sidan"
    page = receipt_page(found)
    assert "Godkänd, men kom efter fristen" in page
    assert "Om hela leveransen" in page
    assert f"Leveransen kom efter fristen den {said}." in page
    assert "Rader som bör kontrolleras" not in page
    assert "0 rader" not in page


# -- acknowledgement -----------------------------------------------------------------------------------------------

KEYS = [(BIG, "", "eb", d, "2019-03", "GEN-18") for d in ("eb_hushall", "eb_person")]


def answered(house: House) -> set[tuple[str, str]]:
    return {(row["dataset"], row["period"]) for row in exported(house, "kvittering")}


def warned(house: House) -> Delivery:
    """A house where March 2019 deviates in two datasets; the delivery that does."""
    house.receive(march(2018, 30), march(2019, 50))
    return march(2019, 50)


def test_an_acknowledgement_is_shown_exported_without_its_reason_and_no_longer_asked_for(house: House) -> None:
    now = warned(house)
    acknowledge(house.engine, get_contracts(), house.settings, KEYS[:1], "Statistikenheten", "Varsel på bruket")
    assert [v["ar_kvitterad"] for v in house.receipt(now)["varningar"]] == [True, False]
    assert "<td>kvitterad</td>" in page_of(house, now)
    acknowledge(house.engine, get_contracts(), house.settings, KEYS[1:], "Statistikenheten", "Varsel på bruket")
    assert house.receipt(now)["nasta_steg"] == "Ni behöver inte göra något."
    assert "kvittera eller rätta" not in page_of(house, now).partition("<h2>Tal som avviker")[2].partition("</h2>")[2]
    rows = exported(house, "kvittering")
    assert [(r["dataset"], r["regel_id"]) for r in rows] == [("eb_hushall", "GEN-18"), ("eb_person", "GEN-18")]
    assert not any("Varsel" in str(row) or "Statistikenheten" in str(row) for row in rows)
    assert len(exported(house, "varning")) == 2


def test_an_acknowledgement_lapses_when_a_new_version_comes_and_the_receipt_says_so(house: House) -> None:
    warned(house)
    acknowledge(house.engine, get_contracts(), house.settings, KEYS, "Statistikenheten", "Varsel på bruket")
    assert answered(house) == {("eb_hushall", "2019-03"), ("eb_person", "2019-03")}
    second = march(2019, 51, version=2)
    house.receive(second)
    assert answered(house) == set()
    assert [v["ar_kvitterad"] for v in house.receipt(second)["varningar"]] == [False, False]
    assert len(house.ledger("select * from kvittering")) == 2


def test_an_acknowledgement_is_left_alone_by_another_month_and_by_a_stopped_correction(house: House) -> None:
    warned(house)
    acknowledge(house.engine, get_contracts(), house.settings, KEYS, "Statistikenheten", "Varsel på bruket")
    house.receive(march(2019, 9, period="2019-04"), march(2019, 9, version=2, avslut=[{"kommun_kod": "0115"}]))
    assert answered(house) == {("eb_hushall", "2019-03"), ("eb_person", "2019-03")}


def test_a_years_acknowledgement_is_bound_to_every_month_of_it(house: House) -> None:
    warned(house)
    year_key = (BIG, "", "eb", "eb_person", "2019", "EB-12")
    acknowledge(house.engine, get_contracts(), house.settings, [year_key], "Statistikenheten", "Nytt system")
    house.receive(march(2018, 31, version=2))
    assert answered(house) == {("eb_person", "2019")}
    house.receive(march(2019, 9, period="2019-04"))
    assert answered(house) == set()


def test_settling_again_writes_no_receipt_where_warnings_stand_and_are_answered(house: House) -> None:
    warned(house)
    acknowledge(house.engine, get_contracts(), house.settings, KEYS[:1], "Statistikenheten", "Varsel på bruket")
    assert settle(house.engine, get_contracts(), house.settings) == set()


@pytest.mark.parametrize(
    "text", ["", "  ", "x" * (LONGEST + 1), "ring 070123456", "se 19800101", "fråga anna.b@kommun.example om det"]
)
def test_what_may_say_who_somebody_is_never_enters_the_ledger(house: House, text: str) -> None:
    warned(house)
    with pytest.raises(RefusedTextError) as refused:
        acknowledge(house.engine, get_contracts(), house.settings, KEYS, "Statistikenheten", text)
    assert not text.strip() or text not in str(refused.value)
    with pytest.raises(RefusedTextError):
        acknowledge(house.engine, get_contracts(), house.settings, KEYS, text, "Varsel på bruket")
    assert house.ledger("select * from kvittering") == []


@pytest.mark.parametrize("text", ["x" * LONGEST, "52 mot 30 i mars 2019, 12 345 i år", "@ är inte e-post"])
def test_a_plain_reason_may_stand(text: str) -> None:
    assert require_plain("--skal", f" {text} ") == text


# -- lager kvittera ------------------------------------------------------------------------------------------------


@pytest.fixture
def command(house: House, monkeypatch: pytest.MonkeyPatch) -> Any:
    """`lager …` in the house: (exit code, standard output, JSON if any)."""
    monkeypatch.setenv("LAGER_HOME", str(house.home))
    monkeypatch.setenv("LAGER_ASOF", str(ASOF))
    get_settings.cache_clear()

    def run(*arguments: str) -> tuple[int, Any]:
        done = CliRunner().invoke(app, [*arguments, "--json"])
        return done.exit_code, json.loads(done.stdout) if done.stdout.strip() else done.output

    yield run
    get_settings.cache_clear()


ASKED = ("kvittera", "--kommun", BIG, "--regel", "GEN-18", "--period", "2019-03")
REASON = ("--av", "Statistikenheten", "--skal", "Varsel på bruket")


def test_open_warnings_are_listed_answered_and_gone(house: House, command: Any) -> None:
    warned(house)
    code, rows = command("kvittera", "--kommun", BIG)
    assert code == 0
    assert [(r["regel_id"], r["dataset"], r["period"], r["antal"], r["jamfort_med"]) for r in rows] == [
        ("GEN-18", "eb_hushall", "2019-03", 50, 30),
        ("GEN-18", "eb_person", "2019-03", 50, 30),
    ]
    assert command("kvittera", "--kommun", "0115") == (0, [])
    code, answer = command(*ASKED, "--datamangd", "eb_person", *REASON)
    assert (code, [r["dataset"] for r in answer["kvitterade"]]) == (0, ["eb_person"])
    assert [r["dataset"] for r in command("kvittera", "--kommun", BIG)[1]] == ["eb_hushall"]
    assert command(*ASKED, *REASON)[0] == 0
    assert command("kvittera", "--kommun", BIG) == (0, [])
    assert command(*ASKED, *REASON)[0] == 1, "nothing is left to answer"


def test_one_stadsdel_can_be_answered_for(house: House, command: Any) -> None:
    house.receive(part(None, 1), part("01", 1))
    one = ("kvittera", "--kommun", "0180", "--regel", "GEN-22", "--period", "2019-01", "--stadsdel", "01")
    assert len(command(*one, *REASON)[1]["kvitterade"]) == 3
    assert {r["stadsdel_kod"] for r in command("kvittera", "--kommun", "0180")[1]} == {""}


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--regel", "GEN-18"), 2),
        (("--regel", "GEN-18", "--period", "2019-03", "--av", "X", "--skal", "ring 070123456"), 2),
        (("--regel", "GEN-18", "--period", "2019-04", *REASON), 1),
        (("--regel", "GEN-07", "--period", "2019-03", *REASON), 1),
    ],
)
def test_what_cannot_be_answered_is_refused_and_nothing_is_entered(
    house: House, command: Any, arguments: tuple[str, ...], code: int
) -> None:
    warned(house)
    assert command("kvittera", "--kommun", BIG, *arguments)[0] == code
    assert house.ledger("select * from kvittering") == []


def test_no_answer_is_entered_while_a_run_is_under_way(
    house: House, command: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    warned(house)

    def busy(_: Any) -> Any:
        raise runlock.BusyError(runlock.BUSY)

    monkeypatch.setattr(runlock, "hold", busy)
    assert command(*ASKED, *REASON)[0] == 1
    assert house.ledger("select * from kvittering") == []


def release_of(house: House) -> None:
    """A release as small as can be: the deliveries of the ledger, and two warnings of the warehouse."""
    build = house.home / "prov.duckdb"
    build.unlink(missing_ok=True)
    deliveries = house.ledger("select leverans_id, kommun_kod, status from leverans")
    with duckdb.connect(str(build), config={"storage_compatibility_version": "v1.2.0"}) as db:
        db.execute("create schema core")
        db.execute("create table core.dim_leverans (leverans_id text, kommun_kod text, mottagningsstatus text)")
        db.executemany("insert into core.dim_leverans values (?, ?, ?)", [list(d.values()) for d in deliveries])
        db.execute(
            "create table core.fct_varning as select * from (values "
            "('0114', '', 'eb_person', '2019', 'EB-12', '', 40, 90, false), "
            "('0114', '', 'eb_person', '2019', 'GEN-20', 'fodd_utrikes_kod', 20, 90, false), "
            "('0114', '', 'eb_person', '2019', 'GEN-20', 'forsorjningshinder_kod', 30, 90, false), "
            "('0114', '', 'bu_placering', '2019', 'GEN-20', '', 20, 90, false), "
            "('0114', '', 'bbic_sammanfattning', '2019', 'BBIC-02', '', 20, 90, false), "
            "('0115', '', 'eb_person', '2019-03', 'GEN-07', '', 0, 0, false)) as t (kommun_kod, stadsdel_kod, dataset, "
            "period, regel_id, kolumn, antal, jamfort_med, ar_kvitterad)"
        )
    build_release(build, house.settings.release, Provenance(ASOF, "prov", "prov", {}, {}))


def test_the_warehouses_own_warnings_are_answered_for_the_year_and_all_variables(house: House, command: Any) -> None:
    house.receive(march(2019, 3))
    release_of(house)
    rows = command("kvittera", "--kommun", BIG)[1]
    assert [(r["regel_id"], r["kolumn"], r["ar_inaktuell"]) for r in rows] == [
        ("EB-12", "", False),
        ("GEN-20", "fodd_utrikes_kod", False),
        ("GEN-20", "forsorjningshinder_kod", False),
    ]
    code, answer = command("kvittera", "--kommun", BIG, "--regel", "GEN-20", "--period", "2019", *REASON)
    assert (code, len(answer["kvitterade"])) == (0, 2)
    assert [r["regel_id"] for r in command("kvittera", "--kommun", BIG)[1]] == ["EB-12"]
    assert answered(house) == {("eb_person", "2019")}


def test_a_warning_of_a_release_older_than_the_deliveries_is_not_answered(house: House, command: Any) -> None:
    house.receive(march(2019, 3))
    release_of(house)
    house.receive(march(2019, 4, version=2))
    assert {r["ar_inaktuell"] for r in command("kvittera", "--kommun", BIG)[1]} == {True}
    assert command("kvittera", "--kommun", BIG, "--regel", "EB-12", "--period", "2019", *REASON)[0] == 1
    assert house.ledger("select * from kvittering") == []


def counted(command: Any) -> list[tuple[Any, ...]]:
    rows = command("status")[1]["varningar"]
    return [(row["regel_id"], row["antal"], row["oppna"], row["ur"]) for row in rows]


def test_the_status_counts_warnings_per_rule_and_those_that_wait(house: House, command: Any) -> None:
    warned(house)
    release_of(house)
    acknowledge(house.engine, get_contracts(), house.settings, KEYS[:1], "Statistikenheten", "Varsel på bruket")
    assert counted(command) == [
        ("EB-12", 1, 1, "utgåvan"),
        ("GEN-07", 1, 0, "utgåvan"),
        ("GEN-18", 2, 1, "huvudboken"),
        ("GEN-20", 2, 2, "utgåvan"),
    ]


def test_of_its_own_warnings_the_ledger_answers_and_a_release_never_beside_it(house: House, command: Any) -> None:
    """In the release they stand as they did when it was built."""
    now = warned(house)
    release_of(house)
    with house.engine.begin() as connection:
        for dataset, rule in (("bu_placering", "GEN-20"), ("bbic_sammanfattning", "BBIC-02")):
            found = Warned(now.leverans_id, dataset, "2019", rule, 20, 90)
            connection.execute(insert(tables.varning), vars(found))
    assert [row for row in counted(command) if row[0] in ("BBIC-02", "GEN-20")] == [
        ("BBIC-02", 1, 1, "huvudboken"),
        ("GEN-20", 1, 1, "huvudboken"),
        ("GEN-20", 2, 2, "utgåvan"),
    ]
    rows = command("kvittera", "--kommun", BIG)[1]
    assert [r["dataset"] for r in rows if r["regel_id"] == "GEN-20"] == ["bu_placering", "eb_person", "eb_person"]


# -- lager check --forra -------------------------------------------------------------------------------------------


def packages(tmp_path: Path, now: Delivery, then: Delivery, *, folder: bool = False) -> tuple[str, str, str]:
    paths = now.put(tmp_path / "nu"), then.put(tmp_path / "forra", folder=folder)
    return str(paths[0]), "--forra", str(paths[1])


def compared(answer: Any) -> dict[str, tuple[Any, ...]]:
    rows = answer["jamforelse"]["datamangder"]
    return {r["dataset"]: (r["da"], r["nu"], r["andring"], r["andring_procent"]) for r in rows}


@pytest.mark.parametrize("folder", [False, True])
def test_a_package_is_compared_with_the_one_before_it(command: Any, tmp_path: Path, *, folder: bool) -> None:
    then = march(2019, 20, period="2019-02", avslut=[{"hushall_id": "X", "avslutsorsak_kod": "AO1"}])
    then.avslut[0]["avslut_datum"] = "2019-01-31"
    page = tmp_path / "svar.html"
    code, found = command(
        "check",
        *packages(tmp_path, march(2019, 31, nolleverans=["eb_avslut"]), then, folder=folder),
        "--html",
        str(page),
    )
    assert code == 0
    assert compared(found) == {
        "eb_avslut": (1, 0, -1, -100.0),
        "eb_hushall": (20, 31, 11, 55.0),
        "eb_person": (20, 31, 11, 55.0),
    }
    remarks = {r["dataset"]: r.get("anmarkning", "")[:6] for r in found["jamforelse"]["datamangder"]}
    assert remarks == {"eb_avslut": "", "eb_hushall": "GEN-18", "eb_person": "GEN-18"}
    assert "inte samma månad året före" in found["jamforelse"]["anmarkningar"][0]
    text = page.read_text(encoding="utf-8")
    assert text == receipt_page(found)
    assert "Jämfört med eb_2019-02 (februari 2019)" in text
    assert "<td>20</td><td>31</td><td>+11</td><td>+55,0 %</td>" in text
    assert "<td>1</td><td>0</td><td>−1</td><td>−100,0 %</td>" in text


def test_a_small_change_has_no_remark_and_the_year_before_is_called_so(command: Any, tmp_path: Path) -> None:
    code, found = command("check", *packages(tmp_path, march(2019, 30), march(2018, 20)))
    assert code == 0
    assert not any("anmarkning" in row for row in found["jamforelse"]["datamangder"])
    assert found["jamforelse"]["anmarkningar"] == ["Jämförelsen gäller samma månad året före, som i GEN-18."]


def test_an_unconfirmed_empty_dataset_would_stop_the_package(command: Any, tmp_path: Path) -> None:
    closed = [{"hushall_id": "X", "avslutsorsak_kod": "AO1", "avslut_datum": "2019-01-31"}]
    then, now = march(2019, 3, period="2019-02", avslut=closed), march(2019, 3, nolleverans=[])
    assert command("check", packages(tmp_path, now, then)[0])[0] == 0
    code, found = command("check", str(tmp_path / "nu" / BIG / "eb_2019-03.zip"), "--forra", str(then.put(tmp_path)))
    assert (code, found["status"], found["stoppad_av"]["regel"]) == (1, "stoppad", "GEN-05")
    assert found["tomma_utan_bekraftelse"] == ["eb_avslut"]
    assert [r["dataset"] for r in found["jamforelse"]["datamangder"] if "GEN-05" in r.get("anmarkning", "")] == [
        "eb_avslut"
    ]
    assert {d["lasta"] for d in found["datamangder"]} == {0}


def test_a_former_package_that_would_itself_be_stopped_is_not_held_against_the_new(
    command: Any, tmp_path: Path
) -> None:
    closed = [{"hushall_id": "X", "kommun_kod": "0115"}]
    then, now = march(2019, 3, period="2019-02", avslut=closed), march(2019, 3, nolleverans=[])
    code, found = command("check", *packages(tmp_path, now, then))
    assert code == 0
    assert "skulle självt stoppas (GEN-02)" in found["jamforelse"]["anmarkningar"][-1]


@pytest.mark.parametrize(
    "then",
    [march(2019, 3, kommun="0115"), march(2019, 3, period="2019-05"), march(2019, 3, stadsdel="01", period="2019-02")],
    ids=["another sender", "a later month", "another part"],
)
def test_what_cannot_be_compared_is_refused(command: Any, tmp_path: Path, then: Delivery) -> None:
    assert command("check", *packages(tmp_path, march(2019, 3), then))[0] == 2


def test_a_comparison_stores_nothing(house: House, command: Any, tmp_path: Path) -> None:
    before = sorted(house.home.rglob("*"))
    assert command("check", *packages(tmp_path, march(2019, 30), march(2019, 20, period="2019-02")))[0] == 0
    assert sorted(house.home.rglob("*")) == before
