"""The simulated adults: the same bytes for the same seed, a truth that adds up, and a loss that makes the naive wrong.

Belongs here: what must hold of the yearly deliveries and their truth as a whole. Does not belong here: cases worked by
hand (test_missbruk_fall).
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from pipelines.synthetic import write_demo
from pipelines.synthetic.arsvis.avsandare import avsandare
from pipelines.synthetic.arsvis.folk import befolkning
from pipelines.synthetic.arsvis.parametrar import parametrar
from pipelines.synthetic.arsvis.tal import ars_dagar
from pipelines.synthetic.mal import SEEDS, read_reference
from pipelines.synthetic.missbruk.koder import MISSBRUK
from pipelines.synthetic.missbruk.samhalle import ALDERSGRANSER, simulera

GIVEN: dict[str, Any] = {"kommuner": 24, "manader": 12, "skala": 0.3, "fro": 3, "workers": 1, "barn": True}
MANGDER = tuple(dataset for datasets in MISSBRUK.kallor.values() for dataset in datasets)
MB = {f"MB{n:02d}" for n in range(1, 18)} | {"SU05", "SU06"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three years of the yearly sources; of ekonomiskt bistånd as little as can be."""
    folder = tmp_path_factory.mktemp("missbruk")
    write_demo(folder, **{**GIVEN, "manader": 36, "asof": date(2020, 6, 1)})
    return folder


@pytest.fixture(scope="module")
def db(home: Path) -> duckdb.DuckDBPyConnection:
    """The truth's tables of these sources."""
    db = duckdb.connect()
    names, sets = (", ".join(f"'{name}'" for name in sorted(of)) for of in (MB, MANGDER))
    facit = home / "demo" / "facit"
    db.execute(f"create table varde as select * from '{facit}/indikatorvarde.parquet' where indikator_id in ({names})")
    for name in ("leverans", "regelutfall"):
        db.execute(f"create table {name} as select * from '{facit}/{name}.parquet' where dataset in ({sets})")
    db.execute(f"create table sant as select * from '{facit}/sant_utfall.parquet'")
    return db


def values(db: duckdb.DuckDBPyConnection, query: str) -> set[Any]:
    return {value for (value,) in db.execute(query).fetchall()}


def test_every_row_received_ends_in_one_place(db: duckdb.DuckDBPyConnection) -> None:
    assert values(db, "select distinct dataset from leverans") == set(MANGDER)
    wrong = "select count(*) from leverans where mottagna <> lasta + i_karantan + skyddade + avvisade"
    assert values(db, wrong) == {0}
    assert values(db, "select sum(skyddade) > 0 from leverans") == {True}
    assert values(db, "select stoppande_regel from leverans") >= {"GEN-01", "GEN-02", "GEN-03", "GEN-04", "GEN-26"}


def test_every_rule_of_the_page_falls_somewhere(db: duckdb.DuckDBPyConnection) -> None:
    fell = values(db, "select distinct regel_id from regelutfall where antal_rader > 0")
    assert fell >= {f"MIS-{n:02d}" for n in range(1, 6)} | {f"ASI-{n:02d}" for n in (1, 2, 3, 4, 5, 6, 8)}
    assert fell >= {"LVM-01", "LVM-04", "LVM-06", "LVM-07", "ISU-01", "ISU-02", "ISU-03", "GEN-15"}
    assert fell >= {"UTR-01", "UTR-03", "UTR-04", "UTR-05", "GEN-10", "GEN-11", "GEN-12", "GEN-14", "GEN-25"}


def test_indicators_have_the_levels_years_and_pools_of_the_page(db: duckdb.DuckDBPyConnection) -> None:
    def with_(where: str) -> set[Any]:
        return values(db, f"select distinct indikator_id from varde where {where}")

    assert with_("true") == MB
    assert with_("geo_typ = 'riket'") == {"MB09", "MB10", "MB11", "MB12", "MB15", "MB16", "MB17"}
    assert with_("geo_typ = 'rss'") == {*(f"MB{n:02d}" for n in (3, 4, 5, 6, 7, 15, 16, 17)), "SU05", "SU06"}
    assert with_("geo_typ = 'kommun' and length(period) = 4") == MB - {"MB09", "MB10", "MB11", "MB12", "MB17"}
    assert with_("period = '2017-2019'") == {"MB01", "MB02", "MB09", "MB10", "MB13", "MB14", "SU05", "SU06"}
    assert with_("period = '2018'") == MB - {f"MB{n:02d}" for n in (3, 4, 5, 6, 7, 8, 15, 16, 17)}
    assert not values(db, "select geo_kod from varde where geo_typ = 'rss' and geo_kod = 'RSS13'")


