"""The yardsticks: the same indicators by plain scripts: sixteen in DuckDB (plain.sql) and in pandas, and the volumes of
children and young people in DuckDB (plain_barn.sql).

Belongs here: running them over a folder of plain files, and whether they say what the warehouse says.
`python -m benchmarks.plain duckdb|pandas|barn MAPP`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from functools import partial
from pathlib import Path

import duckdb
import pandas as pd

EB, BARN = ("plain_las.sql", "plain.sql"), ("plain_barn_las.sql", "plain_barn.sql")
GROUPS = {"FH11": "arbetsloshet", "FH12": "arbetsloshet", "FH13": "arbetsloshet", "FH99": "okand"}


def in_duckdb(scripts: Iterable[str], folder: Path) -> None:
    """All of the scripts' indicators, on three levels."""
    with duckdb.connect(config={"threads": 2, "preserve_insertion_order": False}) as db:
        for script in scripts:
            db.execute(Path(__file__).with_name(script).read_text(encoding="utf-8").replace("$MAPP", str(folder)))


def differing(folder: Path, home: Path) -> dict[str, tuple[int, int]]:
    """Indicator -> values of municipalities and years in the warehouse, and how many of them the script says otherwise.

    Where the warehouse has no value (a municipality that does not count) the script is not asked; no row is a zero.
    """
    with duckdb.connect(str(home / "build" / "lager.duckdb"), read_only=True) as db:
        found = db.execute(COMPARED, [str(folder / "plain.parquet")]).fetchall()
    return {indicator: (values, other) for indicator, values, other in found}


COMPARED = """
    with skript as (select * from read_parquet(?) where kommun_kod is not null),
    lager as (
        select *, indikator_id || case when uppdelning = '-' then '' else ' ' || uppdelning_kod end as indikator
        from indicators.fct_indikatorvarde
        where geo_typ = 'kommun' and length(period) = 4 and kon_kod = 'T' and aldersgrupp_kod = 'T'
            and taljare is not null
    )
    select l.indikator, count(*), count(case when abs(coalesce(s.taljare, 0) - cast(l.taljare as double)) > 0.005
        or abs(coalesce(s.namnare, cast(l.namnare as double)) - cast(l.namnare as double)) > 0.005 then 1 end)
    from lager as l
    left join skript as s on s.indikator = l.indikator and s.kommun_kod = l.geo_kod and s.ar = cast(l.period as integer)
    where l.indikator in (select indikator from skript)
    group by l.indikator order by l.indikator
"""


def in_pandas(folder: Path) -> None:
    """The ones that a table of persons gives, on three levels: what pandas costs, not a second truth."""
    text = {"kommun_kod": "string", "stadsdel_kod": "string", "period": "string", "hushall_id": "string"}
    codes = dict.fromkeys(("personnummer", "id_typ_kod", "kon_kod", "roll_kod", "forsorjningshinder_kod"), "string")
    read = {"sep": ";", "decimal": ".", "engine": "c"}
    persons = pd.read_csv(folder / "person.csv", dtype=text | codes | {"arbetsmarknadsinsats_kod": "string"}, **read)
    households = pd.read_csv(folder / "hushall.csv", dtype=text, **read)
    people = pd.read_csv(folder / "befolkning.csv", dtype={"kommun_kod": "string", "lan_kod": "string"}, **read)
    households = households[households["belopp_kr"] > 0]
    month = persons.merge(households[[*text, "antal_barn", "belopp_kr"]], on=list(text))
    month["ar"] = month["period"].str[:4].astype("int32")
    month["grupp"] = month["forsorjningshinder_kod"].map(GROUPS).fillna("ovrigt")
    adult = month[(month["roll_kod"] != "barn") & (month["ar"] - month["fodelsear"] >= 18)]
    year = month.groupby(["kommun_kod", "personnummer", "ar"]).agg(
        antal=("period", "nunique"), fodelsear=("fodelsear", "max")
    )
    year = year.reset_index()
    year["alder"] = year["ar"] - year["fodelsear"]
    home = households.assign(ar=households["period"].str[:4].astype("int32"))
    of_home = home.groupby(["kommun_kod", "stadsdel_kod", "hushall_id", "ar"], dropna=False).agg(
        antal=("period", "size"), belopp=("belopp_kr", "sum"), barn=("antal_barn", "max")
    )
    key = ["kommun_kod", "ar"]
    counts = pd.concat(
        [
            year.groupby(key).size().rename("alla"),
            year[year["alder"] < 18].groupby(key).size().rename("barn_med"),
            year[year["alder"].between(18, 24)].groupby(key).size().rename("unga_med"),
            year[year["alder"] >= 18].groupby(key).size().rename("vuxna_med"),
            year[(year["alder"] >= 18) & (year["antal"] >= 10)].groupby(key).size().rename("langa"),
            of_home.reset_index().groupby(key)[["belopp", "antal"]].sum().add_prefix("hushall_"),
            of_home.reset_index().groupby(key).size().rename("hushall"),
            adult.groupby(key).size().rename("manader"),
            adult[adult["grupp"] == "okand"].groupby(key).size().rename("okanda"),
            adult[adult["grupp"] == "arbetsloshet"].groupby(key).size().rename("arbetslosa"),
        ],
        axis=1,
    ).reset_index()
    whole = people.merge(counts, on=key)
    sums = [whole.groupby(level).sum(numeric_only=True) for level in (["kommun_kod", "ar"], ["lan_kod", "ar"], ["ar"])]
    pd.concat(s.reset_index() for s in sums).to_parquet(folder / "pandas.parquet")


if __name__ == "__main__":
    scripts = {"duckdb": partial(in_duckdb, EB), "barn": partial(in_duckdb, BARN), "pandas": in_pandas}
    scripts[sys.argv[1]](Path(sys.argv[2]))
