"""The golden house: see tests/support/lager.py."""

from tests.support.lager import demo_inbox, lager  # noqa: F401