def test_the_followed_say_more_than_is_true_and_the_bounds_hold_the_truth(db: duckdb.DuckDBPyConnection) -> None:
    """The lesson of the page: the naive mean is wrong, and what is shown beside it says so."""
    rows = db.execute(
        "select indikator_id, antal, antal_uppfoljda, bland_uppfoljda, bland_alla from sant where geo_typ = 'riket'"
    ).fetchall()
    assert len(rows) == 14
    change = [(seen, true) for name, _, _, seen, true in rows if name == "MB04"]
    assert sum(seen - true for seen, true in change) / len(change) < -0.1
    for name, of, followed, seen, true in rows:
        if name == "MB05":
            assert seen > true
            assert seen * followed / of <= true <= (seen * followed + of - followed) / of


def test_classes_of_outcome_share_their_denominator_and_add_up_to_it(db: duckdb.DuckDBPyConnection) -> None:
    query = (
        "select sum(taljare), max(namnare), count(distinct namnare) from varde "
        "where indikator_id in ('MB15', 'MB16', 'MB17') "
        "and uppdelning <> 'uppfoljning' and taljare is not null group by geo_typ, geo_kod, period, uppdelning, "
        "regexp_replace(uppdelning_kod, '_(uppfoljd|avbojt|ej_nadd|avliden|ej_forsokt|okant|ingen_grund|forbattrat|"
        "oforandrat|forsamrat|ej_uppfoljt)$', '')"
    )
    rows = db.execute(query).fetchall()
    assert sum(of for _, of, _ in rows) > 1000
    assert all(total == of and different == 1 for total, of, different in rows)


@pytest.mark.parametrize("fro", [1, 2])
def test_a_year_at_real_size_has_about_a_thousand_applications(fro: int) -> None:
    ref, par = read_reference(), parametrar("missbruk")
    folk = befolkning(SEEDS, ref, ALDERSGRANSER)
    nowhere = folk.sum(axis=(1, 2)) < 0
    soc = simulera(folk, avsandare(ref, {}), range(2017, 2020), 1.0, fro, par, nowhere)
    for year in soc.ar:
        jan, dec = ars_dagar(year)
        day = soc.lvm.ansokan["dag"]
        assert int(((day >= jan) & (day <= dec)).sum()) == pytest.approx(1000, rel=0.15)


def test_the_systems_write_in_their_own_words_and_only_test_numbers(home: Path) -> None:
    seen, numbers = set(), set()
    for path in sorted((home / "inbox").glob("*/*.zip")):
        if not path.name.startswith(tuple(MISSBRUK.kallor)):
            continue
        with zipfile.ZipFile(path) as archive:
            manifest = json.loads(archive.read("manifest.json"))
            seen.add((manifest["kalla"], manifest["profil"]))
            own = {p.namn: p for p in MISSBRUK.system[manifest["kalla"]]}[manifest["profil"]]
            for name in archive.namelist():
                if not name.endswith(".csv"):
                    continue
                text = archive.read(name).decode()
                numbers |= {"".join(n) for n in re.findall(r"(?<!\d)((?:19|20)\d{6})-?(\d{4})(?!\d)", text)}
                rows = list(csv.reader(io.StringIO(text), delimiter=own.avgransare))
                assert all(len(row) == len(rows[0]) for row in rows)
    assert {profil for kalla, profil in seen if kalla == "asi"} == {"kanonisk", "pahittad_delta", "pahittad_epsilon"}
    assert len({profil for kalla, profil in seen if kalla == "isu"}) == 4
    assert len(numbers) > 100
    assert all(980 <= int(n[8:11]) <= 999 for n in numbers)


def test_all_else_is_the_same_whoever_is_also_simulated(tmp_path: Path) -> None:
    small = {**GIVEN, "kommuner": 4, "skala": 0.02, "asof": date(2018, 6, 1)}
    write_demo(tmp_path / "med", **small)
    write_demo(tmp_path / "igen", **small)
    names = sorted(p.relative_to(tmp_path / "med") for p in (tmp_path / "med" / "inbox").rglob("*") if p.is_file())
    assert {name.name.split("_")[0] for name in names} >= set(MISSBRUK.kallor)
    assert all((tmp_path / "med" / n).read_bytes() == (tmp_path / "igen" / n).read_bytes() for n in names)
    table = pq.read_table(tmp_path / "med" / "demo" / "facit" / "indikatorvarde.parquet")
    assert table.equals(pq.read_table(tmp_path / "igen" / "demo" / "facit" / "indikatorvarde.parquet"))
