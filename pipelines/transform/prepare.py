"""Before dbt can run: renderings written and the project parsed, when anything has changed since last time.

Belongs here: keeping `dbt_project/target/manifest.json` true. Does not belong here: building (`assets.py`).
Run by `make setup`, and by `lager run` so that an edited model never meets an old manifest.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from pipelines.contracts import render
from pipelines.settings import PROJECT_ROOT

PROJECT = PROJECT_ROOT / "dbt_project"
DBT = Path(sys.executable).with_name("dbt")
MANIFEST = PROJECT / "target" / "manifest.json"
PARTS = ("models", "macros", "seeds", "tests", "dbt_project.yml", "profiles.yml")


class ParseError(RuntimeError):
    """The dbt project does not parse; the message is dbt's own and speaks of the project only."""


def is_stale() -> bool:
    """Whether a file of the project is newer than its manifest."""
    if not MANIFEST.exists():
        return True
    made = MANIFEST.stat().st_mtime
    files = (p for part in PARTS for p in [PROJECT / part, *(PROJECT / part).rglob("*")])
    return any(path.stat().st_mtime > made for path in files)


def prepare() -> None:
    """Render, and parse if needed. Raises ParseError."""
    render.main()
    if is_stale():
        command = [str(DBT), "--quiet", "parse", "--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)]
        done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode:
            raise ParseError(done.stdout or done.stderr)
        MANIFEST.touch()


if __name__ == "__main__":
    prepare()
