"""The p-table, its use in SQL against the ONS package as oracle, and attacks on many simulated cells.

Belongs here: what can be said of the method without a warehouse. Does not belong here: a release
(tests/golden/test_skydd.py).
"""

from __future__ import annotations

import contextlib
import hashlib
import io
from collections import Counter
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest
import yaml
from cell_key_perturbation.create_perturbed_table import create_perturbed_table

from pipelines.contracts.protection import KINDS, protection, require_kinds
from pipelines.contracts.render import indicators
from pipelines.disclosure import ptable
from pipelines.disclosure.attack import Cell, bounds, recovered, true_counts
from tests.support.macros import sql
from tests.support.repo import DBT

P = protection()
LARGEST, VARIANCE, BANNED, KEYS = (
    P[k] for k in ("storsta_avvikelse", "varians", "hogsta_som_aldrig_visas", "antal_nycklar")
)
LAST = P["sista_klass"]
TABLE = ptable.contracted()
CLASSES = [pytest.param(c, id=f"klass {c}") for c in TABLE]


# --- the table


def test_the_committed_table_is_the_one_its_parameters_give() -> None:
    assert ptable.SEED.read_text(encoding="utf-8") == ptable.as_csv(TABLE)


@pytest.mark.parametrize("count", CLASSES)
def test_a_shift_is_bounded_keeps_the_mean_and_never_ends_on_a_small_count(count: int) -> None:
    row = TABLE[count]
    assert len(row) == KEYS
    assert sum(row) == 0, "the mean is exactly zero"
    assert max(map(abs, row)) <= LARGEST
    assert all(count + shift == 0 or count + shift > BANNED for shift in row)
    assert list(row) == sorted(row), "in key order, so that every other key sees the same distribution"


def test_zero_stays_zero_and_every_other_count_can_be_moved() -> None:
    assert set(TABLE[0]) == {0}
    assert all(min(row) < 0 < max(row) for count, row in TABLE.items() if count)


def test_the_variance_is_the_wanted_one_where_nothing_forbids_it_and_near_the_least_possible_elsewhere() -> None:
    variance = {count: float(np.var(row)) for count, row in TABLE.items()}
    assert variance[LAST] == pytest.approx(VARIANCE, rel=0.03)
    assert all(v <= VARIANCE * 1.03 for count, v in variance.items() if count > BANNED)
    # Between nothing and five, with mean zero: c (5 - c), plus what rounding to whole keys costs.
    for count in range(1, BANNED + 1):
        assert variance[count] == pytest.approx(count * (BANNED + 1 - count), rel=0.05)


@pytest.mark.parametrize("count", [5, 7, LAST])
def test_no_other_distribution_with_the_same_mean_and_variance_is_less_certain(count: int) -> None:
    """Of largest entropy: every step that keeps sum, mean and variance loses some."""
    d = ptable.shifts(count, LARGEST, BANNED)
    p = ptable.distribution(d, VARIANCE)
    assert p.sum() == pytest.approx(1)
    assert p @ d == pytest.approx(0, abs=1e-7)
    assert p @ d**2 == pytest.approx(VARIANCE, abs=1e-5) or count == 7
    kept = np.linalg.svd(np.vstack([np.ones_like(d), d, d**2]))[2][3:]
    for step in [*kept, *-kept]:
        other = p + 0.2 * p.min() * step
        assert -(other @ np.log(other)) < -(p @ np.log(p))


def test_the_last_class_meets_no_ban_so_that_it_holds_for_every_higher_count() -> None:
    assert LAST - LARGEST > BANNED
    assert min(TABLE[LAST]) == -LARGEST
    assert Counter(TABLE[LAST]) == Counter(-shift for shift in TABLE[LAST])


# --- who counts what


@pytest.mark.parametrize("wrong", ["", "personer", None])
def test_an_indicator_that_does_not_say_what_it_counts_is_refused(wrong: str | None) -> None:
    meta = {"indikator_id": "X", "ar_personuppgift": True, "taljare_slag": "person", "namnare_slag": "person"}
    require_kinds(meta)
    with pytest.raises(ValueError, match="taljare_slag och namnare_slag"):
        require_kinds(meta | {"namnare_slag": wrong})
    with pytest.raises(ValueError, match="ar_personuppgift"):
        require_kinds(meta | {"ar_personuppgift": False})
    with pytest.raises(ValueError, match="kronor"):
        require_kinds(meta | {"namnare_slag": "kronor"})


