"""`lager check --forra` of a yearly source: the rows beside those of the year before.

Belongs here: BU-07 and BU-17 before anything is sent. Does not belong here: the same rules at the reception
(test_landing_ar.py) and the comparison of counts (test_warnings.py).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from pipelines.cli import app
from tests.support.barn import Ar, insats, placering
from tests.support.delivery import Row, number

CHILD = number(0, born="2010-01-01")
YEAR = Ar(insats=[insats(insats_start_datum="2018-01-01")])


def _placement(nr: int = 1, **cells: str) -> Row:
    """The first home until the day in May that the second begins; the second goes on."""
    return placering(nr=nr, **{"placering_start_datum": "2018-01-01" if nr == 1 else "2018-05-05", **cells})


ONGOING = YEAR.but(period="2018", placering=[_placement(placering_slut_datum="2018-05-05"), _placement(2)])


def check(tmp_path: Path, now: Ar, then: Ar | None = None) -> tuple[int, Any]:
    former = ["--forra", str(then.put(tmp_path / "forra"))] if then else []
    done = CliRunner().invoke(app, ["check", str(now.put(tmp_path / "nu")), *former, "--json"])
    assert CHILD not in done.output
    return done.exit_code, json.loads(done.stdout)


@pytest.mark.parametrize(
    ("rows", "stopped", "remark"),
    [
        ([_placement(placering_slut_datum="2018-05-05")], "BU-07", "BU-07: En placering som pågick"),
        ([_placement(2)], None, ""),
        ([_placement(2, placeringsform_kod="?")], None, ""),
        ([_placement(placering_slut_datum="2018-05-04"), _placement(2)], None, "BU-17: Placeringar som avslutades"),
        ([_placement(placering_slut_datum="2018-05-05"), _placement(2)], None, ""),
    ],
    ids=["one left out", "come again", "come again and set aside", "ended otherwise", "ended as it was"],
)
def test_rows_are_tried_beside_those_of_the_year_before(
    tmp_path: Path, rows: list[Row], stopped: str | None, remark: str
) -> None:
    """What is set aside was received, and so not left out."""
    code, found = check(tmp_path, YEAR.but(placering=rows), ONGOING)
    assert (code, (found["stoppad_av"] or {}).get("regel")) == (int(stopped is not None), stopped)
    (entry,) = [r for r in found["jamforelse"]["datamangder"] if r["dataset"] == "bu_placering"]
    assert entry.get("anmarkning", "")[: len(remark) or None] == remark
    assert found["jamforelse"]["anmarkningar"] == ["Jämförelsen gäller året före, som i GEN-18, BU-07 och BU-17."]


def test_without_the_year_before_the_answer_says_that_the_rows_are_not_tried(tmp_path: Path) -> None:
    lacking = YEAR.but(placering=[_placement(placering_slut_datum="2018-05-05")])
    code, alone = check(tmp_path, lacking)
    assert code == 0
    assert "BU-07, BU-17) prövas först vid mottagningen" in alone["anmarkningar"][-1]
    assert alone["anmarkningar"][-1].endswith("är det från året före prövas också BU-07 och BU-17.")
    code, far = check(tmp_path, lacking, ONGOING.but(period="2017"))
    assert code == 0
    assert "BU-07 och BU-17 prövas bara mot året före." in far["jamforelse"]["anmarkningar"]
    code, bad = check(tmp_path, lacking, ONGOING.but(barn=[]))
    assert code == 0
    assert "GEN-05, BU-07 och BU-17 inte prövade mot det" in bad["jamforelse"]["anmarkningar"][-1]
