"""The house of the stories: see tests/support/stories.py."""

from tests.support.stories import before, empty, first, now, process, told  # noqa: F401
