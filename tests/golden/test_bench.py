"""The bench's plain scripts say what the warehouse says: what is measured beside each other does the same work.

Belongs here: the scripts over the golden house's rows in force. Does not belong here: any measure (`make bench`).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.innehall import make_plain, received
from benchmarks.plain import BARN, EB, differing, in_duckdb
from tests.support.lager import Lager

pytestmark = pytest.mark.xdist_group("golden")


@pytest.mark.parametrize(("size", "scripts", "indicators"), [("6", EB, 13), ("barn", BARN, 5)])
def test_a_plain_script_over_the_rows_in_force_gives_the_warehouses_values(
    size: str, scripts: tuple[str, ...], indicators: int, lager: Lager, tmp_path: Path
) -> None:
    make_plain(lager.home, tmp_path, size)
    in_duckdb(scripts, tmp_path)
    found = differing(tmp_path, lager.home)
    assert len(found) >= indicators
    assert {name for name, (_, other) in found.items() if other} == set()
    assert min(values for values, _ in found.values()) > 0


def test_a_received_row_has_as_many_cells_as_its_contract_has_columns(lager: Lager) -> None:
    rows, cells = received(lager.home)
    assert 7 * rows < cells < 60 * rows
