"""Bad input, as data: one case per way a package can be wrong, with how it must end.

Each module has a family. tests/faults/test_bad_input.py puts all of them into one inbox.
"""

from tests.support.daliga import arkivet, manifestet, struktur, teckenkodning, varden
from tests.support.daliga.bas import Case

CASES: tuple[Case, ...] = (
    *teckenkodning.CASES,
    *struktur.CASES,
    *varden.CASES,
    *manifestet.CASES,
    *arkivet.CASES,
)
