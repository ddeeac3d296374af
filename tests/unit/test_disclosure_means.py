"""Means: a sum of changes that is moved before the mean is made of it, and attacks on it.

Belongs here: what can be said of the method without a warehouse, of changes of -9 to 9 (MB04). Does not belong here:
counts and the p-table (test_disclosure.py), a release (tests/golden/test_skydd.py).
"""

from __future__ import annotations

from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest

from pipelines.contracts.protection import protection
from pipelines.disclosure import ptable
from pipelines.disclosure.attack import Cell, bounds, recovered, true_sums
from tests.support.macros import sql

P = protection()
LARGEST, VARIANCE, KEYS, LAST = (P[k] for k in ("storsta_avvikelse", "varians", "antal_nycklar", "sista_klass"))
TABLE = ptable.contracted()

SCALE, FAR = 3, 9
MEANS = """
    with cell as (
        select BY, sum(forandring) as summa, count(*) as antal, stddev_samp(forandring) as spridning,
            {{ nyckelsumma(medelsnyckel('person_id', 'forandring', FAR)) }} as summa_nyckel,
            {{ nyckelsumma(postnyckel('person_id')) }} as antal_nyckel
        from posts group by BY
    ),
    visad as (
        select c.*, t.storning, {{ skyddat_antal('c.antal', 'c.antal', 'n.storning', "'person'") }} as visat_antal
        from cell as c
        left join ptabell as t on {{ slas_upp('t', 'c.antal', 'c.summa_nyckel') }}
        left join ptabell as n on {{ slas_upp('n', 'c.antal', 'c.antal_nyckel') }}
    )
    select *, {{ skyddat_medel('summa', 'antal', 'storning', SCALE) }} as medel,
        case when visat_antal > 0 then {{ medel_halva('spridning', 'visat_antal', SCALE) }} end as halva
    from visad
"""


def means(posts: pd.DataFrame, by: str, protected: bool = True) -> pd.DataFrame:
    """Means of microdata, moved by the project's own macros."""
    table = pd.read_csv(ptable.SEED)
    with duckdb.connect() as db:
        db.register("posts", posts)
        db.register("ptabell", table if protected else table.assign(storning=0))
        query = sql(MEANS.replace("SCALE", str(SCALE)).replace("FAR", str(FAR))).replace("BY", by)
        return db.execute(f"select * from ({query}) order by {by}").df()


