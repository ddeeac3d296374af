"""The stories of both yearly domains, delivered to one home and answered by `lager run`, and what is asked of it.

Belongs here: the orders the deliveries may come in, the homes, and questions that more than one module asks. Does not
belong here: the deliveries (`barnstories.py`, `missbrukstories.py`), and any expectation (tests/golden).

The homes are of the session and cost whole runs: whoever asks for one is in the group "stories".
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.support import barnstories as barn
from tests.support import missbrukstories as missbruk
from tests.support.delivery import Parcel
from tests.support.lager import Lager, copy_home
from tests.support.lokal import agree
from tests.support.reception import House, give_key
from tests.support.warm import Run, Warm, warm

ASOF = "2020-04-02"  # the day after the deadline: 2019 is expected
REFERENCE = Path(__file__).parents[2] / "dbt_project" / "seeds" / "reference"
CHILDREN, ADULTS = range(21), range(21, 200)

# -- the orders ----------------------------------------------------------------------------------------------------

TOLD: list[Parcel] = [*barn.TOLD, *missbruk.TOLD]
# a closed year is corrected, the first year comes last, and the first versions after the second
TWO_RUNS: list[list[Parcel]] = [
    [
        *(*TOLD, barn.CLOSED, barn.LOST, barn.WHOLE, barn.LOCAL_2018_AGAIN, barn.REPORTS_2018_AGAIN),
        missbruk.COHORT_2018,
    ],
    [
        *(barn.CORRECTED, barn.FIRST, barn.LOCAL_2018, barn.REPORTS_2018),
        *(missbruk.COHORT_2018_AGAIN, missbruk.GOTLAND_FIRST),
    ],
]
ONE_RUN = [[parcel for run in TWO_RUNS for parcel in run]]
# the last year first and the year before it last, the correction before what it corrects, nobody's story whole
THREE_RUNS = [
    [barn.WHOLE, barn.REPORTS_2018, barn.LOCAL_2018, missbruk.COHORT_2018_AGAIN, *TOLD[1::2]],
    [barn.LOST, barn.CORRECTED, barn.FIRST, barn.REPORTS_2018_AGAIN, missbruk.GOTLAND_FIRST],
    [barn.CLOSED, barn.LOCAL_2018_AGAIN, missbruk.COHORT_2018, *TOLD[::2]],
]

# -- the homes -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def process() -> Iterator[Warm]:
    """Everything imported once."""
    with warm() as started:
        yield started


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the agreements and the key."""
    home = tmp_path_factory.mktemp("tomt") / "hem"
    agree(House(home), *barn.AGREED, *missbruk.AGREED)
    give_key(home)
    return home


def delivered(home: Path, process: Warm, runs: Iterable[Sequence[Parcel]], *arguments: str) -> Lager:
    """The home when each run's packages have come, and `lager run` has answered each time."""
    for parcels in runs:
        for parcel in parcels:
            parcel.put(home / "inbox")
        ended = process.run(Run(home, ASOF, light=True, arguments=("run", *arguments)))
        assert ended.code == 0, ended.said
    return Lager(home)


@pytest.fixture(scope="session")
def first(empty: Path, process: Warm, tmp_path_factory: pytest.TempPathFactory) -> Lager:
    """The home after the first run; the second is made in it."""
    return delivered(copy_home(empty, tmp_path_factory.mktemp("tva")), process, TWO_RUNS[:1])


@pytest.fixture(scope="session")
def before(first: Lager) -> duckdb.DuckDBPyConnection:
    """The release of the first run, which stands beside that of the second."""
    return first.warehouse()


@pytest.fixture(scope="session")
def told(first: Lager, before: duckdb.DuckDBPyConnection, process: Warm) -> Lager:
    """The home when everything has come, the last of it in a run that built on another."""
    return delivered(first.home, process, TWO_RUNS[1:])


@pytest.fixture(scope="session")
def now(told: Lager) -> duckdb.DuckDBPyConnection:
    return told.warehouse()


# -- what is asked -------------------------------------------------------------------------------------------------


def number(db: duckdb.DuckDBPyConnection, indikator: str, place: str, period: str = "2019", kod: str = "") -> Any:
    """A cell's numerator and denominator before protection, and its status; of all sexes and ages."""
    query = (
        "select cast(taljare as integer), cast(namnare as integer), status from indicators.fct_indikatorvarde "
        "where indikator_id = ? and geo_kod = ? and period = ? and kon_kod = 'T' and aldersgrupp_kod = 'T' "
        "and case when ? = '' then uppdelning = '-' else uppdelning_kod = ? end"
    )
    (row,) = db.execute(query, [indikator, place, period, kod, kod]).fetchall()
    return row


def published(db: duckdb.DuckDBPyConnection, indikator: str, place: str, period: str = "2019") -> Any:
    """What the release says of a cell: numerator, denominator and value, and why they are as they are."""
    query = (
        "select taljare, namnare, varde, status, varde_status, tecken from published.pub_indikatorvarde "
        "where indikator_id = ? and geo_kod = ? and period = ? and kon_kod = 'T' and aldersgrupp_kod = 'T' "
        "and uppdelning = '-'"
    )
    (row,) = db.execute(query, [indikator, place, period]).fetchall()
    return row


def delivery_status(db: duckdb.DuckDBPyConnection, kommun: str, kalla: str, period: str = "2019") -> set[Any]:
    """Each dataset of a source as the published table of deliveries has it, with the municipality's name."""
    query = (
        "select dataset, kommun_namn, leverans_status from published.pub_leveransstatus "
        "where kommun_kod = ? and kalla = ? and period = ?"
    )
    return set(db.execute(query, [kommun, kalla, period]).fetchall())


def receipt(house: Lager, parcel: Parcel) -> Any:
    """(the answer, what stopped it, rows set aside, each broken rule with its lines)"""
    (path,) = (house.home / "outbox" / parcel.kommun).glob(f"{parcel.name}.{parcel.leverans_id[:8]}.kvittens.json")
    told_them = json.loads(path.read_text(encoding="utf-8"))
    rules = {r["regel"]: [place["rad"] for place in r.get("exempel", [])] for r in told_them["regler"]}
    stopped = told_them["stoppad_av"] and told_them["stoppad_av"]["regel"]
    aside = sum(d["i_karantan"] + d["avvisade"] for d in told_them["datamangder"])
    return told_them["status"], stopped, aside, rules


def people(*kommuner: str, ages: range = CHILDREN) -> int:
    """The inhabitants of some ages (0-20 years), as the file of inhabitants has them."""
    with (REFERENCE / "befolkning.csv").open(encoding="utf-8", newline="") as handle:
        rows = [r for r in csv.DictReader(handle) if r["kommun_kod"] in kommuner and int(r["alder"]) in ages]
    return sum(int(row["antal"]) for row in rows)
