"""Fixtures for all tiers: a home of its own for each test, and none of the machine's settings."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.reception import House


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LAGER_HOME", "LAGER_ASOF", "LAGER_KEY_FILE", "LAGER_BUILD"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A home with an empty inbox and ledger."""
    return House(tmp_path / "hem")