def followed_up(sizes: Any, seed: int) -> pd.DataFrame:
    """Microdata: cells of the given sizes, of persons with pseudonyms of 64 bits and a change of a step or two."""
    rng = np.random.default_rng(seed)
    cell = np.repeat(np.arange(len(sizes)), sizes)
    person_id = rng.integers(-(2**63), 2**63, size=len(cell), dtype=np.int64)
    changes = rng.normal(-1, 2.2, len(cell)).round().clip(-FAR, FAR).astype(int)
    return pd.DataFrame({"omrade": cell // 100, "grupp": cell % 100, "person_id": person_id, "forandring": changes})


def test_a_mean_keeps_its_mean_and_is_moved_by_more_than_one_person_can_have_changed_it() -> None:
    for size in (10, 14, 40):
        found = means(followed_up(np.full(4000, size), seed=size), "omrade, grupp")
        moved = (found["medel"] - found["summa"] / size) * size
        assert moved.mean() == pytest.approx(0, abs=4 * 2 * SCALE / np.sqrt(4000) + 0.0125 * size)
        assert moved.std() == pytest.approx(np.hypot(2 * SCALE, size * 0.1 / np.sqrt(12)), rel=0.1)
        assert moved.abs().max() <= LARGEST * SCALE + 0.05 * size + 1e-9
        assert abs(np.corrcoef(found["storning"], found["visat_antal"].astype(float))[0, 1]) < 0.06
        assert (found["medel"] * 10 % 1).between(1e-6, 1 - 1e-6).sum() == 0, "one decimal"


def test_the_interval_of_a_mean_covers_the_true_one_and_tells_only_a_class_of_its_spread() -> None:
    found = means(followed_up(np.full(4000, 16), seed=8), "omrade, grupp").query("visat_antal >= 10")
    assert ((found["medel"] + 1).abs() <= found["halva"]).mean() > 0.93, "of the population the persons are drawn from"
    wide = found["halva"] ** 2 / 1.96**2 - VARIANCE * SCALE**2 / found["visat_antal"].astype(float) ** 2
    classes = np.sqrt(wide * found["visat_antal"].astype(float)) / (SCALE / 6)
    assert (abs(classes - classes.round()) < 1e-6).all()
    assert (classes.round() * SCALE / 6 >= found["spridning"] - 1e-9).all()
    assert set(classes.round()) <= set(range(1, 9))


def test_a_mean_is_the_same_in_every_table_that_has_the_same_persons_and_is_drawn_anew_by_a_corrected_answer() -> None:
    posts = followed_up(np.full(3000, 12), seed=9).assign(rss="RSS09", lan="09")
    tables = [means(posts, f"{area}, omrade, grupp").set_index(["omrade", "grupp"])["medel"] for area in ("rss", "lan")]
    assert tables[0].equals(tables[1])
    corrected = posts.assign(forandring=posts["forandring"].where(posts.duplicated(["omrade", "grupp"]), 0))
    before, after = (means(p, "omrade, grupp") for p in (posts, corrected))
    changed = before["summa"] != after["summa"]
    assert (before["medel"] == after["medel"])[~changed].all()
    assert (before["storning"] == after["storning"])[changed].mean() < 0.25


def told(size: int, protected: bool) -> tuple[float, float]:
    """How often the difference of two releases, one person fewer in the second, tells that person's change; and how
    often the most common change would be right.
    """
    posts = followed_up(np.full(3000, size), seed=10 + size)
    gone = ~posts.duplicated(["omrade", "grupp"])
    before, after = (means(p, "omrade, grupp", protected)["medel"] for p in (posts, posts[~gone]))
    worked_out = size * before - (size - 1) * after
    true = posts[gone]["forandring"].to_numpy()
    return float((worked_out.round().to_numpy() == true).mean()), float((true == -1).mean())


def test_two_releases_that_differ_in_one_person_do_not_tell_how_that_person_changed() -> None:
    for size in (11, 20, 60):
        right, guessed = told(size, protected=True)
        assert right < guessed, "a blind guess is better"
    right, guessed = told(11, protected=False)
    assert right > 2 * guessed, "one decimal alone would tell"


def linked_means(rng: np.random.Generator) -> tuple[list[Cell], list[tuple[int, int]], list[int], list[int]]:
    """Fourteen municipalities in two counties, the first of which is an RSS, the other of none, kön 1, 2 and T: what is
    shown of ten or more gives limits, of sums counted from the least they can be; and the same for what is hidden.
    """
    sizes = rng.choice([3, 8, 12, 20, 35], size=(14, 2))
    changes = [[rng.normal(-1, 2.2, n).round().clip(-FAR, FAR).astype(int) for n in place] for place in sizes]
    people_of = [[k] for k in range(14)] + [list(range(6)), list(range(6)), list(range(6, 14)), list(range(14))]
    cells, limits, truth, number = [], [], [], []
    drawn: dict[tuple[int, ...], int] = {}
    for places in people_of:
        for sexes in ([0], [1], [0, 1]):
            parts = tuple(2 * k + s for k in places for s in sexes)
            n = int(sum(sizes[k][s] for k in places for s in sexes))
            total = int(sum(changes[k][s].sum() for k in places for s in sexes))
            shift = TABLE[min(n, LAST)][drawn.setdefault(parts, int(rng.integers(KEYS)))]
            shown = (20 * (total + shift * SCALE) + n) // (2 * n) / 10
            low, high = true_sums(shown, n, SCALE, FAR, TABLE) if n >= 10 else (-n * FAR, n * FAR)
            cells.append(Cell(parts, 0))
            limits.append((low + n * FAR, high + n * FAR))
            truth.append(total + n * FAR)
            number.append(n)
    return cells, limits, truth, number


def test_linear_programming_over_kommun_rss_lan_riket_and_kon_tells_no_sum_to_within_one_persons_change() -> None:
    cells, limits, truth, number = linked_means(np.random.default_rng(11))
    found = bounds(cells, limits)
    assert all(low <= n <= high for n, (low, high) in zip(truth, found, strict=True)), "the attack itself is sound"
    assert sum(n < 10 for n in number) > 8, "there were hidden ones"
    assert recovered(found) == 0
    assert min(high - low for low, high in found) > 2 * FAR, "all that one person can have changed"


def test_what_a_shown_mean_allows_is_read_off_it() -> None:
    low, high = true_sums(-0.7, 12, SCALE, FAR, TABLE)
    assert low <= -15 <= high, "the example of the definitions: -15 of twelve, moved two steps"
    assert (low, high) == (-9 - 15, -8 + 15), "what is shown as -0.7 is -9 or -8 of twelve"
    with pytest.raises(ValueError, match="20"):
        true_sums(20.0, 12, SCALE, FAR, TABLE)
