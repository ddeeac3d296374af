"""The yardsticks: the same sixteen indicators by a plain script, in DuckDB (plain.sql) and in pandas.

Belongs here: running them over a folder of plain files. `python -m benchmarks.plain duckdb|pandas MAPP`.
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb
import pandas as pd

SCRIPTS = [Path(__file__).with_name(name) for name in ("plain_las.sql", "plain.sql")]
GROUPS = {"FH11": "arbetsloshet", "FH12": "arbetsloshet", "FH13": "arbetsloshet", "FH99": "okand"}


def in_duckdb(folder: Path) -> None:
    """All sixteen, on three levels."""
    with duckdb.connect(config={"threads": 2, "preserve_insertion_order": False}) as db:
        for script in SCRIPTS:
            db.execute(script.read_text(encoding="utf-8").replace("$MAPP", str(folder)))


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
    {"duckdb": in_duckdb, "pandas": in_pandas}[sys.argv[1]](Path(sys.argv[2]))
