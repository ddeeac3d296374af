"""An analyst's older DuckDB opens the warehouse, comments and all."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.lager import Lager

pytestmark = [pytest.mark.xdist_group("golden"), pytest.mark.slow]
ASK = """
import duckdb, sys
db = duckdb.connect(sys.argv[1], read_only=True)
print(duckdb.__version__)
print(db.execute("select count(*) from core.fct_bidragsmanad").fetchone()[0])
print(db.execute("select count(*) from duckdb_columns() where comment is null and not internal").fetchone()[0])
"""


def test_duckdb_1_2_opens_the_warehouse_with_its_comments(lager: Lager, tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "gammal"], check=True)
    python = tmp_path / "gammal" / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", "duckdb==1.2.2"], check=True, capture_output=True)
    database = lager.home / "release" / "CURRENT" / "intern" / "lager.duckdb"
    said = subprocess.run([python, "-c", ASK, database], check=True, capture_output=True, text=True).stdout.split()
    with lager.warehouse() as db:
        (rows,) = db.execute("select count(*) from core.fct_bidragsmanad").fetchone() or (0,)
    assert said == ["1.2.2", str(rows), "0"]
