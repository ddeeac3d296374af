"""Whatever order deliveries come in, the warehouse ends the same: corrections, late months and re-delivered years.

Belongs here: the same six deliveries in many orders, each order by a municipality of its own and every delivery in a
reception of its own, then one ordinary run over them all. Does not belong here: the judgement alone (tests/properties).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from itertools import islice, permutations
from pathlib import Path

import duckdb
import pytest

from tests.support.delivery import Delivery, avslut, families, hushall, person, senders, year
from tests.support.lager import Lager
from tests.support.reception import MASTER, House

MONTHS = [f"2018-{m:02d}" for m in range(1, 13)]
AGAIN = [row for m in MONTHS for row in (hushall("H7", "5", period=m, belopp_kr="7000"),)]
STORY = (
    Delivery(**families(3), period="2018-11", mottagen="2018-12-10T10:00:00"),
    Delivery(**families(2, 1), period="2018-11", version=2, mottagen="2019-01-20T10:00:00"),
    Delivery(**families(3, 1), avslut=[avslut("H0", avslut_datum="2018-11-20")], period="2018-12",
             mottagen="2019-01-16T10:00:00"),
    Delivery(**families(2, 2), avslut=[avslut("H1", avslut_datum="2018-12-31")], period="2019-01",
             mottagen="2019-02-10T10:00:00"),
    year(mottagen="2019-02-20T10:00:00"),
    year(version=2, mottagen="2019-06-20T10:00:00", hushall=AGAIN,
         person=[person("H7", 40, period=m) for m in MONTHS]),
)  # fmt: skip
CONTENT = """
with rad as (
    select geo_kod as kommun_kod, 'varde' as slag, concat_ws('|', indikator_id, period, kon_kod, aldersgrupp_kod,
        uppdelning, uppdelning_kod, taljare, status, antal_kommuner_med) as text
    from indicators.fct_indikatorvarde where geo_typ = 'kommun'
    union all
    select kommun_kod, 'manad', concat_ws('|', period, hushall_id, hushallstyp_kod, belopp_kr)
    from core.fct_bidragsmanad
    union all
    select kommun_kod, 'leverans', concat_ws('|', dataset, period, leverans_status, ar_i_tid, antal_rader)
    from core.fct_leverans
    union all
    select kommun_kod, 'paket', concat_ws('|', paket_namn, mottagningsstatus, stoppande_regel_id, ar_i_kraft)
    from core.dim_leverans
)
select kommun_kod, string_agg(slag || ' ' || text, chr(10) order by slag, text)
from rad where kommun_kod in (select kommun_kod from core.dim_leverans) group by kommun_kod
"""


def received(home: Path, orders: Sequence[tuple[Delivery, ...]]) -> Lager:
    """A home where municipality i has sent the story in order i, one delivery to a reception; then one run."""
    key = home / "nycklar" / "huvudnyckel"
    key.parent.mkdir(parents=True)
    key.write_text(MASTER.hex())
    key.chmod(0o400)
    house = House(home)
    for place in range(len(STORY)):
        house.receive(*(order[place].but(kommun=senders()[i]) for i, order in enumerate(orders)))
    (home.parent / "tmp").mkdir()
    lager = Lager(home)
    done = lager.run("run", check=False)
    assert done.returncode == 0, done.stderr
    return lager


def contents(lager: Lager) -> dict[str, str]:
    with lager.warehouse() as warehouse:
        return dict(warehouse.execute(CONTENT).fetchall())


def value(warehouse: duckdb.DuckDBPyConnection, indikator: str, kommun: str) -> float:
    query = (
        "select taljare from indicators.fct_indikatorvarde where indikator_id = ? and geo_kod = ? and period = '2018' "
        "and kon_kod = 'T' and aldersgrupp_kod = 'T' and uppdelning = '-'"
    )
    return float(warehouse.execute(query, [indikator, kommun]).fetchall()[0][0])


@pytest.mark.xdist_group("orders")
@pytest.mark.parametrize(
    "part", [pytest.param(0, id="24 orders"), *(pytest.param(p, marks=pytest.mark.slow) for p in (1, 2, 3))]
)
def test_any_order_of_corrections_late_months_and_redelivered_years_gives_one_hash(tmp_path: Path, part: int) -> None:
    """24 orders spread over all 720; the three slow parts are all of them, 240 at a time."""
    everyone = list(permutations(STORY))
    orders = everyone[::30] if part == 0 else list(islice(everyone, 240 * (part - 1), 240 * part))
    lager = received(tmp_path / "hem", orders)
    found = contents(lager)
    assert len(found) == len(orders)
    assert len({hashlib.sha256(text.encode()).hexdigest() for text in found.values()}) == 1
    with lager.warehouse() as warehouse:
        kommun = senders()[0]
        # the second re-delivery holds all months: one household, twelve times 7 000 kr
        assert (value(warehouse, "EB01", kommun), value(warehouse, "EB07", kommun)) == (1, 84_000)
