"""A thousand slips of the hand, one cell each: all that a rule can see is caught, and nothing else is.

Belongs here: the comparison of the gate's findings with those worked out by hand (tests/support/facit_grind.py), and
the page that lists what cannot be seen. Does not belong here: the kinds (tests/support/cellfel.py).

Every slip has a package of its own, so that they do not meet; beside them lie right packages. All are one reception.
"""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

import pytest

from tests.support import facit_grind
from tests.support.cellfel import KINDS, MONTHS, Slip, right, slip
from tests.support.delivery import DATASETS, Delivery, senders
from tests.support.facit_grind import ASIDE, Found
from tests.support.reception import House
from tests.support.repo import ROOT

pytestmark = pytest.mark.xdist_group("cell_faults")  # one reception for the whole module
SLIPS, RIGHT, SEED = 1000, 150, 20190315
WORKED_OUT: dict[int, tuple[set[tuple[str, str, int]], set[Found]]] = {}
PAGE = ROOT / "docs" / "reference" / "vad_grinden_inte_ser.md"


@dataclass
class Judged:
    """The slips, the right packages, and what the ledger says of each."""

    slips: list[Slip]
    clean: list[Delivery]
    found: dict[str, set[Found]] = field(default_factory=lambda: defaultdict(set))
    verdict: dict[str, str | None] = field(default_factory=dict)
    words: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    counts: dict[tuple[str, str], tuple[int, int]] = field(default_factory=dict)


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Judged:
    rng = random.Random(SEED)
    places = [(kommun, month) for month in MONTHS for kommun in senders()]
    packages = (right(rng, *place) for place in places)
    slips = [_first(rng, list(KINDS)[i % len(KINDS)], packages) for i in range(SLIPS)]
    done = Judged(slips, [next(packages) for _ in range(RIGHT)])
    house = House(tmp_path_factory.mktemp("cellfel"))
    house.receive(*(s.package for s in slips), *done.clean)
    for row in house.ledger("select leverans_id, dataset, rad_nr, kolumn, regel_id from fynd"):
        done.found[row["leverans_id"]].add(tuple(row.values())[1:])
    for row in house.ledger("select leverans_id, stoppande_regel from leverans"):
        done.verdict[row["leverans_id"]] = row["stoppande_regel"]
    for row in house.ledger("select leverans_id, regel_id, detalj from regelutfall where detalj is not null"):
        done.words[row["leverans_id"]].append(f"{row['regel_id']}: {row['detalj']}")
    for row in house.ledger("select leverans_id, dataset, lasta, i_karantan from leverans_utfall"):
        done.counts[row["leverans_id"], row["dataset"]] = (row["lasta"], row["i_karantan"])
    return done


def _first(rng: random.Random, kind: str, packages: Iterator[Delivery]) -> Slip:
    """The kind in the next package in which it can happen."""
    for package in packages:
        with suppress(LookupError):
            return slip(rng, kind, package)
    raise LookupError(kind)


def expected(one: Slip) -> tuple[set[tuple[str, str, int]], set[Found]]:
    """What stops the package, and what its rows break, worked out by hand."""
    if id(one) not in WORKED_OUT:
        WORKED_OUT[id(one)] = facit_grind.stops(one.package), facit_grind.findings(one.package)
    return WORKED_OUT[id(one)]


def test_every_slip_that_a_rule_can_see_is_caught_and_no_other_row_is_blamed(judged: Judged) -> None:
    wrong = []
    for one in judged.slips:
        leverans_id = one.package.leverans_id
        stops, found = expected(one)
        if stops:
            said = judged.words[leverans_id]
            rules = {rule for rule, *_ in stops}
            told = all(
                any(w.startswith(rule) and dataset in w and f"rad {line}." in w for w in said)
                for rule, dataset, line in stops
            )
            if judged.verdict[leverans_id] not in rules or not told:
                wrong.append((one.kind, one.dataset, one.column, judged.verdict[leverans_id], stops, said))
        elif judged.verdict[leverans_id] is not None or judged.found[leverans_id] != found:
            wrong.append((one.kind, one.dataset, one.line, one.column, judged.found[leverans_id] ^ found))
    assert wrong == []


def test_right_packages_break_nothing(judged: Judged) -> None:
    """Neither as sent beside the slips, nor by hand."""
    assert len(judged.clean) == RIGHT
    for package in judged.clean:
        assert facit_grind.findings(package) == set()
        assert facit_grind.stops(package) == set()
        assert judged.verdict[package.leverans_id] is None
        assert judged.found[package.leverans_id] == set()
        assert all(judged.counts[package.leverans_id, name][1] == 0 for name in DATASETS)


def test_rows_are_set_aside_or_loaded_as_their_rules_say(judged: Judged) -> None:
    for one in judged.slips:
        stops, found = expected(one)
        aside = Counter(d for d, _ in {(dataset, line) for dataset, line, _, rule in found if rule in ASIDE})
        for name in DATASETS:
            loaded, away = judged.counts[one.package.leverans_id, name]
            assert (loaded, away) == (0, 0) if stops else away == aside[name]


def caught(judged: Judged) -> dict[str, Counter[str]]:
    """Per kind: how many slips the receipt tells of, and how many not."""
    table: dict[str, Counter[str]] = {kind: Counter() for kind in KINDS}
    for one in judged.slips:
        leverans_id = one.package.leverans_id
        seen = judged.verdict[leverans_id] is not None or judged.found[leverans_id]
        table[one.kind]["fångade" if seen else "inte"] += 1
    return table


def unseen(judged: Judged) -> Counter[tuple[str, str]]:
    """(kind, column) of the slips of which nothing is said."""
    return Counter((s.kind, s.column) for s in judged.slips if expected(s) == (set(), set()))


def test_there_are_forty_kinds_and_each_is_tried_twenty_times(judged: Judged) -> None:
    table = caught(judged)
    print("\n".join(f"{kind:32} {n['fångade']:4} {n['inte']:4}" for kind, n in table.items()))
    assert len(KINDS) >= 40
    assert all(sum(n.values()) >= 20 for n in table.values())
    assert sum(n["fångade"] for n in table.values()) > 750


def test_the_page_says_what_is_not_seen_and_why(judged: Judged) -> None:
    """Every unseen slip is of a kind and column on the page, and every line of the page has been seen to happen."""
    listed = re.findall(r"^\| (.+?) \| `(\w+)` \| (.+?) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    pairs = {(kind, column) for kind, column, _ in listed}
    found = set(unseen(judged))
    assert found - pairs == set()
    assert pairs - found == set()
    assert len(listed) == len(pairs)
    assert all(len(why) > 20 for *_, why in listed)