def test_every_indicator_says_what_it_counts_and_only_population_and_deliveries_go_unprotected() -> None:
    found = {
        meta["indikator_id"]: (meta["taljare_slag"], meta["namnare_slag"])
        for _, meta in indicators(DBT / "models" / "indicators")
    }
    assert {kind for kinds in found.values() for kind in kinds} == set(KINDS)
    assert {name for name, (taljare, _) in found.items() if taljare in ("befolkning", "leverans")} == {"SU01", "SU02"}
    for path in (DBT / "models" / "indicators").glob("ind_*__*.yml"):
        meta = yaml.safe_load(path.read_text(encoding="utf-8"))["models"][0]["config"]["meta"]
        bare = "cast(null as bigint) as taljare_nyckel" in path.with_suffix(".sql").read_text(encoding="utf-8")
        assert bare is (meta["taljare_slag"] in ("befolkning", "leverans")), path.stem


# --- the SQL


CELLS = """
    with cell as (
        select BY, 'SLAG' as slag, 'PERIOD' as period, count(*) as antal,
            {{ nyckelsumma(postnyckel('person_id')) }} as nyckel
        from posts group by BY
    ),
    vagd as (select *, {{ minsta_antal_poster('antal', enheter_per_post('slag', 'period')) }} as poster from cell)
    select v.*, {{ skyddat_antal('v.antal', 'v.poster', 't.storning', 'v.slag') }} as visat
    from vagd as v left join ptabell as t on {{ slas_upp('t', 'v.poster', 'v.nyckel') }}
"""


def in_sql(posts: pd.DataFrame, by: str, slag: str = "person", period: str = "2018") -> pd.DataFrame:
    """Cells of microdata, counted, keyed and moved by the project's own macros."""
    with duckdb.connect() as db:
        db.register("posts", posts)
        db.register("ptabell", pd.read_csv(ptable.SEED))
        query = sql(CELLS).replace("BY", by).replace("SLAG", slag).replace("PERIOD", period)
        return db.execute(f"select * from ({query}) order by {by}").df()


