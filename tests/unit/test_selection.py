"""Those who are followed up are seldom as the others: the share among them misleads, and the bounds do not.

Belongs here: the SQL of `_urvalsgrans` on cohorts whose truth is known. Does not belong here: what is hidden (its own
unit tests), or the cohorts of the warehouse.
"""

from __future__ import annotations

import duckdb
import numpy as np
import pandas as pd
import pytest

from tests.support.macros import sql
from tests.support.repo import DBT

MODEL = (DBT / "models" / "indicators" / "_urvalsgrans.sql").read_text(encoding="utf-8")
PLACE = {"indikator_id": "MB05", "version": 1, "geo_typ": "kommun", "period": "2019"}
CELL = {"kon_kod": "T", "aldersgrupp_kod": "T", "uppdelning": "asi_oro"}


def cohorts(number: int, seed: int) -> pd.DataFrame:
    """Cohorts of 100: how many got better, and how many of those and of the others were followed up."""
    rng = np.random.default_rng(seed)
    better = rng.integers(20, 80, number)
    followed = [rng.binomial(n, rng.uniform(0.05, 1, number)) for n in (better, 100 - better)]
    return pd.DataFrame({"better": better, "of_better": followed[0], "of_others": followed[1]})


def bounded(found: pd.DataFrame) -> pd.DataFrame:
    """The cohorts with the share among those followed up (`naive`) and the bounds that are shown beside it."""
    seen = found["of_better"] + found["of_others"]
    found = found[seen > 0].reset_index(drop=True).assign(geo_kod=lambda t: t.index.map("{:04d}".format))
    seen = found["of_better"] + found["of_others"]
    rows = [("ASI3_minskad", found["of_better"], seen), ("ASI3_ej_uppfoljt", 100 - seen, 0 * seen + 100)]
    cells = pd.concat(
        found[["geo_kod"]].assign(**PLACE, **CELL, uppdelning_kod=kod, taljare=taljare, namnare=namnare)
        for kod, taljare, namnare in rows
    ).assign(varde=lambda t: t["taljare"] / t["namnare"])
    with duckdb.connect() as db:
        db.register("_skyddscell", cells)
        bounds = db.execute(f"select geo_kod, grans_nedre, grans_ovre from ({sql(MODEL)})").df()
    return found.merge(bounds, on="geo_kod").assign(naive=found["of_better"] / seen, followed=seen / 100)


def test_the_bounds_hold_the_truth_whoever_was_followed_up_and_the_naive_share_does_not() -> None:
    found = bounded(cohorts(5000, seed=1))
    truth = found["better"] / 100
    assert len(found) > 4900
    assert truth.between(found["grans_nedre"] - 1e-9, found["grans_ovre"] + 1e-9).all()
    assert ((found["naive"] - truth).abs() > 0.2).mean() > 0.2, "the naive share is often far from it"
    assert found["naive"].between(found["grans_nedre"] - 1e-9, found["grans_ovre"] + 1e-9).all()


def test_the_bounds_are_as_far_apart_as_those_not_followed_up_are_many() -> None:
    found = bounded(cohorts(500, seed=2))
    assert (found["grans_ovre"] - found["grans_nedre"]).to_numpy() == pytest.approx(1 - found["followed"].to_numpy())


def test_the_example_of_the_definitions() -> None:
    """100 with oro, 50 of whom get better: 40 of these are followed up, and 10 of the others."""
    (one,) = bounded(pd.DataFrame({"better": [50], "of_better": [40], "of_others": [10]})).itertuples()
    assert (one.naive, one.followed) == (0.8, 0.5)
    assert (one.grans_nedre, one.grans_ovre) == (0.4, 0.9)
