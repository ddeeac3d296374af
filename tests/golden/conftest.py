"""The golden house and the house of the stories: see tests/support/lager.py and tests/support/stories.py."""

from tests.support.lager import demo_inbox, lager  # noqa: F401
from tests.support.stories import before, empty, first, now, process, told  # noqa: F401