def people(sizes: Any, seed: int) -> pd.DataFrame:
    """Microdata: cells of the given sizes, of persons with pseudonyms of 64 bits, half of them negative."""
    rng = np.random.default_rng(seed)
    cell = np.repeat(np.arange(len(sizes)), sizes)
    person_id = rng.integers(-(2**63), 2**63, size=len(cell), dtype=np.int64)
    return pd.DataFrame({"omrade": cell // 100, "grupp": cell % 100, "person_id": person_id})


def ons_table() -> pd.DataFrame:
    """Our p-table in the format of the ONS package: 750 classes, of which it uses the last 250 over and over."""
    rows = [(pcv, key, shift) for pcv in range(1, 751) for key, shift in enumerate(TABLE[min(pcv, LAST)])]
    return pd.DataFrame(rows, columns=["pcv", "ckey", "pvalue"])


def test_ten_thousand_cells_are_those_of_the_ons_package() -> None:
    sizes = np.hstack([np.arange(1, 13).repeat(600), np.arange(13, 2813)[::13].repeat(12), [1500, 5000]])
    sizes = np.random.default_rng(1).permutation(np.hstack([sizes, np.full(10_000 - len(sizes), 3)]))
    posts = people(sizes, seed=2)
    ours = in_sql(posts, "omrade, grupp")
    assert len(ours) == 10_000
    micro = posts.assign(record_key=posts["person_id"].to_numpy().view(np.uint64) & np.uint64(255))
    micro["record_key"] = micro["record_key"].astype(int)
    with contextlib.redirect_stdout(io.StringIO()):
        theirs = create_perturbed_table(micro, ons_table(), ["omrade"], ["grupp"], "record_key", threshold=0)
    theirs = theirs.sort_values(["omrade", "grupp"])
    assert (ours["nyckel"] % KEYS).tolist() == theirs["ckey"].tolist()
    assert ours["visat"].astype(int).tolist() == theirs["count"].astype(int).tolist()
    assert set(theirs["pvalue"]) == set(range(-LARGEST, LARGEST + 1)), "every shift was tried"


def test_cell_keys_are_uniform_also_in_cells_of_one() -> None:
    keys = in_sql(people(np.ones(64_000, dtype=int), seed=3), "omrade, grupp")["nyckel"] % KEYS
    per_key = np.bincount(keys, minlength=KEYS)
    assert ((per_key - 250) ** 2 / 250).sum() < 350, "chi-square with 255 degrees of freedom, far out in the tail"


@pytest.mark.parametrize(("slag", "period", "months"), [("personmanad", "2018", 12), ("personmanad", "2018-03", 1)])
def test_a_sum_of_months_is_moved_by_whole_persons_and_keeps_its_mean(slag: str, period: str, months: int) -> None:
    """Up to four full years are never shown as they are, and a person's whole year is one step of the shift."""
    rng = np.random.default_rng(4)
    for count in (1, 3, 7, 30, 48, 49, 61, 300):
        posts = pd.DataFrame(
            {"cell": np.repeat(np.arange(4000), count), "person_id": rng.integers(0, 2**62, 4000 * count)}
        )
        shown = in_sql(posts, "cell", slag, period)["visat"].astype(float)
        records = -(-count // months)
        step = count / records
        assert step <= months
        assert shown.mean() == pytest.approx(count, abs=0.5 + 4 * 2.5 * step / np.sqrt(4000))
        assert not shown.between(1, BANNED).any()
        assert (shown - count).abs().max() <= LARGEST * step + 0.5
        if records <= BANNED:
            assert set(shown[shown > 0] >= (BANNED + 1) * step - 0.5) == {True}
        assert len(set(shown)) == len(set(TABLE[min(records, LAST)]))


def fitting_sums(slag: str, longest: int, shown: str) -> int:
    """The fewest true sums of months or days that fit a shown one, over every key and all that may be shown."""
    query = f"""
        with summa as (
            select cast(range as bigint) as antal, '{slag}' as slag, '2018' as period
            from range(1, {longest})
        ),
        vagd as (
            select *, {{{{ minsta_antal_poster('antal', enheter_per_post('slag', 'period')) }}}} as poster from summa
        ),
        moved as (
            select distinct v.*, {{{{ skyddat_antal('v.antal', 'v.poster', 't.storning', 'v.slag') }}}} as visat
            from vagd as v join ptabell as t on least(v.poster, {LAST}) = t.antal_klass
        )
        select count(distinct antal) from moved
        where visat between 1 and {longest} / 2 and {shown} group by visat order by 1 limit 1
    """
    with duckdb.connect() as db:
        db.register("ptabell", pd.read_csv(ptable.SEED))
        (fewest,) = db.execute(sql(query)).fetchone() or (0,)
    return int(fewest)


@pytest.mark.parametrize(("slag", "longest"), [("personmanad", 4000), ("hushallsmanad", 4000), ("vardygn", 60_000)])
def test_a_shown_sum_of_months_or_days_fits_three_true_ones_or_more(slag: str, longest: int) -> None:
    """Three is the limit of SPEC section 8.3. All that is shown of one record is nothing or five times the truth."""
    assert fitting_sums(slag, longest, "not {{ ar_liten_summa('visat', 'slag', 'period') }}") >= 3
    assert fitting_sums(slag, longest, "true") == 1, "what is hidden gave itself away"


def test_a_count_that_should_be_protected_but_has_no_key_is_not_shown_and_public_counts_stand() -> None:
    lost = sql("select {{ skyddat_antal('7', '7', 'null', \"'person'\") }}")
    assert duckdb.execute(lost).fetchall() == [(None,)]
    for slag in ("befolkning", "leverans"):
        query = sql(f"select {{{{ skyddat_antal('3', '3', 'null', \"'{slag}'\") }}}}")
        assert duckdb.execute(query).fetchall() == [(3,)]


# --- attacks


def test_two_releases_that_differ_in_one_person_seldom_show_the_true_difference() -> None:
    """Of five thousand cells of every size that lose one person each."""
    share = {}
    for size in (2, 3, 5, 8, 10, 11, 50, 400):
        posts = people(np.full(5000, size), seed=size)
        before = in_sql(posts, "omrade, grupp")["visat"]
        after = in_sql(posts[posts.duplicated(["omrade", "grupp"])], "omrade, grupp")["visat"]
        share[size] = float((before - after == 1).mean())
    assert max(share.values()) < 0.35, share
    assert max(share[size] for size in (11, 50, 400)) < 0.16, share


def society(rng: np.random.Generator) -> tuple[list[Cell], list[int], list[int]]:
    """Twelve municipalities in two counties, kön x four ages, most cells small: cells, truth, what is shown."""
    truth = rng.poisson(rng.choice([0.3, 2, 6, 20], size=(12, 2, 4)))
    keys = np.array([[[rng.integers(0, KEYS, n).sum() for n in sex] for sex in place] for place in truth])
    place_of = [[k] for k in range(12)] + [list(range(5)), list(range(5, 12)), list(range(12))]
    index = np.arange(96).reshape(12, 2, 4)
    margins = [(k, s, a) for k in place_of for s in ([0], [1], [0, 1]) for a in ([0], [1], [2], [3], [0, 1, 2, 3])]
    parts = [index[np.ix_(*m)].ravel() for m in margins]
    true = [int(truth[np.ix_(*m)].sum()) for m in margins]
    key = [int(keys[np.ix_(*m)].sum()) % KEYS for m in margins]
    shown = [n + TABLE[min(n, LAST)][k] for n, k in zip(true, key, strict=True)]
    return [Cell(tuple(map(int, p)), s) for p, s in zip(parts, shown, strict=True)], true, shown


def test_linear_programming_over_kommun_lan_riket_kon_and_age_recovers_no_count() -> None:
    cells, true, shown = society(np.random.default_rng(5))
    found = bounds(cells, [true_counts(s, TABLE) for s in shown])
    assert all(low <= n <= high for n, (low, high) in zip(true, found, strict=True)), "the attack itself is sound"
    small = [span for n, span in zip(true, found, strict=True) if 1 <= n <= BANNED]
    assert len(small) > 40
    assert recovered(small) == 0
    assert recovered(found) == 0


def test_the_same_attack_breaks_hiding_small_cells_so_it_is_no_straw_man() -> None:
    cells, true, _ = society(np.random.default_rng(5))
    hidden = [1 <= n <= BANNED for n in true]
    limits = [(1, BANNED) if h else (n, n) for n, h in zip(true, hidden, strict=True)]
    found = [span for span, h in zip(bounds(cells, limits), hidden, strict=True) if h]
    assert recovered(found, fewest=2) > len(found) / 4


def test_what_the_p_table_allows_is_read_off_it() -> None:
    assert true_counts(0, TABLE) == (0, LARGEST)
    assert true_counts(5, TABLE) == (1, 10)
    assert true_counts(40, TABLE) == (35, 45)
    with pytest.raises(ValueError, match="3"):
        true_counts(3, TABLE)


def fitting(secret: str, guess: str) -> list[int]:
    """How many true counts an outsider finds that fit a shown one, when the keys are made with `secret` and he counts
    with `guess`. He knows the p-table and how a key is made.
    """

    def shown(count: int, cell: int, known: str) -> int:
        name = f"{known}|0114|2019|OV0|2|{cell}|{count}"
        key = int(hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()[:2], 16)
        return count + TABLE[min(count, LAST)][key]

    cells = [(count, cell) for count in range(1, 60) for cell in range(20)]
    return [
        sum(shown(other, cell, guess) == shown(count, cell, secret) for other in range(count + 2 * LARGEST))
        for count, cell in cells
    ]


def test_a_key_that_anyone_can_count_out_gives_counts_away_and_one_with_a_secret_does_not() -> None:
    """BU18: behind a count there is no pseudonym, and everything else that its key is made of is public."""
    open_key = fitting("", "")
    assert sum(n == 1 for n in open_key) > len(open_key) / 3, "the true count, and nothing else, fits"
    assert min(open_key) >= 1
    guessed = fitting("hemlig", "")
    assert sum(n == 0 for n in guessed) > len(guessed) / 4, "a wrong secret rules the truth out as often as anything"


def hidden_amounts(protected: bool) -> float:
    """How often a county's total less five shown municipalities tells the sixth's kronor to within one household."""
    rng, counties = np.random.default_rng(6), 2000
    households = np.hstack([rng.integers(40, 120, (counties, 5)), np.full((counties, 1), 3)])
    amounts = np.array([[rng.gamma(4, 2000, n).sum() for n in county] for county in households])
    number = np.hstack([households, households.sum(axis=1, keepdims=True)])
    kronor = np.hstack([amounts, amounts.sum(axis=1, keepdims=True)])
    cells = pd.DataFrame({"nr": range(number.size), "antal": number.ravel(), "kronor": kronor.ravel()})
    cells["nyckel"] = rng.integers(0, KEYS, len(cells))
    ptabell = pd.read_csv(ptable.SEED) if protected else pd.read_csv(ptable.SEED).assign(storning=0)
    query = sql(
        "select {{ hela_kronor(skyddat_antal('c.kronor', 'c.antal', 't.storning', \"'kronor'\")) }} as visat "
        "from cells as c left join ptabell as t on {{ slas_upp('t', 'c.antal', 'c.nyckel') }} order by c.nr"
    )
    with duckdb.connect() as db:
        db.register("cells", cells)
        db.register("ptabell", ptabell)
        shown = db.execute(query).df()["visat"].astype(float).to_numpy().reshape(number.shape)
    worked_out = shown[:, 6] - shown[:, :5].sum(axis=1)
    return float((abs(worked_out - amounts[:, 5]) < 8000).mean())


def test_the_kronor_of_a_hidden_municipality_cannot_be_had_from_its_county() -> None:
    assert hidden_amounts(protected=True) < 0.25
    assert hidden_amounts(protected=False) == 1.0, "rounding alone would give them away"
