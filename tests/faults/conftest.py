"""The golden house, for what must end where it ended."""

from tests.support.lager import demo_inbox, lager  # noqa: F401
