"""The truth about missbruk och beroende gives the answers worked by hand in docs/reference/missbruk.md.

Belongs here: the appendix's cases, one by one, against the functions that count. Does not belong here: the demo as a
whole (test_missbruk).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from pipelines.synthetic.arsvis.tal import OPPEN, TOM, dag, plus_manader
from pipelines.synthetic.missbruk.facit_asi import SKAL, Intervjuer, fore_och_nu, kohort, skal, uppfoljd
from pipelines.synthetic.missbruk.facit_frivilligt import avslutade
from pipelines.synthetic.missbruk.facit_metod import dess_grund
from pipelines.synthetic.missbruk.koder import BORTFALL, ORO

Rows = dict[str, np.ndarray]


def interviews(*rows: tuple[int, str, dict[str, Any]]) -> Rows:
    """(person, day, what else matters) of each."""
    usual = {"sand": 0, "intervju_id": 1, "fodelsear": 1980, "reserv": False, "bortfall_kod": TOM, ORO[2]: TOM}
    whole = [
        {"intervju_id": n, **usual, "pseudonym": who, "intervju_datum": dag(day), **more}
        for n, (who, day, more) in enumerate(rows)
    ]
    return {name: np.array([row[name] for row in whole]) for name in whole[0]} if whole else {}


def reason(name: str) -> dict[str, Any]:
    return {"bortfall_kod": BORTFALL.index(name)}


A, B, C, D, E, F, G = range(7)
GRUND = interviews(
    (A, "2018-03-15", {}),
    (B, "2018-03-15", {}),
    (C, "2017-11-30", {}),
    (D, "2018-01-15", {}),
    (E, "2018-01-10", {}),
    (E, "2018-03-01", {}),
    (F, "2018-07-01", {}),
    (G, "2018-02-01", {"reserv": True}),
)
UPPFOLJNING = interviews(
    (A, "2019-09-15", {}),
    (B, "2019-10-15", {}),
    (C, "2018-02-27", {}),
    (E, "2018-12-01", {}),
    (G, "2019-02-01", {"reserv": True}),
)
EJ = interviews(
    (C, "2018-10-01", reason("avbojt")),
    (D, "2018-05-01", reason("ej_nadd")),
    (D, "2018-04-01", reason("avliden")),
)


@pytest.mark.parametrize(
    ("grund", "forst", "sist"),
    [("2017-11-30", "2018-02-28", "2019-05-30"), ("2017-08-31", "2017-11-30", "2019-02-28"),
     ("2018-06-30", "2018-09-30", "2019-12-30")],
)  # fmt: skip
def test_the_window_of_a_grund_ends_on_days_that_exist(grund: str, forst: str, sist: str) -> None:
    day = np.array([dag(grund)])
    assert [int(plus_manader(day, n)[0]) for n in (3, 18)] == [dag(forst), dag(sist)]


def test_the_cohort_of_2019_has_the_first_grund_of_each_and_no_one_of_july() -> None:
    cohort = kohort(Intervjuer(GRUND, UPPFOLJNING, EJ), 2019)
    assert cohort["pseudonym"].tolist() == [A, B, C, D, E, G]
    assert cohort["intervju_datum"][4] == dag("2018-01-10")


def test_who_is_followed_and_why_the_others_are_not() -> None:
    cohort = kohort(Intervjuer(GRUND, UPPFOLJNING, EJ), 2019)
    followed = uppfoljd(cohort, UPPFOLJNING) >= 0
    assert dict(zip("abcdeg", followed.tolist(), strict=True)) == {
        "a": True, "b": False, "c": False, "d": False, "e": True, "g": False,
    }  # fmt: skip
    why = [SKAL[place] for place in skal(cohort, EJ).tolist()]
    assert dict(zip("bcd", why[1:4], strict=True)) == {"b": "okant", "c": "avbojt", "d": "avliden"}


def test_of_two_follow_ups_as_near_twelve_months_the_later_counts() -> None:
    up = interviews((A, "2018-11-10", {}), (A, "2019-03-12", {}))
    at = uppfoljd(interviews((A, "2018-01-10", {})), up)
    assert at.tolist() == [1]
    assert abs(dag("2018-11-10") - dag("2019-01-10")) == dag("2019-03-12") - dag("2019-01-10") == 61


def test_less_worry_counts_only_where_both_answers_are() -> None:
    then_now = {A: (3, 2), B: (2, 2), C: (1, 0), D: (4, None), E: (2, TOM), F: (0, 1), G: (TOM, 1)}
    grund = interviews(*[(who, "2018-03-15", {ORO[2]: then}) for who, (then, _) in then_now.items()])
    up = interviews(*[(who, "2019-03-15", {ORO[2]: now}) for who, (_, now) in then_now.items() if now is not None])
    then, now = (v[:, 0] for v in fore_och_nu(grund, up, uppfoljd(grund, up), (ORO[2],)))
    worried, known = then >= 1, (then >= 1) & (now != TOM)
    assert (int((known & (now < then)).sum()), int(known.sum())) == (2, 3)
    assert (int((worried & ~known).sum()), int(worried.sum())) == (2, 5)


def test_the_grund_of_a_measure_is_the_nearest_within_sixty_days() -> None:
    posts = {
        "pseudonym": np.array([A, B, C]),
        "start": np.array([dag(d) for d in ("2018-01-10", "2018-05-01", "2017-08-01")]),
    }
    grund = interviews(
        (A, "2017-11-11", {}), (A, "2018-02-01", {}), (B, "2018-06-30", {}), (C, "2017-10-01", {}),
    )  # fmt: skip
    assert dess_grund(posts, grund).tolist() == [1, 2, -1]


def test_of_two_grund_as_near_the_earlier_is_the_measures_own() -> None:
    posts = {"pseudonym": np.array([A]), "start": np.array([dag("2018-03-01")])}
    assert dess_grund(posts, interviews((A, "2018-03-11", {}), (A, "2018-02-19", {}))).tolist() == [1]


def test_a_contact_has_ended_when_nothing_else_goes_on() -> None:
    ended = [
        (A, "2017-12-01", "2018-02-10"),
        (A, "2018-02-11", "2018-06-30"),
        (D, "2018-01-01", "2018-04-01"),
        (D, "2018-02-01", ""),
    ]
    person, start, slut = (np.array(column) for column in zip(
        *[(who, dag(first), dag(last) if last else OPPEN) for who, first, last in ended], strict=True,
    ))  # fmt: skip
    who, last = avslutade(person, start, slut, 2018)
    assert (who.tolist(), last.tolist()) == ([A], [dag("2018-06-30")])
