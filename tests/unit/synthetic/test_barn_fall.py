"""The truth about barn och unga gives the answers worked by hand in docs/reference/barn_och_unga.md.

Belongs here: the appendix's cases, one by one, against the functions that count. Does not belong here: the demo as a
whole (test_barn).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from pipelines.synthetic.arsvis.tal import OPPEN, ars_dagar, dag, inom, plus_manader, take
from pipelines.synthetic.barn.facit_fragor_lokal import median
from pipelines.synthetic.barn.facit_rader import glapp
from pipelines.synthetic.barn.facit_resultat import KLASSER, avslutade, forsenade, klassade, mal, mappade, senaste
from pipelines.synthetic.barn.facit_vard import Vard, episoder, omplacerade, rakna_vard, vardygn
from pipelines.synthetic.barn.koder import EGET, FAM, GAMLA_OMRADEN, HVB, LVU_6, LVU_VARD, OMRADEN, SAMMANBROTT, SOL

JAN, DEC = ars_dagar(2019)


def day(text: str) -> int:
    return dag(text) if text else OPPEN


def placements(*rows: dict[str, Any]) -> dict[str, np.ndarray]:
    """Placement rows; a case says only what matters to it."""
    usual = {"barn": 0, "kommun": 0, "sand": 0, "egen_kod": 114, "kon": 0, "alder": 1, "fodelsear": 2009,
             "reserv": False, "typ": SOL, "form": FAM, "hem": 1, "orsak": 3, "insats": 1, "nr": 1,
             "vistelse": 114}  # fmt: skip
    whole = [{**usual, **r, "start": day(r["start"]), "slut": day(r.get("slut", ""))} for r in rows]
    return {name: np.array([r[name] for r in whole]) for name in whole[0]}


def test_overlapping_days_go_to_the_home_that_began_last() -> None:
    rows = placements(
        {"form": FAM, "start": "2019-01-01", "slut": "2019-03-31", "orsak": SAMMANBROTT},
        {"form": HVB, "start": "2019-03-27", "slut": "2019-06-30", "nr": 2, "hem": 2},
    )
    assert vardygn(rows, 2019).tolist() == [85, 96]
    counts = rakna_vard(Vard(2019, rows, rows), 1)
    assert (counts["dygn_fam"].sum(), counts["dygn"].sum()) == (85, 181)
    assert counts["slutade"].sum(axis=(0, 1)).tolist() == [2, 1, 2]
    assert counts["borjade"].sum() == 2


def test_the_day_goes_to_the_highest_designation_as_text_where_two_begin_together() -> None:
    rows = placements(
        {"insats": 9, "start": "2019-01-01", "slut": "2019-01-10"},
        {"insats": 10, "start": "2019-01-01", "slut": "2019-01-10"},
    )
    assert vardygn(rows, 2019).tolist() == [10, 0]


@pytest.mark.parametrize(
    ("start", "episodes"), [("2019-05-11", 1), ("2019-05-12", 1), ("2019-05-13", 2), ("2019-05-05", 1)]
)
def test_one_day_without_does_not_part_an_episode_and_two_do(start: str, episodes: int) -> None:
    rows = placements(
        {"start": "2019-01-01", "slut": "2019-05-10"}, {"start": start, "slut": "2019-09-01", "nr": 2, "typ": LVU_VARD}
    )
    found = episoder(rows)
    assert len(found["start"]) == episodes
    assert found["slut"][-1] == day("2019-09-01")
    assert vardygn(rows, 2019).sum() == (243 if start == "2019-05-12" else 242 if start == "2019-05-13" else 244)


def test_a_year_under_two_laws_in_one_home_is_one_person_two_kinds_and_365_days() -> None:
    rows = placements(
        {"start": "2019-01-01", "slut": "2019-03-31"}, {"start": "2019-04-01", "typ": LVU_VARD, "insats": 2}
    )
    counts = rakna_vard(Vard(2019, rows, rows), 1)
    assert counts["placerade"].sum() == 1
    assert counts["per_typ"].sum(axis=(0, 2, 3)).tolist() == [1, 1, 0]
    assert counts["dygn"].sum() == 365
    assert len(episoder(rows)["start"]) == 1


def test_care_in_the_childs_own_home_is_no_placement() -> None:
    rows = placements(
        {"barn": 0, "start": "2019-02-01"},
        {"barn": 1, "start": "2019-02-01", "slut": "2019-05-01"},
        {"barn": 1, "start": "2019-05-02", "typ": LVU_VARD, "insats": 2},
        {"barn": 2, "start": "2019-02-01", "typ": LVU_6, "form": EGET},
    )
    counts = rakna_vard(Vard(2019, rows, rows), 1)
    assert counts["placerade"].sum() == 2
    assert counts["per_typ"].sum(axis=(0, 2, 3)).tolist() == [2, 1, 0]


def test_moved_within_twelve_months_of_the_first_day() -> None:
    before = placements(
        {"barn": 0, "start": "2018-03-10", "insats": 1},
        {"barn": 1, "start": "2018-03-10", "insats": 2},
        {"barn": 2, "start": "2017-11-01", "slut": "2018-01-31", "insats": 3},
        {"barn": 2, "start": "2018-02-01", "insats": 3, "nr": 2, "hem": 2},
        {"barn": 3, "start": "2018-06-01", "insats": 4},
        {"barn": 4, "start": "2018-05-01", "insats": 5, "reserv": True},
        {"barn": 5, "start": "2018-09-01", "insats": 7},
    )
    # the last child's first row is told in 2019 to have ended in 2018 (BU-16): what stands of it is what 2019 says
    now = placements(
        {"barn": 0, "start": "2018-03-10", "slut": "2019-03-09", "insats": 1},
        {"barn": 0, "start": "2019-03-10", "insats": 1, "nr": 2, "hem": 2},
        {"barn": 1, "start": "2018-03-10", "slut": "2019-03-10", "insats": 2},
        {"barn": 1, "start": "2019-03-11", "insats": 2, "nr": 2, "hem": 2},
        {"barn": 2, "start": "2018-02-01", "insats": 3, "nr": 2, "hem": 2},
        {"barn": 3, "start": "2018-06-01", "slut": "2019-01-31", "insats": 4},
        {"barn": 3, "start": "2019-02-01", "insats": 6, "typ": LVU_VARD},
        {"barn": 5, "start": "2018-09-01", "slut": "2018-09-30", "insats": 7},
        {"barn": 5, "start": "2018-10-03", "insats": 8},
    )
    found = omplacerade(Vard(2018, before, before), Vard(2019, take(now, now["slut"] >= day("2019-01-01")), now), 1)
    assert found["omplacerade"].sum(axis=(0, 1)).tolist() == [4, 2]
    assert found["foljda"].tolist() == [[5, 4]]


@pytest.mark.parametrize(
    ("rows", "gaps"),
    [
        ([("2019-01-01", "2019-03-31", 1), ("2019-04-03", "2019-04-03", 2)], [1]),
        ([("2019-01-01", "2019-03-31", 1), ("2019-04-02", "2019-04-02", 2)], []),
        ([("2019-01-01", "2019-03-31", 1), *[("2019-04-03", "2019-04-03", 2)] * 2], [1, 2]),
        ([*[("2019-04-03", "2019-04-03", 2)] * 2, ("2019-01-01", "2019-03-31", 1)], [0, 1]),
        ([*[("2019-01-01", "2019-03-31", 1)] * 2, ("2019-04-03", "", 2)], [2]),
        ([("2019-01-01", "2019-03-31", 1), ("2019-04-03", "2019-04-01", 2), ("2019-04-05", "", 3)], [2]),
    ],
    ids=["two days", "one day", "copied", "copied and first in the file", "after copied rows", "after a broken row"],
)
def test_the_days_between_placements_are_to_the_one_before_and_never_to_the_rows_own_copy(
    rows: list[tuple[str, str, int]], gaps: list[int]
) -> None:
    start, slut, nr = zip(*rows, strict=True)
    cells = {"placering_start_datum": [*map(day, start)], "placering_slut_datum": [*map(day, slut)], "placering_nr": nr}
    table = {name: np.array(values) for name, values in cells.items()}
    one = np.zeros(len(rows), dtype=np.int64)
    assert np.flatnonzero(glapp({**table, "pkg": one, "insats_id": one}, DEC)).tolist() == gaps


def test_four_months_end_on_the_same_day_or_the_last_of_the_month() -> None:
    start = np.array([day("2019-10-30"), day("2019-10-31"), day("2019-01-15")])
    assert plus_manader(start, 4).tolist() == [day("2020-02-29"), day("2020-02-29"), day("2019-05-15")]


def test_the_middle_of_an_even_number_of_investigations_is_the_mean_of_two() -> None:
    of = median([(np.array([0, 0, 1, 1, 2]), np.array([40, 121, 80, 130, 999]))])
    assert of(np.array([True, True, False]), 0) == 100.5


def investigations(*rows: tuple[int, str, str]) -> dict[str, np.ndarray]:
    barn, start, slut = zip(*rows, strict=True)
    out = {"utredning_start_datum": np.array([day(d) for d in start]), "utredning_slut_datum": np.array(
        [day(d) for d in slut])}  # fmt: skip
    return out | {"barn": np.array(barn), "utredning_id": np.arange(len(barn)) + 1, "sand": np.zeros(len(barn), int)}


def test_a_case_ends_the_last_day_of_the_half_year_when_nothing_goes_on() -> None:
    utr = investigations(
        (0, "2018-01-01", "2018-02-10"), (1, "2018-01-01", "2018-04-01"), (2, "2018-03-01", "2018-07-01")
    )
    ins = {
        "barn": np.array([0, 1]),
        "start": np.array([day("2018-02-11"), day("2018-03-01")]),
        "slut": np.array([day("2018-06-30"), OPPEN]),
    }
    child, last = avslutade(utr, ins, 2018)
    assert child.tolist() == [0]
    assert last.tolist() == [day("2018-06-30")]
    limit = plus_manader(last, 12)
    assert (day("2019-06-30") <= limit).tolist() == [True]
    assert (day("2019-07-01") <= limit).tolist() == [False]


@pytest.mark.parametrize(
    ("start", "followed", "late"),
    [
        ("2019-01-15", ["2019-07-17", "2019-12-01"], False),
        ("2019-01-15", ["2019-07-18", "2019-12-01"], True),
        ("2017-03-01", ["2018-05-01", "2018-10-20", "2019-04-21"], True),
        ("2017-03-01", ["2018-05-01", "2018-10-20", "2019-04-21", "2019-10-21"], False),
    ],
)
def test_a_follow_up_is_late_after_183_days(start: str, followed: list[str], late: bool) -> None:
    rows = {"sand": np.array([0]), "insats_id": np.array([7]), "start": np.array([day(start)]), "e": np.array([DEC])}
    n = len(followed)
    given = {"sand": np.zeros(n, int), "insats_id": np.full(n, 7), "dag": np.array([day(d) for d in followed]),
             "uppfoljning_typ_kod": np.zeros(n, int)}  # fmt: skip
    assert forsenade(rows, [given], JAN, DEC).tolist() == [late]


def test_needs_are_classed_by_the_last_follow_up_within_twelve_months() -> None:
    utr = investigations(*[(barn, "2018-01-01", "2018-06-01") for barn in range(7)])
    start = np.array([[2], [1], [0], [2], [1], [3], [2]])
    given = [(0, "2018-09-01", 1), (1, "2018-09-01", 1), (2, "2019-06-01", 2), (3, "2019-06-02", 0),
             (4, "2018-09-01", 3), (5, "2018-09-01", 1), (6, "2018-09-01", 1), (6, "2018-12-01", 2)]  # fmt: skip
    barn, days, values = (np.array(c) for c in zip(*given, strict=True))
    uppf = {"barn": barn, "dag": np.array([day(d) for d in days]), "sand": np.zeros(8, int),
            "insats_id": np.ones(8, int), "uppfoljning_nr": np.ones(8, int)}  # fmt: skip
    at = senaste(utr, uppf)
    kinds = klassade(start, values[at][:, None], at >= 0)[:, 0]
    assert [KLASSER[k] if k >= 0 else "-" for k in kinds] == [
        *("forbattrat", "oforandrat", "forsamrat", "ej_uppfoljt", "ej_uppfoljt", "-", "oforandrat")
    ]
    assert int((at >= 0).sum()) == 6


def test_an_old_assessment_is_read_as_the_highest_of_its_areas() -> None:
    old = {f"behov_{area}": np.array([3]) for area in GAMLA_OMRADEN}
    old |= {"behov_g11": np.array([1]), "behov_g12": np.array([2]), "behov_g04": np.array([0])}
    rows = old | {f"behov_{area}": np.array([-1]) for area in OMRADEN} | {"bbic_version_kod": np.array([0])}
    found = dict(zip(OMRADEN, mappade(rows, "behov_{}")[0].tolist(), strict=True))
    assert (found["ff2"], found["bu3"], found["bu1"]) == (2, 0, 3)


def test_goals_are_met_in_whole_in_part_not_at_all_or_not_judged() -> None:
    rows = {"mal_antal": np.array([2, 2, 2, 2, 0, -1]), "mal_uppfyllda": np.array([2, 1, 0, -1, 0, -1]),
            "mal_delvis": np.array([0, 0, 0, 0, 0, -1])}  # fmt: skip
    assert mal(rows).tolist() == [0, 1, 2, 3, 3, 3]


def test_pairs_join_every_place_with_every_other_of_the_same_number() -> None:
    first, second = inom(np.array([5, 7, 5]), np.array([7, 5, 9]))
    assert sorted(zip(first.tolist(), second.tolist(), strict=True)) == [(0, 1), (1, 0), (2, 1)]
