"""The truth about warnings over history, on cases small enough to count by hand.

Belongs here: GEN-18, GEN-20, GEN-22 and EB-12 as facit_varning reads them, and which values they make uncertain. Does
not belong here: what the product says of the same (tests/golden).
"""

from __future__ import annotations

import numpy as np
import pytest

from pipelines.synthetic.facit_varning import (
    NOTHING,
    IKraft,
    history_rows,
    jumps,
    missing_parts,
    often_empty,
    uncertain,
    unknown_hinder,
)


def force(parts: list[str], rows: dict[tuple[int, int], int], sends: list[list[bool]]) -> IKraft:
    """Two years of one dataset (eb_hushall): rows by part and month, the rest not in force."""
    received = np.full((len(parts), 24, 3), NOTHING)
    for (part, month), count in rows.items():
        received[part, month, 0] = count
    return IKraft(parts, received, np.array(sends))


@pytest.mark.parametrize(
    ("before", "now", "people", "falls"),
    [
        (100, 130, 50_000, False),  # exactly 30 per cent
        (100, 131, 50_000, True),
        (100, 69, 50_000, True),
        (100, 70, 50_000, False),
        (20, 30, 50_000, False),  # ten rows are too few
        (20, 31, 50_000, True),
        (100, 150, 9_999, False),
        (100, 151, 9_999, True),
        (100, 131, 10_000, True),
        (0, 11, 50_000, True),
        (0, 10, 50_000, False),
        (NOTHING, 500, 50_000, False),  # nothing to compare with
        (500, NOTHING, 50_000, False),
    ],
)
def test_a_month_jumps_against_the_same_month_of_the_year_before(
    before: int, now: int, people: int, falls: bool
) -> None:
    one = force([""], {(0, 3): before, (0, 15): now}, [[True, True]])
    assert np.argwhere(jumps(one, people)).tolist() == ([[0, 15, 0]] if falls else [])
    found = [("0114", "", "eb_hushall", "2018-04", "GEN-18", "", now, before)]
    assert history_rows("0114", one, people) == (found if falls else [])


def test_a_city_that_lacks_a_stadsdel_is_warned_in_those_that_came() -> None:
    city = force(["01", "02"], {(0, 0): 5, (1, 0): 5, (0, 1): 5}, [[True, False], [True, False]])
    assert np.argwhere(missing_parts(city)).tolist() == [[0, 1, 0]]
    assert history_rows("1280", city, 300_000) == [("1280", "01", "eb_hushall", "2017-02", "GEN-22", "", 1, 2)]


def test_a_stadsdel_that_never_sends_in_a_year_is_not_missed_that_year() -> None:
    city = force(["01", "02"], {(0, 0): 5, (0, 12): 5}, [[True, True], [False, True]])
    assert np.argwhere(missing_parts(city)).tolist() == [[0, 12, 0]]


def test_the_whole_beside_its_stadsdelar_is_warned_of_and_a_municipality_that_sends_as_one_never_is() -> None:
    both = force(["", "01"], {(0, 0): 9, (1, 0): 5}, [[True, False], [True, False]])
    assert np.argwhere(missing_parts(both)).tolist() == [[0, 0, 0], [1, 0, 0]]
    assert not missing_parts(force([""], {(0, 0): 9}, [[True, True]])).any()


def test_a_variable_is_too_empty_above_a_tenth_of_at_least_thirty_rows() -> None:
    tomma = np.array([[3, 4, 0, 30], [4, 4, 4, 29], [11, 10, 0, 100]])
    assert often_empty(tomma).tolist() == [[False, True, False], [False, False, False], [True, False, False]]


def test_hinder_is_too_unknown_above_fifteen_per_cent_of_at_least_thirty_months() -> None:
    assert unknown_hinder(np.array([[15, 100], [16, 100], [29, 29], [5, 30]])).tolist() == [False, True, False, True]


def test_a_value_is_uncertain_by_what_it_rests_on() -> None:
    month, year = np.zeros((1, 36, 3), dtype=bool), np.zeros((1, 3), dtype=bool)
    month[0, 5, 2] = True  # eb_avslut in June 2017
    assert uncertain("EB11", True, month, year).tolist() == [[True, False, False]]
    assert uncertain("EB12", True, month, year).tolist() == [[True, True, False]]  # two years
    assert not uncertain("EB01", True, month, year).any()
    month[0, 5, :] = [True, False, False]  # eb_hushall
    assert uncertain("EB06", True, month, year).tolist() == [[True, True, True]]  # three years
    assert np.flatnonzero(uncertain("EB07", False, month, year)).tolist() == [5]
    year[0, 1] = True  # eb_person in 2018
    assert uncertain("EB07", True, month, year).tolist() == [[True, False, False]]
    assert np.flatnonzero(uncertain("EB10", False, month, year)).tolist() == [5, *range(12, 24)]
    assert not uncertain("SU01", False, month, year).any()
