"""Fixtures for all tiers: a home of its own for each test, none of the machine's settings, and the golden house.

The golden house is named here and nowhere below: named in two folders it would be built once for each.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.lager import demo_inbox, lager  # noqa: F401
from tests.support.reception import House


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LAGER_HOME", "LAGER_ASOF", "LAGER_KEY_FILE"):
        monkeypatch.delenv(name, raising=False)


EXPENSIVE = {"lager", "demo_inbox"}
AFFORDED_IN = {"golden", "faults"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A test that asks for a whole run belongs in a tier that can afford one, and shares it with the others."""
    tests = Path(__file__).parent
    for item in items:
        if EXPENSIVE & set(getattr(item, "fixturenames", ())):
            tier = item.path.relative_to(tests).parts[0]
            group = item.get_closest_marker("xdist_group")
            if tier not in AFFORDED_IN or group is None or group.args != ("golden",):
                raise pytest.UsageError(f"{item.nodeid}: a whole run is for {sorted(AFFORDED_IN)}, in group golden")


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A home with an empty inbox and ledger."""
    return House(tmp_path / "hem")
