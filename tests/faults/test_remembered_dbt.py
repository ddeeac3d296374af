"""The dbt with a memory that the tests of killed runs put in dbt's place: it is given what dbt is given, and no more.

Belongs here: that it asks only for what the product says to dbt, and gives back the same files and words. Does not
belong here: kills; they are slow, and would not be the first to tell that it no longer works.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.settings import Settings
from pipelines.transform.assets import dbt_environment
from tests.support.repo import ROOT

DBT = """#!{python}
import os
from pathlib import Path
home = Path(os.environ["LAGER_HOME"])
with open(home / "asked", "a") as asked:
    asked.write("once ")
for name in ("lager", "arbete"):
    (home / "build" / f"{{name}}.duckdb").write_text(name + (home / "landing" / "d" / "a.parquet").read_text())
(Path(os.environ["DBT_TARGET_PATH"]) / "run_results.json").write_text("{{}}")
print("built")
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "hem"
    for folder in ("build", "landing/d", "dbt/target", "memory"):
        (home / folder).mkdir(parents=True)
    (home / "build" / "grund.json").write_text("not dbt's")
    (home / "dbt.py").write_text(DBT.format(python=sys.executable))
    (home / "dbt.py").chmod(0o700)
    return home


def _asked(home: Path, rows: str) -> dict[str, str]:
    """What lies in the build folder after a build of some rows from nothing, and what dbt said."""
    for built in home.glob("build/*.duckdb"):
        built.unlink()
    (home / "landing" / "d" / "a.parquet").write_text(rows)
    given = dbt_environment(Settings(home=home)) | {"DBT_TARGET_PATH": str(home / "dbt" / "target")}
    memory = {"FAULTS_DBT": str(home / "dbt.py"), "FAULTS_MEMORY": str(home / "memory")}
    done = subprocess.run(
        [sys.executable, ROOT / "tests" / "support" / "remembered_dbt.py", "build"],
        env={"PATH": os.environ["PATH"], **given, **memory},
        capture_output=True,
        text=True,
        check=True,
    )
    return {path.name: path.read_text() for path in (home / "build").iterdir()} | {"said": done.stdout}


def test_what_was_built_of_the_same_rows_is_put_back_with_the_same_words(home: Path) -> None:
    first = _asked(home, "1")
    assert first == {"lager.duckdb": "lager1", "arbete.duckdb": "arbete1", "grund.json": "not dbt's", "said": "built\n"}
    assert _asked(home, "2")["lager.duckdb"] == "lager2"
    assert _asked(home, "1") == first
    assert (home / "asked").read_text() == "once once "
