"""One demo, delivered, built and released by the command itself; every golden test looks at that house.

Belongs here: the house. Its identifiers are taken from the inbox before the run, so that the canary knows what to seek.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from tests.support.reception import give_key

LAGER = Path(sys.executable).with_name("lager")
DEMO = ("--kommuner", "12", "--manader", "38", "--skala", "0.06", "--fro", "7")
ASOF = "2020-04-01"
NUMBER = re.compile(r"(?<!\d)((?:19|20)\d{6})-?(\d{4})(?!\d)")  # with and without the line that one system writes


@dataclass(frozen=True)
class Lager:
    """A home that `lager` has worked in, and what the run ended with."""

    home: Path
    identifiers: tuple[str, ...] = ()
    said: str = ""

    def run(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [LAGER, *arguments], env=environment(self.home), capture_output=True, text=True, check=check
        )

    def answer(self, *arguments: str, check: bool = True) -> dict[str, object]:
        return json.loads(self.run(*arguments, "--json", check=check).stdout)

    def warehouse(self) -> duckdb.DuckDBPyConnection:
        return duckdb.connect(str(self.home / "release" / "CURRENT" / "intern" / "lager.duckdb"), read_only=True)


def environment(home: Path) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("LAGER_", "DAGSTER_", "DBT_"))}
    return {**kept, "LAGER_HOME": str(home), "LAGER_ASOF": ASOF, "TMPDIR": str(home.parent / "tmp")}


def members(package: Path) -> dict[str, bytes]:
    if package.is_dir():
        return {p.name: p.read_bytes() for p in package.iterdir()}
    with zipfile.ZipFile(package) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def planted(inbox: Path, number: int = 50) -> tuple[str, ...]:
    """Identity numbers from as many packages as there are numbers to plant, stopped ones among them, in any system's
    files.
    """
    found: dict[str, None] = {}
    packages = sorted(p for sender in inbox.iterdir() for p in sender.iterdir())
    for package in packages[:: max(1, len(packages) // (2 * number))]:
        content = members(package).get("eb_person.csv", b"").decode("latin-1")
        for parts in NUMBER.findall(content):
            if "".join(parts) not in found:
                found["".join(parts)] = None
                break
    return tuple(found)[:number]


@pytest.fixture(scope="session")
def demo_inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home where the demo's deliveries wait."""
    home = tmp_path_factory.mktemp("demo") / "hem"
    (home.parent / "tmp").mkdir()
    Lager(home).run("demo", *DEMO)
    give_key(home)
    return home


@pytest.fixture(scope="session")
def lager(demo_inbox: Path, tmp_path_factory: pytest.TempPathFactory) -> Lager:
    """The undisturbed run."""
    home = copy_home(demo_inbox, tmp_path_factory.mktemp("golden"))
    identifiers = planted(home / "inbox")
    done = Lager(home).run("run", check=False)
    assert done.returncode == 0, done.stderr
    assert "leaked" not in done.stderr, "DuckDB's binding complains on the terminal of what the process never let go of"
    return Lager(home, identifiers, done.stdout)


def copy_home(source: Path, target: Path) -> Path:
    """The same deliveries in another home, arrival times kept."""
    (target / "tmp").mkdir()
    subprocess.run(["cp", "-a", str(source), str(target / "hem")], check=True)
    return target / "hem"
