"""The test run itself: tests that share an expensive house share a worker too.

Belongs here: whether the installed pytest and pytest-xdist keep a group together; of some versions they do not, and say
nothing. Does not belong here: which tests are a group.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HOUSE = """
import pytest

@pytest.fixture(scope="session")
def house():
    with open("built", "a") as file:
        file.write("x")
"""
MODULE = """
import pytest
pytestmark = pytest.mark.xdist_group("house")

@pytest.mark.parametrize("number", range(8))
def test_something(house, number):
    pass
"""


def test_tests_of_one_group_build_their_house_once(tmp_path: Path) -> None:
    for name, text in {"conftest.py": HOUSE, "test_a.py": MODULE, "test_b.py": MODULE}.items():
        (tmp_path / name).write_text(text)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "loadgroup", "-p", "no:cacheprovider", "."],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "16 passed" in done.stdout, done.stdout
    assert (tmp_path / "built").read_text() == "x"
